"""How long many answers will still take, from how fast they came so far."""

import time
from collections.abc import Sequence

from stations.asking.answers import Answer

READING_SHARE = 0.7
"""How much of the work on an answer is reading its request, when the request is long and the answer short."""
USUAL_TOKENS = 60
LEAST_SHARE = 0.02
"""Before that share of the work a guess would jump about."""


class Pace:
    """Counts work that is done, in any unit, and guesses the seconds left."""

    def __init__(self, work: float) -> None:
        self._work, self._done = work, 0.0
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def add(self, work: float) -> None:
        """Count work as done."""
        self._done += work

    def share(self, answers: Sequence[Answer] = (), each: float = 0.0) -> float:
        """Return how much of the work is done, 0 to 1, with answers on their way that are worth ``each``."""
        done = self._done + each * sum(map(_share, answers))
        return min(1.0, done / self._work) if self._work else 1.0

    def seconds_left(self, share: float) -> float | None:
        """Return the seconds left when such a share is done; ``None`` at the beginning."""
        return self.seconds * (1 - share) / share if share >= LEAST_SHARE else None


def _share(answer: Answer) -> float:
    """Return how much of an answer's work is done, 0 to 1."""
    tally = answer.tally
    if tally.end is not None:
        return 1.0
    read = tally.prompt_read / tally.prompt_tokens if tally.prompt_tokens else 0.0
    return READING_SHARE * read + (1 - READING_SHARE) * min(1.0, tally.new_tokens / USUAL_TOKENS)
