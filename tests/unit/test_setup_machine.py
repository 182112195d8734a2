"""What a machine must have, and which remedy it gets."""

import importlib.util
import platform
import shutil
import struct
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.errors import ModelError
from models.setup import engine, machine, torch_cpu
from models.setup.place import Place


@pytest.fixture(autouse=True)
def _fresh_system() -> None:
    machine.system.cache_clear()


@pytest.mark.parametrize(
    ("facts", "system"),
    [
        ({"ID": "debian"}, "debian"),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, "debian"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "debian"),
        ({"ID": "fedora"}, "fedora"),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "fedora"),
        ({"ID": "arch"}, "linux"),
    ],
)
def test_the_family_of_a_linux_is_known(
    monkeypatch: pytest.MonkeyPatch, facts: dict[str, str], system: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: facts)
    assert machine.system() == system


def test_a_python_without_ensurepip_gets_the_remedy_of_its_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "system", lambda: "debian")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    with pytest.raises(ModelError) as caught:
        machine.check_python()
    assert caught.value.key == "setup.no_venv_debian"
    assert caught.value.facts["version"] == f"{sys.version_info.major}.{sys.version_info.minor}"


def test_a_32_bit_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(struct, "calcsize", lambda _: 4)
    with pytest.raises(ModelError, match=r"setup\.python_32bit"):
        machine.check_python()


def test_too_little_room_is_said_with_both_numbers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_300_000_000))
    machine.check_room(Place(tmp_path), ["chatbot"])
    with pytest.raises(ModelError) as caught:
        machine.check_room(Place(tmp_path), ["chatbot", "torch"])
    assert caught.value.facts["free"] == 1_300_000_000
    assert caught.value.facts["needed"] == machine.ROOM[""] + machine.ROOM["torch"]


def test_a_missing_compiler_gets_the_remedy_of_its_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "system", lambda: "fedora")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ModelError, match=r"setup\.no_compiler_fedora"):
        machine.check_compiler()


def _on(monkeypatch: pytest.MonkeyPatch, system: str, architecture: str, *, amx: bool) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: architecture)
    monkeypatch.setattr(engine, "_knows_amx", lambda: amx)
    monkeypatch.delenv("CMAKE_ARGS", raising=False)


def test_the_engine_is_built_without_amx_where_the_compiler_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _on(monkeypatch, "Linux", "x86_64", amx=True)
    assert "-DCMAKE_CXX_FLAGS='-mno-amx-tile -mno-amx-int8 -mno-amx-bf16'" in engine.flags()
    assert engine.flags().startswith("-DGGML_OPENMP=OFF")


@pytest.mark.parametrize(
    ("system", "architecture", "amx"),
    [
        ("Linux", "x86_64", False),
        ("Linux", "aarch64", True),
        ("Darwin", "arm64", True),
        ("Windows", "AMD64", True),
    ],
)
def test_the_engine_is_built_plainly_elsewhere(
    monkeypatch: pytest.MonkeyPatch, system: str, architecture: str, amx: bool
) -> None:
    _on(monkeypatch, system, architecture, amx=amx)
    assert engine.flags() == "-DGGML_OPENMP=OFF"


def test_the_users_own_cmake_arguments_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    _on(monkeypatch, "Darwin", "arm64", amx=False)
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_CUDA=ON")
    assert engine.flags() == "-DGGML_OPENMP=OFF -DGGML_CUDA=ON"


def test_torch_is_wanted_only_by_what_needs_it() -> None:
    assert torch_cpu.is_wanted({"sentence-transformers", "numpy"})
    assert not torch_cpu.is_wanted({"numpy", "gradio"})
