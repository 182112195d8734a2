"""The mark of a finished environment: written last, lifted first, never believed when anything differs."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from models.setup.place import WINDOWS, Place


@dataclass(frozen=True)
class Mark:
    """What an environment was made from.

    ``folder`` and ``python`` show whether it still can run (a moved folder, a Python that was removed or replaced);
    ``project`` whether it is up to date; ``extras`` what is in it.
    """

    folder: str
    python: str
    project: str
    extras: tuple[str, ...]


def fingerprint(place: Place, extras: Iterable[str]) -> Mark:
    """Return the mark an environment with ``extras`` would get here and now."""
    files = (place.project, place.versions)
    content = b"\0".join(file.read_bytes() if file.exists() else b"" for file in files)
    project = hashlib.sha256(content).hexdigest()
    return Mark(str(place.venv.resolve()), _base_python(place), project, tuple(sorted(extras)))


def read(place: Place) -> Mark | None:
    """Return the mark, or ``None`` when there is none that can be read."""
    try:
        found = json.loads(place.mark.read_text(encoding="utf-8"))
        return Mark(found["folder"], found["python"], found["project"], tuple(found["extras"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(place: Place, extras: Iterable[str]) -> None:
    """Say that the environment is whole: on the disk first, under its real name afterwards."""
    part = place.mark.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(fingerprint(place, extras)), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(place.mark)
    _aside(place).unlink(missing_ok=True)


@contextmanager
def lifted(place: Place, touched: Callable[[], bool]) -> Iterator[None]:
    """Take the mark away during a change; put it back if the change failed before it ``touched`` anything.

    A kill leaves no mark, so the environment will be made anew.
    """
    aside = _aside(place)
    aside.unlink(missing_ok=True)
    if place.mark.exists():
        place.mark.replace(aside)
    try:
        yield
    finally:
        if aside.exists() and not touched():
            aside.replace(place.mark)


def can_run(place: Place, mark: Mark) -> bool:
    """Return whether the environment still is where and on what it was made."""
    here = fingerprint(place, mark.extras)
    return place.python.exists() and (mark.folder, mark.python) == (here.folder, here.python)


def holds(place: Place, mark: Mark, extras: Iterable[str]) -> bool:
    """Return whether the environment is whole, up to date, and has all ``extras``."""
    same = mark.project == fingerprint(place, mark.extras).project
    return same and can_run(place, mark) and set(extras) <= set(mark.extras)


def _aside(place: Place) -> Path:
    return place.mark.with_suffix(".before")


def _base_python(place: Place) -> str:
    """Return the Python the environment was made with; its name changes when the system brings a newer one."""
    if not WINDOWS:
        return str(place.python.resolve())
    try:
        lines = (place.venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    home = next((line.partition("=")[2].strip() for line in lines if line.startswith("home")), "")
    return home if (Path(home) / "python.exe").exists() else ""
