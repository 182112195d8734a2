"""Reads and cuts files in the background, a few ahead of the embedding, and says what became of each."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from queue import Empty, Queue
from typing import Protocol

from models.errors import ModelError
from models.passage_cutting import MOST_TOKENS, passages
from models.passages import Document, Passage
from models.progress import Progress
from models.reading.gathering import GATHERING_LIMITS, Found, GatheringLimits, gathered, paths
from models.reading.ocr import Recogniser
from models.reading.structuring import Wishes, structured
from stations.prose.sentences import spans

AHEAD = 512
"""So many passages are read before they are embedded: a long file does not keep the embedder waiting, and short ones
are embedded together."""
PULSE_S = 0.3
HEAVY_BYTES = 3_000_000
PACKET = ".zip"


class Known(Protocol):
    """What a collection knows of the documents in it (part of ``models.index.base.Index``)."""

    def holds(self, document_id: str, sha256: str) -> bool:
        """Return whether a document is there with just these bytes."""
        ...

    def documents(self) -> tuple[Document, ...]:
        """Return all documents."""
        ...


@dataclass(frozen=True)
class Reading:
    """How files are read and cut.

    ``tokens`` counts those of the embedding model. ``recogniser`` reads pages that are pictures; ``None``: nobody can.
    """

    tokens: Callable[[str], int]
    recogniser: Recogniser | None = None
    most_tokens: int = MOST_TOKENS
    limits: GatheringLimits = GATHERING_LIMITS


@dataclass(frozen=True)
class Outcome:
    """What became of one file, or (with a ``note``) what is being done with it.

    It was read (``document`` and ``passages``), refused (``problem``) or is there already: unchanged, or with the bytes
    of ``twin``. ``through`` is how much of what was given is, in the unit of ``Feed.total``.
    """

    name: str
    through: int = 0
    document: Document | None = None
    passages: tuple[Passage, ...] = ()
    problem: ModelError | None = None
    twin: str = ""
    note: Progress | None = None


class _StoppedError(Exception):
    """Ends the thread at the next page or file: nobody listens any more."""


class Ahead:
    """Counts what is ready and not yet taken, and lets whoever makes it wait when that is a lot."""

    def __init__(self, most: int) -> None:
        self._most, self._count, self._change = most, 0, threading.Condition()

    def more(self, count: int) -> bool:
        """Add, if there is room or nothing is ready, at the latest after ``PULSE_S``; return whether it was added."""
        with self._change:
            fits = self._change.wait_for(
                lambda: self._count == 0 or self._count + count <= self._most, PULSE_S
            )
            self._count += count if fits else 0
            return fits

    def less(self, count: int) -> None:
        """Take away what was taken."""
        with self._change:
            self._count -= count
            self._change.notify()


class Feed:
    """The outcomes of all files of what was given, in order.

    Reads in a thread of its own, which ends soon after ``stop``: at the next page or file, a child process within its
    limits. ``present`` are the names of all files that are there, whether they could be read or not; they are complete
    when the last outcome has come. ``total`` is the work there is, told by the sizes of files (see ``weight``); only
    ratios of it mean something.
    """

    def __init__(self, given: Sequence[Path], known: Known, reading: Reading) -> None:
        self._given, self._known, self._reading = tuple(given), known, reading
        self.present: set[str] = set()
        self.total = 0
        self._twins: dict[str, str] = {}
        self._stopping = threading.Event()
        self._ready: Queue[Outcome | ModelError | None] = Queue()
        self._ahead = Ahead(AHEAD)
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def __iter__(self) -> Iterator[Outcome | None]:
        """Yield each outcome, and ``None`` whenever there was none for ``PULSE_S``.

        Raises:
            ModelError: ``index.…`` where the collection cannot be asked.
        """
        self._thread.start()
        while True:
            try:
                outcome = self._ready.get(timeout=PULSE_S)
            except Empty:
                if not self._thread.is_alive() and self._ready.empty():
                    raise RuntimeError("the feed ended by a mistake that stands in the log") from None
                yield None
                continue
            if outcome is None:
                return
            if isinstance(outcome, ModelError):
                raise outcome
            self._ahead.less(len(outcome.passages))
            yield outcome

    @property
    def has_more(self) -> bool:
        """Whether another outcome is at hand."""
        return not self._ready.empty()

    def stop(self) -> None:
        """Let the thread end."""
        self._stopping.set()

    def _run(self) -> None:
        with suppress(_StoppedError):
            try:
                for outcome in self._outcomes():
                    self._tell(outcome)
                self._tell(None)
            except ModelError as error:
                self._tell(error)

    def _check_stop(self) -> None:
        if self._stopping.is_set():
            raise _StoppedError

    def _tell(self, outcome: Outcome | ModelError | None) -> None:
        self._check_stop()
        self._ready.put(outcome)

    def _outcomes(self) -> Iterator[Outcome]:
        weights = {file: weight(file, self._reading.limits) for file, _ in paths(self._given)}
        self.total = sum(weights.values())
        self._twins = {document.sha256: document.id for document in self._known.documents()}
        through, origin = 0, None
        for found in gathered(self._given, self._reading.limits):
            if origin not in (None, found.origin):
                through += weights.get(origin, 0)
            origin = found.origin
            outcome = self._outcome(self._named(found), through + int(found.share * weights.get(origin, 0)))
            while not self._ahead.more(len(outcome.passages)):
                self._check_stop()
            yield outcome

    def _named(self, found: Found) -> Found:
        """Return a file with a name that no other of this run has."""
        numbered = (f"{found.name} ({number})" for number in count(2))
        name = next(name for name in chain([found.name], numbered) if name not in self.present)
        self.present.add(name)
        return replace(found, name=name)

    def _outcome(self, found: Found, through: int) -> Outcome:
        if found.problem:
            return Outcome(found.name, through, problem=found.problem)
        twin = self._twins.get(found.sha256, found.name)
        if twin != found.name and self._is_there(twin):
            return Outcome(found.name, through, twin=twin)
        self._twins[found.sha256] = found.name
        if self._known.holds(found.name, found.sha256):
            return Outcome(found.name, through)
        try:
            return self._read(found, through)
        except ModelError as error:
            del self._twins[found.sha256]
            return Outcome(found.name, through, problem=error)

    def _read(self, found: Found, through: int) -> Outcome:
        def report(progress: Progress) -> None:
            self._tell(Outcome(found.name, through, note=progress))

        report(Progress("gathering.reading", facts={"name": found.name}))
        wishes = Wishes(self._reading.recogniser, report)
        read = structured(found.file, name=found.name, limits=self._reading.limits.reading, wishes=wishes)
        document = Document(found.name, found.name, found.sha256, read.language, found.modified, read.pages)
        cut = passages(read, document.id, self._reading.tokens, spans, self._reading.most_tokens)
        return Outcome(found.name, through, document, tuple(cut))

    def _is_there(self, name: str) -> bool:
        """Tell whether a document of the collection still lies where it was: a file that was only renamed is new."""
        if name in self.present:
            return True
        first, *_ = name.split("/")
        return any((each / first).exists() if each.is_dir() else each.name == first for each in self._given)


def weight(file: Path, limits: GatheringLimits = GATHERING_LIMITS) -> int:
    """Return about how much work a file is: its bytes; beyond 3 MB they are mostly pictures, but not in a packet."""
    try:
        size = file.stat().st_size
    except OSError:
        return 0
    if file.suffix.lower() == PACKET:
        return size
    return 0 if size > limits.reading.file_bytes else min(size, HEAVY_BYTES)
