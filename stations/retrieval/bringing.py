"""Documents that people bring through the page: kept beside their collection, so that their pages can be shown."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from models.errors import ModelError
from stations.retrieval.collection import Collection

MOST_BYTES = 2_000_000_000
"""All documents of one collection that came through the page."""
RESERVE_BYTES = 500_000_000
"""So much of the disk stays free for what is made of them."""


def bring(files: Sequence[Path], wanted: Collection) -> None:
    """Put uploaded files beside a collection; one of the same name replaces what is there.

    Raises:
        ModelError: ``gathering.too_much`` or ``gathering.disk_full``; then nothing was kept.
    """
    new = sum(file.stat().st_size for file in files)
    wanted.files.mkdir(mode=0o700, parents=True, exist_ok=True)
    if new + sum(file.stat().st_size for file in wanted.files.iterdir()) > MOST_BYTES:
        raise ModelError("gathering.too_much", bytes=MOST_BYTES)
    free = shutil.disk_usage(wanted.files).free
    if new + RESERVE_BYTES > free:
        raise ModelError("gathering.disk_full", needed=new + RESERVE_BYTES, free=free)
    for file in files:
        _put(file, wanted.files / file.name.lstrip("."))


def brought(wanted: Collection) -> list[str]:
    """Return the names of the files that came through the page."""
    if not wanted.files.is_dir():
        return []
    return sorted((file.name for file in wanted.files.iterdir() if file.name[0] != "."), key=str.casefold)


def take_away(wanted: Collection, name: str) -> bool:
    """Delete one of these files; return whether it was there. What was read from it goes with the next taking in."""
    if name not in brought(wanted):
        return False
    (wanted.files / name).unlink()
    return True


def _put(file: Path, place: Path) -> None:
    """Copy a file under another name and rename it, so that no half file is ever read."""
    part = place.with_name(f".{place.name}.part")
    try:
        shutil.copyfile(file, part)
        part.replace(place)
    except OSError as error:
        part.unlink(missing_ok=True)
        free = shutil.disk_usage(place.parent).free
        raise ModelError("gathering.disk_full", needed=file.stat().st_size, free=free) from error
