"""The files people double-click: they find Python, they start, and they say what is missing."""

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from models.kit import start_files
from models.kit.start_files import Start
from stations.commands.kit_arrive import starts, words_for_start_files
from stations.texts import LANGUAGES, say

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
PLAIN = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")


def made(folder: Path, system: str, *pythons: str, launcher: Path | None = None) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = start_files.write(folder, system, starts(launcher), pythons, words_for_start_files(pythons))
    return {file.name: file for file in written}


def program(folder: Path) -> Path:
    """A launcher that tells what it was asked."""
    file = folder / "code" / "launcher.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import sys; print(sys.argv[1:], bool(sys.flags.dont_write_bytecode)); sys.exit(len(sys.argv) - 1)"
    )
    return file


def run(file: Path, *words: str, path: str | None = None) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": path} if path else PLAIN
    return subprocess.run(
        ["/bin/sh", str(file), *words],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )


@pytest.fixture(params=["Stick", "Stick für alle", 'it\'s $HOME `x` "y" %k'])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return tmp_path / str(request.param)


@POSIX
@pytest.mark.parametrize(("system", "ending"), [("linux", ".sh"), ("macos", ".command")])
def test_a_start_file_runs_the_program_beside_it_with_what_was_typed(
    folder: Path, system: str, ending: str
) -> None:
    program(folder)
    files = made(folder, system, HERE)
    name = start_files.NAMES[system]
    done = run(files[f"Start-{name}{ending}"], "--port", "7 7")
    assert done.stdout.strip() == "['--port', '7 7'] True"
    assert done.returncode == 2, "the program's own exit code"
    assert run(files[f"Zurueck-{name}{ending}"]).stdout.strip() == "['kit', 'back'] True"


@POSIX
def test_an_installed_start_file_runs_the_program_wherever_it_lies_itself(
    folder: Path, tmp_path: Path
) -> None:
    launcher = program(folder)
    files = made(tmp_path / "elsewhere", "linux", HERE, launcher=launcher)
    assert run(files["Start-Linux.sh"]).stdout.strip() == "[] False"


@POSIX
@pytest.mark.parametrize(("system", "name"), [("linux", "Start-Linux.sh"), ("macos", "Start-macOS.command")])
def test_without_a_fitting_python_both_languages_say_where_to_get_one(
    tmp_path: Path, system: str, name: str
) -> None:
    program(tmp_path)
    done = run(made(tmp_path, system, "3.99", "3.98")[name])
    assert done.returncode == 1
    for language in LANGUAGES:
        assert say("kit.file_no_python", language, versions="3.99, 3.98") in done.stdout
        assert say("kit.file_installers", language) not in done.stdout


@POSIX
def test_an_installer_in_the_folder_python_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "python").mkdir()
    file = made(tmp_path, "linux", "3.99")["Start-Linux.sh"]
    assert say("kit.file_installers") not in run(file).stdout, "the folder is empty"
    (tmp_path / "python" / "python-3.99.exe").touch()
    assert say("kit.file_installers") in run(file).stdout


@POSIX
def test_a_python_that_cannot_run_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path)
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / f"python{HERE}").write_text("#!/bin/sh\necho broken\nexit 127\n")
    (bad / f"python{HERE}").chmod(0o755)
    (bad / "python3").symlink_to(sys.executable)
    done = run(made(tmp_path, "linux", HERE)["Start-Linux.sh"], path=f"{bad}:/usr/bin:/bin")
    assert done.stdout.strip() == "[] True"


@POSIX
@pytest.mark.parametrize(("system", "ending"), [("linux", ".sh"), ("macos", ".command")])
def test_the_shell_finds_no_mistake_and_the_files_may_be_run(
    tmp_path: Path, system: str, ending: str
) -> None:
    for file in made(tmp_path, system, "3.11", "3.13").values():
        assert os.access(file, os.X_OK)
        if file.suffix == ending:
            subprocess.run(["/bin/sh", "-n", str(file)], check=True)
            assert b"\r" not in file.read_bytes()


@POSIX
def test_the_menu_entry_starts_the_file_beside_it(folder: Path) -> None:
    program(folder)
    words = _exec_words(made(folder, "linux", HERE)["Start-Linux.desktop"])
    assert words[-1] == "%k", "a field code must not stand inside quotation marks"
    entry = str(folder / "Start-Linux.desktop")
    done = subprocess.run(
        [*words[:-1], entry], check=False, capture_output=True, text=True, env=PLAIN, timeout=60
    )
    assert done.stdout.strip() == "[] True"


@POSIX
def test_the_installed_menu_entry_starts_from_anywhere(folder: Path) -> None:
    launcher = program(folder)
    entry = made(folder, "linux", HERE, launcher=launcher)["Start-Linux.desktop"]
    assert "%" not in entry.read_text(encoding="utf-8").replace("%%", ""), (
        "it would be taken for a field code"
    )
    words = _exec_words(entry)
    done = subprocess.run(words, check=False, capture_output=True, text=True, env=PLAIN, timeout=60)
    assert done.stdout.strip() == "[] False"


def _exec_words(file: Path) -> list[str]:
    """Return what a desktop runs: first the rules for texts, then those for arguments (freedesktop.org)."""
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(file, encoding="utf-8")
    assert set(entry["Desktop Entry"]) >= {"Type", "Name", "Exec", "Terminal"}
    line = re.sub(r"\\(.)", r"\1", entry["Desktop Entry"]["Exec"])
    words = re.findall(r'"(?:\\.|[^"\\])*"|\S+', line)
    return [
        re.sub(r"\\(.)", r"\1", word.removeprefix('"').removesuffix('"')).replace("%%", "%") for word in words
    ]


def test_the_batch_file_has_windows_line_ends_and_says_every_sentence(tmp_path: Path) -> None:
    file = made(tmp_path, "windows", "3.12", "3.13")["Start-Windows.bat"]
    raw = file.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf"), "a mark of Unicode would be taken for a command"
    assert raw.count(b"\r\n") == raw.count(b"\n")
    lines = raw.decode("utf-8").splitlines()
    assert lines[0] == "@echo off"
    assert "chcp 65001 >nul" in lines[:3], "before the first umlaut is shown"
    assert not any(
        re.search(r"[^\x00-\x7f]", line)
        for line in lines[: lines.index("chcp 65001 >nul")]
        if "rem" not in line
    )
    spoken = [line.removeprefix("echo(").replace("^", "") for line in lines if line.startswith("echo(")]
    for language in LANGUAGES:
        for key, facts in (("no_python", {"versions": "3.12, 3.13"}), ("installers", {}), ("close", {})):
            assert say(f"kit.file_{key}", language, **facts) in spoken


def test_the_batch_file_asks_for_the_newest_python_first_and_every_jump_has_a_goal(tmp_path: Path) -> None:
    text = made(tmp_path, "windows", "3.9", "3.12", "3.13")["Start-Windows.bat"].read_text(encoding="utf-8")
    assert "in (3.13 3.12 3.9)" in text
    assert "((3, 13), (3, 12), (3, 9),)" in text
    goals = set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    assert set(re.findall(r"goto (\w+)", text)) <= goals
    assert all(line.count('"') % 2 == 0 for line in text.splitlines() if not line.startswith("echo("))


def test_signs_with_a_meaning_in_batch_files_lose_it() -> None:
    assert start_files._echoed("a & b (c) <d> | ^ 100 %") == "echo(a ^& b ^(c^) ^<d^> ^| ^^ 100 %%"


def test_a_percent_sign_in_a_windows_path_stays_one(tmp_path: Path) -> None:
    words = words_for_start_files(["3.13"])
    start = Start("Start", "x", "", tmp_path / "100 %" / "launcher.py")
    text = start_files.write(tmp_path, "windows", [start], ["3.13"], words)[0].read_text(encoding="utf-8")
    assert f'{tmp_path}/100 %%/launcher.py" ' in text
