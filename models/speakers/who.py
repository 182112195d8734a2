"""Who said which word: windows over the words, their prints in groups, and the likeliest order of people."""

from collections.abc import Generator, Sequence, Set
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.engines.base import Samples
from models.speakers.clustering import centres_of
from models.speakers.embedding import WINDOW_S, Prints

Span = tuple[float, float]
PAUSE_S = 0.3
HOP_S = 0.75
EVEN, PAUSED = 0.35, 0.1
SHORTEST_S = 0.4


class Sound(Protocol):
    def samples(self, start_s: float, end_s: float) -> Samples: ...


def stretches(words, starts=frozenset()):
    out, first = [], 0
    for i in range(1, len(words) + 1):
        if i == len(words) or words[i][0] - words[i - 1][1] > PAUSE_S or i in starts:
            out.append((words[first][0], max(w[1] for w in words[first:i])))
            first = i
    return out


def windows(stretch):
    a, b = stretch
    n = max(1, int(np.ceil((b - a - WINDOW_S) / HOP_S)) + 1) if b - a > WINDOW_S else 1
    if n == 1:
        return [(a, b)]
    return [(s, s + WINDOW_S) for s in np.linspace(a, b - WINDOW_S, n)]


def who(recording, words, count, prints, starts=frozenset(), even=EVEN, paused=PAUSED, hop=None):
    st = stretches(words, starts)
    wins = [w for s in st for w in windows(s)]
    P = np.concatenate(list(prints.of_each([recording.samples(a, b) for a, b in wins])))
    lengths = np.array([b - a for a, b in wins])
    good = lengths >= SHORTEST_S
    centres = centres_of(P[good] if good.sum() >= count else P, count)
    likeness = P @ centres.T
    return order(words, wins, likeness, starts, even, paused), P, wins, centres


def order(words, wins, likeness, starts, even, paused):
    mids = np.array([(a + b) / 2 for a, b in wins])
    K = likeness.shape[1]
    S = np.zeros((len(words), K))
    lo = 0
    for i, (a, b) in enumerate(words):
        m = (a + b) / 2
        w = np.array([max(0, min(b, y) - max(a, x)) * np.exp(-((m - (x + y) / 2) / .5) ** 2) + 1e-9 for x, y in wins])
        w /= w.sum()
        S[i] = w @ likeness * max(b - a, .05)
    best = S[0]
    back = []
    for i in range(1, len(words)):
        gap = words[i][0] - words[i - 1][1]
        cost = paused if gap > PAUSE_S or i in starts else even
        stay, go = best, best.max() - cost
        back.append(np.where(stay >= go, np.arange(K), best.argmax()))
        best = np.maximum(stay, go) + S[i]
    path = [int(best.argmax())]
    for b in reversed(back):
        path.append(int(b[path[-1]]))
    return path[::-1]
