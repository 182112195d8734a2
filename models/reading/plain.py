"""Plain text in whatever encoding it was saved."""

import codecs
import re

from models.errors import ModelError
from models.reading.document import Section, Source

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLD_ENCODINGS = ("cp1252", "cp850", "mac_roman")
"""Windows, DOS and old Macs; the first wins where they are equally good."""
BYTES_PER_LETTER = 4
HEAD_BYTES = 4096
"""Where a page says in which encoding it is written."""
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_GERMAN = re.compile("[äöüÄÖÜß]")
_CHARSET = re.compile(
    rb"""(?:charset|encoding)\s*=\s*["']?\s*(iso-8859-(?!1\b)\d+|windows-12\d\d|koi8-[ru])""", re.I
)


def read_text(source: Source) -> list[Section]:
    """Return the text as one section."""
    return [Section(whole_text(source))]


def whole_text(source: Source) -> str:
    """Return the letters of a text file.

    Raises:
        ModelError: ``reading.too_long``, or ``reading.unknown_kind`` if it is no text further down.
    """
    if source.file.stat().st_size > BYTES_PER_LETTER * source.limits.letters:
        raise ModelError("reading.too_long", name=source.name, millions=source.limits.letters / 1e6)
    text = decoded(source.file.read_bytes())
    if text is None:
        raise ModelError("reading.unknown_kind", name=source.name)
    return text


def decoded(raw: bytes, *, cut: bool = False) -> str | None:
    """Return the letters of ``raw``; ``None`` if it is no text. ``cut``: the end may lie within a letter."""
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return _strictly(raw, encoding, cut)
    if _BINARY.search(raw):
        return _unmarked(raw, cut)
    text = _strictly(raw, "utf-8", cut)
    return _old(raw) if text is None else text


def _unmarked(raw: bytes, cut: bool) -> str | None:
    """Return the letters of UTF-16 that does not say so: every other byte is zero, and no letter a control sign."""
    for encoding, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        halves = raw[at:HEAD_BYTES:2]
        if 2 * halves.count(0) > len(halves):
            text = _strictly(raw, encoding, cut)
            return None if text is None or _BINARY.search(text.encode("utf-8", "replace")) else text
    return None


def _strictly(raw: bytes, encoding: str, cut: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(raw, final=not cut)
    except (UnicodeDecodeError, LookupError):  # the latter: a page names an encoding that does not exist
        return None


def _old(raw: bytes) -> str | None:
    """Return what a page says it is written in, or else the reading with the most German letters."""
    said = _CHARSET.search(raw[:HEAD_BYTES])
    text = _strictly(raw, said[1].decode(), False) if said else None
    texts = [_strictly(raw, name, False) for name in OLD_ENCODINGS] if text is None else [text]
    return max(filter(None, texts), key=lambda text: len(_GERMAN.findall(text)), default=None)
