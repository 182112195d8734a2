"""What a visitor has made: kept for them in their private folder, at all stations the same way.

It is written while the work goes on, so that whoever comes back, even after a crash, finds what was finished.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from stations.room.private_files import write_private

FOLDER = "results"
EVERY_S = 2.0
"""A text that grows is written that often."""
MOST = 200
"""Results kept for a visitor; the oldest make room."""
State = Literal["writing", "done", "stopped", "interrupted"]
Keep = Callable[[Callable[[], str]], None]


class Result(BaseModel):
    """One thing made: ``title`` says what was asked for, ``text`` is Markdown, ``when`` a local time to the minute.

    ``file`` is a sound that belongs to it, as a path inside the visitor's folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    station: str
    title: str
    model: str
    when: str
    state: State = "writing"
    text: str = ""
    file: str = ""


@dataclass(frozen=True)
class Wanted:
    """What somebody asked for, and of which model; work with the same ``thread`` replaces what was kept before."""

    title: str
    model: str
    thread: str = ""
    file: Path | None = None


class Results:
    """All that one visitor has made."""

    def __init__(self, home: Path) -> None:
        self.home, self._folder = home, home / FOLDER

    def all(self) -> list[Result]:
        """Return what is kept, the newest first; damaged files are left out."""
        return [found for file in self._files() if (found := _read(file))]

    def one(self, name: str) -> Result | None:
        """Return a result by its id; ``None`` for one that is not there."""
        return next((each for each in self.all() if each.id == name), None)

    @contextmanager
    def keeping(self, station: str, wanted: Wanted) -> Iterator[Keep]:
        """Keep a text while it is written: call what you get with what gives the whole text so far.

        However the work ends, the latest text stays; if there was none, nothing does.
        """
        thread = wanted.thread
        name = hashlib.sha256(thread.encode()).hexdigest()[:16] if thread else secrets.token_hex(8)
        file = str(wanted.file.relative_to(self.home)) if wanted.file else ""
        first = Result(
            id=name, station=station, title=wanted.title, model=wanted.model, when=time_text(), file=file
        )
        before = self.one(name)
        growing = _Growing(self._folder, first, before.text if before else "")
        growing.write("writing")
        self._make_room()
        try:
            yield growing.keep
        except BaseException:  # a Stop, a closed page, an error: told elsewhere
            growing.write("stopped")
            raise
        growing.write("done")

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)

    def _make_room(self) -> None:
        for old in self._files()[MOST:]:
            old.unlink(missing_ok=True)


class _Growing:
    """A result that is being made; until there is more, the text from ``before`` stays."""

    def __init__(self, folder: Path, result: Result, before: str) -> None:
        self._file, self._result = folder / f"{result.id}.json", result
        self._text: Callable[[], str] = partial(str, before)
        self._written_at = 0.0

    def keep(self, text: Callable[[], str]) -> None:
        self._text = text
        if time.monotonic() - self._written_at > EVERY_S:
            self.write("writing")

    def write(self, state: State) -> None:
        text, self._written_at = self._text(), time.monotonic()
        if not self._file.parent.parent.exists():  # its owner has just had everything deleted
            return
        if state != "writing" and not text.strip():
            self._file.unlink(missing_ok=True)
            return
        result = self._result.model_copy(update={"text": text, "state": state})
        with suppress(OSError):  # a full disk must not take the answer away that is on the page
            write_private(self._file, result.model_dump_json().encode())


def mark_interrupted(visitors: Path) -> int:
    """Mark what was being made when the program ended without a word; return how many."""
    found = 0
    for file in visitors.glob(f"*/{FOLDER}/*.json"):
        result = _read(file)
        if result and result.state == "writing":
            write_private(file, result.model_copy(update={"state": "interrupted"}).model_dump_json().encode())
            found += 1
    return found


def _read(file: Path) -> Result | None:
    try:
        return Result.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def time_text(when: datetime | None = None) -> str:
    """Return a moment, or now, as results name it: local time to the minute."""
    return f"{(when or datetime.now(UTC)).astimezone():%Y-%m-%d %H:%M}"
