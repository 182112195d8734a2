"""Single options of the command line, with their words and their checks. Standard library only."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from models.errors import ModelError
from stations.texts import Language, say

PROFILES = ("mini", "standard", "large", "auto")
PORTS = range(1, 65536)
HIGHEST_SEED = 4_294_967_294
Adder = Callable[[argparse.ArgumentParser, Language], None]


def add(parser: argparse.ArgumentParser, lang: Language, flag: str, **settings: Any) -> None:  # noqa: ANN401
    """Add an option; its help is the sentence ``command.<flag>_option``."""
    # SUPPRESS: a value given before the command must survive the command's parser, which has the option too.
    key = flag.removeprefix("--").replace("-", "_")
    parser.add_argument(flag, default=argparse.SUPPRESS, help=say(f"command.{key}_option", lang), **settings)


def one_of(flag: str, choices: Sequence[str]) -> Callable[[str], str]:
    """Return a check that lets only these words through."""

    def chosen(word: str) -> str:
        if word not in choices:
            raise ModelError("command.choice", option=flag, given=word, choices=", ".join(choices))
        return word

    return chosen


def port(word: str) -> int:
    """Return the number of a port."""
    if not word.isdigit() or int(word) not in PORTS:
        raise ModelError("command.port", given=word, lowest=PORTS.start, highest=PORTS.stop - 1)
    return int(word)


def seed(word: str) -> int:
    """Return a seed that engines understand."""
    if not word.isdecimal() or int(word) > HIGHEST_SEED:
        raise ModelError("command.seed", given=word, highest=HIGHEST_SEED)
    return int(word)


def number(flag: str, lowest: int, highest: int) -> Callable[[str], int]:
    """Return a check that lets only whole numbers of a range through."""

    def chosen(word: str) -> int:
        if not word.isdecimal() or not lowest <= int(word) <= highest:
            raise ModelError("command.number_wrong", option=flag, given=word, lowest=lowest, highest=highest)
        return int(word)

    return chosen


def profile(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Add ``--profile``."""
    add(parser, lang, "--profile", type=one_of("--profile", PROFILES), metavar="|".join(PROFILES))
