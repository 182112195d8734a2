"""Long steps of work in short beats: whoever waits for the end of a step can still show something and be stopped."""

import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.engines.base import BEAT_S

State = TypeVar("State")


@dataclass(frozen=True)
class _Over:
    """The work has ended, with or without an error."""

    error: BaseException | None = None


class _Work(Generic[State]):
    """Goes through an iterator in a thread of its own and hands on what comes out."""

    def __init__(self, states: Generator[State, None, None]) -> None:
        self._states = states
        self.news: queue.SimpleQueue[State | _Over] = queue.SimpleQueue()
        self.unwanted = threading.Event()

    def run(self) -> None:
        over = _Over()
        try:
            for state in self._states:
                self.news.put(state)
                if self.unwanted.is_set():
                    break
            self._states.close()
        except BaseException as error:  # noqa: BLE001 - raised again where the work was asked for
            over = _Over(error)
        finally:
            self.news.put(over)


def in_beats(
    states: Generator[State, None, None], beat_s: float = BEAT_S
) -> Generator[State | None, None, None]:
    """Yield each state once, in order, and ``None`` whenever nothing new came for ``beat_s`` seconds.

    The states are made in another thread. Closing the iterator returns at once; the work ends after the state that is
    being made then. An error of the work is raised here.
    """
    work = _Work(states)
    threading.Thread(target=work.run, name="long steps", daemon=True).start()
    try:
        while not isinstance(state := _next(work, beat_s), _Over):
            yield state
        if state.error is not None:
            raise state.error
    finally:
        work.unwanted.set()


def _next(work: _Work[State], beat_s: float) -> State | _Over | None:
    try:
        return work.news.get(timeout=beat_s)
    except queue.Empty:
        return None
