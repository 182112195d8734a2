"""Forms: results with parts, such as a subject and a text or a table; the model fills them, the program draws them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import prod
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from models.catalog import InWords
from stations.text.amounts import cents, number_in
from stations.texts import LANGUAGES, Language

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
LONGEST_CELL, LONGEST_LINE = 160, 140
"""Letters of a table's cell and of a line, so that no answer runs away within one string."""
PAIR: dict[Language, tuple[str, str]] = {"de": ("Frage", "Antwort"), "en": ("Question", "Answer")}
"""The keys of a question and its answer in a model's JSON."""
_ENDS = ("min", "max")
_ROWS = ("list", "steps", "checklist", "pairs", "table")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Entry):
    """A column of a table. ``product`` multiplies other columns: the program computes it, the model never does."""

    id: Name
    heading: InWords
    kind: Literal["text", "number", "euro"] = "text"
    product: tuple[Name, ...] = ()
    total: bool = Field(False, description="The program adds the column up")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.kind == "text" and (self.product or self.total):
            raise ValueError("only columns of the kind number or euro can be computed")
        return self


class Part(_Entry):
    """One part of a result.

    ``title`` and ``line`` are short, ``text`` is prose, ``list``, ``steps`` and ``checklist`` are rows of sentences,
    ``pairs`` are questions and answers, ``table`` has columns. ``rows`` are the fewest and the most rows.
    """

    id: Name
    kind: Literal["title", "line", "text", "list", "steps", "checklist", "pairs", "table"]
    heading: InWords | None = None
    bare: bool = Field(False, description="The heading is for the model alone")
    rows: tuple[int, int] = (2, 8)
    columns: tuple[Column, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.kind == "table") != bool(self.columns):
            raise ValueError("columns belong to the kind table, and only there")
        asked = {each.id for each in self.columns if not each.product}
        for column in self.columns:
            if set(column.product) - asked:
                raise ValueError(f"product of {column.id} names a column that is not filled in")
        if not 1 <= self.rows[0] <= self.rows[1] <= 40:  # noqa: PLR2004 - more rows than a small model can fill
            raise ValueError("rows: fewest first, 1 to 40")
        check_keys(self.columns)
        return self


@dataclass(frozen=True)
class FilledPart:
    """One part with its content: a string, strings, or rows of cells by column key."""

    part: Part
    content: Any


Filled = tuple[FilledPart, ...]


def check_keys(entries: Sequence[Part | Column]) -> None:
    """Raise a ValueError if two parts or columns have one name: a model could fill in only one of them."""
    for names in ([one.id for one in entries], *([key(one, each) for one in entries] for each in LANGUAGES)):
        if double := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"two parts or columns are called {double[0]}")


def schema(form: Sequence[Part], language: Language) -> str:
    """Return the JSON schema that holds a model to the form; its keys are the headings in ``language``."""
    return json.dumps(_form_schema(form, language), ensure_ascii=False)


def key(entry: Part | Column, language: Language) -> str:
    """Return the name under which a model fills in a part or a column: what people read, else its id."""
    return str(getattr(entry.heading, language)) if entry.heading else entry.id


def filled(form: Sequence[Part], answer: str, language: Language) -> Filled:
    """Return what a model's JSON says so far, unfinished JSON included; parts it has not begun are missing.

    The order of its keys does not matter, nor do others, nor does text around the JSON.

    Raises:
        ValueError: for a text that is no JSON object at all.
    """
    data = _object_in(answer)
    found = ((part, data.get(key(part, language))) for part in form)
    parts = (FilledPart(part, _content(part, value, language)) for part, value in found)
    return tuple(one for one in parts if one.content)


def breach(form: Sequence[Part], answer: str, language: Language) -> str:
    """Return how a finished answer breaks the form: what is wrong where, or ``""``."""
    try:
        data = json.loads(answer)
    except ValueError as error:
        return f"no JSON ({error})"
    return next(_breaches(_form_schema(form, language), data, ""), "")


def missing(form: Sequence[Part], parts: Filled) -> list[Part]:
    """Return the parts of the form that have no content, or too few rows."""
    there = {one.part.id: one.content for one in parts}
    return [part for part in form if len(there.get(part.id, "")) < _fewest(part)]


def without_last(one: FilledPart, less: str) -> FilledPart | None:
    """Return a part with its last row left out, or for prose with ``less`` as its text; ``None`` if that empties it."""
    content = less if isinstance(one.content, str) else one.content[:-1]
    return replace(one, content=content) if len(content) >= _fewest(one.part) else None


def _fewest(part: Part) -> int:
    return part.rows[0] if part.kind in _ROWS else 1


def _form_schema(form: Sequence[Part], language: Language) -> dict[str, Any]:
    return _object({key(part, language): _part_schema(part, language) for part in form})


def _part_schema(part: Part, language: Language) -> dict[str, Any]:
    if part.kind in ("title", "line"):
        return _string(LONGEST_LINE)
    if part.kind == "text":
        return {"type": "string", "minLength": 1}
    return {
        "type": "array",
        "items": _row_schema(part, language),
        "minItems": part.rows[0],
        "maxItems": part.rows[1],
    }


def _row_schema(part: Part, language: Language) -> dict[str, Any]:
    if part.kind == "table":
        asked = [column for column in part.columns if not column.product]
        return _object({key(column, language): _cell_schema(column) for column in asked})
    if part.kind == "pairs":
        question, answer = PAIR[language]
        return _object({question: _string(LONGEST_CELL), answer: _string(2 * LONGEST_CELL)})
    return _string(LONGEST_CELL)


def _cell_schema(column: Column) -> dict[str, Any]:
    return _string(LONGEST_CELL) if column.kind == "text" else {"type": "number"}


def _string(longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _breaches(wanted: dict[str, Any], value: Any, place: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield where a value does not keep to a schema of this module."""
    kinds = {"object": dict, "array": list, "string": str, "number": int | float}
    length = len(value) if isinstance(value, str | list) else 0
    least, most = (wanted.get(f"{end}{'Items' if wanted['type'] == 'array' else 'Length'}") for end in _ENDS)
    if not isinstance(value, kinds[wanted["type"]]):
        yield f"{place or 'answer'}: {wanted['type']} expected"
    elif isinstance(value, dict) and list(value) != wanted["required"]:
        yield f"{place or 'answer'}: the keys must be {', '.join(wanted['required'])}, in this order"
    elif isinstance(value, dict):
        for name, inner in wanted["properties"].items():
            yield from _breaches(inner, value[name], f"{place}.{name}".lstrip("."))
    elif not (least or 0) <= length <= (most or length):
        yield f"{place}: {length}, possible are {least} to {most}"
    elif isinstance(value, list):
        for row in value:
            yield from _breaches(wanted["items"], row, place)


def _object_in(answer: str) -> Mapping[str, Any]:
    """Return the JSON object in an answer, as far as it is written; ``{}`` before it begins."""
    from pydantic_core import from_json

    text = answer[answer.find("{") :] if "{" in answer else answer.strip() or "{}"
    try:
        data = from_json(text, allow_partial="trailing-strings")
    except ValueError:
        data = from_json(text[: text.rfind("}") + 1])  # something follows it, such as a Markdown fence
    if not isinstance(data, dict):
        raise ValueError("no JSON object")
    return data


def _content(part: Part, value: Any, language: Language) -> Any:  # noqa: ANN401 - a shape for each kind
    if part.kind not in _ROWS:
        return _words(value)
    return list(islice(_read_rows(part, _rows(value), language), part.rows[1]))


def _read_rows(part: Part, rows: list[Any], language: Language) -> Iterator[Any]:
    """Yield rows as their part wants them; those that say nothing are left out."""
    for row in rows:
        if part.kind not in ("table", "pairs"):
            yield from filter(None, [_words(row)])
        elif isinstance(row, dict):
            names = PAIR[language] if part.kind == "pairs" else [key(each, language) for each in part.columns]
            said = tuple(_words(row.get(name)) for name in names)
            if any(said):
                yield said if part.kind == "pairs" else _computed(part, row, language)


def _rows(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    """Return rows, even from a model that knows no form: one row, or lines of text."""
    if isinstance(value, list):
        return value
    return value.splitlines() if isinstance(value, str) else [value]


def _words(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return a value as text, or ``""`` if it has no letter and no digit."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return "\n".join(filter(None, map(_words, inner)))
    text = "" if value is None or isinstance(value, bool) else str(value).strip()
    return text if any(map(str.isalnum, text)) else ""


def _computed(part: Part, row: Mapping[str, Any], language: Language) -> list[str | float]:
    """Return the cells in the order of the columns: amounts in whole cents, products computed from what is shown."""
    given: dict[str, str | float] = {}
    for column in (each for each in part.columns if not each.product):
        value = row.get(key(column, language))
        given[column.id] = (
            _words(value) if column.kind == "text" else _amount(column, number_in(value, language))
        )
    for column in (each for each in part.columns if each.product):
        given[column.id] = _amount(column, prod(float(given[name]) for name in column.product))
    return [given[column.id] for column in part.columns]


def _amount(column: Column, value: float) -> float:
    return cents(value) if column.kind == "euro" else value
