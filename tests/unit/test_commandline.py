"""What can be typed after ``python3 launcher.py``."""

from importlib import import_module
from pathlib import Path

import pytest

from models.errors import ModelError
from stations import commandline, tasks
from stations.commandline import Options, parse
from stations.registry import STATIONS
from stations.texts import LANGUAGES, Language


def test_nothing_typed_starts_the_workshop_in_german() -> None:
    assert parse([]) == Options(command="start", lang="de")


@pytest.mark.parametrize("words", [["--port", "7861", "start"], ["start", "--port", "7861"], ["--port=7861"]])
def test_an_option_works_before_after_and_without_the_command(words: list[str]) -> None:
    assert parse(words) == Options(command="start", port=7861)


def test_an_option_before_the_command_survives_the_commands_own_parser() -> None:
    assert parse(["--lang", "en", "--profile", "large", "check", "--json"]) == Options(
        command="check", lang="en", profile="large", json=True
    )


def test_fetch_takes_names_and_a_folder() -> None:
    assert parse(["fetch", "chat", "voice", "--from", "/stick"]) == Options(
        command="fetch", names=("chat", "voice"), folder=Path("/stick")
    )


def test_export_takes_a_folder_first_and_names_after_it() -> None:
    assert parse(["export", "/stick", "chat"]) == Options(
        command="export", folder=Path("/stick"), names=("chat",)
    )
    assert parse(["export", "/stick"]).names == ()


def test_a_task_takes_everything_it_needs() -> None:
    words = "do write kuerzen --field text=a=b --field zeichen=300 --input - --out x.docx --model m --seed 7 --json"
    assert parse(words.split()) == Options(
        command="do",
        action="write",
        station="text",
        names=("kuerzen",),
        fields=("text=a=b", "zeichen=300"),
        input=Path("-"),
        out=Path("x.docx"),
        model="m",
        seed=7,
        json=True,
    )


def test_a_task_without_anything_leaves_everything_open() -> None:
    assert parse(["do", "write"]) == Options(command="do", action="write", station="text")
    assert parse(["do", "write", "--list", "--profile", "mini", "--lang", "en"]) == Options(
        command="do", action="write", station="text", list=True, profile="mini", lang="en"
    )


def test_every_task_has_its_module_and_its_station() -> None:
    for action in tasks.TASKS:
        assert callable(import_module(f"stations.commands.do_{action}").run)
        assert tasks.STATION_OF[action] in STATIONS


def test_everything_after_test_goes_to_pytest_in_order() -> None:
    options = parse(["test", "tests/unit", "-k", "setup", "-x", "--lang", "en"])
    assert options.pytest == ("tests/unit", "-k", "setup", "-x")
    assert (options.command, options.lang) == ("test", "en")


@pytest.mark.parametrize(
    ("words", "key", "given"),
    [
        (["--prot", "1"], "command.unknown", "--prot"),
        (["strat"], "command.unknown", "strat"),
        (["--por", "7861"], "command.unknown", "--por"),
        (["--port"], "command.unclear", "--port"),
        (["--port", "70000"], "command.port", "70000"),
        (["--port", "seven"], "command.port", "seven"),
        (["--profile", "huge"], "command.choice", "huge"),
        (["models", "--port", "7861"], "command.unknown", "--port 7861"),
        (["do"], "command.unclear", "AUFGABE"),
        (["do", "writ"], "command.unknown", "writ"),
        (["do", "write", "kuerzen", "--fields", "a=b"], "command.unknown", "--fields a=b"),
        (["do", "write", "kuerzen", "--field"], "command.unclear", "--field"),
        (["do", "write", "kuerzen", "--seed", "4294967295"], "command.seed", "4294967295"),
        (["do", "write", "kuerzen", "--seed", "1.5"], "command.seed", "1.5"),
        (["do", "write", "kuerzen", "--profile", "huge"], "command.choice", "huge"),
        (["do", "write", "kuerzen", "--lang", "fr"], "command.choice", "fr"),
    ],
)
def test_what_is_not_understood_is_named(words: list[str], key: str, given: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse(words)
    assert (caught.value.key, caught.value.facts["given"]) == (key, given)


@pytest.mark.parametrize("command", ["export", "import"])
def test_a_forgotten_folder_is_asked_for(command: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse([command])
    assert (caught.value.key, caught.value.facts["given"]) == ("command.unclear", "ORDNER")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", ["", *commandline.COMMANDS, *(f"do {action}" for action in tasks.TASKS)])
def test_help_has_no_word_of_argparse(
    lang: Language, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        parse([*command.split(), "--lang", lang, "--help"])
    told = capsys.readouterr().out
    assert left.value.code == 0
    for stray in ("usage:", "options:", "positional arguments", "show this help message"):
        assert stray not in told
    assert ("Aufruf:" in told) == (lang == "de")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    told = capsys.readouterr().out
    assert all(f"    {command} " in told for command in commandline.COMMANDS)
