"""Markdown to files that people open at home: TXT, Markdown, DOCX, ODT and PDF, written by pandoc and typst."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Literal, get_args

from models.errors import ModelError
from stations.texts import Language
from stations.untrusted import defused

Format = Literal["txt", "md", "docx", "odt", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)

_SAFE = ["--sandbox", "--wrap=none"]
"""``--sandbox``: pandoc reads no other file and opens no address, whatever the text asks for."""
_READS = "commonmark+pipe_tables"
_WRITES = {"txt": "plain", "md": "commonmark+pipe_tables", "docx": "docx", "odt": "odt", "pdf": "typst"}
_BARE = ("txt", "md")
_PAGE = ["-V", "papersize=a4", "-V", "margin.x=2.5cm", "-V", "margin.y=2.5cm"]
_REGIONS: dict[Language, str] = {"de": "DE", "en": "GB"}
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Control characters and half letters: Word and LibreOffice do not open a file that has one."""
LIMIT_S = 60


def write_document(markdown: str, kind: Format, name: str, title: str, language: Language = "de") -> Path:
    """Write ``markdown`` as ``<name>.<kind>`` into a new private folder and return the file.

    ``title`` and ``language`` go into the file's own description; with an empty title none is shown above the text.

    Raises:
        ModelError: ``page.no_document`` with the writer's own words.
    """
    file = Path(tempfile.mkdtemp()) / f"{name}.{kind}"
    wishes = [] if kind in _BARE else ["-s", *_description(_NO_TEXT.sub("", title), language)]
    text = defused(markdown) if kind == "pdf" else markdown  # typst would look for pictures
    written = _by_pandoc(_NO_TEXT.sub("", text), kind, wishes)
    file.write_bytes(_typeset(written) if kind == "pdf" else written)
    return file


def plain_text(markdown: str) -> str:
    """Return ``markdown`` as the TXT file has it, for the clipboard: headings and lists without signs of Markdown.

    Raises:
        ModelError: ``page.no_document``.
    """
    return _by_pandoc(_NO_TEXT.sub("", markdown), "txt", []).decode().strip() if markdown.strip() else ""


def _description(title: str, language: Language) -> list[str]:
    shown = ["--metadata", f"title={title}"] if title else []
    return [*shown, "--metadata", f"lang={language}", "-V", f"region={_REGIONS[language]}", *_PAGE]


def _by_pandoc(markdown: str, kind: Format, wishes: list[str]) -> bytes:
    """Return what pandoc writes; to a file that is called PDF it would want to write with a program of its own."""
    import pypandoc

    command = [pypandoc.get_pandoc_path(), "-f", _READS, "-t", _WRITES[kind], "-o", "-", *_SAFE, *wishes]
    try:
        done = subprocess.run(
            command, input=markdown.encode(), capture_output=True, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError("page.no_document", problem=f"> {LIMIT_S} s") from error
    if done.returncode != 0:
        problem = done.stderr.decode(errors="replace").strip().splitlines()
        raise ModelError("page.no_document", problem=problem[-1] if problem else str(done.returncode))
    return done.stdout


def _typeset(words: bytes) -> bytes:
    """Return the PDF that typst makes of its own words, with the tags that screen readers want."""
    import typst

    try:
        return bytes(typst.compile(words, ignore_system_fonts=True))
    except RuntimeError as error:
        raise ModelError("page.no_document", problem=str(error).splitlines()[0]) from error
