"""What a day was like, in counts: no texts, no names, no addresses. Kept between restarts and resets."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stations.room.private_files import write_private


class StationDay(BaseModel):
    """How often a station worked, and for how many seconds."""

    model_config = ConfigDict(extra="forbid")

    works: int = Field(0, ge=0)
    seconds: float = Field(0.0, ge=0)
    called_back: int = Field(0, ge=0)


class Day(BaseModel):
    """The counts of one day; times are local clock times such as ``09:55``."""

    model_config = ConfigDict(extra="forbid")

    date: str = ""
    began: str = ""
    ended: str = ""
    visitors: int = Field(0, ge=0)
    groups: int = Field(1, ge=1)
    stations: dict[str, StationDay] = {}


class Diary:
    """Counts into a file; a new day begins with the first count after midnight. Safe for several threads."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()
        self._day = _read(file)

    @property
    def today(self) -> Day:
        """Return a copy of today's counts."""
        with self._lock:
            return self._now().model_copy(deep=True)

    def worked(self, station: str, seconds: float, *, called_back: bool) -> None:
        """Count one loan of an engine that has ended."""
        with self._lock:
            entry = self._now().stations.setdefault(station, StationDay())
            entry.works += 1
            entry.seconds = round(entry.seconds + seconds, 1)
            entry.called_back += called_back
            self._write()

    def came(self) -> None:
        """Count somebody who opened the page for the first time."""
        with self._lock:
            self._now().visitors += 1
            self._write()

    def next_group(self) -> None:
        """Count the group that comes after a reset."""
        with self._lock:
            self._now().groups += 1
            self._write()

    def _now(self) -> Day:
        now = datetime.now(UTC).astimezone()
        if self._day.date != now.date().isoformat():
            self._day = Day(date=now.date().isoformat(), began=f"{now:%H:%M}")
        self._day.ended = f"{now:%H:%M}"
        return self._day

    def _write(self) -> None:
        write_private(self._file, self._day.model_dump_json(indent=1).encode())


def _read(file: Path) -> Day:
    try:
        return Day.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):  # the first day, or a file cut off by a power failure
        return Day()
