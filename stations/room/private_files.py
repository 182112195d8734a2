"""Small files that only this user can read: keys and PINs."""

import os
from collections.abc import Callable
from pathlib import Path


def write_private(file: Path, content: bytes) -> None:
    """Write a file for this user alone; never half a one under its name."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(content)
    part.replace(file)


def read_or_make(file: Path, make: Callable[[], bytes]) -> bytes:
    """Return what the file holds; where there is none, what ``make`` gives is written first."""
    if not file.exists():
        write_private(file, make())
    return file.read_bytes()
