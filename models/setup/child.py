"""Programs the set-up starts, each on a leash so that none outlives the launcher."""

import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
PULSE_S = 0.5
TAIL_LINES = 400
STRANGERS = {"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__"}
"""Variables that would lead another Python astray."""


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code and its last lines."""

    code: int
    tail: tuple[str, ...]


def follow(
    command: Sequence[str | Path],
    watch: Callable[[str | None], None],
    *,
    cwd: Path,
    more: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
) -> Ended:
    """Run ``command``; ``watch`` gets each line it prints and, while it is silent, ``None`` every half second.

    ``more`` is added to the environment; the open files ``keep`` (a lock) stay open in the program (not on Windows).
    """
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    with _leashed(command, cwd, more, keep, output=subprocess.PIPE) as process:
        for line in _lines(process):
            watch(line)
            if line is not None:
                tail.append(line)
        return Ended(process.wait(), tuple(tail))


def run(command: Sequence[str | Path], *, cwd: Path, more: Mapping[str, str] | None = None) -> int:
    """Run ``command`` with this program's own output and return its exit code."""
    with _leashed(command, cwd, more, (), output=None) as process:
        return process.wait()


@contextmanager
def _leashed(
    command: Sequence[str | Path],
    cwd: Path,
    more: Mapping[str, str] | None,
    keep: Sequence[int],
    output: int | None,
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(LEASH), *map(str, command)],
        cwd=cwd,
        env=clean_environment() | dict(more or {}),
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
        pass_fds=() if os.name == "nt" else tuple(keep),
        encoding="utf-8",
        errors="replace",
    )
    try:
        yield process
    finally:
        assert process.stdin is not None  # noqa: S101 -- it was asked for above
        process.stdin.close()
        process.wait()


def clean_environment() -> dict[str, str]:
    """Return this program's environment without what would lead another Python astray."""
    return {name: value for name, value in os.environ.items() if name not in STRANGERS}


def _lines(process: "subprocess.Popen[str]") -> Iterator[str | None]:
    """Yield the program's lines, and ``None`` whenever half a second passes without one."""
    waiting: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None  # noqa: S101 -- it was asked for in follow()
        for line in process.stdout:
            waiting.put(line.rstrip())
        waiting.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = waiting.get(timeout=PULSE_S)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line
