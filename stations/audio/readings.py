"""A text being read aloud beside the page: a file that grows, and how far it is."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.errors import ModelError
from models.voice.base import Audio
from stations.speaking.files import RATE, write_speech
from stations.speaking.sound import resampled
from stations.speaking.speaking import Spoken
from stations.texts import Language

LOOK_EVERY_S = 0.25
FULL_SCALE = 32_767
BLOCK = RATE * 10

Speech = Callable[[], AbstractContextManager[Iterator[Spoken]]]
"""Borrows voices and gives the pieces of a text; the voices go back when the context ends."""


@dataclass(eq=False)
class Reading:
    """One text on its way into ``file``; ``latest`` is what was computed last, ``seconds`` how much in all."""

    file: Path
    latest: Spoken | None = None
    written: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    seconds: float = 0.0
    error: Exception | None = None
    over: threading.Event = field(default_factory=threading.Event)
    _enough: threading.Event = field(default_factory=threading.Event)

    @property
    def left_s(self) -> float:
        """How long the rest will take."""
        return self.latest.left_s if self.latest else 0.0

    def states(self) -> Iterator["Reading"]:
        """Yield this reading about four times a second until it is over.

        Closing the iterator stops the reading; what was spoken by then is kept.

        Raises:
            ModelError: what the voice or the disk says.
        """
        try:
            while not self.over.wait(LOOK_EVERY_S):
                yield self
        finally:
            self._enough.set()
        if self.error is not None:
            raise self.error
        yield self

    def run(self, speech: Speech, title: str, language: Language) -> None:
        """Do the work; for a thread of its own."""
        try:
            with speech() as pieces:
                write_speech(self._heard(pieces), self.file, title, language)
        except (ModelError, OSError, RuntimeError, MemoryError) as error:
            self.error = error
        finally:
            self.over.set()

    def _heard(self, pieces: Iterator[Spoken]) -> Iterator[Audio]:
        with closing(pieces), unpacked(self.file).open("wb") as raw:  # type: ignore[type-var]
            for piece in pieces:
                audio = resampled(piece.audio, RATE)
                raw.write((np.clip(audio.samples, -1, 1) * FULL_SCALE).astype("<i2").tobytes())
                self.latest = piece
                self.seconds += piece.audio.seconds
                self.written += [piece.written] if piece.written else []
                self.said.append(piece.said)
                yield audio
                if self._enough.is_set():
                    return


def unpacked(file: Path) -> Path:
    """Return where the sound of a file lies as it was computed, for other formats."""
    return file.with_suffix(".raw")


def exported(file: Path, to: Path, title: str, language: Language) -> None:
    """Write the sound of a reading into another file; its ending tells the format.

    Raises:
        ModelError: what ``write_speech`` says.
    """
    samples = np.memmap(unpacked(file), "<i2", "r")
    blocks = (samples[at : at + BLOCK] for at in range(0, len(samples), BLOCK))
    write_speech(
        (Audio(block.astype(np.float32) / np.float32(FULL_SCALE), RATE) for block in blocks),
        to,
        title,
        language,
    )


def begin(file: Path, speech: Speech, title: str, language: Language) -> Reading:
    """Begin to read into a file (MP3) and return the reading."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    reading = Reading(file)
    threading.Thread(
        target=reading.run, args=(speech, title, language), name="reading aloud", daemon=True
    ).start()
    return reading
