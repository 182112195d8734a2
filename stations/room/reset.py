"""Between two groups: everything of all visitors goes, and the list of what went stays.

Files are deleted while nothing runs; then the program begins anew, so that no text is left in any memory either.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from stations.room.private_files import write_private
from stations.room.visitors import KEY

REPORT = "last-reset.json"
KINDS = {
    "sound": {".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".aac", ".aiff", ".webm"},
    "film": {".mp4", ".mkv", ".mov", ".3gp", ".avi"},
    "picture": {".png", ".jpg", ".jpeg", ".webp", ".svg", ".gif"},
    "database": {".sqlite", ".sqlite-wal", ".sqlite-shm", ".db"},
    "archive": {".zip"},
}
"""Kinds of files that people recognise; everything else counts as a document."""


class Deleted(BaseModel):
    """What a reset has deleted: visitors, files by kind, bytes. ``failed`` counts what could not be deleted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: str
    visitors: int = 0
    files: dict[str, int] = {}
    bytes: int = 0
    failed: int = 0


def wipe(visitors: Path, temp: Path, room: Path) -> Deleted:
    """Delete all that belongs to visitors below both folders; keep the report in ``room`` and return it.

    The key that signs the visitors' cookies goes too, so that whoever was here before is somebody new.
    """
    files = [found for found in _listed(visitors, temp) if found[0].name != KEY]
    people = sum(each.is_dir() for each in visitors.iterdir()) if visitors.is_dir() else 0
    for folder in (visitors, temp):
        shutil.rmtree(folder, ignore_errors=True)
    report = Deleted(
        when=f"{datetime.now(UTC).astimezone():%Y-%m-%d %H:%M}",
        visitors=people,
        files=kinds_of(file for file, _ in files),
        bytes=sum(size for _, size in files),
        failed=len(_listed(visitors, temp)),
    )
    write_private(room / REPORT, report.model_dump_json(indent=1).encode())
    return report


def kinds_of(files: Iterable[Path]) -> Counter[str]:
    """Count files by the kinds that people recognise."""
    return Counter(_kind(file) for file in files)


def last_report(room: Path) -> Deleted | None:
    """Return what the last reset has deleted; ``None`` if there was none."""
    try:
        return Deleted.model_validate_json((room / REPORT).read_bytes())
    except (OSError, ValidationError):
        return None


def _listed(*folders: Path) -> list[tuple[Path, int]]:
    return [found for folder in folders for found in _files(folder)]


def _files(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield the files below a folder with their bytes, never following links out of it."""
    for base, _, names in os.walk(folder):
        for name in names:
            file = Path(base) / name
            yield file, file.lstat().st_size


def _kind(file: Path) -> str:
    return next((kind for kind, ends in KINDS.items() if file.suffix.lower() in ends), "document")
