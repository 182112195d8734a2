"""Tasks to try at a station: the cards in ``configs/tasks/<station>.toml``, their material in ``configs/samples``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from models.errors import ModelError
from stations.base import Level
from stations.texts import Language

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
FOLDER, SAMPLES = CONFIGS / "tasks", CONFIGS / "samples"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
FileName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.(txt|csv|pdf)$", max_length=60)
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Steps = Annotated[tuple[Line, ...], Field(min_length=3, max_length=6)]
Files = Annotated[tuple[FileName, ...], Field(min_length=1, max_length=9)]
Thing = TypeVar("Thing")


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Both(_Frozen, Generic[Thing]):
    """Something that a card has in both languages."""

    de: Thing
    en: Thing

    def of(self, language: Language) -> Thing:
        """Return it in one of them."""
        return self.de if language == "de" else self.en


class Sample(_Frozen):
    """Material to try a task with: either a text or files of ``configs/samples``."""

    title: Both[Line]
    text: Both[Text] | None = None
    files: Both[Files] | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.text is None) == (self.files is None):
            raise ValueError("material is either a text or files")
        for name in (*self.files.de, *self.files.en) if self.files else ():
            if not (SAMPLES / name).is_file():
                raise ValueError(f"configs/samples has no file {name}")
        return self

    def file_names(self, language: Language) -> tuple[str, ...]:
        """Return the names of its files; none where it is a text."""
        return self.files.of(language) if self.files else ()

    def to_read(self, language: Language) -> str:
        """Return what can be read and copied on the page; empty for several files and for pictures of pages."""
        if self.text:
            return self.text.of(language)
        names = self.file_names(language)
        only_text = len(names) == 1 and not names[0].endswith(".pdf")
        return (SAMPLES / names[0]).read_text(encoding="utf-8") if only_text else ""


class Card(_Frozen):
    """One task. ``minutes`` is how long it takes with the small model; ``watch`` is what often goes wrong."""

    id: Name
    level: Level
    minutes: int = Field(ge=5, le=20)
    title: Both[Line]
    goal: Both[Line]
    steps: Both[Steps]
    question: Both[Line]
    watch: Both[Line] | None = None
    samples: tuple[Sample, ...] = Field(default=(), max_length=3)

    @model_validator(mode="after")
    def _has_the_same_steps(self) -> Self:
        if len(self.steps.de) != len(self.steps.en):
            raise ValueError("both languages need the same number of steps")
        return self


class _Deck(_Frozen):
    cards: tuple[Card, ...] = Field(min_length=1, max_length=9)

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({card.id for card in self.cards}) < len(self.cards):
            raise ValueError("two cards have the same id")
        return self


@cache
def cards(station: str, folder: Path = FOLDER) -> tuple[Card, ...]:
    """Return the cards of a station in their file's order; none where a station has no file.

    Raises:
        ModelError: ``tasks.broken_file`` naming the file, the place in it and what is wrong.
    """
    file = folder / f"{station}.toml"
    if not file.is_file():
        return ()
    try:
        return _Deck.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).cards
    except ValidationError as error:
        problem = _first_problem(error)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = str(error)
    raise ModelError("tasks.broken_file", file=f"configs/tasks/{file.name}", problem=problem)


def _first_problem(error: ValidationError) -> str:
    """Return the first problem with its place, counting cards, steps and materials as people do."""
    first = error.errors(include_url=False)[0]
    place = " → ".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])
