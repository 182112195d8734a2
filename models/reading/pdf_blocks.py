"""PDF as blocks: pages with their printed numbers, headings, running text without repeated headers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from models.reading.document import Source
from models.reading.headings import Headings, Look, PageLine, looks_of
from models.reading.page_lines import full_width, without_running
from models.reading.pdf import pdf_pages
from models.reading.repair import cleaned, one_line
from models.reading.structure import Block
from models.reading.text_blocks import line_blocks

_LEADERS = re.compile(r"\s*(?:\.\s?){4,}\s*")
Said = Mapping[str, Any]
"""What ``pdf_child`` says of a page."""


@dataclass(frozen=True)
class PdfPages:
    """The pages of a PDF before they are blocks; ``scanned`` are those (from 1) that are pictures without text."""

    said: tuple[Said, ...]
    outline: tuple[tuple[int, str, int], ...]

    @property
    def scanned(self) -> list[int]:
        """Numbers of the pages that want OCR."""
        return [number for number, page in enumerate(self.said, start=1) if page["picture"]]

    @property
    def letters(self) -> int:
        """How many letters and digits the file itself gives."""
        return sum(sum(map(str.isalnum, page["text"])) for page in self.said)


def opened(source: Source) -> PdfPages:
    """Return the pages of a PDF as pdfium gives them.

    Raises:
        ModelError: ``reading.encrypted``, ``broken``, ``too_many_pages``, ``too_long``, ``too_slow`` or ``bomb``.
    """
    *pages, last = pdf_pages(source, "looks")
    known = [(page, title, level) for title, level, page in last.get("outline", ()) if page]
    return PdfPages(tuple(pages), tuple(known))


def pdf_blocks(pages: PdfPages, recognised: Mapping[int, str] | None = None) -> Iterator[Block]:
    """Yield the blocks of all pages; ``recognised`` is what OCR read on those that are pictures."""
    read = recognised or {}
    texts = [read.get(number, page["text"]) for number, page in enumerate(pages.said, start=1)]
    labels = [str(page["label"]) for page in pages.said]
    lines = without_running([cleaned(text).split("\n") for text in texts], labels)
    looked = [[_looked(line, looks) for line in page] for page, looks in _with_looks(pages, lines)]
    headings = Headings(((look, len(text)) for text, look in chain.from_iterable(looked)), pages.outline)
    for number, (page, label) in enumerate(zip(looked, labels, strict=True), start=1):
        width = full_width([text for text, _ in page])
        for run in headings.marked(number, page):
            yield from _blocks(run, width, number, label)


def _with_looks(pages: PdfPages, lines: Sequence[list[str]]) -> Iterator[tuple[list[str], dict[str, Look]]]:
    for page, said in zip(lines, pages.said, strict=True):
        yield page, looks_of(said)


def _looked(line: str, looks: Mapping[str, Look]) -> tuple[str, Look]:
    if _LEADERS.search(line):  # of a table of contents: no heading
        return _LEADERS.sub(" … ", line), Look()
    return line, looks.get(one_line(line)) or looks.get(one_line(line.rstrip("-"))) or Look()


def _blocks(run: Sequence[PageLine], width: int, page: int, label: str) -> Iterator[Block]:
    level = run[0].level
    if level:
        yield Block("heading", " ".join(line.text for line in run), level, page, label)
    else:
        yield from line_blocks([line.text for line in run], width, page, label)
