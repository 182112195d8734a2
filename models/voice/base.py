"""What a voice promises, and the values that go in and come out."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal, Protocol

from models.engines.base import Engine, Samples
from models.errors import ModelError

Ability = Literal["speed", "pitch", "volume"]


@dataclass(frozen=True)
class Audio:
    """Sound of one channel: ``samples`` in -1..1, ``rate`` of them a second."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """How long it takes to play."""
        return len(self.samples) / self.rate


@dataclass(frozen=True)
class Manner:
    """How something is said.

    ``speed``, ``pitch`` and ``volume`` are shares of the voice's own; a voice leaves alone what it cannot change
    (``Voice.can``). ``pause_s`` is the silence between two sentences, made by whoever joins them. ``speaker`` is one of
    ``Voice.speakers``, ``language`` one of ``Voice.languages``; ``""`` means the first.

    Raises:
        ModelError: ``voice.manner`` for a number out of range.
    """

    speed: float = 1.0
    pitch: float = 1.0
    volume: float = 1.0
    pause_s: float = 0.35
    speaker: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            low, high = BOUNDS.get(field.name, (-math.inf, math.inf))
            value = getattr(self, field.name)
            if field.name in BOUNDS and not low <= value <= high:
                raise ModelError("voice.manner", name=field.name, low=float(low), high=float(high))


BOUNDS = {"speed": (0.5, 2.0), "pitch": (0.5, 2.0), "volume": (0.0, 2.0), "pause_s": (0.0, 5.0)}
"""Least and most of each number of a manner: what every engine can do without falling apart."""


class Voice(Engine, Protocol):
    """Reads texts aloud."""

    @property
    def languages(self) -> tuple[str, ...]:
        """BCP 47 codes of what it speaks, such as ``de-DE``, best first."""
        ...

    @property
    def speakers(self) -> tuple[str, ...]:
        """Names of the speakers or moods among which one can choose; empty for a voice that has only one."""
        ...

    @property
    def can(self) -> frozenset[Ability]:
        """Which parts of a manner it can change by itself."""
        ...

    def speak(self, text: str, manner: Manner) -> Iterator[Audio]:
        """Yield what is heard sentence by sentence, each as soon as it is computed.

        Any text is taken as words to say: no signs in it steer the voice. What is longer than a breath is cut. A text
        without a word the voice can say gives nothing. Closing the iterator ends the work after the sentence under way.

        Raises:
            ModelError: ``voice.speaker`` or ``voice.language`` for names it does not know, ``voice.engine_gone`` after
                ``close``, ``voice.stumbled`` when the engine fails at a sentence.
        """
        ...


def first_language(code: str) -> str:
    """Return the language without the country: ``de`` for ``de-DE``."""
    return code.partition("-")[0].lower()


def chosen(wish: str, names: tuple[str, ...], error: str) -> str:
    """Return the name that is wished for, or the first.

    A language also fits without its country.

    Raises:
        ModelError: ``error`` when there is no such name.
    """
    if not wish:
        return names[0] if names else ""
    found = [name for name in names if name == wish] or [
        name for name in names if first_language(name) == wish.lower()
    ]
    if not found:
        raise ModelError(error, wish=wish, known=", ".join(names))
    return found[0]
