"""A set-up that is killed again and again, through the real launcher and the real pip, on a very small project."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = """
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "ki-werkstatt"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["iniconfig>=2"]

[project.optional-dependencies]
chatbot = ["pluggy>=1"]

[tool.setuptools]
py-modules = ["launcher"]

[tool.setuptools.packages.find]
include = ["models*", "stations*"]
"""
READY = """
from stations.console import result
def run(options):
    import iniconfig, pluggy
    result("ready")
    return 0
"""
KILLS = 4
LONGEST_S = 240


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the kit's own set-up code around a tiny project, in a folder with a space and an umlaut."""
    folder = tmp_path / "Werkstatt für alle"
    for part in (
        "launcher.py",
        "models/setup",
        "models/errors.py",
        "models/progress.py",
        "models/__init__.py",
    ):
        _copy(part, folder)
    for part in (
        "arguments",
        "console",
        "commandline",
        "tasks",
        "texts",
        "units",
        "__init__",
        "commands/__init__",
    ):
        _copy(f"stations/{part}.py", folder)
    _copy("configs/texts", folder)
    _copy("configs/versions.txt", folder)
    (folder / "configs/workshop.toml").write_text('stations = ["chatbot"]\n', encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "stations/commands/models.py").write_text(READY, encoding="utf-8")
    return folder


def _copy(part: str, folder: Path) -> None:
    target = folder / part
    target.parent.mkdir(parents=True, exist_ok=True)
    if (ROOT / part).is_dir():
        shutil.copytree(ROOT / part, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(ROOT / part, target)


@pytest.fixture(autouse=True)
def heeded_ctrl_c() -> Iterator[None]:
    """What runs in the background of a shell inherits that Ctrl-C is ignored; at a host's terminal nothing does."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _begin(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [getattr(sys, "_base_executable", sys.executable), "launcher.py", "models"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def _finished(folder: Path) -> str:
    process = _begin(folder)
    told, _ = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 0, told
    return told


def _survivors(folder: Path) -> list[str]:
    """Return the command lines of processes that still work in the folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = str((process / "cwd").readlink())
        except OSError:
            continue
        if process.name.isdigit() and (str(folder) in words or place.startswith(str(folder))):
            found.append(words)
    return found


def _wait_for_nobody(folder: Path) -> None:
    deadline = time.monotonic() + 10
    while (left := _survivors(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left, "these outlived the launcher"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for survivors in /proc (Linux)")
def test_a_setup_that_is_killed_at_random_moments_ends_with_a_working_environment(copy: Path) -> None:
    dice = random.Random()
    for _ in range(KILLS):
        process = _begin(copy)
        moment = dice.uniform(0.2, 9.0)
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        _wait_for_nobody(copy)
    assert "ready" in _finished(copy)
    assert _finished(copy).strip() == "ready", "the second start had something left to do"


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process there")
def test_ctrl_c_leaves_one_sentence_and_no_trace(copy: Path) -> None:
    process = _begin(copy)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.rstrip().endswith("Abgebrochen. Der nächste Start macht hier weiter.")
    assert "Traceback" not in told
    _wait_for_nobody(copy)
