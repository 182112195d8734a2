"""What can be typed after ``python3 launcher.py``, in the reader's language. Standard library only.

All words come from ``configs/texts/<language>/command.toml``, even those ``argparse`` would say in English.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NoReturn

from models.errors import ModelError
from stations.arguments import Adder, add, one_of, port, profile
from stations.tasks import STATION_OF, TASKS
from stations.texts import LANGUAGES, Language, known_language, say


@dataclass(frozen=True)
class Options:
    """What the person asked for.

    ``names`` are models or roles (for ``do write`` the recipe, for other tasks files), ``folder`` the place of
    ``export``, ``import`` and ``fetch --from``, ``action`` what ``do`` does, with its ``fields`` (``name=value``),
    ``input``, ``out`` and ``format``; ``spoken`` is the language of what is given, ``to`` the wanted one, ``speakers``
    how many people speak, ``voice`` who reads aloud, ``languages`` (``de,en``) and ``address`` those of a guide.
    ``collection`` is the name of the documents that are searched, for ``count`` passages in ``mode``; ``queries`` a
    file with a question a line. ``systems`` and ``pythons`` say what laptops a kit is for, ``serve`` lends it.
    ``pytest`` is everything after ``test`` that the kit itself does not know. ``None`` leaves the choice to
    ``configs/workshop.toml``.
    """

    command: str = "start"
    lang: Language = "de"
    station: str | None = None
    profile: str | None = None
    port: int | None = None
    no_browser: bool = False
    room: bool = False
    names: tuple[str, ...] = ()
    folder: Path | None = None
    json: bool = False
    action: str = ""
    list: bool = False
    fields: tuple[str, ...] = ()
    input: Path | None = None
    format: str = ""
    spoken: str | None = None
    speakers: int | None = None
    to: str | None = None
    voice: str = ""
    languages: str = ""
    address: str = ""
    collection: str = ""
    count: int = 10
    mode: str = "hybrid"
    queries: Path | None = None
    systems: str = ""
    pythons: str = ""
    serve: bool = False
    out: Path | None = None
    model: str | None = None
    seed: int | None = None
    pytest: tuple[str, ...] = ()


def parse(words: Sequence[str]) -> Options:
    """Return the options in ``words``; ``--help`` prints and leaves with 0.

    Raises:
        ModelError: for words the launcher does not understand, with what would have been right.
    """
    lang = wished_language(words)
    parser = _parser(lang)
    _refuse_unknown_start(parser, words)
    found, unknown = parser.parse_known_args(list(words))
    command = found.command or "start"
    if unknown and command != "test":
        raise ModelError("command.unknown", given=" ".join(unknown))
    known = {field.name for field in fields(Options)}
    chosen = {name: _frozen(value) for name, value in vars(found).items() if name in known}
    if station := STATION_OF.get(chosen.get("action", "")):
        chosen["station"] = station
    return Options(**{**chosen, "command": command, "lang": lang, "pytest": tuple(unknown)})


def _refuse_unknown_start(parser: "_Parser", words: Sequence[str]) -> None:
    """Name a mistyped option before the command; argparse would take its value for the command instead."""
    for word in words:
        if word in COMMANDS:
            return
        if word.startswith("-") and word.partition("=")[0] not in parser._option_string_actions:
            raise ModelError("command.unknown", given=word)


def _frozen(value: Any) -> Any:  # noqa: ANN401 -- argparse hands over values of every type
    return tuple(value) if isinstance(value, list) else value


def wished_language(words: Sequence[str]) -> Language:
    """Find ``--lang`` before anything is parsed: even a wrong word is answered in the right language."""
    for position, word in enumerate(words):
        if word.startswith("--lang="):
            return known_language(word.partition("=")[2])
        if word == "--lang" and position + 1 < len(words):
            return known_language(words[position + 1])
    return "de"


class _Formatter(argparse.HelpFormatter):
    """Plain help: wide enough for sentences, and "usage" in the reader's language."""

    def __init__(self, prog: str, lang: Language = "de") -> None:
        super().__init__(prog, max_help_position=28, width=100)
        self._lang = lang

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401
        super().add_usage(usage, actions, groups, prefix or say("command.usage", self._lang) + " ")


class _Parser(argparse.ArgumentParser):
    """A parser that raises sentences instead of printing English ones."""

    def error(self, message: str) -> NoReturn:
        """Say which word is meant; the rest of argparse's message is English."""
        before, _, after = message.partition(": ")
        raise ModelError(
            "command.unclear", given=before.removeprefix("argument ") if "argument " in before else after
        )

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401
        if action.choices is not None and value not in action.choices:
            raise ModelError("command.unknown", given=value)


def _parser(lang: Language) -> _Parser:
    parser = _new_parser(lang, say("command.usage_line", lang), say("command.about", lang))
    parser.epilog = say("command.examples", lang)
    _for_everything(parser, lang)
    _for_start(parser, lang)
    commands = parser.add_subparsers(
        dest="command", title=say("command.commands", lang), metavar=say("command.command", lang)
    )
    for name, add_own in COMMANDS.items():
        _add_command(commands, lang, name, add_own)
    return parser


def _add_command(commands: Any, lang: Language, name: str, add_own: Adder, key: str = "") -> None:  # noqa: ANN401
    key = key or name
    text = say(f"command.{key}", lang)
    usage = say("command.usage_command", lang, command=say(f"command.{key}_usage", lang))
    own = commands.add_parser(name, help=text, add_help=False, **_looks(lang, usage, text))
    _titles(own, lang)
    _for_everything(own, lang)
    add_own(own, lang)


def _new_parser(lang: Language, usage: str, about: str) -> _Parser:
    parser = _Parser(prog="python3 launcher.py", add_help=False, **_looks(lang, usage, about))
    _titles(parser, lang)
    return parser


def _looks(lang: Language, usage: str, about: str) -> dict[str, Any]:
    def formatter(prog: str) -> _Formatter:
        return _Formatter(prog, lang)

    return {"usage": usage, "description": about, "formatter_class": formatter, "allow_abbrev": False}


def _titles(parser: argparse.ArgumentParser, lang: Language) -> None:
    parser._positionals.title = say("command.what", lang)
    parser._optionals.title = say("command.options", lang)


def _for_everything(parser: argparse.ArgumentParser, lang: Language) -> None:
    parser.add_argument("-h", "--help", action="help", help=say("command.help", lang))
    add(parser, lang, "--lang", type=one_of("--lang", LANGUAGES), metavar="|".join(LANGUAGES))


def _for_workshop(parser: argparse.ArgumentParser, lang: Language) -> None:
    profile(parser, lang)
    add(parser, lang, "--station", metavar="ID")


def _for_start(parser: argparse.ArgumentParser, lang: Language) -> None:
    _for_workshop(parser, lang)
    add(parser, lang, "--port", type=port, metavar=say("command.number", lang))
    add(parser, lang, "--no-browser", action="store_true")
    add(parser, lang, "--room", action="store_true")


def _for_check(parser: argparse.ArgumentParser, lang: Language) -> None:
    _for_workshop(parser, lang)
    add(parser, lang, "--json", action="store_true")


def _for_fetch(parser: argparse.ArgumentParser, lang: Language) -> None:
    _for_workshop(parser, lang)
    _names(parser, lang, nargs="*")
    add(parser, lang, "--from", dest="folder", type=Path, metavar=say("command.folder", lang))


def _for_voices(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"metavar": say("command.code", lang), "help": say("command.voices_help", lang)}
    parser.add_argument("names", nargs="*", default=(), **words)  # type: ignore[arg-type]


def _for_test(_: argparse.ArgumentParser, __: Language) -> None:
    """What ``test`` does not know goes to pytest, so it knows as little as possible."""


def _for_remove(parser: argparse.ArgumentParser, lang: Language) -> None:
    _names(parser, lang, nargs="+")


def _for_export(parser: argparse.ArgumentParser, lang: Language) -> None:
    _folder(parser, lang)
    _names(parser, lang, nargs="*")


def _for_kit(parser: argparse.ArgumentParser, lang: Language) -> None:
    _for_workshop(parser, lang)
    words = {"metavar": say("command.folder", lang), "help": say("command.kit_help", lang)}
    parser.add_argument("folder", type=Path, **words)  # type: ignore[arg-type]
    _names(parser, lang, nargs="*")
    add(parser, lang, "--systems", metavar="linux,windows,macos")
    add(parser, lang, "--pythons", metavar="3.12,3.13")
    add(parser, lang, "--serve", action="store_true")
    add(parser, lang, "--port", type=port, metavar=say("command.number", lang))


def _folder(parser: argparse.ArgumentParser, lang: Language) -> None:
    parser.add_argument(
        "folder", type=Path, metavar=say("command.folder", lang), help=say("command.folder_help", lang)
    )


def _names(parser: argparse.ArgumentParser, lang: Language, nargs: str) -> None:
    words = {"metavar": say("command.name", lang), "help": say("command.names_help", lang)}
    parser.add_argument("names", nargs=nargs, default=(), **words)  # type: ignore[arg-type]


def _for_do(parser: argparse.ArgumentParser, lang: Language) -> None:
    words = {"title": say("command.actions", lang), "metavar": say("command.action", lang)}
    actions = parser.add_subparsers(dest="action", required=True, **words)
    for name, add_own in TASKS.items():
        _add_command(actions, lang, name, add_own, key=f"do_{name}")


COMMANDS: dict[str, Adder] = {
    "start": _for_start,
    "check": _for_check,
    "fetch": _for_fetch,
    "models": _for_workshop,
    "voices": _for_voices,
    "remove": _for_remove,
    "export": _for_export,
    "import": _folder,
    "kit": _for_kit,
    "do": _for_do,
    "test": _for_test,
}
