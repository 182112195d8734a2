"""``do speak``: a text or a file read aloud into a sound file."""

import os
import tempfile
from pathlib import Path

from models.catalog import Role
from models.errors import ModelError
from models.progress import Progress
from models.reading.reader import read_document
from models.store import Store
from models.voice.base import Audio
from stations.audio.voices import borrowed, voice_named
from stations.commandline import Options
from stations.commands.choice import workshop_of
from stations.commands.engines import engines, player
from stations.commands.saving import checked_folder, move_to, written_out
from stations.console import Terminal, terminal
from stations.speaking.files import KINDS, write_speech
from stations.speaking.speaking import Spoken, spoken

TITLE_CHARACTERS = 60


def run(options: Options) -> int:
    """Read the text aloud and return 0.

    Reads ``lang``, ``names`` (a file, or words), ``voice``, ``out`` (its ending tells the format) and ``profile``.

    Raises:
        ModelError: what is wrong with the text, the voice or the place.
    """
    screen, workshop, store = terminal(options.lang), workshop_of(options), Store()
    kind = _kind(options.out)
    title, text = _text(options.names)
    player(workshop, store, Role.VOICE)
    with engines(workshop, store, screen) as library, tempfile.TemporaryDirectory() as folder:
        choice = voice_named(library, options.voice)
        made = (Path(folder) / "sound").with_suffix(f".{kind}")
        with borrowed(library, choice) as voices:
            pieces = (_reported(piece, screen) for piece in spoken(text, voices))
            write_speech(pieces, made, title, options.lang)
        screen.finish()
        if options.out:
            move_to(made, options.out)
        else:
            written_out(made)
    return 0


def _kind(out: Path | None) -> str:
    if out is None:
        return "wav"
    kind = out.suffix.lstrip(".").lower()
    if kind not in KINDS:
        raise ModelError("voice.kind", kinds=", ".join(KINDS))
    checked_folder(out.absolute().parent)
    return kind


def _text(names: tuple[str, ...]) -> tuple[str, str]:
    """Return a title and what is to be read: the content of a file, or the words themselves."""
    if len(names) == 1 and os.path.isfile(names[0]):  # noqa: PTH113 - a text longer than any name is no file
        return Path(names[0]).stem, read_document(Path(names[0])).text
    text = " ".join(names)
    return text[:TITLE_CHARACTERS], text


def _reported(piece: Spoken, screen: Terminal) -> Audio:
    screen.report(Progress("audio.step_speaking", round(100 * piece.share), 100))
    return piece.audio
