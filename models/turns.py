"""Turns at the processor: how many threads each engine may use right now.

The threads of one engine wait for each other hundreds of times per word. When anybody else computes on one of their
cores, all of them wait for it. So every engine asks before each step, and takes what others leave. The measurements
behind the rules are in ``docs/decisions.md``.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Protocol, Self

import psutil

LOOK_EVERY_S = 0.5
LOOKS = 3
"""A busy neighbour is believed at the first look, a quiet one after this many."""


class Kind(Enum):
    """Whether a person sits waiting for each word of an engine, or comes back for the result."""

    INTERACTIVE = "interactive"
    BACKGROUND = "background"


class Turn(Protocol):
    """One engine's claim on the processor; entered while it has work."""

    @property
    def threads(self) -> int:
        """How many threads the next step may use, at least one."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Fixed:
    """A turn that always uses the same number of threads."""

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return


class Turns:
    """Shares the cores among this program's engines and leaves other programs theirs.

    ``foreign_cores`` tells how many cores other programs keep busy.
    """

    def __init__(self, cores: int | None = None, foreign_cores: Callable[[], float] | None = None) -> None:
        self._cores = cores or psutil.cpu_count(logical=False) or 1
        self._foreign_cores = foreign_cores or OtherPrograms().watch().busy_cores
        self._lock = threading.Lock()
        self._at_work: list[Kind] = []

    def turn(self, kind: Kind) -> Turn:
        """Return a claim for one engine."""
        return _Shared(self, kind)

    def enter(self, kind: Kind) -> None:
        """Note that an engine begins to compute."""
        with self._lock:
            self._at_work.append(kind)

    def leave(self, kind: Kind) -> None:
        """Note that an engine has nothing more to do."""
        with self._lock:
            self._at_work.remove(kind)

    def threads(self, kind: Kind) -> int:
        """Return how many threads an engine of this kind may use now.

        Background engines share one half of the cores: most of them cannot change their number once loaded. Those that
        people wait for share the rest, or everything while there is no background.
        """
        with self._lock:
            alike, background = self._at_work.count(kind), self._at_work.count(Kind.BACKGROUND)
        half = max(1, self._cores // 2)
        if kind is Kind.BACKGROUND:
            return max(1, half // max(1, alike))
        free = self._cores - cores_to_leave(self._foreign_cores(), self._cores)
        return max(1, (free - (half if background else 0)) // max(1, alike))


class _Shared:
    def __init__(self, turns: Turns, kind: Kind) -> None:
        self._turns, self._kind = turns, kind

    @property
    def threads(self) -> int:
        return self._turns.threads(self._kind)

    def __enter__(self) -> Self:
        self._turns.enter(self._kind)
        return self

    def __exit__(self, *_: object) -> None:
        self._turns.leave(self._kind)


def cores_to_leave(foreign: float, cores: int) -> int:
    """Return how many cores to leave to other programs that keep ``foreign`` of them busy.

    With a thread on each of n cores, all run at the pace of the core that is shared: a program that takes the share f
    of one core costs f of the whole, leaving it a core costs 1/n. So a core is left as soon as f exceeds 1/n.
    """
    return max(0, math.ceil(foreign - 1 / cores))


class OtherPrograms:
    """Watches how much of the processor other programs use, in a thread of its own."""

    def __init__(self) -> None:
        self._own = psutil.Process()
        self._before = self._computed()
        self._seen: deque[float] = deque([0.0], maxlen=LOOKS)

    def watch(self) -> Self:
        """Look twice a second from now on; costs about a thousandth of a core."""
        threading.Thread(target=self._keep_looking, name="other programs", daemon=True).start()
        return self

    def busy_cores(self) -> float:
        """Return how many cores others kept busy lately."""
        return max(self._seen)

    def look(self) -> None:
        """Note how many cores others kept busy since the last look."""
        now, spent = self._computed()
        began, spent_before = self._before
        self._seen.append(max(0.0, (spent - spent_before) / (now - began)))
        self._before = now, spent

    def _keep_looking(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_S)
            self.look()

    def _computed(self) -> tuple[float, float]:
        """Return the time, and the seconds that others have computed so far."""
        times, own = psutil.cpu_times(), self._own.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)  # also counted as user time
        return time.monotonic(), sum(times) - guests - idle - own.user - own.system
