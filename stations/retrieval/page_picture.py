"""The page a passage stands on, as a picture with the passage highlighted."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from models.errors import ModelError
from models.reading import page_child
from models.reading.document import Source
from models.reading.leashed import run_limited
from models.reading.pdf import CRASHES
from models.reading.structuring import SEARCH_LIMITS

CHILD = Path(page_child.__file__)
LIMITS = replace(SEARCH_LIMITS, seconds=20)
"""One page takes less than a second; nobody looks at a page for which a machine has to calculate longer."""


@dataclass(frozen=True)
class PagePicture:
    """``webp`` is a picture of at most 1.5 MB, 1,200 dots wide; ``marked`` tells whether something is highlighted."""

    webp: bytes
    marked: bool


def page_picture(file: Path, page: int, text: str) -> bytes:
    """Return page ``page`` (from 1) of a PDF, or of a picture file, as WebP with the lines of ``text`` in yellow.

    See ``marked_page``, which also tells whether the text was found.
    """
    return marked_page(file, page, text).webp


def marked_page(file: Path, page: int, text: str, *, name: str = "") -> PagePicture:
    """Return a page with the lines of a passage highlighted, as far as they are on it.

    Spaces, hyphens, ligatures and split umlauts do not matter, and the passage may begin on the page before or go on on
    the next. Nothing is highlighted in pictures and scans. The file is taken apart in a process of its own.

    Args:
        file: A PDF, PNG, JPEG or TIFF, told by its content.
        page: From 1.
        text: The passage, or ``""`` for the page as it is.
        name: What people call the file (default: its name on the disk).

    Raises:
        ModelError: ``cite.no_page``, or ``reading.not_found``, ``encrypted``, ``broken``, ``too_slow``, ``bomb``.
    """
    source = Source(file, name or file.name, LIMITS)
    numbers = map(str, (LIMITS.memory_bytes, LIMITS.seconds, max(page, 1) - 1))
    passage = {page_child.PASSAGE: page_child.folded(text)[0][: page_child.PASSAGE_LETTERS]}
    try:
        with file.open("rb") as given:
            ended = run_limited(
                [sys.executable, "-I", CHILD, *numbers], source, given, 2 * page_child.MOST_BYTES, passage
            )
    except OSError as error:
        raise ModelError("reading.not_found", name=source.name) from error
    if ended.code == page_child.NO_PAGE:
        raise ModelError("cite.no_page", name=source.name, page=page)
    if ended.code or not ended.output:
        raise ModelError(_reason(ended.code), name=source.name)
    return PagePicture(ended.output[1:], ended.output.startswith(b"1"))


def _reason(code: int) -> str:
    if code == page_child.ENCRYPTED:
        return "reading.encrypted"
    return "reading.broken" if code in (page_child.BROKEN, *CRASHES) else "reading.bomb"
