"""From cosines and weights of words to the best passages, the same way for every index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.engines.embedder import Vectors
from models.index.fusion import NEAREST, Shared, fused, nearness
from models.index.words import Term
from models.passages import Passage

KEYWORD_HITS = 200
"""So many passages with the heaviest words take part; more changed no order that was measured."""
MOST_SHARING = 20_000
"""Passages whose words are weighed for a question: BM25 takes two millionths of a second for each."""
UNIT = 0.01
"""How far from 1 the length of a vector may be."""


@dataclass(frozen=True)
class Found:
    """A passage by its row, with its scores (see ``Hit``)."""

    row: int
    score: float
    dense: float | None
    keyword: float | None


def ranked(
    near: tuple[NDArray[np.int64], NDArray[np.float32]] | None,
    shared: Shared | None,
    weight: float,
    count: int,
) -> list[Found]:
    """Return the best ``count``, best first; of equal ones the one that was put in first.

    ``near`` are passages with their cosines: all that may be found, or at least the ``NEAREST`` and every one of
    ``shared``. Without ``near`` only words count, without ``shared`` only meaning.
    """
    words = shared.weights if shared else {}
    if near is None:
        return _best(words, {}, words, count)
    rows, cosines = near
    if shared is None:
        chosen = _nearest(rows, cosines, max(NEAREST, count))
        return _best(chosen, chosen, None, count)
    candidates = _nearest(rows, cosines, max(NEAREST, count)) | _of(words, rows, cosines)
    return _best(fused(candidates, shared, nearness(cosines), weight), candidates, words, count)


def telling(terms: Sequence[Term], having: Sequence[int]) -> list[Term]:
    """Return the terms that tell most, ``having`` being how many passages have each; at least one that any has.

    Together no more than ``MOST_SHARING`` passages have them. Smaller collections use every term; in large ones, words
    that a fifth of all passages have tell little and would take most of the time (at 100,000 passages 150 of 180 ms).
    """
    rarest = sorted((count, place) for place, count in enumerate(having) if count)
    chosen: list[int] = []
    together = 0
    for count, place in rarest:
        together += count
        if chosen and together > MOST_SHARING:
            break
        chosen.append(place)
    return [terms[place] for place in sorted(chosen)]


def storable(text: str) -> str:
    """Return a text that any database takes, as long as before: without zeros and halves of characters."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def checked(passages: Sequence[Passage], vectors: Vectors, dimensions: int) -> Vectors:
    """Return vectors as 32-bit floats if there is one of length 1 for each passage.

    Raises:
        ValueError: they do not fit.
    """
    rows: Vectors = np.asarray(vectors, np.float32).reshape(-1, dimensions)
    if len(rows) != len(passages):
        raise ValueError(f"{len(passages)} passages with {len(rows)} vectors")
    if len(rows) and not np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=UNIT):
        raise ValueError("vectors must have length 1")
    return rows


def _nearest(rows: NDArray[np.int64], cosines: NDArray[np.float32], count: int) -> dict[int, float]:
    place = max(0, len(cosines) - count)
    chosen = np.argpartition(cosines, place)[place:] if place else np.arange(len(cosines))
    return dict(zip(rows[chosen].tolist(), cosines[chosen].tolist(), strict=True))


def _of(
    words: Mapping[int, float], rows: NDArray[np.int64], cosines: NDArray[np.float32]
) -> dict[int, float]:
    """Return the cosines of the passages in ``words``; ``rows`` ascend."""
    wanted = np.array(sorted(words), np.int64)
    places = np.searchsorted(rows, wanted)
    return dict(zip(wanted.tolist(), cosines[places].tolist(), strict=True))


def _best(
    scores: Mapping[int, float],
    dense: Mapping[int, float],
    words: Mapping[int, float] | None,
    count: int,
) -> list[Found]:
    order = sorted(scores, key=lambda row: (-scores[row], row))[: max(0, count)]
    return [
        Found(row, scores[row], dense.get(row), None if words is None else words.get(row, 0.0))
        for row in order
    ]
