"""DOCX, ODT, EPUB, HTML and Markdown as blocks, read by pandoc in a process of its own (see ``office``)."""

import json
import sys
from pathlib import Path
from typing import BinaryIO

from models.errors import ModelError
from models.reading.document import Source
from models.reading.leashed import run_limited
from models.reading.office import by_pandoc, given_letters, html_letters
from models.reading.plain import BYTES_PER_LETTER, whole_text
from models.reading.structure import Block

WRITER = Path(__file__).with_name("blocks.lua")
CLEANER = Path(__file__).with_name("html_child.py")
HTML_BYTES = 60_000_000
"""Its letters are in the memory of this very process before pictures that are built in are taken out."""


def packed_blocks(source: Source, kind: str) -> list[Block]:
    """Return the blocks of a DOCX, ODT or EPUB file; ``kind`` is pandoc's name of the format."""
    with source.file.open("rb") as given:
        return _blocks(source, given, kind)


def markdown_blocks(source: Source) -> list[Block]:
    """Return the blocks of a Markdown file; tags in the text stay as they are written."""
    with given_letters(whole_text(source)) as given:
        return _blocks(source, given, "gfm-raw_html")


def html_blocks(source: Source, text: str | None = None) -> list[Block]:
    """Return the blocks of a page (or of ``text``); scripts, styles, menus, hidden text and pictures are left out.

    Raises:
        ModelError: ``reading.too_big`` beyond 60 MB, ``broken``, ``bomb``, ``too_slow`` or ``too_long``.
    """
    size = source.file.stat().st_size if text is None else 0
    if size > HTML_BYTES:
        raise ModelError("reading.too_big", name=source.name, size=size, bytes=HTML_BYTES)
    with given_letters(html_letters(source) if text is None else text) as given:
        ended = run_limited(
            [sys.executable, "-I", CLEANER], source, given, BYTES_PER_LETTER * source.limits.letters
        )
    if ended.code:
        raise ModelError("reading.broken", name=source.name)
    with given_letters(ended.output.decode(errors="replace")) as given:
        return _blocks(source, given, "html-native_divs-native_spans")


def _blocks(source: Source, given: BinaryIO, reads: str) -> list[Block]:
    written = by_pandoc(source, given, reads, ("-t", str(WRITER)))
    return [Block(**json.loads(line)) for line in written.split("\n") if line.startswith("{")]
