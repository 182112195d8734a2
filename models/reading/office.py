"""DOCX, ODT, HTML and Markdown, read by pandoc in a process of its own.

A filter (``pandoc.lua``) makes every heading a line with a mark before it and every row of a table one line, so that
the plain text can be cut into sections and no cell is lost.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from models.errors import ModelError
from models.reading.document import Section, Source
from models.reading.leashed import run_limited
from models.reading.plain import BYTES_PER_LETTER, decoded, whole_text

FILTER = Path(__file__).with_name("pandoc.lua")
SAFE = ("--sandbox", "--wrap=none", "--quiet")
"""``--sandbox``: pandoc reads no other file and opens no address, whatever the document asks for."""
SPARE_BYTES = 100_000
HEAP_OVERFLOW = 251
"""pandoc's exit code when its memory limit is reached."""
KILLED = -9
MEGABYTE = 1_000_000
_HEADING = re.compile(r"^[ >]*\x1e(.*)$", re.MULTILINE)
_BUILT_IN_PICTURE = re.compile(r"data:[a-zA-Z0-9.+/;=-]*,[^\s\"'<>)]{100,}")


def read_docx(source: Source) -> list[Section]:
    """Return one section per heading of a Word file."""
    return _read_packed(source, "docx")


def read_odt(source: Source) -> list[Section]:
    """Return one section per heading of a LibreOffice file."""
    return _read_packed(source, "odt")


def read_markdown(source: Source) -> list[Section]:
    """Return one section per heading; tags in the text stay as they are written."""
    return _read_letters(source, whole_text(source), "gfm-raw_html")


def read_html(source: Source) -> list[Section]:
    """Return one section per heading of a page; scripts, styles and pictures are left out."""
    return _read_letters(source, html_letters(source), "html-native_divs-native_spans")


def html_letters(source: Source) -> str:
    """Return the letters of a page without the pictures that are built into it.

    Raises:
        ModelError: ``reading.unknown_kind`` if it is no text.
    """
    text = decoded(source.file.read_bytes())
    if text is None:
        raise ModelError("reading.unknown_kind", name=source.name)
    return _BUILT_IN_PICTURE.sub("", text)


@contextmanager
def given_letters(text: str) -> Iterator[BinaryIO]:
    """Give ``text`` as an open file that a program can read."""
    with tempfile.TemporaryFile() as given:
        given.write(text.encode("utf-8", errors="replace"))
        given.seek(0)
        yield given


def by_pandoc(source: Source, given: BinaryIO, reads: str, writes: Sequence[str]) -> str:
    """Return what pandoc writes of ``given``, within the limits of ``source``.

    Raises:
        ModelError: ``reading.bomb``, ``broken``, ``too_slow`` or ``too_long``.
    """
    import pypandoc

    memory = ["+RTS", f"-M{source.limits.memory_bytes // MEGABYTE}m", "-RTS"]
    command = [pypandoc.get_pandoc_path(), *memory, "-f", reads, *writes, *SAFE]
    ended = run_limited(command, source, given, BYTES_PER_LETTER * source.limits.letters + SPARE_BYTES)
    if ended.code in (HEAP_OVERFLOW, KILLED):
        raise ModelError("reading.bomb", name=source.name)
    if ended.code != 0:
        raise ModelError("reading.broken", name=source.name)
    return ended.output.decode(errors="replace")


def _read_packed(source: Source, reads: str) -> list[Section]:
    with source.file.open("rb") as given:
        return _read(source, given, reads)


def _read_letters(source: Source, text: str, reads: str) -> list[Section]:
    with given_letters(text) as given:
        return _read(source, given, reads)


def _read(source: Source, given: BinaryIO, reads: str) -> list[Section]:
    return _sections(by_pandoc(source, given, reads, ("-t", "plain", "-L", str(FILTER))))


def _sections(text: str) -> list[Section]:
    before, *rest = _HEADING.split(text)
    first = [Section(before.strip("\r\n"))] if before.strip() else []
    return first + [
        Section(words.strip("\r\n"), heading) for heading, words in zip(rest[::2], rest[1::2], strict=True)
    ]
