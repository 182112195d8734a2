"""Forms: results with parts, such as a subject and a text or a table; the model fills them, the program draws them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from models.catalog import InWords
from stations.texts import Language

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
LONGEST_CELL, LONGEST_LINE = 160, 140
"""Letters of a table's cell and of a line, so that no answer runs away within one string."""
PAIR: dict[Language, tuple[str, str]] = {"de": ("Frage", "Antwort"), "en": ("Question", "Answer")}
"""The keys of a question and its answer in a model's JSON."""
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
        return self


@dataclass(frozen=True)
class FilledPart:
    """One part with its content: a string, strings, or rows of cells by column key."""

    part: Part
    content: Any


Filled = tuple[FilledPart, ...]


def schema(form: Sequence[Part], language: Language) -> str:
    """Return the JSON schema that holds a model to the form; its keys are the headings in ``language``."""
    properties = {key(part, language): _part_schema(part, language) for part in form}
    return json.dumps(_object(properties), ensure_ascii=False)


def key(entry: Part | Column, language: Language) -> str:
    """Return the name under which a model fills in a part or a column: what people read, else its id."""
    return str(getattr(entry.heading, language)) if entry.heading else entry.id


def filled(form: Sequence[Part], answer: str, language: Language) -> Filled:
    """Return what a model's JSON says so far, unfinished JSON included; parts it has not begun are missing.

    Raises:
        ValueError: for a text that is no JSON object at all.
    """
    from pydantic_core import from_json

    data = from_json(answer.strip() or "{}", allow_partial="trailing-strings")
    if not isinstance(data, dict):
        raise ValueError("no JSON object")
    found = ((part, data.get(key(part, language))) for part in form)
    parts = (FilledPart(part, _content(part, value, language)) for part, value in found if value)
    return tuple(one for one in parts if one.content)


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


def _content(part: Part, value: object, language: Language) -> Any:  # noqa: ANN401 - a shape for each kind
    if part.kind not in _ROWS:
        return str(value).strip()
    rows = value if isinstance(value, list) else []
    if part.kind == "table":
        return [_computed(part, row, language) for row in rows if isinstance(row, dict)]
    if part.kind == "pairs":
        question, answer = PAIR[language]
        return [
            (str(row.get(question, "")), str(row.get(answer, ""))) for row in rows if isinstance(row, dict)
        ]
    return [str(row).strip() for row in rows if str(row).strip()]


def _computed(part: Part, row: Mapping[str, object], language: Language) -> list[str | float]:
    """Return the cells in the order of the columns, products computed."""
    given = {column.id: row.get(key(column, language), "") for column in part.columns}
    cells: list[str | float] = []
    for column in part.columns:
        if column.product:
            cells.append(prod(_number(given[name]) for name in column.product))
        else:
            cells.append(str(given[column.id]) if column.kind == "text" else _number(given[column.id]))
    return cells


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
