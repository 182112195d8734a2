"""One transcript on disk, in a folder of the visitor's own: written by the machine at its end, changed by a person.

The file is whole at every moment (written beside, then renamed), and holds the way back, so that undoing survives a
restart. Several threads and processes may use it at once.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout
from pydantic import ValidationError

from models.errors import ModelError
from stations.speech.history import State, Work, carried_out, changed, described, grown
from stations.speech.operations import Operation
from stations.speech.splices import Splice, step_between
from stations.speech.transcript import Line, Transcript

FILE = "transcript.json"
KEPT_NEWS = 100
KEPT_SHEETS = 8
LOCK_S, LOCK_PAUSE_S = 20, 0.02
_Stamp = tuple[int, int, int]
_News = tuple[int, int, tuple[Splice, ...]]
"""From which revision to which, and how."""


@dataclass(frozen=True)
class Change:
    """What leads a page to ``revision``: ``splices``, one after the other.

    With ``whole`` there is one, which takes the place of everything that the page holds.
    """

    revision: int
    splices: tuple[Splice, ...]
    transcript: Transcript
    can_undo: bool
    can_redo: bool
    whole: bool

    @property
    def speakers(self) -> Mapping[str, str]:
        """The names of all speakers by id, as they are now."""
        return self.transcript.speakers


class Sheet:
    """A transcript with its history, in ``folder``. Safe for several threads and processes.

    Its methods raise ``editor.none`` where there is no transcript, ``editor.broken`` where the file cannot be read,
    ``editor.busy`` when somebody else holds it for long, and ``editor.not_saved`` when the disk takes nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._lock = FileLock(folder / f"{FILE}.lock", timeout=LOCK_S, poll_interval=LOCK_PAUSE_S, mode=0o600)
        self._own = threading.RLock()
        self._cached: tuple[_Stamp, State] | None = None
        self._news: list[_News] = []

    @classmethod
    def opened(cls, folder: Path, transcript: Transcript) -> Self:
        """Return the sheet of a folder; if there is none yet, it begins with ``transcript``."""
        sheet = cls(folder)
        sheet.begin(transcript)
        return sheet

    def begin(self, transcript: Transcript) -> None:
        """Put a transcript there unless there is one."""
        with self._alone():
            if not self.exists:
                self._save(State(transcript=transcript))

    @property
    def exists(self) -> bool:
        """Whether there is a transcript."""
        return self._file.exists()

    def read(self) -> Transcript:
        """Return the transcript as it is now."""
        with self._own:
            return self._state().transcript

    def since(self, revision: int | None) -> Change:
        """Return what changed since a revision; everything where that is not known any more."""
        with self._own:
            return self._change(self._state(), revision)

    def apply(self, revision: int, operation: Operation) -> Change:
        """Carry out what a person wants who sees ``revision``, and return what changed since.

        Raises:
            ModelError: ``editor.stale`` when more than lines at the end changed since that revision,
                ``editor.no_undo``, ``editor.no_redo``, and what the operation itself raises.
        """
        with self._alone():
            state = self._state()
            if not state.edited <= revision <= state.revision:
                raise ModelError("editor.stale")
            return self._change(self._save(carried_out(state, operation)), revision)

    def change(self, work: Work) -> Transcript:
        """Let the program change the transcript as it is now, as one step that can be taken back."""
        with self._alone():
            return self._save(changed(self._state(), work)).transcript

    def append(self, lines: Sequence[Line]) -> None:
        """Put lines at the end that are not there yet; what people changed stays.

        Lines of the last time are known even if somebody deleted them meanwhile: whoever goes on after a crash may
        bring them again. Speakers that the transcript does not know get no name.
        """
        with self._alone():
            self._save(grown(self._state(), lines))

    def describe(self, **facts: str | float) -> None:
        """Change ``title``, ``seconds``, ``language`` or ``model``; nobody can take that back."""
        with self._alone():
            self._save(described(self._state(), **facts))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with self._own, self._lock:
                yield
        except Timeout as error:
            raise ModelError("editor.busy") from error

    def _state(self) -> State:
        """Return what is on disk, from memory as long as nobody else has written."""
        try:
            stamp = _stamp(self._file)
            if self._cached and self._cached[0] == stamp:
                return self._cached[1]
            with self._alone():  # Windows cannot rename onto a file that is being read
                stamp, text = _stamp(self._file), self._file.read_bytes()
            state = State.model_validate_json(text)
        except FileNotFoundError as error:
            raise ModelError("editor.none") from error
        except (OSError, ValidationError) as error:
            raise ModelError("editor.broken") from error
        self._keep(stamp, state)
        return state

    def _save(self, state: State) -> State:
        if self._cached and self._cached[1] is state:
            return state
        part = self._file.with_name(f"{FILE}.part")
        try:
            opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(opened, "wb") as new:
                new.write(state.model_dump_json().encode())
                new.flush()
                os.fsync(new.fileno())
            part.replace(self._file)
            stamp = _stamp(self._file)
        except OSError as error:
            raise ModelError("editor.not_saved") from error
        self._keep(stamp, state)
        return state

    def _keep(self, stamp: _Stamp, state: State) -> None:
        """Remember a state, and the way to it from the one before, whoever made it."""
        if self._cached:
            before = self._cached[1]
            step = step_between(before.transcript, state.transcript)
            self._news = [*self._news, (before.revision, state.revision, step.splices)][-KEPT_NEWS:]
        self._cached = stamp, state

    def _change(self, state: State, revision: int | None) -> Change:
        splices = self._splices(state, revision)
        everything = (Splice(at=0, removed=0, lines=state.transcript.lines),)
        return Change(
            revision=state.revision,
            splices=everything if splices is None else splices,
            transcript=state.transcript,
            can_undo=bool(state.undo),
            can_redo=bool(state.redo),
            whole=splices is None,
        )

    def _splices(self, state: State, revision: int | None) -> tuple[Splice, ...] | None:
        if revision == state.revision:
            return ()
        news = list(dropwhile(lambda one: one[0] != revision, self._news))
        return tuple(splice for _, _, splices in news for splice in splices) if news else None


class Sheets:
    """The sheets in use, so that not every request reads a whole file; those used longest ago are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sheets: OrderedDict[Path, Sheet] = OrderedDict()

    def of(self, folder: Path) -> Sheet:
        """Return the sheet of a folder, the same one as long as it is in use."""
        with self._lock:
            sheet = self._sheets.setdefault(folder, Sheet(folder))
            self._sheets.move_to_end(folder)
            while len(self._sheets) > KEPT_SHEETS:
                self._sheets.popitem(last=False)
            return sheet


def _stamp(file: Path) -> _Stamp:
    """Return what differs after every rename onto ``file``."""
    about = file.stat()
    return about.st_ino, about.st_mtime_ns, about.st_size
