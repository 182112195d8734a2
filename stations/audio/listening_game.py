"""Human or machine? Clips of people and the same sentences by a voice of this machine, in an order nobody knows."""

import random
import shutil
import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from models.voice.base import Voice
from stations.speaking.files import write_speech
from stations.speaking.speaking import spoken

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "listening.toml"
FOLDER = Path(__file__).resolve().parents[1] / "assets" / "listening"

Voices = Callable[[], AbstractContextManager[dict[str, Voice]]]
"""Lends a voice for each language."""


@dataclass(frozen=True)
class Clip:
    """A sentence that a person said, and where the recording comes from."""

    file: Path
    language: str
    text: str
    source: str


@dataclass(eq=False)
class Game:
    """One person's game: what is still to come, what is heard now, and how often they were right.

    ``is_real`` tells whether ``clip`` is heard as the person said it; ``None`` before the first and after the last.
    """

    coming: list[tuple[Clip, bool]] = field(default_factory=list)
    clip: Clip | None = None
    is_real: bool | None = None
    rounds: int = 0
    right: int = 0

    def next(self) -> bool:
        """Go on to the next round; ``False`` when the game is over."""
        if not self.coming:
            self.clip, self.is_real = None, None
            return False
        self.clip, self.is_real = self.coming.pop()
        return True

    def guess(self, real: bool) -> bool:
        """Take an answer and return whether it is right; a round counts once."""
        was_right = real == self.is_real
        self.rounds, self.right = self.rounds + 1, self.right + was_right
        self.is_real = None
        return was_right


@cache
def clips() -> tuple[Clip, ...]:
    """Return all recordings of people."""
    found = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["clips"]
    return tuple(
        Clip(FOLDER / each["file"], each["language"], each["text"], each["source"]) for each in found
    )


def new_game(languages: set[str], dice: random.Random | None = None) -> Game:
    """Return a game with every clip once, half of them real, of languages for which there is a voice."""
    dice = dice or random.SystemRandom()
    chosen = [clip for clip in clips() if clip.language in languages]
    dice.shuffle(chosen)
    rounds = [(clip, at % 2 == 0) for at, clip in enumerate(chosen)]
    dice.shuffle(rounds)
    return Game(coming=rounds)


def sounding(game: Game, voices: Voices, to: Path) -> None:
    """Write what is heard in this round into a file whose name tells nothing.

    Raises:
        ModelError: what the voice or the disk says.
    """
    clip = game.clip
    if clip is None:
        return
    if game.is_real:
        shutil.copy(clip.file, to)
        return
    with voices() as lent:
        pieces = spoken(clip.text, {clip.language: lent[clip.language]})
        write_speech((piece.audio for piece in pieces), to, "")
