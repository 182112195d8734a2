"""Takes documents into an index: embeds their passages and puts each document in as soon as it is whole."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.engines.embedder import Embedder, Vectors
from models.index.base import Index, Space
from models.passages import Document, Passage

TOGETHER = 128
"""Passages of small documents that are embedded together: a mail alone would be a batch of one."""
Cut = tuple[Document, Sequence[Passage]]
"""A document and the passages it was cut into."""


@dataclass(frozen=True)
class Indexed:
    """How far it is: passages embedded, documents that are in, and the one that has just come in or been skipped."""

    passages: int = 0
    documents: int = 0
    unchanged: int = 0
    latest: Document | None = None


def space_of(embedder: Embedder) -> Space:
    """Return what an index must be made for to hold this model's vectors."""
    return Space(embedder.fingerprint, embedder.dimensions)


def take_in(index: Index, embedder: Embedder, documents: Iterable[Cut]) -> Iterator[Indexed]:
    """Embed documents and put them in; yield about every half second how far it is, and after every document.

    ``documents`` are taken as they are needed. What ``latest`` has named is in the index for good; closing the iterator
    leaves out the rest. Documents that are there with the same ``sha256`` are skipped.

    Raises:
        ModelError: what the index or the embedder says.
    """
    so_far = Indexed()
    for group in _groups(documents):
        new = [cut for cut in group if not index.holds(cut[0].id, cut[0].sha256)]
        for document, _ in (cut for cut in group if cut not in new):
            so_far = replace(so_far, unchanged=so_far.unchanged + 1, latest=document)
            yield so_far
        so_far = yield from _group_in(index, embedder, new, so_far)


def _group_in(
    index: Index, embedder: Embedder, group: Sequence[Cut], so_far: Indexed
) -> Generator[Indexed, None, Indexed]:
    waiting, rows = deque(group), np.empty((0, embedder.dimensions), np.float32)
    texts = [passage.read_text for _, passages in group for passage in passages]
    for more in embedder.embed(texts, "passage"):
        rows = np.concatenate([rows, more])
        so_far = replace(so_far, passages=so_far.passages + len(more), latest=None)
        yield so_far
        while waiting and len(waiting[0][1]) <= len(rows):
            so_far, rows = _put(index, waiting.popleft(), rows, so_far)
            yield so_far
    while waiting:  # those without a passage
        so_far, rows = _put(index, waiting.popleft(), rows, so_far)
        yield so_far
    return so_far


def _put(index: Index, cut: Cut, rows: Vectors, so_far: Indexed) -> tuple[Indexed, Vectors]:
    document, passages = cut
    index.put(document, passages, rows[: len(passages)])
    return replace(so_far, documents=so_far.documents + 1, latest=document), rows[len(passages) :]


def _groups(documents: Iterable[Cut]) -> Iterator[list[Cut]]:
    group: list[Cut] = []
    for cut in documents:
        group.append(cut)
        if sum(len(passages) for _, passages in group) >= TOGETHER:
            yield group
            group = []
    if group:
        yield group
