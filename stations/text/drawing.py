"""Filled forms as Markdown: headings, lists, tables with sums that the program computed."""

from collections.abc import Callable, Iterable

from stations.text.amounts import cents, money
from stations.text.form import Column, Filled, FilledPart, Part
from stations.texts import Language, say
from stations.units import decimal


def drawn(parts: Filled, language: Language) -> str:
    """Return the parts as one Markdown text, in their order."""
    return "\n\n".join(_part(one, language) for one in parts)


def _part(one: FilledPart, language: Language) -> str:
    heading = getattr(one.part.heading, language) if one.part.heading and not one.part.bare else ""
    if one.part.kind == "title":
        return f"# {_one_line(one.content)}"
    if one.part.kind == "line":
        return f"**{heading}:** {_one_line(one.content)}" if heading else _one_line(one.content)
    body = (
        _table(one.part, one.content, language)
        if one.part.kind == "table"
        else _BODIES[one.part.kind](one.content)
    )
    return f"## {heading}\n\n{body}" if heading else body


def _numbered(rows: list[str]) -> str:
    return "\n".join(f"{number}. {_one_line(row)}" for number, row in enumerate(rows, start=1))


def _marked(mark: str) -> Callable[[list[str]], str]:
    return lambda rows: "\n".join(f"{mark} {_one_line(row)}" for row in rows)


def _pairs(rows: list[tuple[str, str]]) -> str:
    asked = ((f"**{_one_line(question)}**" if question else "", answer) for question, answer in rows)
    return "\n\n".join("\n\n".join(filter(None, pair)) for pair in asked)


_BODIES: dict[str, Callable[..., str]] = {
    "text": str.strip,
    "list": _marked("-"),
    "checklist": _marked("- ☐"),
    "steps": _numbered,
    "pairs": _pairs,
}


def _table(part: Part, rows: list[list[str | float]], language: Language) -> str:
    """Return a pipe table; a last row holds the sums of the columns that want one."""
    lines = [_row(str(getattr(column.heading, language)) for column in part.columns)]
    lines.append(_row("---" if column.kind == "text" else "---:" for column in part.columns))
    for row in rows:
        lines.append(
            _row(_cell(column, cell, language) for column, cell in zip(part.columns, row, strict=True))
        )
    if any(column.total for column in part.columns):
        lines.append(_row(_sums(part, rows, language)))
    return "\n".join(lines)


def _sums(part: Part, rows: list[list[str | float]], language: Language) -> list[str]:
    cells = [""] * len(part.columns)
    cells[0] = f"**{say('text.total', language)}**"
    for place, column in enumerate(part.columns):
        if column.total:
            total = cents(sum(float(row[place]) for row in rows))
            cells[place] = f"**{_cell(column, total, language)}**"
    return cells


def _cell(column: Column, value: str | float, language: Language) -> str:
    if column.kind == "text":
        return _one_line(str(value)).replace("|", "/")
    if column.kind == "euro":
        return money(float(value), language)
    return decimal(float(value), language, 0 if float(value).is_integer() else 2)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _one_line(text: str) -> str:
    return " ".join(text.split())
