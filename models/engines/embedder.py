"""Embedding: texts as vectors, so that what means the same lies close together."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from models.engines.base import Engine

Vectors = NDArray[np.float32]
"""One row for each text, each of length 1: the product of two rows is their cosine."""
TextKind = Literal["query", "passage"]
WINDOW = 128
"""Texts that are sorted by length together: rows come in the order of the texts, so more would come later."""
BATCH_LETTERS = 2_500
"""Letters in a batch, the longest text's length counted for each: two passages, half a second of work for one core.
Four times as many are 5 % faster with torch, and slower with other runtimes."""
BATCH_TEXTS = 32


class Embedder(Engine, Protocol):
    """Says in numbers what texts are about."""

    @property
    def dimensions(self) -> int:
        """How many numbers make a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Which space the vectors lie in (see ``fingerprint.same_space``): an index must be asked in its own."""
        ...

    @property
    def fusion_weight(self) -> float:
        """The part of meaning in a search by meaning and words, 0..1."""
        ...

    def embed(self, texts: Sequence[str], kind: TextKind) -> Iterator[Vectors]:
        """Yield the vectors of ``texts`` in their order, some rows at a time, as they are ready.

        Something is yielded about every half second, perhaps no rows (shape ``(0, dimensions)``), so that a Stop is
        noticed: closing the iterator ends the work. ``kind`` says whether somebody asks or is asked. Of a text longer
        than the model reads, the begin counts. Blank texts have vectors too, which mean nothing.

        Raises:
            ModelError: ``embed.engine_gone`` after ``close``.
        """
        ...

    def tokens(self, text: str) -> tuple[str, ...]:
        """Return the pieces in which the model reads ``text``, without prefixes and marks of its own."""
        ...


def embed_all(embedder: Embedder, texts: Sequence[str], kind: TextKind) -> Vectors:
    """Return the vectors of all texts at once, shape ``(len(texts), dimensions)``."""
    empty = np.empty((0, embedder.dimensions), np.float32)
    return np.concatenate([empty, *embedder.embed(texts, kind)])


def in_order(
    texts: Sequence[str], encode: Callable[[list[str]], Vectors], dimensions: int
) -> Iterator[Vectors]:
    """Yield the vectors of ``texts`` in their order; ``encode`` gets batches of texts that are about equally long.

    A batch costs as much as if all its texts were as long as the longest, so texts are sorted, ``WINDOW`` at a time.
    """
    coming = iter(texts)
    while window := list(islice(coming, WINDOW)):
        rows = np.empty((len(window), dimensions), np.float32)
        missing, shown = set(range(len(window))), 0
        for places in _batches(window):
            rows[places] = encode([window[place] for place in places])
            missing.difference_update(places)
            ready = min(missing, default=len(window))
            yield rows[shown:ready].copy()
            shown = ready


def unit(rows: NDArray[np.floating]) -> Vectors:
    """Return rows of length 1, computed in 32 bits: models in 16 bits give lengths that are off by up to 1 %."""
    wide = np.asarray(rows, np.float32)
    return np.asarray(wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-9), np.float32)


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places of texts that are encoded together, longest first."""
    batch: list[int] = []
    for place in sorted(range(len(texts)), key=lambda place: -len(texts[place])):
        longest = len(texts[batch[0]]) if batch else 0
        if batch and (len(batch) == BATCH_TEXTS or longest * (len(batch) + 1) > BATCH_LETTERS):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
