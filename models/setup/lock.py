"""One set-up at a time: a lock the system itself lets go of when its holder dies."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE_S = 0.5


@contextmanager
def held(file: Path, on_wait: Callable[[], None]) -> Iterator[int]:
    """Hold the lock ``file`` and yield its open file; ``on_wait`` is called again and again while somebody else has it.

    On POSIX a program that inherits the open file keeps the lock held until it has ended too.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        while not _take(opened):
            on_wait()
            time.sleep(PAUSE_S)
        yield opened
    finally:
        os.close(opened)


if sys.platform == "win32":
    import msvcrt

    def _take(opened: int) -> bool:
        try:
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(opened: int) -> bool:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
