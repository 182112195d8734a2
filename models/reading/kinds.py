"""What a file is, told by its content. Its ending decides only among files that are plain text."""

import mmap
import re
from enum import StrEnum
from pathlib import Path

from models.errors import ModelError
from models.reading.document import Source
from models.reading.packed import Archive
from models.reading.plain import decoded


class Kind(StrEnum):
    """The formats that can be read: for the text station (see ``reader``), or for search only (see ``structuring``)."""

    TEXT = "txt"
    MARKDOWN = "md"
    HTML = "html"
    DOCX = "docx"
    ODT = "odt"
    PDF = "pdf"
    EPUB = "epub"
    SLIDES = "pptx"
    SHEETS = "xlsx"
    """Also ODS and XLS: one library reads all three."""
    COLUMNS = "csv"
    MAIL = "eml"
    PICTURE = "png"
    """Also JPEG and TIFF: pages to be read by OCR."""
    ZIP = "zip"
    """Not a document itself: a packet of files."""


HEAD_BYTES = 8192
PDF_WITHIN_BYTES = 1024
"""Some programs write a little before ``%PDF-``; every reader looks that far."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old Office files; new ones with a password are wrapped in the same container."""
RTF = "{\\rtf"
"""Text by its letters only. pandoc reads it, but loses footnotes and spaces beside special characters."""
OLD_SHEETS = "Workbook".encode("utf-16-le")
LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
TEXT_ENDINGS = {
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".csv": Kind.COLUMNS,
    ".tsv": Kind.COLUMNS,
    ".eml": Kind.MAIL,
}
"""Text that does not say itself what it is (of HTML: pieces without ``<html>``)."""
MIME_KINDS = {
    "application/vnd.oasis.opendocument.text": Kind.ODT,
    "application/vnd.oasis.opendocument.spreadsheet": Kind.SHEETS,
    "application/epub+zip": Kind.EPUB,
}
FOLDER_KINDS = {"word/": Kind.DOCX, "ppt/": Kind.SLIDES, "xl/": Kind.SHEETS}
"""Packed formats by the folder that only they have."""
OFFICE_MARK = "[Content_Types].xml"
"""Which every DOCX, PPTX and XLSX has; a packet with a folder called ``word`` has it not."""
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
DRM = b"xmlenc#aes"
_MAIL = re.compile(
    r"(?:Return-Path|Received|Delivered-To|X-[\w-]+|MIME-Version|From|Date|Message-ID): ?[^\n]*\n"
)
_MAIL_FIELDS = re.compile(
    r"^(From|Date|Subject|Message-ID|MIME-Version|Received):", re.MULTILINE | re.IGNORECASE
)
MAIL_FIELDS = 3
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
    if head.startswith(b"PK\x03\x04"):
        return _packed_kind(source)
    if head.startswith(PICTURES):
        return Kind.PICTURE
    if b"%PDF-" in head[:PDF_WITHIN_BYTES]:  # after the others: a packet may begin with a PDF
        return Kind.PDF
    return _old_office_kind(source) if head.startswith(OLE) else _text_kind(source, head)


def _packed_kind(source: Source) -> Kind:
    with Archive(source) as archive:
        kind = MIME_KINDS.get(archive.start("mimetype").decode(errors="replace").strip())
        if kind is Kind.EPUB and DRM in archive.start("META-INF/encryption.xml"):
            raise ModelError("reading.encrypted", name=source.name)
        if kind is None and archive.has_folder(OFFICE_MARK):
            kind = next((kind for folder, kind in FOLDER_KINDS.items() if archive.has_folder(folder)), None)
    return kind or Kind.ZIP


def _old_office_kind(source: Source) -> Kind:
    with source.file.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(LOCKED_OFFICE) >= 0:
            raise ModelError("reading.encrypted", name=source.name)
        if content.find(OLD_SHEETS) >= 0:
            return Kind.SHEETS
    raise ModelError("reading.unknown_kind", name=source.name)


def _text_kind(source: Source, head: bytes) -> Kind:
    text = decoded(head, cut=True)
    if text is None or text.startswith(RTF):
        raise ModelError("reading.unknown_kind", name=source.name)
    if _HTML.match(text):
        return Kind.HTML
    if _MAIL.match(text) and len(set(_MAIL_FIELDS.findall(text))) >= MAIL_FIELDS:
        return Kind.MAIL
    endings = (source.file.suffix.lower(), Path(source.name).suffix.lower())
    return next((TEXT_ENDINGS[ending] for ending in endings if ending in TEXT_ENDINGS), Kind.TEXT)
