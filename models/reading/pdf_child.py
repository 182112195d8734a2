"""A program of its own that takes one PDF apart: the file comes on standard input, one JSON line per page goes out.

Started with ``python -I``; knows nothing of the kit. A file made to fill the memory or to crash pdfium ends this
process and no other. Arguments: how many pages, letters, bytes of memory and seconds it may take, and ``looks`` for how
lines look, which pages are pictures, and the table of contents.
"""

import ctypes
import json
import re
import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdfium2

FEW_LETTERS = 20
"""Per page on average; with pictures beside them this is a scan."""
PASSWORD = 4
"""pdfium's number for a missing password."""
EXTRA_S = 10
BOLD = 600
"""Weight of letters from which on they look bold; pdfium gives 400 for ordinary ones."""
LINES = 400
"""Of so many lines of a page the looks are told."""
OUTLINE_ENTRIES, OUTLINE_DEPTH, TITLE_LETTERS = 3000, 6, 300
_LINE = re.compile("[^\r\n\x02\ufffe]+")

Line = dict[str, object]


def main(pages: int, letters: int, memory_bytes: int, seconds: int, *, looks: bool = False) -> None:
    """Write a line per page, or at any point one with ``error`` and stop."""
    _lock_in(memory_bytes, seconds)
    try:
        for line in lines(sys.stdin.buffer.read(), pages, letters, looks=looks):
            sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    except MemoryError:
        sys.stdout.buffer.write(b'\n{"error": "bomb"}\n')


def lines(raw: bytes, pages: int, letters: int, *, looks: bool = False) -> Iterator[Line]:
    """Yield ``{"text", "label"}`` per page in order; ``{"error"}`` where reading has to end.

    With ``looks`` each page has also ``looks`` (``[text, height, bold]`` per line) and ``picture``, a scan is no error,
    and the last line is ``{"outline": [[title, level, page], …]}``.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        yield {"error": "encrypted" if error.err_code == PASSWORD else "broken"}
        return
    if not 0 < len(document) <= pages:
        yield {"error": "too_many_pages" if len(document) else "broken", "pages": len(document)}
        return
    try:
        yield from _pages_with_looks(document, letters) if looks else _pages(document, letters)
    except pypdfium2.PdfiumError:
        yield {"error": "broken"}


def _pages(document: "pypdfium2.PdfDocument", letters: int) -> Iterator[Line]:
    found, pictures = 0, False
    for number in range(len(document)):
        page = document[number]
        words = page.get_textpage()
        found += words.count_chars()
        if found > letters:
            yield {"error": "too_long"}
            return
        pictures = pictures or (found < FEW_LETTERS * (number + 1) and _has_picture(page))
        yield {"text": words.get_text_range(), "label": document.get_page_label(number)}
        words.close()
        page.close()
    if found == 0 or (pictures and found < FEW_LETTERS * len(document)):
        yield {"error": "scanned"}


def _has_picture(page: "pypdfium2.PdfPage") -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    return any(True for _ in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _pages_with_looks(document: "pypdfium2.PdfDocument", letters: int) -> Iterator[Line]:
    found = 0
    for number in range(len(document)):
        page = document[number]
        words = page.get_textpage()
        count = words.count_chars()
        found += count
        if found > letters:
            yield {"error": "too_long"}
            return
        text = words.get_text_range()
        picture = count < FEW_LETTERS and _has_picture(page)
        label = document.get_page_label(number)
        yield {"text": text, "label": label, "looks": _looks(words, text), "picture": picture}
        words.close()
        page.close()
    entries = islice(document.get_toc(max_depth=OUTLINE_DEPTH), OUTLINE_ENTRIES)
    yield {"outline": [_entry(each) for each in entries]}


def _entry(bookmark: "pypdfium2.PdfBookmark") -> list[object]:
    place = bookmark.get_dest()
    page = place.get_index() if place else None
    return [bookmark.get_title()[:TITLE_LETTERS], bookmark.level + 1, None if page is None else page + 1]


def _looks(words: "pypdfium2.PdfTextPage", text: str) -> list[list[object]]:
    """Return for each line its height in points and whether it is bold, as its middle letter has it."""
    return [[line[0], *_look(words, _letter_at(line))] for line in islice(_LINE.finditer(text), LINES)]


def _letter_at(line: re.Match[str]) -> int:
    middle = (line.start() + line.end()) // 2
    return next(
        (at for at in range(middle, line.start(), -1) if line.string[at : at + 1].isalnum()), line.start()
    )


def _look(words: "pypdfium2.PdfTextPage", at: int) -> tuple[float, bool]:
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(words, at, box)
    name = ctypes.create_string_buffer(100)
    raw.FPDFText_GetFontInfo(words, at, name, len(name), None)
    bold = raw.FPDFText_GetFontWeight(words, at) >= BOLD or b"bold" in name.value.lower()
    return round(abs(box.top - box.bottom), 1), bold


def _lock_in(memory_bytes: int, seconds: int) -> None:
    """Let the system itself enforce the limits, where it can; the parent watches everywhere."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + EXTRA_S, seconds + EXTRA_S))
    except (ImportError, ValueError, OSError):  # Windows has none of it, macOS not the first
        return


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]), looks="looks" in sys.argv[5:])
