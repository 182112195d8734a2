"""The door to reading: one call for every format.

A new format is a line in ``READERS`` and one in ``models.reading.kinds``; what comes after (repair, limits, empty
files) is the same for all.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from models.errors import ModelError
from models.reading.document import LIMITS, Document, ReadingLimits, Section, Source
from models.reading.kinds import Kind, kind_of
from models.reading.office import read_docx, read_html, read_markdown, read_odt
from models.reading.pdf import read_pdf
from models.reading.plain import read_text
from models.reading.repair import one_line, repaired

Reader = Callable[[Source], Sequence[Section]]

READERS: dict[Kind, Reader] = {
    Kind.TEXT: read_text,
    Kind.MARKDOWN: read_markdown,
    Kind.HTML: read_html,
    Kind.DOCX: read_docx,
    Kind.ODT: read_odt,
    Kind.PDF: read_pdf,
    Kind.COLUMNS: read_text,
    Kind.MAIL: read_text,
}


def read_document(file: Path, *, name: str = "", limits: ReadingLimits = LIMITS) -> Document:
    """Return the text of a file, told by its content whatever its ending; nothing in it is run or fetched.

    ``name`` is what people call the file (default: its name on the disk). Blocks for up to ``limits.seconds``.

    Raises:
        ModelError: ``reading.not_found``, ``empty``, ``too_big``, ``too_long``, ``too_many_pages``, ``too_slow``,
            ``encrypted``, ``scanned``, ``unknown_kind``, ``broken`` or ``bomb``.
    """
    source = Source(file, name or file.name, limits)
    check_size(source)
    try:
        read = READERS.get(kind_of(source))
        if read is None:  # a format for search only
            raise ModelError("reading.unknown_kind", name=source.name)
        sections = read(source)
    except OSError as error:  # went away meanwhile, or another program holds it
        raise ModelError("reading.not_found", name=source.name) from error
    return _checked(Document(source.name, tuple(map(_repaired, sections))), limits)


def check_size(source: Source) -> None:
    """Refuse a file that is missing, empty or too big.

    Raises:
        ModelError: ``reading.not_found``, ``empty`` or ``too_big``.
    """
    if not source.file.is_file():
        raise ModelError("reading.not_found", name=source.name)
    size, limit = source.file.stat().st_size, source.limits.file_bytes
    if size == 0:
        raise ModelError("reading.empty", name=source.name)
    if size > limit:
        raise ModelError("reading.too_big", name=source.name, size=size, bytes=limit)


def _repaired(section: Section) -> Section:
    return replace(section, text=repaired(section.text), heading=one_line(section.heading))


def _checked(document: Document, limits: ReadingLimits) -> Document:
    text = document.text
    if len(text) > limits.letters:
        raise ModelError("reading.too_long", name=document.name, millions=limits.letters / 1e6)
    if not any(map(str.isalnum, text)):
        raise ModelError("reading.empty", name=document.name)
    return document
