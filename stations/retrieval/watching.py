"""A folder under watch: when files in it have changed and lie still again."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from models.reading.gathering import paths

PULSE_S = 2.0

Look = Mapping[Path, tuple[int, int]]
"""When each file was changed (nanoseconds) and how many bytes it has."""


def look_at(given: Sequence[Path]) -> Look:
    """Return what lies in folders just now; files that go away meanwhile are left out."""
    found = {}
    for file, _ in paths(given):
        try:
            facts = file.stat()
        except OSError:
            continue
        found[file] = (facts.st_mtime_ns, facts.st_size)
    return found


def changes(given: Sequence[Path], stopping: threading.Event, pulse_s: float = PULSE_S) -> Iterator[Look]:
    """Yield what lies in folders: at once, and then whenever it has changed and was the same for one pulse.

    A file that is being copied grows from look to look and is waited for. Ends when ``stopping`` is set. Looks at times
    and sizes instead of asking the system for news: that works on sticks and on drives of the network too.
    """
    told: Look | None = None
    before: Look | None = None
    while not stopping.is_set():
        now = look_at(given)
        if now != told and (told is None or now == before):
            told = now
            yield now
        before = now
        stopping.wait(pulse_s)
