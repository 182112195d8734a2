"""``do transcribe``: recordings to text, subtitles or documents, one result for each; the others go on if one fails."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from models.catalog import Role
from models.errors import ModelError
from models.library import Library
from models.progress import Progress
from models.settings import data_folder
from models.store import Store
from stations.commandline import Options
from stations.commands.choice import workshop_of
from stations.commands.engines import engines, player
from stations.commands.saving import checked_folder, move_to, written_out
from stations.console import Terminal, terminal
from stations.speech.board import note_text
from stations.speech.exports import Kind, export
from stations.speech.jobs import Asked, Stage, Work, new_job
from stations.speech.processing import process
from stations.speech.sheet import Sheets
from stations.speech.speed import Speed
from stations.speech.transcript import Transcript
from stations.texts import say
from stations.units import spoken


def run(options: Options) -> int:
    """Write down each file and return 0, or 1 when one of them failed; what is wrong is said at once.

    Reads ``lang``, ``names`` (the files), ``format``, ``spoken``, ``speakers``, ``out`` and ``profile``.
    """
    screen, workshop, store = terminal(options.lang), workshop_of(options), Store()
    files, kind = [Path(name) for name in options.names], cast(Kind, options.format or "txt")
    if options.out:
        checked_folder(options.out)
    player(workshop, store, Role.TRANSCRIBE)
    failed = 0
    with engines(workshop, store, screen) as library:
        for file in files:
            try:
                with transcribed(file, options, library, screen) as transcript:
                    _hand_over(transcript, kind, file, options)
            except ModelError as error:
                failed += 1
                screen.say(
                    "speech.file_bad",
                    name=file.name,
                    problem=say(error.key, options.lang, **spoken(error.facts, options.lang)),
                )
    return 1 if failed else 0


@contextmanager
def transcribed(file: Path, options: Options, library: Library, screen: Terminal) -> Iterator[Transcript]:
    """Write a recording down and lend the transcript; nothing of it stays in temporary folders.

    Raises:
        ModelError: ``speech.file_gone``, or what is wrong with the file or the engine.
    """
    if not file.is_file():
        raise ModelError("speech.file_gone")
    asked = Asked(language=options.spoken, people=options.speakers or 1)
    with tempfile.TemporaryDirectory() as home:
        folder = new_job(Path(home), _linked(file, Path(home)), asked, file.stem)
        work, sheets = Work(folder, folder.load()), Sheets()
        for _ in process(work, library, sheets, Speed(data_folder() / "listening-speed.json")):
            _show(work, screen)
        screen.finish()
        if work.job.problem:
            raise ModelError(work.job.problem.key, **work.job.problem.facts)
        for note in work.job.notes:
            screen.show(note_text(note, options.lang))
        yield sheets.of(folder.path).read()


def _linked(file: Path, home: Path) -> Path:
    """Return a second name for the file that may be moved and deleted; a copy where the disk has no second names."""
    second = home / f"sound{file.suffix}"
    try:
        os.link(file.resolve(), second)
    except OSError:
        shutil.copyfile(file, second)
    return second


def _show(work: Work, screen: Terminal) -> None:
    job, heard = work.job, max(work.job.heard_s, work.live[-1].end_s if work.live else 0.0)
    if job.stage is Stage.VOICES:
        screen.report(Progress("speech.step_voices", round(100 * work.voices_share), 100))
    elif job.stage is Stage.LISTENING:
        screen.report(
            Progress("speech.step_listening", heard, job.length_s or None, facts={"file": job.name})
        )


def _hand_over(transcript: Transcript, kind: Kind, file: Path, options: Options) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = export(transcript, kind, options.lang, Path(folder))
        if options.out:
            move_to(made, options.out / f"{file.stem}{made.suffix}")
        else:
            written_out(made)
