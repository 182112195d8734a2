"""The versions of the kit that are installed for this person, and the way back. Standard library only.

``<home>/program/<id>/`` holds one version with its own environment; ``<home>/program/current.json`` says which one
starts and which one was there before. Models, collections and visitors' things are shared and stay where they are.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from models.errors import ModelError
from models.kit.layout import Kit
from models.progress import Progress, Report
from models.setup import lock

FOLDER = "program"
CURRENT = "current.json"
WHOLE = "installed.json"
PART = ".part"


@dataclass(frozen=True)
class Current:
    """Which version starts (``now``), and which one ``back`` returns to; empty names mean none."""

    now: str = ""
    before: str = ""


class Installed:
    """What is installed below one data folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / FOLDER

    def kit(self, name: str) -> Kit:
        """Return the folder of a version, whether it is there or not."""
        return Kit(self.folder / name)

    def part(self, name: str) -> Kit:
        """Return the folder in which a version is put together."""
        return Kit(self.folder / (name + PART))

    @property
    def current(self) -> Current:
        """Which version starts now."""
        try:
            found = json.loads((self.folder / CURRENT).read_text(encoding="utf-8"))
            return Current(str(found["now"]), str(found["before"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Current()

    def whole(self, name: str) -> bool:
        """Tell whether a version has been installed to its end."""
        return bool(name) and (self.kit(name).root / WHOLE).exists() and self.kit(name).launcher.exists()

    @contextmanager
    def alone(self, report: Report) -> Iterator[None]:
        """Hold the lock of all installing; while somebody else has it, say so and wait."""
        with lock.held(self.folder / "install.lock", partial(report, Progress("setup.waiting"))):
            yield

    def finish(self, name: str) -> None:
        """Say that a version is whole and starts from now on; the one that started until now is kept."""
        _write(self.kit(name).root / WHOLE, {"id": name})
        now = self.current.now
        if now != name:
            self._switch(Current(now=name, before=now if self.whole(now) else ""))

    def back(self) -> str:
        """Let the version before start again and return its name; the one until now becomes the one before.

        Raises:
            ModelError: ``kit.nothing_before``.
        """
        found = self.current
        if not self.whole(found.before):
            raise ModelError("kit.nothing_before")
        self._switch(Current(now=found.before, before=found.now))
        return found.before

    def tidy(self) -> int:
        """Remove every version but the current one and the one before; return how many.

        For the moment when the current one has shown that it runs.
        """
        kept = {self.current.now, self.current.before}
        others = [each for each in self.folder.glob("*") if each.is_dir() and each.name not in kept]
        for each in others:
            (each / WHOLE).unlink(missing_ok=True)  # first: a half removed version never starts
            shutil.rmtree(each, ignore_errors=True)
        return len(others)

    def _switch(self, current: Current) -> None:
        _write(self.folder / CURRENT, asdict(current))


def home_of(code: Path) -> Path:
    """Return the data folder of an installed program: ``<home>/program/<id>/code``."""
    return code.parents[2]


def _write(file: Path, content: dict[str, str]) -> None:
    part = file.with_name(file.name + PART)
    with part.open("w", encoding="utf-8") as stream:
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
