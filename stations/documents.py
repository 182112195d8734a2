"""Markdown to files that people open at home: TXT, Markdown, DOCX, ODT and PDF, written by pandoc and typst."""

import subprocess
import tempfile
from pathlib import Path
from typing import Literal, get_args

from models.errors import ModelError
from stations.texts import Language

Format = Literal["txt", "md", "docx", "odt", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)

_SAFE = ["--sandbox", "--wrap=none"]
"""``--sandbox``: pandoc reads no other file and opens no address, whatever the text asks for."""
_READS = "commonmark+pipe_tables"
_WRITES = {"txt": "plain", "md": "commonmark+pipe_tables", "docx": "docx", "odt": "odt", "pdf": "typst"}
_BARE = ("txt", "md")
LIMIT_S = 60


def write_document(markdown: str, kind: Format, name: str, title: str, language: Language = "de") -> Path:
    """Write ``markdown`` as ``<name>.<kind>`` into a new private folder and return the file.

    ``title`` and ``language`` go into the file's own description; with an empty title none is shown above the text.

    Raises:
        ModelError: ``page.no_document`` with the writer's own words.
    """
    file = Path(tempfile.mkdtemp()) / f"{name}.{kind}"
    wishes = [] if kind in _BARE else ["-s", *_description(title, language)]
    written = _by_pandoc(_NO_TEXT.sub("", markdown), kind, wishes)
    file.write_bytes(_typeset(written) if kind == "pdf" else written)
    return file


def _description(title: str, language: Language) -> list[str]:
    shown = ["--metadata", f"title={title}"] if title else []
    return [*shown, "--metadata", f"lang={language}", "--metadata", "margin=2.5cm"]


def _by_pandoc(markdown: str, kind: Format, wishes: list[str], file: Path) -> Path:
    import pypandoc

    command = [
        pypandoc.get_pandoc_path(),
        "-f",
        _READS,
        "-t",
        _WRITES[kind],
        "-o",
        str(file),
        *_SAFE,
        *wishes,
    ]
    try:
        done = subprocess.run(
            command, input=markdown.encode(), capture_output=True, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError("page.no_document", problem=f"> {LIMIT_S} s") from error
    if done.returncode != 0:
        problem = done.stderr.decode(errors="replace").strip().splitlines()
        raise ModelError("page.no_document", problem=problem[-1] if problem else str(done.returncode))
    return file


def _typeset(file: Path) -> None:
    """Turn a file with typst's words into the PDF it describes, with the tags that screen readers want."""
    import typst

    try:
        file.write_bytes(typst.compile(file.read_bytes(), ignore_system_fonts=True))
    except RuntimeError as error:
        raise ModelError("page.no_document", problem=str(error).splitlines()[0]) from error
