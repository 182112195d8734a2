"""Programs that take strangers' files apart, held within limits of time and memory."""

import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Literal

PULSE_S = 0.05
LINE_BYTES = 100_000
Reason = Literal["", "time", "memory", "output"]


@dataclass
class Leash:
    """Ends a program that takes too long or too much, and remembers why."""

    process: "subprocess.Popen[bytes]"
    reason: Reason = ""
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def held(self, seconds: float, memory_bytes: int, pulse_s: float = PULSE_S) -> Iterator[None]:
        """Watch the program while the block runs, every ``pulse_s``; it does not outlive the block."""
        watcher = threading.Thread(target=self._watch, args=(seconds, memory_bytes, pulse_s), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            watcher.join()
            self.process.kill()
            self.process.wait()

    def end(self, reason: Reason) -> None:
        """Kill the program; the first reason counts."""
        self.reason = self.reason or reason
        self.process.kill()

    def _watch(self, seconds: float, memory_bytes: int, pulse_s: float) -> None:
        deadline = time.monotonic() + seconds
        while not self._over.wait(pulse_s):
            if time.monotonic() > deadline:
                self.end("time")
            elif _held_bytes(self.process.pid) > memory_bytes:
                self.end("memory")


def lines(output: IO[bytes], pulse_s: float) -> Iterator[bytes | None]:
    """Yield the lines a program writes, and ``None`` whenever ``pulse_s`` pass without one; then close ``output``.

    A line longer than ``LINE_BYTES`` comes in pieces.
    """
    waiting: queue.Queue[bytes] = queue.Queue()

    def read() -> None:
        with output:
            for line in iter(lambda: output.readline(LINE_BYTES), b""):
                waiting.put(line)
        waiting.put(b"")

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = waiting.get(timeout=pulse_s)
        except queue.Empty:
            yield None
            continue
        if not line:
            return
        yield line


def _held_bytes(pid: int) -> int:
    """Return what a program and those it started hold (on Windows Python starts itself once more)."""
    import psutil

    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(each.memory_info().rss for each in family)
    except psutil.Error:  # ended meanwhile
        return 0
