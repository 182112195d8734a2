"""What the program that works on a film is told, and what it tells: plain values, one JSON text each way."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal, Self

Mode = Literal["look", "attach", "burn"]
Trouble = Literal[
    "no_video",
    "unreadable",
    "wrong_ending",
    "no_encoder",
    "no_font",
    "too_long",
    "too_much",
    "disk_full",
    "unwritable",
]


MOST_AT_ONCE = 3
"""Overlapping captions: nobody reads more."""


@dataclass(frozen=True)
class Caption:
    """Lines that are shown from ``start_s`` to ``end_s``, seconds from the beginning of the film."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class FilmLimits:
    """How much effort a film may cost.

    ``work_s`` ends a program that does not come to an end, ``idle_s`` one that does not come forward.
    """

    seconds: float = 18_000.0
    pixels: int = 40_000_000
    memory_bytes: int = 3_000_000_000
    work_s: float = 43_200.0
    idle_s: float = 300.0


LIMITS = FilmLimits()


@dataclass(frozen=True)
class Job:
    """One film's work; ``language`` is ISO 639-2 (``deu``), ``fonts`` are files or names, the first that fits is taken.

    ``container`` is FFmpeg's name of the format of ``out``.
    """

    mode: Mode
    out: str = ""
    container: str = "mp4"
    captions: tuple[Caption, ...] = ()
    language: str = "und"
    fonts: tuple[str, ...] = ()
    limits: FilmLimits = LIMITS

    def written(self) -> str:
        """Return the job as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the job that ``written`` wrote."""
        raw = json.loads(text)
        captions = tuple(
            Caption(each["start_s"], each["end_s"], tuple(each["lines"])) for each in raw.pop("captions")
        )
        limits = FilmLimits(**raw.pop("limits"))
        return cls(captions=captions, fonts=tuple(raw.pop("fonts")), limits=limits, **raw)


@dataclass(frozen=True)
class FilmFacts:
    """What a film says about itself.

    ``seconds`` is 0 where it does not say; ``width`` and ``height`` are pixels as stored (a phone may turn them);
    ``fits_mp4``: its picture and sound may lie in an MP4 file as they are.
    """

    seconds: float
    width: int
    height: int
    has_sound: bool
    fits_mp4: bool


class FilmError(Exception):
    """Why the program cannot go on; ``trouble`` is all that leaves it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble: Trouble = trouble


def between(captions: Sequence[Caption], end_s: float) -> list[Caption]:
    """Return the captions one after the other, none after the end of the film (0: unknown).

    Where some overlap, all of their lines are shown together, of at most ``MOST_AT_ONCE``.
    """
    until_s = end_s if end_s > 0 else float("inf")
    kept = [replace(each, end_s=min(each.end_s, until_s)) for each in captions if each.start_s < until_s]
    waiting = sorted(kept, key=lambda each: each.start_s, reverse=True)
    found, now = [], list[Caption]()
    for begin, end in pairwise(sorted({edge for each in kept for edge in (each.start_s, each.end_s)})):
        now = [each for each in now if each.end_s > begin]
        while waiting and waiting[-1].start_s <= begin:
            now.append(waiting.pop())
        now = now[-MOST_AT_ONCE:]
        if lines := tuple(line for each in now for line in each.lines if each.end_s > begin):
            found.append(Caption(begin, end, lines))
    return found


def written_to(file: Path, job: Job) -> Path:
    """Write ``job`` into ``file`` and return it."""
    file.write_text(job.written(), encoding="utf-8")
    return file
