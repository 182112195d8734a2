"""A program of its own that reads one workbook (XLSX, XLS, ODS): the file comes on standard input, blocks go out.

Started with ``python -I``; knows nothing of the kit. Arguments: how many letters, bytes of memory and seconds it may
take. Writes one JSON object per line as ``models.reading.structure.Block`` has it, or ``{"error"}`` and stops.
"""

import datetime
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook as Workbook

ROWS_PER_BLOCK = 50
HEAD_ROWS = 5
"""The names of the columns are looked for in so many rows; a title often stands above them."""
EXTRA_S = 10

Row = list[str]


def main(letters: int, memory_bytes: int, seconds: int) -> None:
    """Write the blocks of every sheet."""
    _lock_in(memory_bytes, seconds)
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(sys.stdin.buffer)
        _write(_all_blocks(book), letters)
    except MemoryError:
        _put({"error": "bomb"})
    except python_calamine.PasswordError:
        _put({"error": "encrypted"})
    except (python_calamine.CalamineError, ValueError, OSError):
        _put({"error": "broken"})


def _all_blocks(book: "Workbook") -> Iterator[dict[str, Any]]:
    for name in book.sheet_names:
        rows = filter(any, (list(map(words, row)) for row in book.get_sheet_by_name(name).iter_rows()))
        yield from sheet_blocks(name, rows)


def sheet_blocks(name: str, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield a heading and tables of up to 50 rows, each cell with its column's name; nothing for an empty sheet."""
    rest = iter(rows)
    above = list(islice(rest, HEAD_ROWS))
    if not above:
        return
    yield {"kind": "heading", "text": name, "level": 1}
    head = next((at for at, row in enumerate(above) if _names_columns(row, above[at + 1 :])), None)
    names = above[head] if head is not None else []
    if head:
        yield {"kind": "paragraph", "text": "\n".join(map(line, above[:head]))}
    rest = chain(above[0 if head is None else head + 1 :], rest)
    while rows_here := list(islice(rest, ROWS_PER_BLOCK)):
        yield {"kind": "table", "text": "\n".join(line(row, names) for row in rows_here)}


def line(row: Sequence[str], names: Sequence[str] = ()) -> str:
    """Return a row as one line, ``Ort: Köln | Jahr: 1902``; empty cells are left out."""
    known = [*names, *[""] * (len(row) - len(names))]
    return " | ".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(known, row, strict=False) if cell
    )


def words(cell: object) -> str:
    """Return a cell as people read it: whole numbers without ``.0``, dates in ISO form."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.10g}"  # noqa: PLR2004
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        cell = cell.date()
    return " ".join(str(cell).split())


def _names_columns(row: Row, below: Sequence[Row]) -> bool:
    """Tell whether a row names columns: words only, each once, and as many as the rows below have cells."""
    filled = [cell for cell in row if cell]
    texts = all(not cell.replace(".", "").replace(",", "").isdigit() for cell in filled)
    return len(filled) >= max(2, *(sum(map(bool, each)) for each in below), 2) and texts and _differ(filled)


def _differ(filled: Sequence[str]) -> bool:
    return len(set(filled)) == len(filled)


def _write(blocks: Iterable[dict[str, Any]], letters: int) -> None:
    written = 0
    for block in blocks:
        written += len(str(block["text"]))
        if written > letters:
            _put({"error": "too_long"})
            return
        _put(block)


def _put(said: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")


def _lock_in(memory_bytes: int, seconds: int) -> None:
    """Let the system itself enforce the limits, where it can; the parent watches everywhere."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + EXTRA_S, seconds + EXTRA_S))
    except (ImportError, ValueError, OSError):  # Windows has none of it, macOS not the first
        return


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
