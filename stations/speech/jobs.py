"""A recording on its way to a transcript: what was asked, how far it is, and the files that belong to it.

Everything lies in one folder of the visitor's own, so that it survives a crash and goes with the visitor.
"""

import secrets
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import ModelError
from stations.speech.transcript import Line

FOLDER = "speech"
ID_BYTES = 9
MOST_PEOPLE = 8


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stage(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    LISTENING = "listening"
    VOICES = "voices"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def unfinished(self) -> bool:
        """Whether there is still something to do, unless a person says so."""
        return self in (Stage.WAITING, Stage.LISTENING, Stage.VOICES)


class Asked(_Entry):
    """What the person wants: in which language it is spoken, by how many, with which names.

    ``language`` ``None`` lets the model tell. ``people`` 0 means that nobody knows, 1 that speakers are not told apart.
    ``together`` reads many stretches at once (files); apart, the first words come sooner (the microphone).
    """

    language: str | None = None
    people: int = Field(0, ge=0, le=MOST_PEOPLE)
    names: tuple[str, ...] = ()
    together: bool = True


class Note(_Entry):
    """Something to tell about a finished job: the key of a sentence and its facts."""

    key: str
    facts: Mapping[str, float | int | str] = Field(default_factory=dict)


class Job(_Entry):
    """The state of one recording.

    ``heard_s`` seconds of ``seconds`` are written down for good, in ``lines_heard`` lines; ``work_s`` seconds were
    spent on them, ``dropped`` places were taken out. ``stated_s`` is the length that the file itself names, ``None``
    while it is unknown. ``channels`` are listened to one after the other, ``None`` for their mix; empty until that
    is told. ``sounds_like`` is a language other than the one that was chosen, if it does. A failed job has a
    ``problem``.
    """

    id: str
    name: str
    asked: Asked
    upload: str
    made_at: datetime
    stage: Stage = Stage.WAITING
    stated_s: float | None = None
    seconds: float = 0.0
    heard_s: float = 0.0
    lines_heard: int = 0
    work_s: float = 0.0
    dropped: int = 0
    language: str = ""
    sounds_like: str = ""
    model: str = ""
    film: bool = False
    channels: tuple[int | None, ...] = ()
    notes: tuple[Note, ...] = ()
    problem: Note | None = None

    @property
    def length_s(self) -> float:
        """How long the recording is, as far as it is known."""
        return max(self.stated_s or 0.0, self.seconds)

    @property
    def apart(self) -> bool:
        """Whether two people have a channel each."""
        return len(self.channels) > 1

    @property
    def share(self) -> float:
        """How much of it is written down, 0..1."""
        return min(1.0, self.heard_s / self.length_s) if self.length_s else 0.0


class JobFolder:
    """The files of one job."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def raw(self) -> Path:
        """Decoded sound, only while it is needed."""
        return self.path / "sound.raw"

    @property
    def mp3(self) -> Path:
        """The sound as browsers play it."""
        return self.path / "audio.mp3"

    def upload(self, job: Job) -> Path:
        """The file that the visitor brought."""
        return self.path / job.upload

    def load(self) -> Job:
        """Return the state that was saved last.

        Raises:
            ModelError: ``speech.job_gone`` when there is none.
        """
        try:
            return Job.model_validate_json((self.path / "job.json").read_bytes())
        except (OSError, ValidationError) as error:
            raise ModelError("speech.job_gone") from error

    def save(self, job: Job) -> None:
        """Keep the state; the file is whole at every moment."""
        part = self.path / "job.json.part"
        part.write_text(job.model_dump_json(), encoding="utf-8")
        part.replace(self.path / "job.json")

    def tidy(self, job: Job) -> None:
        """Delete what a finished job no longer needs: decoded sound, and the upload unless it has pictures."""
        self.raw.unlink(missing_ok=True)
        if not job.film:
            self.upload(job).unlink(missing_ok=True)

    def delete(self) -> None:
        """Delete everything."""
        shutil.rmtree(self.path, ignore_errors=True)


@dataclass(eq=False)
class Work:
    """A job while the program runs: its state, what is being heard right now, and the wishes to stop and to delete."""

    folder: JobFolder
    job: Job
    live: tuple[Line, ...] = ()
    voices_share: float = 0.0
    stopping: threading.Event = field(default_factory=threading.Event)
    deleting: threading.Event = field(default_factory=threading.Event)

    def change(self, **changes: object) -> None:
        """Change the state and keep it."""
        self.job = self.job.model_copy(update=changes)
        self.folder.save(self.job)


def new_job(visitor: Path, file: Path, asked: Asked, name: str) -> JobFolder:
    """Take a file into a visitor's folder as a new job and return its folder.

    The file is moved where that is possible: Gradio's copy in the temporary folder is of no use afterwards.

    Raises:
        ModelError: ``sound.disk_full``.
    """
    job_id = secrets.token_hex(ID_BYTES)
    folder = JobFolder(visitor / FOLDER / job_id)
    folder.path.mkdir(mode=0o700, parents=True)
    upload = f"upload{file.suffix.lower()[:8]}" if file.suffix[1:].isalnum() else "upload"
    try:
        shutil.move(file, folder.path / upload)
    except OSError as error:
        folder.delete()
        free = shutil.disk_usage(visitor).free
        raise ModelError("sound.disk_full", needed=file.stat().st_size, free=free) from error
    folder.save(Job(id=job_id, name=name, asked=asked, upload=upload, made_at=datetime.now(UTC)))
    return folder


def jobs_in(visitor: Path) -> Iterator[JobFolder]:
    """Yield the folders of a visitor's jobs."""
    return (JobFolder(file.parent) for file in (visitor / FOLDER).glob("*/job.json"))


def job_folder(visitor: Path, job_id: str) -> JobFolder | None:
    """Return the folder of one of the visitor's jobs; ``None`` if they have no such job, whatever the id says."""
    known = {each.path.name: each for each in jobs_in(visitor)}
    return known.get(job_id)
