"""Collections as files: a visitor's own in the private folder, those of the room in one that all may read."""

import json
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError

FOLDER = "collections"
PREFIX, SUFFIX = "collection ", ".sqlite"
"""The prefix keeps names such as ``CON`` from being devices of Windows."""
COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite puts beside a file."""
ORIGINS, FILES = ".origins.json", ".files"
NAME_LETTERS, NAME_BYTES = 60, 200
_NOT_IN_NAMES = re.compile(r"[^\w .,()+&'’–-]")


@dataclass(frozen=True)
class Collection:
    """A collection by the name that people gave it; ``shared``: everybody in the room may ask it."""

    name: str
    file: Path
    shared: bool = False

    @property
    def files(self) -> Path:
        """The folder for documents that people bring through the page."""
        return self.file.with_suffix(FILES)

    @property
    def origins(self) -> tuple[Path, ...]:
        """The files and folders that its documents came from, there or not."""
        brought = [self.files] if self.files.is_dir() else []
        try:
            told = json.loads(self.file.with_suffix(ORIGINS).read_text(encoding="utf-8"))
        except FileNotFoundError:
            told = []
        return (*brought, *map(Path, told))

    def came_from(self, given: Sequence[Path]) -> None:
        """Remember from where documents come, so that they are read again when they change, and shown."""
        told = dict.fromkeys(str(each) for each in (*self.origins, *(each.resolve() for each in given)))
        told.pop(str(self.files), None)
        part = self.file.with_suffix(f"{ORIGINS}.part")
        part.write_text(json.dumps(list(told), ensure_ascii=False), encoding="utf-8")
        part.replace(self.file.with_suffix(ORIGINS))

    def file_of(self, document: str) -> Path | None:
        """Return the file of a document by its id; ``None`` where it is gone or lies in a packet."""
        for origin in self.origins:
            found = (origin / document if origin.is_dir() else origin.with_name(document)).resolve()
            fits = found.is_relative_to(origin.resolve()) and found.is_file()
            if fits:
                return found
        return None


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
    there = [file for end in (SUFFIX, FILES) for file in (home / FOLDER).glob(f"{PREFIX}*{end}")]
    names = sorted({file.stem.removeprefix(PREFIX) for file in there}, key=str.casefold)
    return [collection(home, name, shared=shared) for name in names]


def remove(gone: Collection) -> bool:
    """Delete a collection and what people brought for it; return whether it was there. Its index has been closed."""
    was_there = gone.file.exists()
    shutil.rmtree(gone.files, ignore_errors=True)
    gone.file.with_suffix(ORIGINS).unlink(missing_ok=True)
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
