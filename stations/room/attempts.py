"""How often somebody may guess a PIN: a few times a minute, and all together not much more."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

EACH, EACH_S = 5, 60.0
"""Wrong PINs of one address in so many seconds, then it has to wait."""
ALL, ALL_S = 100, 600.0
"""Wrong PINs of all addresses together: with a million PINs, a whole day of guessing finds one in 70 times."""
REMEMBERED = 2000
"""Addresses kept; somebody with more of them is stopped by what all may do together."""


class Attempts:
    """Counts wrong PINs; safe for several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._all: deque[float] = deque(maxlen=ALL)

    def wait_s(self, address: str) -> float:
        """Return how long this address has to wait before the next guess; 0 if it may guess now."""
        with self._lock:
            now = self._clock()
            own = self._wrong.get(address, deque())
            return max(_wait(own, EACH, EACH_S, now), _wait(self._all, ALL, ALL_S, now))

    def wrong(self, address: str) -> None:
        """Remember a wrong guess."""
        with self._lock:
            now = self._clock()
            self._wrong.setdefault(address, deque(maxlen=EACH)).append(now)
            self._wrong.move_to_end(address)
            if len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)
            self._all.append(now)

    @property
    def wrong_lately(self) -> int:
        """How many wrong guesses there were in the last minutes, for the host to see."""
        with self._lock:
            return sum(when > self._clock() - ALL_S for when in self._all)


def _wait(guesses: deque[float], most: int, seconds: float, now: float) -> float:
    if len(guesses) < most:
        return 0.0
    return max(guesses[0] + seconds - now, 0.0)
