"""What a file is, told by its content. Its ending decides only among files that are plain text."""

import re
from enum import StrEnum
from pathlib import Path

from models.errors import ModelError
from models.reading.document import Source
from models.reading.packed import Archive
from models.reading.plain import decoded


class Kind(StrEnum):
    """The formats that can be read."""

    TEXT = "txt"
    MARKDOWN = "md"
    HTML = "html"
    DOCX = "docx"
    ODT = "odt"
    PDF = "pdf"


HEAD_BYTES = 8192
PDF_WITHIN_BYTES = 1024
"""Some programs write a little before ``%PDF-``; every reader looks that far."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old Office files; new ones with a password are wrapped in the same container."""
RTF = "{\\rtf"
"""Text by its letters only. pandoc reads it, but loses footnotes and spaces beside special characters."""
LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
TEXT_ENDINGS = {
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
}
"""Text that does not say itself what it is (of HTML: pieces without ``<html>``)."""
MIME_KINDS = {"application/vnd.oasis.opendocument.text": Kind.ODT}
FOLDER_KINDS = {"word/": Kind.DOCX}
"""Packed formats by the folder that only they have."""
_HTML = re.compile(
    r"(?>\s|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def kind_of(source: Source) -> Kind:
    """Return what the file is.

    Raises:
        ModelError: ``reading.unknown_kind``, ``encrypted``, or for packed files ``broken`` and ``bomb``.
    """
    with source.file.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if b"%PDF-" in head[:PDF_WITHIN_BYTES]:
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _packed_kind(source)
    if head.startswith(OLE) and LOCKED_OFFICE in source.file.read_bytes():
        raise ModelError("reading.encrypted", name=source.name)
    return _text_kind(source, head)


def _packed_kind(source: Source) -> Kind:
    with Archive(source) as archive:
        kind = MIME_KINDS.get(archive.start("mimetype").decode(errors="replace").strip())
        if kind is None:
            kinds = (kind for folder, kind in FOLDER_KINDS.items() if archive.has_folder(folder))
            kind = next(kinds, None)
    if kind is None:
        raise ModelError("reading.unknown_kind", name=source.name)
    return kind


def _text_kind(source: Source, head: bytes) -> Kind:
    text = decoded(head, cut=True)
    if text is None or text.startswith(RTF):
        raise ModelError("reading.unknown_kind", name=source.name)
    if _HTML.match(text):
        return Kind.HTML
    endings = (source.file.suffix.lower(), Path(source.name).suffix.lower())
    return next((TEXT_ENDINGS[ending] for ending in endings if ending in TEXT_ENDINGS), Kind.TEXT)
