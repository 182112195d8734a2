"""What ``do`` can do, and what each task asks for. Standard library only."""

import argparse
from pathlib import Path

from stations.arguments import Adder, add, profile, seed
from stations.texts import Language, say


def _write(parser: argparse.ArgumentParser, lang: Language) -> None:
    recipe = {"metavar": say("command.recipe", lang), "help": say("command.recipe_help", lang)}
    parser.add_argument("names", nargs="*", default=(), **recipe)  # type: ignore[arg-type]
    value = say("command.field", lang)
    add(parser, lang, "--field", dest="fields", action="append", metavar=value)
    add(parser, lang, "--input", type=Path, metavar=say("command.file", lang))
    add(parser, lang, "--out", type=Path, metavar=say("command.file", lang))
    add(parser, lang, "--model", metavar="ID")
    add(parser, lang, "--seed", type=seed, metavar=say("command.number", lang))
    add(parser, lang, "--list", action="store_true")
    add(parser, lang, "--json", action="store_true")
    profile(parser, lang)


TASKS: dict[str, Adder] = {"write": _write}
STATION_OF = {"write": "text"}
"""The station whose packages a task needs, by the task's name."""
