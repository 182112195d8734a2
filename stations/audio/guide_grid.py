"""The first table of a file as rows of cells: Word, LibreOffice and Excel files by pandoc, everything else as CSV."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.reading.document import ReadingLimits, Source
from models.reading.kinds import kind_of
from models.reading.leashed import run_limited
from models.reading.office import HEAP_OVERFLOW, KILLED, MEGABYTE, SAFE
from models.reading.packed import Archive
from models.reading.plain import whole_text

LIMITS = ReadingLimits(letters=2_000_000)
JSON_BYTES_PER_LETTER = 40
"""What pandoc writes around each word."""
BY_PANDOC, LETTERS = ("docx", "odt", "html"), ("txt", "md", "csv")
SEPARATORS = (";", "\t", ",", "|")
SEPARATOR_LINE = "sep="
"""What Excel writes above a table to tell itself the separator."""
MOST_COLUMNS = 60

Row = list[str]
Node = Any
"""A piece of a document as pandoc writes it."""


def rows_of(file: Path, name: str = "", limits: ReadingLimits = LIMITS) -> list[Row]:
    """Return the rows of the first table in a DOCX, ODT, XLSX, CSV or TSV file, told by its content.

    Cells have no space around them, paragraphs in a cell are parted by an empty line. Encoding and separator of a text
    are guessed. Blocks for up to ``limits.seconds``; nothing in the file is run or fetched.

    Raises:
        ModelError: ``guide.no_table``, or what reading a file raises (``reading.broken``, ``bomb``, ``encrypted`` …).
    """
    source = Source(file, name or file.name, limits)
    _check_size(source)
    try:
        kind = _packed_kind(source)
        return _by_pandoc(source, kind) if kind else _separated(source)
    except OSError as error:
        raise ModelError("reading.not_found", name=source.name) from error


def _check_size(source: Source) -> None:
    if not source.file.is_file():
        raise ModelError("reading.not_found", name=source.name)
    size, limit = source.file.stat().st_size, source.limits.file_bytes
    if size == 0:
        raise ModelError("reading.empty", name=source.name)
    if size > limit:
        raise ModelError("reading.too_big", name=source.name, size=size, bytes=limit)


def _packed_kind(source: Source) -> str:
    """Return how pandoc calls the format; nothing for a text."""
    with source.file.open("rb") as file:
        head = file.read(4)
    if head == b"PK\x03\x04":
        with Archive(source) as archive:
            if archive.has_folder("xl/"):
                return "xlsx"
    kind = kind_of(source)
    if kind.value not in (*BY_PANDOC, *LETTERS):
        raise ModelError("guide.no_table", name=source.name)
    return kind.value if kind.value in BY_PANDOC else ""


def _separated(source: Source) -> list[Row]:
    """Return a text as a table, with the separator by which most rows have as many cells as the first."""
    text = whole_text(source).lstrip("\ufeff")
    if text[: len(SEPARATOR_LINE)].lower() == SEPARATOR_LINE:
        text = text.partition("\n")[2]
    tables = [_read(text, separator, source.name) for separator in SEPARATORS]
    best = max(tables, key=_fit)
    if not _fit(best):
        raise ModelError("guide.no_table", name=source.name)
    return best


def _read(text: str, separator: str, name: str) -> list[Row]:
    before = csv.field_size_limit(max(csv.field_size_limit(), LIMITS.letters))
    try:
        rows = csv.reader(text.splitlines(keepends=True), delimiter=separator, skipinitialspace=True)
        return [[cell.strip().replace("\r\n", "\n") for cell in row[:MOST_COLUMNS]] for row in rows]
    except csv.Error as error:
        raise ModelError("reading.broken", name=name) from error
    finally:
        csv.field_size_limit(before)


def _fit(rows: list[Row]) -> float:
    """Return how much this looks like a table, 0 to 1 and a little more for more columns."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return count / sum(map(bool, rows)) + width / 1000 if count else 0.0


def _by_pandoc(source: Source, reads: str) -> list[Row]:
    import pypandoc

    memory = ["+RTS", f"-M{source.limits.memory_bytes // MEGABYTE}m", "-RTS"]
    command = [pypandoc.get_pandoc_path(), *memory, "-f", reads, "-t", "json", *SAFE]
    with source.file.open("rb") as given:
        ended = run_limited(command, source, given, JSON_BYTES_PER_LETTER * source.limits.letters)
    if ended.code in (HEAP_OVERFLOW, KILLED):
        raise ModelError("reading.bomb", name=source.name)
    if ended.code != 0:
        raise ModelError("reading.broken", name=source.name)
    tables = _tables(json.loads(ended.output)["blocks"])
    found = next((rows for rows in map(_rows, tables) if rows), None)
    if found is None:
        raise ModelError("guide.no_table", name=source.name)
    return found


def _tables(node: Node) -> Iterator[Node]:
    """Yield every table in order, without those within tables."""
    if isinstance(node, list):
        for each in node:
            yield from _tables(each)
    elif isinstance(node, dict):
        if node.get("t") == "Table":
            yield node["c"]
        else:
            yield from _tables(node.get("c"))


def _rows(table: Node) -> list[Row]:
    """Return a table's rows; of cells that reach over several the first place has the words."""
    _, _, columns, head, bodies, foot = table
    given = [*head[1], *(row for body in bodies for row in [*body[2], *body[3]]), *foot[1]]
    taken: dict[tuple[int, int], str] = {}
    for down, (_, cells) in enumerate(given):
        at = 0
        for _, _, high, wide, blocks in cells:
            while (down, at) in taken:
                at += 1
            for place in _covered(down, at, min(high, len(given) - down), min(wide, MOST_COLUMNS)):
                taken[place] = ""
            taken[down, at] = _words(blocks).strip()
    width = min(len(columns), MOST_COLUMNS)
    rows = [[taken.get((down, at), "") for at in range(width)] for down in range(len(given))]
    return rows[next((at for at, row in enumerate(rows) if any(row)), len(rows)) :]


def _covered(down: int, at: int, high: int, wide: int) -> Iterator[tuple[int, int]]:
    for row in range(down, down + high):
        yield from ((row, column) for column in range(at, at + wide))


BETWEEN = {"Space": " ", "SoftBreak": " ", "LineBreak": "\n"}
UNSPOKEN = frozenset({"Note", "Image", "RawInline", "RawBlock", "Table"})
OPEN_QUOTE, CLOSE_QUOTE = "“", "”"
BLOCKS = frozenset({"Para", "Plain", "Header", "CodeBlock", "LineBlock", "HorizontalRule"})


def _words(node: Node) -> str:
    """Return the text of blocks and inlines: paragraphs parted by an empty line, list items by a line break."""
    if isinstance(node, list):
        return "".join(_words(each) for each in node)
    if not isinstance(node, dict) or node["t"] in UNSPOKEN:
        return ""
    kind, content = node["t"], node.get("c", [])
    if kind == "Quoted":
        return OPEN_QUOTE + _words(content[1]) + CLOSE_QUOTE
    inside = BETWEEN.get(kind) or (content if kind == "Str" else _inside(content))
    return f"{inside}\n\n" if kind in BLOCKS else inside


def _inside(content: Node) -> str:
    """Return what an element holds; code and formulas are plain letters behind their attributes."""
    if isinstance(content, list) and content and isinstance(content[-1], str):
        return content[-1]
    return _words(content)
