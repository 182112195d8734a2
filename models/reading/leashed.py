"""Programs that take files apart, each with a limit on time, memory and output."""

import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from models.errors import ModelError
from models.reading.document import Source

PULSE_S = 0.05
Reason = Literal["", "time", "memory", "output"]


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code (negative: the signal that killed it) and what it wrote."""

    code: int
    output: bytes


@dataclass
class _Leash:
    """Ends a program that takes too long or too much, and remembers why."""

    process: "subprocess.Popen[bytes]"
    reason: Reason = ""
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def held(self, seconds: float, memory_bytes: int) -> Iterator[None]:
        """Watch the program while the block runs; it does not outlive the block."""
        watcher = threading.Thread(target=self._watch, args=(seconds, memory_bytes), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            watcher.join()
            self.process.kill()
            self.process.wait()

    def end(self, reason: Reason) -> None:
        self.reason = self.reason or reason
        self.process.kill()

    def _watch(self, seconds: float, memory_bytes: int) -> None:
        deadline = time.monotonic() + seconds
        while not self._over.wait(PULSE_S):
            if time.monotonic() > deadline:
                self.end("time")
            elif _held_bytes(self.process.pid) > memory_bytes:
                self.end("memory")


def run_limited(command: Sequence[str | Path], source: Source, given: BinaryIO, output_bytes: int) -> Ended:
    """Run ``command`` with the open file ``given`` as its input, within the limits of ``source``.

    Raises:
        ModelError: ``reading.too_slow``, ``reading.bomb`` (too much memory) or ``reading.too_long`` (wrote more
            than ``output_bytes``).
    """
    process = subprocess.Popen(
        list(map(str, command)), stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    leash = _Leash(process)
    assert process.stdout is not None  # noqa: S101 -- it was asked for above
    with leash.held(source.limits.seconds, source.limits.memory_bytes), process.stdout:
        output = process.stdout.read(output_bytes + 1)
        if len(output) > output_bytes:
            leash.end("output")
        code = process.wait()
    _raise(leash.reason, source)
    return Ended(code, output)


def _raise(reason: Reason, source: Source) -> None:
    if reason == "time":
        raise ModelError("reading.too_slow", name=source.name, seconds=source.limits.seconds)
    if reason == "memory":
        raise ModelError("reading.bomb", name=source.name)
    if reason == "output":
        raise ModelError("reading.too_long", name=source.name, millions=source.limits.letters / 1e6)


def _held_bytes(pid: int) -> int:
    """Return what a program and those it started hold (on Windows Python starts itself once more)."""
    import psutil

    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(each.memory_info().rss for each in family)
    except psutil.Error:  # ended meanwhile
        return 0
