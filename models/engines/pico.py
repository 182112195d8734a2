"""Text to speech with SVOX Pico: no neural network, 16 kHz, sixty times faster than speech on one core.

The voices come from the store, the engine from the package py-nanotts (Apache-2.0), which runs in a program of its own
(``pico_child`` tells why).
"""

import json
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.engines.pico_child import FAILED, LENGTH
from models.errors import ModelError
from models.turns import Turn
from models.voice.base import Ability, Audio, Manner, chosen
from models.voice.breath import LONGEST, breaths

RATE = 16_000
LANGUAGES = ("de-DE", "en-GB", "en-US", "es-ES", "fr-FR", "it-IT")
CHILD = ("-I", "-m", "models.engines.pico_child")
HEADROOM = 0.4
"""Pico clips at its own volume; at this share of it, twice the volume hardly does."""
PACE = 0.8
"""Pico hurries: slowed down to this, 6.2 and 7.8 % of the German words were misheard in two runs instead of 8.2 %."""
FULL_SCALE = 32_768
_NOT_SAID = dict.fromkeys((*range(32), *map(ord, "<>\\\x7f")), " ")
"""Signs that begin a tag, and NUL, behind which Pico reads no further."""
_SAME = re.compile(r"([^\W\d_])\1{3,}")
_DIGITS = re.compile(r"\d{15}(?=\d)")
_MARKS = re.compile(r"([^\w\s])\s*(?:[^\w\s]\s*){2,}")


class PicoVoice:
    """Reads aloud with the Pico voices of one folder, for several people in turn.

    ``file`` is the folder or a file in it; the languages are those whose two files lie there. Holds 20 MB, in a
    program of its own that is begun anew when it dies.

    Raises:
        ModelError: ``voice.broken_model`` when there is no voice or the engine cannot read it.
    """

    can: frozenset[Ability] = frozenset({"speed", "pitch", "volume"})
    speakers: tuple[str, ...] = ()

    def __init__(self, file: Path, turn: Turn) -> None:
        self._folder = file if file.is_dir() else file.parent
        self.languages = tuple(code for code in LANGUAGES if _whole(self._folder, code))
        self._turn = turn
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_open = bool(self.languages)
        if not self.languages or not any(self.speak("a", Manner())):
            self.close()
            raise ModelError("voice.broken_model", model=self._folder.name)

    @property
    def is_open(self) -> bool:
        """Whether it can work (see ``Engine.is_open``)."""
        return self._is_open

    def close(self) -> None:
        """End the program; a sentence under way is said to its end."""
        with self._lock:
            self._is_open = False
            self._end()

    def speak(self, text: str, manner: Manner) -> Iterator[Audio]:
        """Yield what is heard breath by breath (see ``Voice.speak``), 16,000 samples a second."""
        wish = {
            "voice": chosen(manner.language, self.languages, "voice.language"),
            "speed": PACE * manner.speed,
            "pitch": manner.pitch,
            "volume": HEADROOM * manner.volume,
        }
        chosen(manner.speaker, self.speakers, "voice.speaker")
        for breath in breaths(_harmless(text), LONGEST):
            if any(sign.isalnum() for sign in breath):
                samples = self._answer({"text": breath, **wish})
                if len(samples):
                    yield Audio(samples.astype(np.float32) / np.float32(FULL_SCALE), RATE)

    def _answer(self, wish: dict[str, object]) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
        """Return what the child says, in whole numbers."""
        with self._lock, self._turn:
            if not self._is_open:
                raise ModelError("voice.engine_gone")
            try:
                return np.frombuffer(self._asked(json.dumps(wish).encode() + b"\n"), "<i2")
            except (OSError, EOFError) as error:
                self._end()
                raise ModelError("voice.stumbled") from error

    def _asked(self, line: bytes) -> bytes:
        child = self._running()
        assert child.stdin and child.stdout  # noqa: S101, PT018 -- both were asked for
        child.stdin.write(line)
        child.stdin.flush()
        head = child.stdout.read(LENGTH.size)
        if len(head) < LENGTH.size:
            raise EOFError
        (length,) = LENGTH.unpack(head)
        if length == FAILED:
            raise ModelError("voice.stumbled")
        samples = child.stdout.read(length)
        if len(samples) < length:
            raise EOFError
        return samples

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, *CHILD, str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _whole(folder: Path, code: str) -> bool:
    """Return whether both files of a language are there: how texts are read, and how that sounds."""
    return (folder / f"{code}_ta.bin").is_file() and any(folder.glob(f"{code}_*_sg.bin"))


def _harmless(text: str) -> str:
    """Return the text without what makes Pico obey, stumble or fall silent for minutes; no word is lost."""
    plain = unicodedata.normalize("NFC", text).translate(_NOT_SAID).encode("utf-8", "ignore").decode()
    plain = _DIGITS.sub(r"\g<0> ", _SAME.sub(r"\1\1\1", plain))
    return _MARKS.sub(r"\1 ", plain)
