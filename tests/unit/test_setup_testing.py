"""The test command itself: it must not say yes when something said no."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from models.setup import child
from stations.commandline import Options
from stations.commands import chromium, test


class Runs:
    """Stands in for running programs: remembers the commands, fails those with a certain word."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.browsers: list[object] = []
        self.failing = "nothing fails"

    def __call__(self, command: Sequence[str], *, cwd: Path, more: dict[str, str] | None = None) -> int:
        words = " ".join(command)
        self.commands.append(words)
        self.browsers.append((more or {}).get(chromium.VARIABLE))
        return 1 if self.failing in words else 0


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    runs = Runs()
    monkeypatch.setattr(child, "run", runs)
    monkeypatch.setattr(chromium, "find", lambda: "/a/chromium")
    return runs


def test_everything_is_run_and_the_browser_tests_know_their_browser(runs: Runs) -> None:
    assert test.run(Options(command="test")) == 0
    for part in ("ruff format --check", "ruff check", "mypy", "importlinter", "tests/unit", "tests/real"):
        assert any(part in command for command in runs.commands), part
    assert "tests/browser" in runs.commands[-1]
    assert runs.browsers[-1] == "/a/chromium"


@pytest.mark.parametrize("part", ["ruff check", "mypy", "tests/unit", "fetch", "tests/browser"])
def test_one_failure_is_named_and_stops_nothing(
    runs: Runs, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    runs.failing = part
    assert test.run(Options(command="test", lang="en")) == 1
    told = capsys.readouterr().err
    assert told.count("FAILED") == 1
    assert "Failed: " in told.strip().splitlines()[-1]
    assert len(runs.commands) == len(test.BEFORE) + 1


def test_without_a_browser_the_browser_tests_have_failed(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "find", lambda: None)
    assert test.run(Options(command="test")) == 1
    assert not any("tests/browser" in command for command in runs.commands)


def test_pytest_arguments_run_only_pytest(runs: Runs) -> None:
    assert test.run(Options(command="test", pytest=("tests/unit", "-k", "mark"))) == 0
    assert len(runs.commands) == 1
    assert runs.commands[0].endswith("-m pytest tests/unit -k mark")


def test_the_browser_named_in_the_environment_is_taken_if_it_exists(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("", encoding="utf-8")
    monkeypatch.setenv(chromium.VARIABLE, str(browser))
    assert chromium.find() == str(browser)
