"""Where to listen: stretches of words in which one person probably goes on, and windows over them."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.speakers.embedding import WINDOW_S

Span = tuple[float, float]
"""Begin and end in seconds."""

PAUSE_S = 0.3
"""People take turns at pauses; shorter gaps lie within words as Whisper times them."""
HOP_S = 0.75
NEAR_S = 0.5
"""How fast a window's say about a word falls with the distance of their middles."""


@dataclass(frozen=True)
class Stretch:
    """Words from ``first`` to before ``last`` without a pause or the begin of a sentence between them."""

    first: int
    last: int
    span: Span

    @property
    def windows(self) -> tuple[Span, ...]:
        """Windows of ``WINDOW_S`` at most every ``HOP_S``; a short stretch is one shorter window."""
        start_s, end_s = self.span
        if end_s - start_s <= WINDOW_S:
            return (self.span,)
        steps = int(np.ceil((end_s - start_s - WINDOW_S) / HOP_S))
        return tuple(
            (float(at), float(at) + WINDOW_S) for at in np.linspace(start_s, end_s - WINDOW_S, steps + 1)
        )


def stretches(words: Sequence[Span], borders: Set[int]) -> Iterator[Stretch]:
    """Yield the words' stretches; ``borders`` are the words with which a new one begins."""
    first = 0
    for last in range(1, len(words) + 1):
        if last == len(words) or last in borders:
            start_s = min(start for start, _ in words[first:last])
            end_s = max(end for _, end in words[first:last])
            yield Stretch(first, last, (start_s, max(end_s, start_s + 0.01)))
            first = last


def borders_of(words: Sequence[Span], sentence_starts: Set[int]) -> frozenset[int]:
    """Return the words before which somebody else may well begin: after a pause, and where a sentence begins."""
    paused = (at for at in range(1, len(words)) if words[at][0] - words[at - 1][1] > PAUSE_S)
    return frozenset(paused) | {at for at in sentence_starts if 0 < at < len(words)}


def shares(words: Sequence[Span], windows: Sequence[Span]) -> npt.NDArray[np.float64]:
    """Return how much each window of a stretch says about each of its words: words x windows, rows of sum 1."""
    starts, ends = np.array(words).T
    begins, stops = np.array(windows).T
    away = np.square((((starts + ends) / 2)[:, None] - (begins + stops) / 2) / NEAR_S)
    shared = np.minimum(ends[:, None], stops) - np.maximum(starts[:, None], begins)
    weights = np.maximum(shared, 1e-6) * np.exp(away.min(axis=1, keepdims=True) - away)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
