"""What happens to one recording: decoded, listened to, speakers told apart. It can stop and go on at any stretch."""

import errno
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Self

from models.audio.channels import channels_to_hear
from models.audio.decoding import Decoding, decode
from models.audio.recording import Recording
from models.audio.sound_file import look_into
from models.catalog import Role
from models.engines.base import Hearing, Transcriber
from models.errors import ModelError
from models.library import Library
from stations.speech.jobs import Job, JobFolder, Note, Stage, Work
from stations.speech.listening import Heard, Stretch, listen
from stations.speech.sheet import Sheet, Sheets
from stations.speech.speed import Speed
from stations.speech.transcript import Line, Transcript, lines_of
from stations.speech.voices import told_apart

BEAT_S = 0.2
ENOUGH_TO_TELL_S = 120.0
"""So much sound tells whether two channels hold two people."""
ENOUGH_FOR_LANGUAGE_S = 60.0
SURELY_OTHER = 0.8
"""From this probability on, people are told that they may have chosen another language than is spoken."""
CHANNEL_SPEAKERS = ("s1", "s2")


def process(work: Work, library: Library, sheets: Sheets, speed: Speed) -> Iterator[None]:
    """Work on a job until it is over, stopped or failed, yielding at least twice a second.

    What is whole stays, whatever happens; closing the iterator leaves the job unfinished, to be taken up again.
    """
    try:
        yield from _worked(work, library, sheets)
        speed.note(work.job.model, work.job.heard_s, work.job.work_s)
    except ModelError as error:
        facts = {name: value for name, value in error.facts.items() if isinstance(value, int | float | str)}
        work.change(stage=Stage.FAILED, problem=Note(key=error.key, facts=facts))
    except MemoryError:
        work.change(stage=Stage.FAILED, problem=Note(key="speech.no_memory"))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        work.change(stage=Stage.FAILED, problem=Note(key="export.disk_full"))
    finally:
        work.live = ()


def _worked(work: Work, library: Library, sheets: Sheets) -> Generator[None, None, None]:
    folder, job = work.folder, work.job
    sheet = _sheet(work, sheets)
    file = look_into(folder.upload(job))
    work.change(stage=Stage.LISTENING, stated_s=file.stated_s, film=file.has_video)
    with Decoder(folder, job) as decoder:
        recording = yield from decoder.begun()
        if not work.job.channels:
            yield from decoder.waited(ENOUGH_TO_TELL_S)
            work.change(channels=_channels(recording, job.asked.people))
        yield from _listened(work, library, decoder, recording, sheet)
        if work.stopping.is_set():
            yield from _stopped(work, decoder)
            return
        told = yield from told_apart(work, recording, sheet, library)
        notes = (*_notes(work.job, decoder.latest, sheet), *told)
        work.change(stage=Stage.DONE, seconds=recording.seconds, heard_s=recording.seconds, notes=notes)
    folder.tidy(work.job)


def _channels(recording: Recording, people: int) -> tuple[int | None, ...]:
    """Return what to listen to; one person in two channels is one sound."""
    found = channels_to_hear(recording)
    return (None,) if people == 1 and len(found) > 1 else found


def _stopped(work: Work, decoder: "Decoder") -> Generator[None, None, None]:
    """Decode the rest, which takes seconds: what is written down is to be listened to, also after the pause."""
    while not (decoder.over() or work.deleting.is_set()):
        yield from decoder.waited(decoder.seconds + 1)
    work.change(stage=Stage.STOPPED)


def _sheet(work: Work, sheets: Sheets) -> Sheet:
    """Return the sheet that the lines go to: a new one, or the one that was left."""
    sheet = sheets.of(work.folder.path)
    sheet.begin(Transcript(title=work.job.name))
    return sheet


def _listened(
    work: Work, library: Library, decoder: "Decoder", recording: Recording, sheet: Sheet
) -> Generator[None, None, None]:
    asked = work.job.asked
    hearing = Hearing(asked.language, asked.names, asked.together)
    with library.borrow_transcriber() as transcriber:
        work.change(model=library.players(Role.TRANSCRIBE)[0].title)
        if asked.language and not work.job.heard_s:
            yield from decoder.waited(ENOUGH_FOR_LANGUAGE_S)
            work.change(sounds_like=_other_language(transcriber, recording, asked.language))
        heard = listen(
            transcriber,
            recording,
            hearing,
            decoded=decoder.over,
            begin_s=work.job.heard_s,
            channels=work.job.channels,
            language=work.job.language or None,
        )
        with closing(heard) as stretches:  # type: ignore[type-var]
            for stretch in stretches:
                _take(work, stretch, recording, sheet)
                if work.stopping.is_set():
                    return
                yield


def _other_language(transcriber: Transcriber, recording: Recording, chosen: str) -> str:
    """Return the language that a recording is surely spoken in, unless that is the chosen one."""
    if len(transcriber.languages) == 1:
        return ""
    language, sure = transcriber.language_of(recording.samples(0.0, ENOUGH_FOR_LANGUAGE_S))
    return language if language != chosen and sure >= SURELY_OTHER else ""


def _take(work: Work, stretch: Stretch, recording: Recording, sheet: Sheet) -> None:
    """Show what a stretch has so far; keep it when it is whole."""
    lines = _lines(stretch.heard, work.job)
    if not stretch.whole:
        work.live = lines
        return
    sheet.append(lines)  # twice is once, should a crash come before the job knows
    sheet.describe(language=stretch.language, seconds=recording.seconds, model=work.job.model)
    work.change(
        heard_s=stretch.end_s,
        lines_heard=work.job.lines_heard + len(lines),
        language=stretch.language,
        seconds=recording.seconds,
        work_s=work.job.work_s + stretch.work_s,
        dropped=work.job.dropped + stretch.dropped,
    )
    work.live = ()


def _lines(heard: tuple[Heard, ...], job: Job) -> tuple[Line, ...]:
    lines: list[Line] = []
    for each in heard:
        speaker = CHANNEL_SPEAKERS[each.channel] if job.apart and each.channel is not None else ""
        lines += lines_of([each.segment], job.lines_heard + len(lines), speaker)
    return tuple(lines)


def _notes(job: Job, decoding: Decoding | None, sheet: Sheet) -> Iterator[Note]:
    if decoding and decoding.lost_s:
        yield Note(
            key="speech.note_incomplete", facts={"lost": decoding.lost_s, "whole": decoding.stated_s or 0.0}
        )
    if decoding and decoding.cut_off and not decoding.lost_s:
        yield Note(key="speech.note_cut_off")
    yield Note(key="speech.note_check" if sheet.read().lines else "speech.note_no_speech")
    if job.sounds_like:
        languages = {"heard_language": job.sounds_like, "chosen_language": job.asked.language or ""}
        yield Note(key="speech.note_language", facts=languages)
    if job.dropped:
        yield Note(key="speech.note_dropped", facts={"count": job.dropped})
    if job.apart:
        yield Note(key="speech.note_channels")


class Decoder:
    """Decodes a job's file beside the listening; the listening begins as soon as there is something to hear."""

    def __init__(self, folder: JobFolder, job: Job) -> None:
        self._folder, self._file = folder, folder.upload(job)
        self.latest: Decoding | None = None
        self._error: ModelError | None = None
        self._enough, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._decode, name="decoding", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def over(self) -> bool:
        """Tell whether no more sound will come.

        Raises:
            ModelError: what was wrong with the file.
        """
        if self._error is not None:
            raise self._error
        return self._over.is_set()

    def begun(self) -> Generator[None, None, Recording]:
        """Wait for the first sound and return the recording."""
        while self.latest is None and not self.over():
            self._over.wait(BEAT_S)
            yield
        if self.latest is None:
            raise ModelError("sound.broken")
        return self.latest.recording

    @property
    def seconds(self) -> float:
        """How much is decoded."""
        return self.latest.recording.seconds if self.latest else 0.0

    def waited(self, seconds: float) -> Generator[None, None, None]:
        """Wait until so much is decoded, or everything."""
        while not self.over() and self.latest is not None and self.seconds < seconds:
            self._over.wait(BEAT_S)
            yield

    def _decode(self) -> None:
        try:
            with closing(decode(self._file, self._folder.raw, self._folder.mp3)) as states:  # type: ignore[type-var]
                for self.latest in states:
                    if self._enough.is_set():
                        return
        except ModelError as error:
            self._error = error
        finally:
            self._over.set()
