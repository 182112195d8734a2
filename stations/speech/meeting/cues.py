"""Words by which people decide, promise, take back and leave open in a talk, from ``configs/minutes_cues.toml``.

Rules, no model: a small model overlooks most promises in a page of talk and finds some that nobody made, but it can say
in one sentence what a few lines are about. So these words find the places (docs/decisions.md).
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from models.errors import ModelError
from stations.texts import LANGUAGES, Language

FILE = Path(__file__).resolve().parents[3] / "configs" / "minutes_cues.toml"
_PIECES = ("<doing>", "<may_do>", "<to_do>")


def _filled(pattern: str, pieces: Mapping[str, str]) -> str:
    for name, piece in pieces.items():
        pattern = pattern.replace(name, piece)
    return pattern


def _compiles(pattern: str) -> str:
    try:
        re.compile(_filled(pattern, dict.fromkeys(_PIECES, "x")))
    except re.error as error:
        raise ValueError(f"{pattern}: {error}") from error
    return pattern


Patterns = Annotated[tuple[Annotated[str, AfterValidator(_compiles)], ...], Field(min_length=1)]


class _Table(BaseModel):
    """The cues of a language as the file has them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    doing: tuple[str, ...] = Field(min_length=1)
    may_do: tuple[str, ...] = Field(min_length=1)
    ending: str
    infinitive: str
    states: str
    empty: str
    decided: Patterns
    votes: Patterns
    agreed: Patterns
    proposes: Patterns
    promises: Patterns
    assigns: Patterns
    offers: Patterns
    at_once: Patterns
    refuses: Patterns
    asks: Patterns
    accepts: Patterns
    takes_back: Patterns
    wonders: Patterns
    suggests: Patterns
    unknown: Patterns
    opens_topic: Patterns
    fillers: Patterns


class Cues:
    """Patterns over one line of talk.

    ``decided`` says that something was decided, ``votes`` too, but not what; ``agreed`` may say so, ``proposes`` says
    what. ``promises`` is somebody promising something, ``offers`` counts with a time or once somebody says yes,
    ``assigns`` says that the ``name`` will do it, ``at_once`` is done within the meeting. ``asks`` is somebody asking
    another to do it, ``accepts`` a plain yes, ``refuses`` a no. ``takes_back`` withdraws what was just said.
    ``wonders`` asks without a question mark, ``suggests`` asks only to answer another question, ``unknown`` leaves a
    question open. ``opens_topic`` goes on to the next point. ``fillers`` say nothing.
    """

    def __init__(self, table: _Table) -> None:
        self._table = table
        any_verb = "|".join((*table.doing, *table.may_do))
        self._pieces = {
            "<doing>": f"(?:{'|'.join(table.doing)}){table.ending}",
            "<may_do>": f"(?:{'|'.join(table.may_do)}){table.ending}",
            "<to_do>": f"(?:{any_verb}){table.infinitive}",
        }

    @cached_property
    def states(self) -> frozenset[str]:
        """Infinitives of what somebody is, thinks or does right now: nothing that anybody promises."""
        return frozenset(self._table.states.split())

    @cached_property
    def empty(self) -> frozenset[str]:
        """Words that are said everywhere and prove nothing."""
        return frozenset(self._table.empty.split())

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """Return the pattern of a cue, compiled once."""
        if name not in _Table.model_fields:
            raise AttributeError(name)
        patterns: tuple[str, ...] = getattr(self._table, name)
        whole = "|".join(f"(?:{_filled(each, self._pieces)})" for each in patterns)
        pattern = re.compile(whole, 0 if name == "assigns" else re.IGNORECASE)  # names have a capital letter
        self.__dict__[name] = pattern
        return pattern


@cache
def cues(language: Language, file: Path = FILE) -> Cues:
    """Return the cues of a language.

    Raises:
        ModelError: ``minutes.broken_file`` naming the file and what is wrong.
    """
    try:
        given: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        if missing := [each for each in LANGUAGES if each not in given]:
            raise ValueError(f"{missing[0]} is missing")
        return Cues(_Table.model_validate(given[language]))
    except ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join(filter(None, (".".join(map(str, (language, *first["loc"]))), first["msg"])))
    except (ValueError, OSError) as error:  # TOML and Unicode errors are ValueErrors
        problem = str(error)
    raise ModelError("minutes.broken_file", file=file.name, problem=problem)
