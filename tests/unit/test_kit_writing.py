"""A stick is written, written again, and never believed in between."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from models.errors import ModelError
from models.kit import disk, manifest, program, writing
from models.kit.layout import Kit, this_machine
from models.kit.writing import Plan
from models.progress import Progress, silent
from models.store import Store
from tests.unit.test_store import WEIGHTS, catalog_of, lay_out

HERE = this_machine()
WORKSHOP = """# Stationen
stations = ["text", "chatbot"]
profile = "large"  # nach Speicher
[room]
pin = "4711"
host_pin = "4712"
wifi = "Museum"
wifi_password = "geheim"
[chat]
server_key = "abc"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder with everything a kit takes along, and some things it does not."""
    folder = tmp_path / "project"
    for name, text in {
        "launcher.py": "print(1)\n",
        "models/a.py": "a = 1\n",
        "models/__pycache__/a.pyc": "x",
        "stations/b.py": "b = 1\n",
        "configs/workshop.toml": WORKSHOP,
        "configs/recipes/own.toml": "own = 1\n",
        "docs/host.md": "# Host\n",
        "pyproject.toml": "[project]\n",
        "README.md": "x",
        "LICENSE": "x",
        "tests/test_a.py": "x",
        "letters/private.txt": "x",
        ".venv/lib/x.py": "x",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(lay_out(tmp_path / "store"), catalog=catalog_of())


@pytest.fixture
def plan(root: Path, store: Store, tmp_path: Path) -> Plan:
    wheels, papers = tmp_path / "wheels", tmp_path / "papers"
    wheels.mkdir()
    papers.mkdir()
    for name in ("pure-1-py3-none-any.whl", "fast-1-cp311-cp311-manylinux_2_28_x86_64.whl"):
        (wheels / name).write_text(name, encoding="utf-8")
    (papers / "Anleitung.html").write_text("<p>", encoding="utf-8")
    (papers / "Start-Linux.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    (papers / "Start-Linux.sh").chmod(0o755)
    found = tuple((wheel, HERE) for wheel in sorted(wheels.iterdir()))
    return Plan(root, ("chatbot",), (store.catalog.model("tiny"),), found, papers)


@pytest.fixture
def stick(tmp_path: Path) -> Kit:
    return Kit(tmp_path / "stick")


IN_CODE = ["LICENSE", "README.md", "configs/recipes/own.toml", "docs/host.md", "launcher.py"]
IN_CODE += ["models/a.py", "pyproject.toml", "stations/b.py"]


def test_everything_lies_where_it_belongs_and_the_stick_is_believed(
    stick: Kit, plan: Plan, store: Store
) -> None:
    found = writing.write(stick, plan, store, silent)
    code = [*IN_CODE, "configs/workshop.toml", "portable.json"]
    assert {entry.path for entry in found.files} == {
        *(f"code/{name}" for name in code),
        "wheels/any/pure-1-py3-none-any.whl",
        f"wheels/{HERE.system}/fast-1-cp311-cp311-manylinux_2_28_x86_64.whl",
        "models/tiny/.receipt.json",
        "models/tiny/deep/config.json",
        "models/tiny/weights.bin",
        "Anleitung.html",
        "Start-Linux.sh",
    }
    assert manifest.read(stick) == found
    assert stick.kind == "stick"
    assert found.targets == (HERE,)
    for entry in found.files:
        assert manifest.entry_of(stick.root, stick.root / entry.path) == entry
    assert (stick.root / "Start-Linux.sh").stat().st_mode & 0o100


def test_writing_again_touches_only_what_has_changed(stick: Kit, plan: Plan, store: Store) -> None:
    writing.write(stick, plan, store, silent)
    before = {file: file.stat().st_mtime_ns for file in stick.root.rglob("*") if file.is_file()}
    (plan.root / "models/a.py").write_text("a = 2\n", encoding="utf-8")
    writing.write(stick, plan, store, silent)
    changed = {file.name for file, then in before.items() if file.stat().st_mtime_ns != then}
    assert (stick.code / "models/a.py").read_text(encoding="utf-8") == "a = 2\n"
    assert changed <= {"a.py", "workshop.toml", "portable.json", "manifest.json", "complete.json", ".lock"}
    assert "a.py" in changed


def test_what_an_earlier_kit_had_is_removed_and_what_the_host_put_there_stays(
    stick: Kit, plan: Plan, store: Store
) -> None:
    (plan.papers / "Start-Windows.bat").write_text("@echo off\r\n", encoding="utf-8")
    writing.write(stick, plan, store, silent)
    (plan.papers / "Start-Windows.bat").unlink()
    (plan.root / "models/a.py").unlink()
    for name in (
        "python/python-3.13.exe",
        "models/old/weights.bin",
        "wheels/any/old-0-py3-none-any.whl",
        "brief.txt",
    ):
        (stick.root / name).parent.mkdir(parents=True, exist_ok=True)
        (stick.root / name).write_text("x", encoding="utf-8")
    found = writing.write(stick, plan, store, silent)
    for gone in ("code/models/a.py", "models/old", "wheels/any/old-0-py3-none-any.whl", "Start-Windows.bat"):
        assert not (stick.root / gone).exists(), gone
    for stays in ("python/python-3.13.exe", "brief.txt"):
        assert (stick.root / stays).exists()
        assert stays not in {entry.path for entry in found.files}


def test_from_the_first_change_on_there_is_no_mark(stick: Kit, plan: Plan, store: Store) -> None:
    writing.write(stick, plan, store, silent)
    seen = []

    def report(_: Progress) -> None:
        seen.append(stick.mark.exists())
        if len(seen) > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writing.write(stick, plan, store, report)
    assert seen == [False] * 4
    with pytest.raises(ModelError) as caught:
        manifest.read(stick)
    assert caught.value.key == "kit.incomplete"
    writing.write(stick, plan, store, silent)
    assert manifest.read(stick)


def test_a_model_that_is_not_here_ends_it_without_a_mark(stick: Kit, plan: Plan, store: Store) -> None:
    (store.folder / "tiny" / "weights.bin").unlink()
    with pytest.raises(ModelError) as caught:
        writing.write(stick, plan, store, silent)
    assert caught.value.key == "store.not_present"
    assert not stick.mark.exists()


def test_a_model_that_went_bad_on_the_stick_is_found_when_it_is_read_again(
    stick: Kit, plan: Plan, store: Store
) -> None:
    writing.write(stick, plan, store, silent)
    file = stick.models / "tiny" / "weights.bin"
    file.write_bytes(b"?" + WEIGHTS[1:])
    with pytest.raises(ModelError) as caught:
        writing.write(stick, plan, store, silent)
    assert (caught.value.key, caught.value.facts["file"]) == ("store.damaged", "weights.bin")
    assert not stick.mark.exists()
    writing.write(stick, plan, store, silent)
    assert file.read_bytes() == WEIGHTS


def test_a_full_stick_is_noticed_before_anything_is_written(
    stick: Kit, plan: Plan, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = disk.shutil.disk_usage("/")
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage._replace(free=len(WEIGHTS)))
    with pytest.raises(ModelError) as caught:
        writing.write(stick, plan, store, silent)
    assert caught.value.key == "kit.disk_small"
    assert caught.value.facts["needed"] > caught.value.facts["free"] == len(WEIGHTS)
    assert list(stick.root.iterdir()) == []


@pytest.fixture
def large_stick(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    usage = disk.shutil.disk_usage("/")
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage._replace(free=1 << 40))
    return monkeypatch


def test_fat32_takes_no_file_of_four_gigabytes_and_that_file_is_named(
    tmp_path: Path, large_stick: pytest.MonkeyPatch
) -> None:
    large_stick.setattr(disk, "file_system", lambda _: "vfat")
    with pytest.raises(ModelError) as caught:
        disk.check_disk(tmp_path, [("small", 1), ("large.gguf", 1 << 32)], 0)
    assert (caught.value.key, caught.value.facts) == ("kit.fat", {"file": "large.gguf", "size": 1 << 32})
    disk.check_disk(tmp_path, [("small", 1), ("large.gguf", (1 << 32) - 1)], 0)


def test_other_file_systems_take_large_files(tmp_path: Path, large_stick: pytest.MonkeyPatch) -> None:
    large_stick.setattr(disk, "file_system", lambda _: "exfat")
    disk.check_disk(tmp_path, [("large.gguf", 1 << 33)], 0)


def test_the_file_system_of_a_folder_is_known(tmp_path: Path) -> None:
    assert disk.file_system(tmp_path / "not there yet")


def test_settings_keep_their_comments_and_lose_their_passwords() -> None:
    text = program.settings_for_kit(WORKSHOP, ["chatbot"])
    found = tomllib.loads(text)
    assert (found["stations"], found["profile"]) == (["chatbot"], "auto")
    assert found["room"] == {"pin": "", "host_pin": "", "wifi": "Museum", "wifi_password": ""}
    assert found["chat"]["server_key"] == ""
    assert "# nach Speicher" in text


def test_every_setting_that_is_a_secret_stays_at_home() -> None:
    from stations.settings import Workshop

    real = (Path(__file__).resolve().parents[2] / program.WORKSHOP).read_text(encoding="utf-8")
    named = {
        (table, name)
        for table, part in tomllib.loads(real).items()
        if isinstance(part, dict)
        for name in part
    }
    secret = {each for each in named if any(word in each[1] for word in ("pin", "password", "key"))}
    assert secret - {("limits", "keep_days")} <= set(program.SECRETS)
    assert {table for table, _ in program.SECRETS} <= set(Workshop.model_fields)


def test_with_git_a_hosts_own_recipes_come_along_and_what_git_ignores_does_not(root: Path) -> None:
    (root / ".gitignore").write_text("__pycache__/\n.venv/\n*.secret\n", encoding="utf-8")
    (root / "configs/recipes/note.secret").write_text("x", encoding="utf-8")
    for words in (
        ["init", "-q"],
        ["add", "launcher.py", "models", "stations", "configs/workshop.toml", "docs"],
    ):
        subprocess.run(["git", "-C", str(root), *words], check=True)
    assert program.program_files(root) == tuple(sorted([*IN_CODE, program.WORKSHOP]))


def test_without_git_the_same_files_come_along(root: Path) -> None:
    assert program.program_files(root) == tuple(sorted([*IN_CODE, program.WORKSHOP]))
