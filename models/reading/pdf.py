"""PDF, taken apart by pdfium in a process of its own: one section per page."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.reading.document import Section, Source
from models.reading.leashed import run_limited
from models.reading.page_lines import paragraphs, without_running
from models.reading.repair import cleaned

CHILD = Path(__file__).with_name("pdf_child.py")
JSON_BYTES_PER_LETTER = 12
"""A letter beyond the first 65,536 as two escapes."""
PAGE_BYTES = 500
CRASHES = {-11, 0xC0000005}
"""pdfium read past the end of something: the file is damaged. Other sudden ends mean too little memory."""
KEYS = {
    "bomb": "reading.bomb",
    "broken": "reading.broken",
    "encrypted": "reading.encrypted",
    "scanned": "reading.scanned",
}


def read_pdf(source: Source) -> list[Section]:
    """Return the pages, each with its number and printed label; headers that repeat are left out.

    Raises:
        ModelError: ``reading.encrypted``, ``broken``, ``scanned``, ``too_many_pages``, ``too_long``, ``too_slow``
            or ``bomb``.
    """
    pages = pdf_pages(source)
    labels = [str(page["label"]) for page in pages]
    texts = without_running([cleaned(str(page["text"])).split("\n") for page in pages], labels)
    return [
        Section(paragraphs(lines), page=number, page_label=label)
        for number, (lines, label) in enumerate(zip(texts, labels, strict=True), start=1)
    ]


def pdf_pages(source: Source, *wishes: str) -> list[dict[str, Any]]:
    """Return what the child says of each page (see ``pdf_child.lines``); ``wishes`` may be ``looks``.

    Raises:
        ModelError: as ``read_pdf``.
    """
    limits = source.limits
    numbers = (limits.pages, limits.letters, limits.memory_bytes, limits.seconds)
    output_bytes = JSON_BYTES_PER_LETTER * (len(wishes) + 1) * limits.letters + PAGE_BYTES * limits.pages
    with source.file.open("rb") as given:
        ended = run_limited(
            [sys.executable, "-I", CHILD, *map(str, numbers), *wishes], source, given, output_bytes
        )
    pages = [json.loads(line) for line in _whole_lines(ended.output)]
    _raise_error(source, [page for page in pages if "error" in page])
    if ended.code in CRASHES:
        raise ModelError("reading.broken", name=source.name)
    if ended.code != 0:
        raise ModelError("reading.bomb", name=source.name)
    return pages


def _whole_lines(output: bytes) -> list[bytes]:
    """Return the lines that were written to their end."""
    return [line for line in output.split(b"\n")[:-1] if line.startswith(b"{") and line.endswith(b"}")]


def _raise_error(source: Source, errors: Iterable[dict[str, object]]) -> None:
    for error in errors:
        match error["error"]:
            case "too_many_pages":
                raise ModelError(
                    "reading.too_many_pages", name=source.name, pages=error["pages"], most=source.limits.pages
                )
            case "too_long":
                millions = source.limits.letters / 1e6
                raise ModelError("reading.too_long", name=source.name, millions=millions)
            case reason:
                raise ModelError(KEYS[str(reason)], name=source.name)
