"""Collections as files: a visitor's own in the private folder, those of the room in one that all may read."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError

FOLDER = "collections"
PREFIX, SUFFIX = "collection ", ".sqlite"
"""The prefix keeps names such as ``CON`` from being devices of Windows."""
COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite puts beside a file."""
NAME_LETTERS, NAME_BYTES = 60, 200
_NOT_IN_NAMES = re.compile(r"[^\w .,()+&'’–-]")


@dataclass(frozen=True)
class Collection:
    """A collection by the name that people gave it; ``shared``: everybody in the room may ask it."""

    name: str
    file: Path
    shared: bool = False


def collection(home: Path, name: str, *, shared: bool = False) -> Collection:
    """Return the collection called ``name`` in a folder of collections' owner, made or not yet; its folder is made.

    Letters that file systems do not take are left out; a name cannot lead elsewhere.

    Raises:
        ModelError: ``gathering.no_name`` where nothing is left of it.
    """
    known = shown_name(name)
    if not known:
        raise ModelError("gathering.no_name")
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Collection(known, folder / f"{PREFIX}{known}{SUFFIX}", shared)


def collections(home: Path, *, shared: bool = False) -> list[Collection]:
    """Return the collections of a visitor or of the room, by name."""
    files = (home / FOLDER).glob(f"{PREFIX}*{SUFFIX}")
    found = (Collection(file.name.removeprefix(PREFIX).removesuffix(SUFFIX), file, shared) for file in files)
    return sorted(found, key=lambda each: each.name.casefold())


def remove(gone: Collection) -> bool:
    """Delete a collection's files, whose index has been closed; return whether it was there."""
    was_there = gone.file.exists()
    for companion in _files(gone.file):
        companion.unlink(missing_ok=True)
    return was_there


def shown_name(name: str) -> str:
    """Return a name without letters that cannot be in a file's name, composed (NFC) and not too long."""
    clean = " ".join(_NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", name)).split())[:NAME_LETTERS]
    return clean.encode()[:NAME_BYTES].decode(errors="ignore").strip(" .")


def _files(file: Path) -> Iterator[Path]:
    for end in COMPANIONS:
        yield file.with_name(file.name + end)
