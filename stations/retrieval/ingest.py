"""Files into a collection: read, cut, embedded, kept; one after another, to be stopped and taken up at any time."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from models.engines.embedder import TextKind, Vectors
from models.errors import ModelError
from models.passages import Document, Passage
from models.progress import Progress
from stations.retrieval.feed import Feed, Known, Outcome, Reading

ENOUGH_PASSAGES = 64
"""Short documents are embedded together up to so many passages: one at a time, a letter wastes half of a batch."""
SURE_AFTER_S, SURE_SHARE = 5.0, 0.03
"""Before that nobody can say how long it takes."""
GONE_AWAY = ("reading.not_found", "gathering.too_many")
"""After these nobody knows whether a file is gone or only cannot be seen just now."""


class Keeps(Known, Protocol):
    """What a collection must do to take documents in (part of ``models.index.base.Index``)."""

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Take a document in, in place of any with the same id."""
        ...

    def remove(self, document_id: str) -> bool:
        """Forget a document."""
        ...


class Embeds(Protocol):
    """What an embedder must do (part of ``models.engines.embedder.Embedder``)."""

    def embed(self, texts: Sequence[str], kind: TextKind) -> Iterator[Vectors]:
        """Yield the vectors of ``texts`` in their order, some rows at a time, perhaps none."""
        ...


@dataclass(frozen=True)
class Step(Progress):
    """One moment of taking files in; of ``done`` and ``total`` only the ratio means something.

    ``name`` is the file it is about. ``problem`` says why a file was refused. ``counts`` are the files so far:
    ``kept``, ``skipped``, ``refused``, ``removed``. ``left_s`` is how long the rest will take, ``None`` while nobody
    can tell.
    """

    name: str = ""
    problem: ModelError | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    left_s: float | None = None


def ingested(
    given: Sequence[Path], index: Keeps, embedder: Embeds, reading: Reading, *, remove_gone: bool = False
) -> Iterator[Step]:
    """Take files, folders and packets into a collection; yield what is done at least every second or so.

    Unchanged files are skipped (by checksum), changed ones read again, a file that cannot be read is named with its
    problem and the others go on; what was there of it stays. Each document is kept as soon as it is whole: closing the
    iterator ends the work and loses only what is not kept yet. ``remove_gone``: documents whose files are not there any
    more are forgotten, unless part of what was given cannot be seen.

    Raises:
        ModelError: ``index.…`` or ``embed.…`` where the collection or the engine fails as a whole.
    """
    feed = Feed(given, index, reading)
    taking = _Taking(feed, index, embedder)
    try:
        for outcome in feed:
            yield from taking.steps(outcome)
        yield from taking.last_steps(remove_gone=remove_gone)
    finally:
        feed.stop()


class _Taking:
    """Takes in what a feed gives and counts it."""

    def __init__(self, feed: Feed, index: Keeps, embedder: Embeds) -> None:
        self._feed, self._index, self._embedder = feed, index, embedder
        self._counts = {"kept": 0, "skipped": 0, "refused": 0, "removed": 0}
        self._waiting: list[Outcome] = []
        self._refused: list[tuple[str, str]] = []
        self._began = time.monotonic()
        self._through = self._skipped = 0
        self._partly = 0
        self._now = Progress("gathering.reading")

    def steps(self, outcome: Outcome | None) -> Iterator[Step]:
        """Yield what follows from one outcome."""
        if outcome is None or outcome.note:
            self._now = outcome.note if outcome and outcome.note else self._now
            yield self._step(self._now.key, str(self._now.facts.get("name", "")), self._now.facts)
        elif outcome.document:
            self._waiting.append(outcome)
        else:
            yield self._passed_over(outcome)
        waiting = sum(len(each.passages) for each in self._waiting)
        if waiting >= ENOUGH_PASSAGES or (waiting and not self._feed.has_more):
            yield from self._embedded()

    def last_steps(self, *, remove_gone: bool) -> Iterator[Step]:
        """Yield what follows after the last outcome."""
        yield from self._embedded()
        if remove_gone and not any(key in GONE_AWAY for _, key in self._refused):
            yield from self._removed()
        self._through, self._partly = self._feed.total, 0
        yield self._step("gathering.done", "", self._counts)

    def _passed_over(self, outcome: Outcome) -> Step:
        self._skipped += max(0, outcome.through - self._through)
        self._through = max(self._through, outcome.through)
        if outcome.problem:
            self._counts["refused"] += 1
            self._refused.append((outcome.name, outcome.problem.key))
            return self._step("gathering.refused", outcome.name, {"name": outcome.name}, outcome.problem)
        self._counts["skipped"] += 1
        key = "gathering.duplicate" if outcome.twin else "gathering.unchanged"
        return self._step(key, outcome.name, {"name": outcome.name, "other": outcome.twin})

    def _embedded(self) -> Iterator[Step]:
        """Embed what waits, and keep each document as soon as its last row has come."""
        waiting, self._waiting = self._waiting, []
        texts = [passage.read_text for outcome in waiting for passage in outcome.passages]
        rows: list[Vectors] = []
        for some in self._embedder.embed(texts, "passage") if texts else ():
            rows.append(some)
            held = sum(map(len, rows))
            while waiting and held >= len(waiting[0].passages):
                outcome = waiting.pop(0)
                held -= len(outcome.passages)
                rows = [self._keep(outcome, np.concatenate(rows))]
                yield self._step("gathering.kept", outcome.name, {"name": outcome.name})
            if waiting:
                first = waiting[0]
                self._partly = int(max(0, first.through - self._through) * held / len(first.passages))
                yield self._step("gathering.embedding", first.name, {"name": first.name})

    def _keep(self, outcome: Outcome, rows: Vectors) -> Vectors:
        """Put a document with its rows into the collection and return the rows of the next ones."""
        count = len(outcome.passages)
        assert outcome.document is not None  # noqa: S101 -- only such outcomes wait
        self._index.put(outcome.document, outcome.passages, rows[:count])
        self._counts["kept"] += 1
        self._through, self._partly = max(self._through, outcome.through), 0
        return rows[count:]

    def _removed(self) -> Iterator[Step]:
        hidden = tuple(f"{name}/" for name, _ in self._refused)
        for document in self._index.documents():
            if document.id not in self._feed.present and not document.id.startswith(hidden):
                self._index.remove(document.id)
                self._counts["removed"] += 1
                yield self._step("gathering.removed", document.name, {"name": document.name})

    def _step(
        self, key: str, name: str, facts: Mapping[str, object], problem: ModelError | None = None
    ) -> Step:
        total = self._feed.total or None
        done = self._through + self._partly
        return Step(key, done, total, "steps", facts, name, problem, dict(self._counts), self._left_s(done))

    def _left_s(self, done: int) -> float | None:
        took, worked = time.monotonic() - self._began, done - self._skipped
        if took < SURE_AFTER_S or worked <= SURE_SHARE * (self._feed.total - self._skipped):
            return None
        return took * (self._feed.total - done) / worked
