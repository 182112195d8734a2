"""The door to reading for search: one call for every format, with headings, pages, tables and lists kept.

A new format is a line in ``READERS`` and one in ``kinds``. Everything that takes a stranger's file apart runs in a
process of its own within limits.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.progress import Progress, Report, silent
from models.reading.document import ReadingLimits, Source
from models.reading.kinds import Kind, kind_of
from models.reading.mail import mail_blocks
from models.reading.ocr import Recogniser, recognised
from models.reading.pandoc_blocks import html_blocks, markdown_blocks, packed_blocks
from models.reading.pdf_blocks import PdfPages, opened, pdf_blocks
from models.reading.plain import whole_text
from models.reading.reader import check_size
from models.reading.sheet_child import sheet_blocks, words
from models.reading.structure import Block, Structured, laid_out
from models.reading.text_blocks import text_blocks
from models.reading.told import SHEETS, SLIDES, blocks_of

SEARCH_LIMITS = ReadingLimits(
    file_bytes=300_000_000,
    unpacked_bytes=1_000_000_000,
    pages=3000,
    letters=10_000_000,
    seconds=180,
    memory_bytes=1_500_000_000,
)
FEW_LETTERS = 20
"""Per page on average; a PDF with pictures and less is a scan."""
SNIFFED_LETTERS = 10_000
"""How columns are told apart is guessed from the beginning."""


@dataclass(frozen=True)
class Wishes:
    """How a document is to be read: ``recogniser`` for pages that are pictures (``None``: they are left out)."""

    recogniser: Recogniser | None = None
    report: Report = silent


Reader = Callable[[Source, Wishes], Structured]


def structured(
    file: Path, *, name: str = "", limits: ReadingLimits = SEARCH_LIMITS, wishes: Wishes | None = None
) -> Structured:
    """Return the blocks of a file, told by its content whatever its ending; nothing in it is run or fetched.

    ``name`` is what people call the file (default: its name on the disk). Blocks; pages read by OCR are told to
    ``wishes.report``, and an exception of it ends the reading.

    Raises:
        ModelError: ``reading.not_found``, ``empty``, ``too_big``, ``too_long``, ``too_many_pages``, ``too_slow``,
            ``encrypted``, ``broken``, ``bomb``, or ``gathering.unknown_kind``, ``scanned`` and ``empty_scan``.
    """
    source = Source(file, name or file.name, limits)
    check_size(source)
    try:
        read = READERS.get(_kind(source))
        if read is None:
            raise ModelError("gathering.unknown_kind", name=source.name)
        found = read(source, wishes or Wishes())
    except OSError as error:  # went away meanwhile, or another program holds it
        raise ModelError("reading.not_found", name=source.name) from error
    return _checked(found, source)


def _kind(source: Source) -> Kind:
    try:
        return kind_of(source)
    except ModelError as error:
        if error.key != "reading.unknown_kind":
            raise
        raise ModelError("gathering.unknown_kind", name=source.name) from error


def _checked(found: Structured, source: Source) -> Structured:
    if len(found.text) > source.limits.letters:
        raise ModelError("reading.too_long", name=source.name, millions=source.limits.letters / 1e6)
    if not any(map(str.isalnum, found.text)):
        raise ModelError("reading.empty", name=source.name)
    return found


def _read_pdf(source: Source, wishes: Wishes) -> Structured:
    pages = opened(source)
    scanned = pages.scanned
    if not scanned or (wishes.recogniser is None and not _is_scan(pages)):
        return laid_out(pdf_blocks(pages), len(pages.said))
    texts = _recognised(source, scanned, len(scanned), wishes)
    if _is_scan(pages) and not any(map(str.isalnum, "".join(texts.values()))):
        raise ModelError("gathering.empty_scan", name=source.name)
    return laid_out(pdf_blocks(pages, texts), len(pages.said), recognised=True)


def _is_scan(pages: PdfPages) -> bool:
    return pages.letters < FEW_LETTERS * len(pages.said)


def _read_picture(source: Source, wishes: Wishes) -> Structured:
    texts = _recognised(source, range(1, source.limits.pages + 1), None, wishes)
    said = tuple({"text": text, "label": "", "picture": False} for text in texts.values())
    found = laid_out(pdf_blocks(PdfPages(said, ())), len(said), recognised=True)
    if not any(map(str.isalnum, found.text)):
        raise ModelError("gathering.empty_scan", name=source.name)
    return found


def _recognised(source: Source, pages: Sequence[int], total: int | None, wishes: Wishes) -> dict[int, str]:
    """Return the text of each page that is a picture."""
    if wishes.recogniser is None:
        raise ModelError("gathering.scanned", name=source.name)
    texts: dict[int, str] = {}
    wishes.report(Progress("gathering.recognising", 0, total, facts={"name": source.name}))
    for page, text in recognised(source, pages, wishes.recogniser):
        texts[page] = text
        wishes.report(Progress("gathering.recognising", len(texts), total, facts={"name": source.name}))
    return texts


def _read_text(source: Source, _: Wishes) -> Structured:
    return laid_out(text_blocks(whole_text(source)))


def _read_columns(source: Source, _: Wishes) -> Structured:
    text = whole_text(source)
    try:
        layout = csv.Sniffer().sniff(text[:SNIFFED_LETTERS], ";,\t|")
        rows = [list(map(words, row)) for row in csv.reader(text.splitlines(), layout)]
    except csv.Error:  # no table at all
        return _read_text(source, Wishes())
    said: Iterator[dict[str, Any]] = sheet_blocks(Path(source.name).stem, filter(any, rows))
    return laid_out(Block(**each) for each in said)


def _read_slides(source: Source, _: Wishes) -> Structured:
    found = blocks_of(source, SLIDES)
    return laid_out(found, max((block.page or 0 for block in found), default=0))


def _plainly(read: Callable[[Source], Sequence[Block]]) -> Reader:
    return lambda source, _: laid_out(read(source))


READERS: dict[Kind, Reader] = {
    Kind.TEXT: _read_text,
    Kind.MARKDOWN: _plainly(markdown_blocks),
    Kind.HTML: _plainly(html_blocks),
    Kind.DOCX: _plainly(partial(packed_blocks, kind="docx")),
    Kind.ODT: _plainly(partial(packed_blocks, kind="odt")),
    Kind.EPUB: _plainly(partial(packed_blocks, kind="epub")),
    Kind.SLIDES: _read_slides,
    Kind.SHEETS: _plainly(partial(blocks_of, child=SHEETS)),
    Kind.COLUMNS: _read_columns,
    Kind.MAIL: _plainly(mail_blocks),
    Kind.PDF: _read_pdf,
    Kind.PICTURE: _read_picture,
}
