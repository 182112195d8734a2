"""What the program that works on a film is told, and what it tells: plain values, one JSON text each way."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

Mode = Literal["look", "attach", "burn"]
Trouble = Literal[
    "no_video", "unreadable", "wrong_ending", "no_encoder", "no_font", "too_long", "disk_full", "unwritable"
]


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
    """Return the captions in order, those after the end of the film (0: unknown) left out, the last cut short."""
    kept = sorted(captions, key=lambda caption: caption.start_s)
    if end_s <= 0:
        return kept
    return [
        Caption(each.start_s, min(each.end_s, end_s), each.lines) for each in kept if each.start_s < end_s
    ]


def written_to(file: Path, job: Job) -> Path:
    """Write ``job`` into ``file`` and return it."""
    file.write_text(job.written(), encoding="utf-8")
    return file
