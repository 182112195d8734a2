"""``do minutes``: minutes of recordings, or of transcripts that ``do transcribe --format json`` wrote."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from models.catalog import Role
from models.engines.base import ChatModel, Sampling
from models.errors import ModelError
from models.library import Library
from models.progress import Progress
from models.store import Store
from stations.commandline import Options
from stations.commands.choice import workshop_of
from stations.commands.do_transcribe import transcribed
from stations.commands.engines import engines, player
from stations.commands.saving import checked_folder, save
from stations.console import Terminal, result, terminal
from stations.speech.exchange import TranscriptFile
from stations.speech.meeting.paper import minutes_json, minutes_markdown
from stations.speech.meeting.points import Minutes
from stations.speech.minutes import minutes
from stations.speech.transcript import Transcript
from stations.texts import say
from stations.units import spoken

SAMPLING = Sampling(temperature=0.2, seed=7)


def run(options: Options) -> int:
    """Take the minutes of each file and return 0, or 1 when one of them failed.

    Reads ``lang``, ``names`` (the files), ``spoken``, ``speakers``, ``format``, ``json``, ``out`` and ``profile``.
    """
    screen, workshop, store = terminal(options.lang), workshop_of(options), Store()
    if options.out:
        checked_folder(options.out)
    model = player(workshop, store, Role.CHAT)
    failed = 0
    with engines(workshop, store, screen, model) as library:
        for file in map(Path, options.names):
            try:
                with _transcript(file, options, library, screen) as transcript, library.borrow_chat() as chat:
                    _hand_over(_taken(chat, transcript, screen), file, options)
            except ModelError as error:
                failed += 1
                problem = say(error.key, options.lang, **spoken(error.facts, options.lang))
                screen.say("speech.file_bad", name=file.name, problem=problem)
    return 1 if failed else 0


@contextmanager
def _transcript(file: Path, options: Options, library: Library, screen: Terminal) -> Iterator[Transcript]:
    if file.suffix.lower() == ".json":
        yield _read(file)
        return
    with transcribed(file, options, library, screen) as transcript:
        yield transcript


def _read(file: Path) -> Transcript:
    try:
        return TranscriptFile.model_validate_json(file.read_bytes()).transcript()
    except OSError as error:
        raise ModelError("speech.file_gone") from error
    except ValidationError as error:
        raise ModelError("speech.not_transcript") from error


def _taken(chat: ChatModel, transcript: Transcript, screen: Terminal) -> Minutes:
    made = Minutes()
    for made in minutes(chat, transcript, screen.language, sampling=SAMPLING):
        screen.report(Progress("speech.step_minutes", round(100 * made.share), 100))
    screen.finish()
    return made


def _hand_over(made: Minutes, file: Path, options: Options) -> None:
    text = minutes_markdown(made, options.lang)
    if options.json:
        text = json.dumps(minutes_json(made), ensure_ascii=False, indent=1)
    if not options.out:
        result(text)
    elif options.json:
        (options.out / f"{file.stem}_minutes.json").write_text(text, encoding="utf-8")
    else:
        save(text, options.out / f"{file.stem}_minutes.{options.format or 'md'}", options.lang)
