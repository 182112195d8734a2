"""A program of its own that takes one PDF apart: the file comes on standard input, one JSON line per page goes out.

Started with ``python -I``; knows nothing of the kit. A file made to fill the memory or to crash pdfium ends this
process and no other. Arguments: how many pages, letters, bytes of memory and seconds it may take.
"""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdfium2

FEW_LETTERS = 20
"""Per page on average; with pictures beside them this is a scan."""
PASSWORD = 4
"""pdfium's number for a missing password."""
EXTRA_S = 10

Line = dict[str, object]


def main(pages: int, letters: int, memory_bytes: int, seconds: int) -> None:
    """Write a line per page, or at any point one with ``error`` and stop."""
    _lock_in(memory_bytes, seconds)
    try:
        for line in lines(sys.stdin.buffer.read(), pages, letters):
            sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    except MemoryError:
        sys.stdout.buffer.write(b'\n{"error": "bomb"}\n')


def lines(raw: bytes, pages: int, letters: int) -> Iterator[Line]:
    """Yield ``{"text", "label"}`` per page in order; ``{"error"}`` where reading has to end."""
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
        yield from _pages(document, letters)
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


def _lock_in(memory_bytes: int, seconds: int) -> None:
    """Let the system itself enforce the limits, where it can; the parent watches everywhere."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + EXTRA_S, seconds + EXTRA_S))
    except (ImportError, ValueError, OSError):  # Windows has none of it, macOS not the first
        return


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
