"""How long answers are likely to take, learned from those given so far."""

from models.engines.batching import Batch, Step
from models.engines.request import Request
from models.line import expected_wait_s

TYPICAL_TOKENS = 160.0
"""Length of an answer to expect before any has been given."""
TYPICAL_STEP_S = 0.15
NEWEST = 0.2
"""Weight of the newest value in the running means."""


class Forecast:
    """Running means of the length of answers and of the time between two of their tokens."""

    def __init__(self) -> None:
        self._tokens, self._step_s = TYPICAL_TOKENS, TYPICAL_STEP_S

    def learn(self, step: Step) -> None:
        """Learn from one step of the engine and the answers that ended with it."""
        self._step_s += NEWEST * (step.seconds - self._step_s)
        for request in step.ended:
            self._tokens += NEWEST * (request.tally.new_tokens - self._tokens)

    def wait_s(self, batch: Batch, ahead: int) -> float:
        """Return in how many seconds a request with ``ahead`` others before it is likely to begin."""
        remaining = [self._remaining_s(request) for request in tuple(batch.active)]
        return expected_wait_s(remaining, self._tokens * self._step_s, batch.places, ahead)

    def _remaining_s(self, request: Request) -> float:
        """Return what an answer still takes; one longer than usual goes on for a quarter of the usual length."""
        written = request.tally.new_tokens
        more = max(self._tokens - written, self._tokens / 4)
        return min(more, request.most_tokens - written) * self._step_s
