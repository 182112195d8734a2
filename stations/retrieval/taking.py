"""Files on their way into collections, in the background: a few at a time, each to be stopped on its own."""

import logging
import threading
import traceback
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import ModelError
from stations.retrieval.collection import Collection
from stations.retrieval.ingest import Step

LOG = logging.getLogger(__name__)
TOGETHER = 3
"""They share one model; more would only make everybody wait equally long."""
MOST_REFUSED = 200

Steps = Generator[Step, None, None]
Begin = Callable[[Collection], Steps]


@dataclass(eq=False)
class Taking:
    """The work on one collection, as far as it is.

    ``refused`` are files that could not be taken, by name, with what is wrong. ``problem`` ended the work.
    ``was_stopped``: somebody stopped it. ``once_more``: files came after it had begun.
    """

    step: Step | None = None
    refused: dict[str, ModelError] = field(default_factory=dict)
    problem: ModelError | None = None
    is_over: bool = False
    was_stopped: bool = False
    once_more: bool = False

    def stop(self) -> None:
        """Let it end soon; what is taken in stays."""
        self.was_stopped = True


class Takings:
    """Everybody's work in the background. ``begin`` makes the steps of a collection."""

    def __init__(self, begin: Begin) -> None:
        self._begin, self._lock = begin, threading.Lock()
        self._takings: dict[Path, tuple[Taking, Future[None]]] = {}
        self._pool = ThreadPoolExecutor(TOGETHER, thread_name_prefix="taking")

    def add(self, wanted: Collection) -> Taking:
        """Take in what lies in a collection's folder; if that is going on, once more when it is through."""
        with self._lock:
            taking, future = self._takings.get(wanted.file, (None, None))
            if taking and not taking.is_over and not taking.was_stopped:
                taking.once_more = True
                return taking
            taking = Taking()
            self._takings[wanted.file] = taking, self._pool.submit(self._run, wanted, taking, future)
            return taking

    def of(self, wanted: Collection) -> Taking | None:
        """Return the latest work on a collection since the program began."""
        found = self._takings.get(wanted.file)
        return found[0] if found else None

    def end(self, wanted: Collection) -> None:
        """Stop the work on a collection and wait until it has let go."""
        with self._lock:
            taking, future = self._takings.pop(wanted.file, (None, None))
        if taking and future:
            taking.stop()
            if not future.cancel():
                future.result()

    def close(self) -> None:
        """Stop everything and wait for it; documents that are not whole are read again the next time."""
        for taking, _ in list(self._takings.values()):
            taking.stop()
        self._pool.shutdown(cancel_futures=True)

    def _run(self, wanted: Collection, taking: Taking, before: Future[None] | None) -> None:
        if before:
            wait([before])  # one at a time writes into a collection
        try:
            while not taking.is_over:
                self._go_through(wanted, taking)
                self._end_unless_more(taking)
        except ModelError as error:
            taking.problem = error
        except Exception as error:  # noqa: BLE001 - a thread: nobody else would hear of it
            LOG.error("taking files in ended by a mistake: %s in %s", type(error).__name__, _places(error))
            taking.problem = ModelError("gathering.mistake", kind=type(error).__name__)
        finally:
            taking.is_over = True

    def _end_unless_more(self, taking: Taking) -> None:
        with self._lock:
            taking.is_over = not taking.once_more or taking.was_stopped
            taking.once_more = False

    def _go_through(self, wanted: Collection, taking: Taking) -> None:
        steps = self._begin(wanted)
        try:
            for step in steps:
                taking.step = step
                if step.problem and len(taking.refused) < MOST_REFUSED:
                    taking.refused[step.name] = step.problem
                if taking.was_stopped:
                    return
        finally:
            steps.close()


def _places(error: Exception) -> str:
    """Return where a mistake came from; its message may hold words of a document, which no log gets."""
    frames = traceback.extract_tb(error.__traceback__)
    return ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
