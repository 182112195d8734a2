"""The list of hits as a table that people take home: for Excel, LibreOffice, a text, another program."""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import starmap
from pathlib import Path
from typing import Literal, get_args

from models.passages import Hit
from models.reading.repair import one_line
from stations.retrieval.citing import citation
from stations.texts import Language, say

Kind = Literal["csv", "xlsx", "md"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CELL_LETTERS = 32_000
"""Excel takes 32,767 letters in a cell and calls a file with more damaged."""
TABLE_LETTERS = 600
"""So much of a passage is in a table of Markdown, where a cell is one line."""
WIDTHS = (6, 24, 8, 28, 80, 8, 40, 24)
_FORMULA = re.compile(r"[\s\x00-\x1f'\"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet may take for a formula, also behind spaces (OWASP, CSV injection), or their wide forms."""
_NOT_IN_FILES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Row:
    """One hit as a row: plain text and numbers."""

    rank: int
    document: str
    page: str
    section: str
    text: str
    score: float
    citation: str
    question: str


def hits_table(
    hits: Sequence[Hit], question: str, kind: Kind, language: Language, folder: Path | None = None
) -> Path:
    """Write hits, best first, as a table and return the file.

    CSV is for German Excel: semicolons, a decimal comma in both languages, and a mark at the beginning so that umlauts
    are umlauts. No cell is a formula, whatever a document says.

    Args:
        hits: What was found.
        question: What was asked; it stands in every row, so that several tables can be put together.
        kind: What to write.
        language: For the names of the columns and the places.
        folder: Where to; a new private folder if left out.
    """
    rows = list(starmap(_row(question, language), enumerate(hits, start=1)))
    file = (folder or Path(tempfile.mkdtemp())) / f"{say('cite.hits_file', language)}.{kind}"
    file.write_bytes(_WRITERS[kind](rows, language))
    return file


def harmless_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: one that looks like it begins with an apostrophe."""
    clean = _NOT_IN_FILES.sub("", text)[:CELL_LETTERS]
    return f"'{clean}" if _FORMULA.match(clean) else clean


def plain_markdown(text: str) -> str:
    """Return text on one line in which nothing is Markdown or HTML, for a page or a document made of it."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def _row(question: str, language: Language) -> Callable[[int, Hit], Row]:
    def row(rank: int, hit: Hit) -> Row:
        found = hit.passage
        page = found.label or ("" if found.page is None else str(found.page))
        section = " > ".join(map(one_line, found.heading))
        cited = citation(hit, language)
        return Row(
            rank, one_line(hit.document.name), page, section, found.text, round(hit.score, 4), cited, question
        )

    return row


def _columns(language: Language) -> list[str]:
    return [
        say("cite.column_rank", language),
        say("cite.column_document", language),
        say("cite.column_page", language),
        say("cite.column_section", language),
        say("cite.column_text", language),
        say("cite.column_score", language),
        say("cite.column_citation", language),
        say("cite.column_question", language),
    ]


def _csv(rows: Sequence[Row], language: Language) -> bytes:
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    table.writerow(_columns(language))
    table.writerows(map(_cells, rows))
    return written.getvalue().encode("utf-8-sig")


def _cells(row: Row) -> Iterator[str | int]:
    for value in astuple(row):
        if isinstance(value, float):
            yield f"{value:.4f}".replace(".", ",")
        else:
            yield harmless_cell(value) if isinstance(value, str) else value


def _xlsx(rows: Sequence[Row], language: Language) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for at, (title, width) in enumerate(zip(_columns(language), WIDTHS, strict=True)):
            sheet.set_column(at, at, width, wrapped)
            sheet.write_string(0, at, title, head)
        for line, row in enumerate(rows, start=1):
            for at, value in enumerate(astuple(row)):
                if isinstance(value, str):
                    sheet.write_string(line, at, _NOT_IN_FILES.sub("", value)[:CELL_LETTERS])
                else:
                    sheet.write_number(line, at, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(WIDTHS) - 1)
    return written.getvalue()


def _md(rows: Sequence[Row], language: Language) -> bytes:
    question = (
        f"{say('cite.column_question', language)}: {plain_markdown(rows[0].question)}\n\n" if rows else ""
    )
    lines = [_line(_columns(language)[:-1]), "|" + " --- |" * (len(WIDTHS) - 1)]
    for row in rows:
        values = [*astuple(row)[:4], _shortened(row.text), f"{row.score:.4f}", row.citation]
        lines.append(_line([plain_markdown(str(value)) for value in values]))
    return (question + "\n".join(lines) + "\n").encode()


def _shortened(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= TABLE_LETTERS else line[:TABLE_LETTERS].rsplit(" ", 1)[0] + " …"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


_WRITERS: Mapping[Kind, Callable[[Sequence[Row], Language], bytes]] = {"csv": _csv, "xlsx": _xlsx, "md": _md}
