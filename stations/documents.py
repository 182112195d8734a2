"""Markdown to files that people open at home: TXT, DOCX, ODT, written by pandoc."""

import subprocess
import tempfile
from pathlib import Path
from typing import Literal

from models.errors import ModelError

Format = Literal["txt", "docx", "odt"]

_SAFE = ["--sandbox", "--wrap=none"]
"""``--sandbox``: pandoc reads no other file and opens no address, whatever the text asks for."""
_READS = "commonmark+pipe_tables"
_WRITES = {"txt": "plain", "docx": "docx", "odt": "odt"}
LIMIT_S = 60


def write_document(markdown: str, kind: Format, name: str, title: str) -> Path:
    """Write ``markdown`` as ``<name>.<kind>`` into a new private folder and return the file.

    Raises:
        ModelError: ``chatbot.no_document`` with pandoc's own words.
    """
    import pypandoc

    file = Path(tempfile.mkdtemp()) / f"{name}.{kind}"
    command = [pypandoc.get_pandoc_path(), "-f", _READS, "-t", _WRITES[kind], "-o", str(file), *_SAFE]
    if kind != "txt":
        command += ["-s", "--metadata", f"title={title}"]
    try:
        done = subprocess.run(
            command, input=markdown.encode(), capture_output=True, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError("chatbot.no_document", problem=f"> {LIMIT_S} s") from error
    if done.returncode != 0:
        problem = done.stderr.decode(errors="replace").strip().splitlines()
        raise ModelError("chatbot.no_document", problem=problem[-1] if problem else str(done.returncode))
    return file
