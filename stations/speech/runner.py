"""Works on everybody's recordings beside the page: in turns, so that a short one never waits for a long one to end."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError
from models.line import FairLine
from stations.speech.jobs import FOLDER, JobFolder, Note, Stage, Work

LOG = logging.getLogger(__name__)
AT_ONCE = 4
"""So many recordings are worked on in turns; more would only take memory."""
PATIENCE_S = 10.0
"""How long deleting waits for the work on a recording to end."""

Process = Callable[[Work], Iterator[None]]


@dataclass(eq=False)
class _Running:
    """A job being worked on: its steps, and the seconds it has had, counted like those of the others."""

    work: Work
    steps: Iterator[None]
    had_s: float


class Runner:
    """One thread that works on all jobs, each in small steps; ``process`` does the work.

    People come before their second recordings (see ``FairLine``); among those at work, whoever had least goes on.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._works: dict[str, Work] = {}
        self._line: FairLine[str] = FairLine()
        self._running: dict[str, _Running] = {}
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def add(self, folder: JobFolder) -> Work:
        """Put a job in the line, a new one or one that was stopped."""
        work = Work(folder, folder.load())
        work.change(stage=Stage.WAITING, problem=None)
        with self._news:
            self._works[work.job.id] = work
            self._line.join(work.job.id, _person(folder), self._served())
            self._start()
            self._news.notify()
        return work

    def take_up(self, visitors: Path) -> int:
        """Put every job that a crash or the end of the program left unfinished in the line; return how many."""
        found = 0
        for file in sorted(visitors.glob(f"*/{FOLDER}/*/job.json")):
            with suppress(ModelError):
                folder = JobFolder(file.parent)
                if folder.load().stage.unfinished:
                    self.add(folder)
                    found += 1
        return found

    def work_on(self, folder: JobFolder) -> Work:
        """Return a job's state: as it is now, or as it was left.

        Raises:
            ModelError: ``speech.job_gone``.
        """
        return self._works.get(folder.path.name) or Work(folder, folder.load())

    def place(self, job_id: str) -> int:
        """Return a job's place in the line: 1 begins next, 0 has begun or is over."""
        with self._news:
            order = self._line.order()
        return order.index(job_id) + 1 if job_id in order else 0

    def stop(self, folder: JobFolder) -> None:
        """Stop a job; what is written down stays."""
        if work := self._works.get(folder.path.name):
            work.stopping.set()
            with self._news:
                waited = self._line.leave(work.job.id)
            if waited:
                work.change(stage=Stage.STOPPED)

    def delete(self, folder: JobFolder) -> None:
        """Stop a job and delete all its files."""
        if work := self._works.get(folder.path.name):
            work.deleting.set()
        self.stop(folder)
        until = time.monotonic() + PATIENCE_S
        while folder.path.name in self._running and time.monotonic() < until:
            time.sleep(0.05)
        with self._news:
            self._works.pop(folder.path.name, None)
        folder.delete()

    def close(self) -> None:
        """End the work; unfinished jobs are taken up at the next start."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread:
            self._thread.join(PATIENCE_S)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="recordings", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (running := self._next()) is not None:
            began = time.monotonic()
            if not _stepped(running):
                self._end(running)
            running.had_s += time.monotonic() - began
        for running in self._running.values():
            running.steps.close()  # type: ignore[attr-defined]

    def _next(self) -> _Running | None:
        """Return the job that had least, after waiting for one; ``None`` at the end."""
        with self._news:
            while not self._closed:
                self._admit()
                if self._running:
                    return min(self._running.values(), key=lambda each: each.had_s)
                self._news.wait()
        return None

    def _admit(self) -> None:
        for job_id in self._line.order()[: AT_ONCE - len(self._running)]:
            self._line.begin(job_id)
            work = self._works[job_id]
            least = min((each.had_s for each in self._running.values()), default=0.0)
            self._running[job_id] = _Running(work, self._process(work), least)

    def _end(self, running: _Running) -> None:
        with self._news:
            self._running.pop(running.work.job.id, None)

    def _served(self) -> Iterable[str]:
        return [_person(each.work.folder) for each in self._running.values()]


def _stepped(running: _Running) -> bool:
    """Go one step on; ``False`` when the job is over."""
    try:
        next(running.steps)
    except StopIteration:
        return False
    except Exception:
        LOG.exception("work on a recording failed")
        running.work.change(stage=Stage.FAILED, problem=Note(key="speech.bug"))
        return False
    return True


def _person(folder: JobFolder) -> str:
    return folder.path.parents[1].name
