"""Recipes: what can be written, from ``configs/recipes/<id>.toml``. A host adds one by putting a file there."""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from models.catalog import InWords
from stations.base import Level
from stations.text.form import Part, filled, key, missing
from stations.texts import Language

FOLDER = Path(__file__).resolve().parent.parent.parent / "configs" / "recipes"
MOST_FIELDS = 6
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
Values = Mapping[str, str]
"""What a person filled in, by field id; a field left empty is missing or ``""``."""


class Group(StrEnum):
    """Where a recipe is found."""

    VERWALTUNG = "verwaltung"
    TEXTE = "texte"
    KONZEPTE = "konzepte"
    KREATIVES = "kreatives"
    BARRIEREFREIHEIT = "barrierefreiheit"


class Check(StrEnum):
    """What the program looks for in a result, beside the limits and the form."""

    NOT_COPIED = "not_copied"
    """The result differs from what was put in."""
    NO_NEW_NUMBERS = "no_new_numbers"
    """Every number and date was put in."""
    NO_NEW_NAMES = "no_new_names"
    """Every name was put in."""
    SHORTER = "shorter"
    """The result has fewer words than what was put in."""
    PLAIN = "plain"
    """The result is easier to read than what was put in, by the Flesch index for its language."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(_Entry):
    """One possibility of a choice: what is stored, and how it reads."""

    value: str = Field(min_length=1)
    de: str = Field(min_length=1)
    en: str = Field(min_length=1)


class RecipeField(_Entry):
    """Something to fill in. ``text`` is long and may come from a file, ``line`` is short."""

    id: Name
    kind: Literal["text", "line", "number", "choice"]
    label: InWords
    info: InWords | None = None
    required: bool = True
    default: str = Field("", description="What stands there at first; for a choice, a value")
    choices: tuple[Choice, ...] = ()
    least: int = Field(1, description="Smallest number")
    most: int = Field(100_000, description="Largest number")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("choices belong to the kind choice, and only there")
        if self.choices and self.default and self.default not in {each.value for each in self.choices}:
            raise ValueError("default is not among the choices")
        return self


class WorkedExample(_Entry):
    """A request and its answer that the model sees before the real one."""

    fields: dict[Name, str]
    answer: str = Field(min_length=1, description="The text, or for a form its JSON")


class Prompt(_Entry):
    """What the model is told, in one language. ``{field}`` is replaced by what was filled in."""

    role: str = Field(min_length=1)
    ask: str = Field(min_length=1)
    examples: tuple[WorkedExample, ...] = Field((), max_length=3)


class Limits(_Entry):
    """What a result must keep to; a number, or the id of the field that holds it."""

    characters: int | Name | None = None
    words: int | Name | None = None
    sentences: int | Name | None = None
    language: str = Field("page", description="'page', 'source' (as the long text put in), or a field's id")
    address: Literal["sie", "du", "neutral", ""] | Name = Field("", description="Form of address")


class Recipe(_Entry):
    """One use: what is asked of the person, what the model is told, and what the program promises."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    group: Group
    level: Level = Level.BASIS
    title: InWords
    purpose: InWords
    hint: InWords | None = None
    keywords: str = Field("", description="More words by which a search finds it, in any language")
    fields: tuple[RecipeField, ...] = Field(min_length=1, max_length=MOST_FIELDS)
    prompt: dict[Language, Prompt]
    example: dict[Language, dict[Name, str]]
    limits: Limits = Limits()
    form: tuple[Part, ...] = ()
    checks: tuple[Check, ...] = ()
    temperature: float = Field(0.3, ge=0, le=1.5)
    tokens: int = Field(500, ge=16, le=4096, description="Longest answer of the model")

    def field(self, name: str) -> RecipeField | None:
        """Return a field by its id."""
        return next((each for each in self.fields if each.id == name), None)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        ids = {each.id for each in self.fields}
        if len(ids) < len(self.fields):
            raise ValueError("fields: two have the same id")
        for place, name in self._names():
            if name not in ids:
                raise ValueError(f"{place}: there is no field {name}")
        for language in ("de", "en"):
            if language not in self.example or (language == "de" and language not in self.prompt):
                raise ValueError(f"{language} is missing in prompt or example")
        for language, prompt in self.prompt.items():
            self._check_answers(language, prompt)
        return self

    def _check_answers(self, language: Language, prompt: Prompt) -> None:
        """A worked example that does not keep to the form would teach the model to break it."""
        for worked in prompt.examples if self.form else ():
            parts = filled(self.form, worked.answer, language)
            if lacking := missing(self.form, parts):
                wanted = ", ".join(key(part, language) for part in lacking)
                raise ValueError(f"prompt.{language}.examples: the answer lacks {wanted}")

    def _names(self) -> Iterator[tuple[str, str]]:
        """Yield every place that names a field, with the name."""
        for language, prompt in self.prompt.items():
            yield from ((f"prompt.{language}.ask", name) for name in placeholders(prompt.ask))
            yield from (
                (f"prompt.{language}.examples", name) for one in prompt.examples for name in one.fields
            )
        yield from ((f"example.{language}", name) for language, one in self.example.items() for name in one)
        limits = self.limits
        for value in (limits.characters, limits.words, limits.sentences):
            if isinstance(value, str):
                yield "limits", value
        if limits.language not in ("page", "source"):
            yield "limits.language", limits.language
        if limits.address not in ("sie", "du", "neutral", ""):
            yield "limits.address", limits.address


@dataclass(frozen=True)
class BrokenRecipe:
    """A file that is no recipe: its name, the line if it is known, and what is wrong."""

    file: str
    line: int | None
    problem: str


@dataclass(frozen=True)
class Cookbook:
    """All recipes by id, and the files that could not be read."""

    recipes: Mapping[str, Recipe]
    broken: tuple[BrokenRecipe, ...] = ()


def cookbook(folder: Path = FOLDER) -> Cookbook:
    """Read every recipe of a folder, by group and name; a broken file hides only itself."""
    recipes: list[Recipe] = []
    broken: list[BrokenRecipe] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            recipes.append(_read(file))
        except (ValueError, OSError) as error:  # TOML, Unicode and pydantic errors are ValueErrors
            broken.append(_diagnosed(file, error))
    order = list(Group)
    recipes.sort(key=lambda each: order.index(each.group))
    return Cookbook({each.id: each for each in recipes}, tuple(broken))


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _read(file: Path) -> Recipe:
    return Recipe.model_validate({**tomllib.loads(file.read_text(encoding="utf-8")), "id": file.stem})


def _diagnosed(file: Path, error: Exception) -> BrokenRecipe:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = [str(part) for part in first["loc"]]
        problem = f"{'.'.join(place)}: {first['msg']}" if place else first["msg"]
        return BrokenRecipe(file.name, _line_of(file, place), problem)
    found = re.search(r"line (\d+)", str(error))
    return BrokenRecipe(file.name, int(found.group(1)) if found else None, str(error))


def _line_of(file: Path, place: list[str]) -> int | None:
    """Return the line on which the setting stands, or the nearest one above that can be found."""
    lines, at, found = file.read_text(encoding="utf-8").splitlines(), 0, None
    for name in place:
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        hit = next((n for n in range(at, len(lines)) if word.search(lines[n].partition("#")[0])), None)
        if hit is not None:
            at, found = hit, hit + 1
    return found
