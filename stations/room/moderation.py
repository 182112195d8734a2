"""What the host says to everybody at once: a notice, and how long this round still takes."""

import time
from collections.abc import Callable

LONGEST_NOTICE = 200
SOON_S = 5 * 60
"""So long before its end a round shows on every page."""


class Moderation:
    """Holds what all pages ask for every few seconds. Nothing in it belongs to a visitor."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends_at: float | None = None
        self.notice = ""

    def say(self, notice: str) -> None:
        """Show a short notice on every page; an empty one takes it away."""
        self.notice = " ".join(notice.split())[:LONGEST_NOTICE]

    def begin_round(self, minutes: float) -> None:
        """Begin a round of so many minutes; 0 ends it without a sign."""
        self._ends_at = self._clock() + 60 * minutes if minutes else None

    @property
    def seconds_left(self) -> float | None:
        """Return how long the round still takes, 0 after its end; ``None`` without a round."""
        return None if self._ends_at is None else max(0.0, self._ends_at - self._clock())

    @property
    def ends_soon(self) -> bool:
        """Tell whether pages shall show how long it takes."""
        return self.seconds_left is not None and self.seconds_left <= SOON_S
