"""Files that a task is to write: looked at before the work begins, put in their place when it is done."""

import os
import shutil
import sys
from errno import EACCES, EISDIR, ENOENT
from pathlib import Path

from models.errors import ModelError
from stations.documents import FORMATS, Format, write_document
from stations.texts import Language
from stations.untrusted import defused


def checked_place(file: Path) -> Format:
    """Return the kind of document that the ending names: nobody should wait for a text that cannot be saved.

    Raises:
        ModelError: ``text.unknown_ending`` or ``text.cannot_write``.
    """
    kind = next((each for each in FORMATS if file.suffix.lower() == f".{each}"), None)
    if kind is None:
        known = ", ".join(f".{each}" for each in FORMATS)
        raise ModelError("text.unknown_ending", ending=file.suffix, known=known)
    folder = file.absolute().parent
    if not folder.is_dir():
        raise _refused(file, ENOENT)
    if file.is_dir():
        raise _refused(file, EISDIR)
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise _refused(file, EACCES)
    return kind


def checked_folder(folder: Path) -> None:
    """Make a folder for results if it is not there.

    Raises:
        ModelError: ``text.cannot_write``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(folder, error.errno or EACCES) from error
    if not os.access(folder, os.W_OK):
        raise _refused(folder, EACCES)


def move_to(made: Path, file: Path) -> None:
    """Put a finished file in its place.

    Raises:
        ModelError: ``text.cannot_write``.
    """
    try:
        shutil.move(made, file)
    except OSError as error:
        raise _refused(file, error.errno or EACCES) from error


def written_out(made: Path) -> None:
    """Write a finished file to standard output, whatever is in it."""
    sys.stdout.buffer.write(made.read_bytes())
    sys.stdout.buffer.flush()


def save(markdown: str, file: Path, language: Language) -> None:
    """Write a text as a document of the kind that the file's ending names.

    Raises:
        ModelError: ``text.unknown_ending``, ``text.cannot_write`` or ``page.no_document``.
    """
    made = write_document(defused(markdown), checked_place(file), "text", "", language)
    try:
        move_to(made, file)
    finally:
        shutil.rmtree(made.parent, ignore_errors=True)


def _refused(file: Path, reason: int) -> ModelError:
    return ModelError("text.cannot_write", file=str(file), problem=os.strerror(reason))
