"""Recipes: what can be written, from ``configs/recipes/<id>.toml``. A host adds one by putting a file there."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from models.catalog import InWords
from models.language import CANDIDATES
from stations.base import Level
from stations.text.form import Part, breach, check_keys
from stations.texts import LANGUAGES, Language, placeholders

FOLDER = Path(__file__).resolve().parent.parent.parent / "configs" / "recipes"
MOST_FIELDS = 6
_LANGUAGES, _ADDRESSES = ("page", "source"), ("sie", "du", "neutral", "")
"""Values of limits that name no field."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
Number = Annotated[int, Field(ge=1)]
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
    LENGTH_USED = "length_used"
    """The result uses at least half of the length that is allowed, unless the source is shorter still."""
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
        if self.kind == "number" and self.default and not self._holds(self.default):
            raise ValueError(f"default is not a number from {self.least} to {self.most}")
        return self

    def _holds(self, number: str) -> bool:
        return number.isdecimal() and self.least <= int(number) <= self.most


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

    characters: Number | Name | None = None
    words: Number | Name | None = None
    sentences: Number | Name | None = None
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
    long: bool = Field(
        False, description="A document may be longer than the model reads at once: it goes by parts"
    )
    temperature: float = Field(0.3, ge=0, le=1.5)
    tokens: int = Field(500, ge=16, le=4096, description="Longest answer of the model")

    @property
    def long_field(self) -> str | None:
        """The field into which a file is read: the first long text."""
        return next((each.id for each in self.fields if each.kind == "text"), None)

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
        for language in LANGUAGES:
            if language not in self.example or (language == "de" and language not in self.prompt):
                raise ValueError(f"{language} is missing in prompt or example")
        check_keys(self.form)
        self._check_limits()
        self._check_answers()
        return self

    def _check_limits(self) -> None:
        """A limit taken from a field needs a field that can hold it."""
        limits = self.limits
        for name in (limits.characters, limits.words, limits.sentences):
            if isinstance(name, str) and not self._holds_numbers(self._chosen(name)):
                raise ValueError(f"limits: the field {name} is not a number")
        if limits.language not in _LANGUAGES and not self._values(limits.language) <= set(CANDIDATES):
            raise ValueError(
                f"limits.language: possible values of {limits.language} are {', '.join(CANDIDATES)}"
            )
        if limits.address not in _ADDRESSES and not self._values(limits.address) <= set(_ADDRESSES):
            raise ValueError(f"limits.address: possible values of {limits.address} are sie, du, neutral")

    def _check_answers(self) -> None:
        """A worked example that does not keep to the form would teach the model to break it."""
        for language, prompt in self.prompt.items():
            for worked in prompt.examples if self.form else ():
                if wrong := breach(self.form, worked.answer, language):
                    raise ValueError(f"prompt.{language}.examples: {wrong}")

    def _chosen(self, name: str) -> RecipeField:
        return next(each for each in self.fields if each.id == name)

    @staticmethod
    def _holds_numbers(one: RecipeField) -> bool:
        return one.kind == "number" or (
            one.kind == "choice" and all(each.value.isdecimal() for each in one.choices)
        )

    def _values(self, name: str) -> set[str]:
        """Return what a choice can be; a field of another kind can be anything."""
        return {each.value for each in self._chosen(name).choices} or {"?"}

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
        if limits.language not in _LANGUAGES:
            yield "limits.language", limits.language
        if limits.address not in _ADDRESSES:
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
        except (
            ValueError,
            OSError,
            RecursionError,
        ) as error:  # TOML, Unicode, pydantic errors are ValueErrors
            broken.append(_diagnosed(file, error))
    order = list(Group)
    recipes.sort(key=lambda each: order.index(each.group))
    return Cookbook({each.id: each for each in recipes}, tuple(broken))


def _read(file: Path) -> Recipe:
    words = file.read_text(encoding="utf-8-sig")  # editors of Windows put a mark at the beginning
    return Recipe.model_validate({**tomllib.loads(words), "id": file.stem})


def _diagnosed(file: Path, error: Exception) -> BrokenRecipe:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        said = first["msg"].removeprefix("Value error, ")
        problem = ": ".join(filter(None, [".".join(map(str, first["loc"])), said]))
        place = first["loc"] or tuple(said.partition(":")[0].split("."))
        return BrokenRecipe(file.name, line_of(file.read_text(encoding="utf-8-sig"), place), problem)
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        return BrokenRecipe(file.name, line, "not saved as UTF-8")
    if isinstance(error, OSError):
        return BrokenRecipe(file.name, None, error.strerror or "")
    found = re.search(r"line (\d+)", str(error))
    return BrokenRecipe(file.name, int(found.group(1)) if found else None, str(error))


def line_of(toml: str, place: Sequence[str | int]) -> int | None:
    """Return the line on which a setting stands, or the nearest one above that can be found."""
    lines, found = toml.splitlines(), 0
    for name in place:
        if isinstance(name, int):  # the nth of several tables of that name
            again = [
                n for n in range(found, len(lines)) if found and lines[n].strip() == lines[found - 1].strip()
            ]
            found = again[name - 1] + 1 if 0 < name <= len(again) else found
            continue
        key = re.escape(name)
        setting = re.compile(
            rf"\s*\[.*(?<![\w-]){key}(?![\w-])|(?:.*[{{,])?\s*(?:[\w-]+\.)*{key}(?:\.[\w-]+)*\s*="
        )
        hits = (n for n in range(max(0, found - 1), len(lines)) if setting.match(lines[n]))
        found = next(hits, found - 1) + 1
    return found or None
