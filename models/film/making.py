"""Work on a stranger's film in a program of its own, within limits; what goes wrong there becomes a sentence here."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from json import loads
from pathlib import Path
from shutil import disk_usage
from types import MappingProxyType
from typing import BinaryIO, cast

from models.engines.base import BEAT_S
from models.errors import ModelError
from models.film.job import LIMITS, FilmFacts, FilmLimits, Job, written_to
from models.leash import Leash, lines

CHILD = ["-m", "models.film.child"]
PULSE_S = 0.5
CRASHES = {-11, 0xC0000005}
"""FFmpeg read past the end of something: the film is damaged. Other sudden ends mean too little memory."""
KEPT_FREE_BYTES = 300_000_000
"""What a film leaves of the disk: other people's work goes on."""
KEYS: Mapping[str, str] = MappingProxyType(
    {
        "no_video": "export.no_video",
        "unreadable": "export.film_broken",
        "wrong_ending": "export.film_needs_mkv",
        "no_encoder": "export.no_encoder",
        "no_font": "export.no_font",
        "too_long": "export.film_too_long",
        "too_much": "export.film_too_much",
        "disk_full": "export.disk_full",
        "unwritable": "export.film_unwritable",
    }
)


def facts_of(video: Path, name: str, limits: FilmLimits = LIMITS) -> FilmFacts:
    """Return what a film says about itself, in about half a second.

    Raises:
        ModelError: ``export.no_video``, ``export.film_broken``, ``export.film_too_long`` or ``export.film_too_much``.
    """
    found = [line for line in _told(video, name, Job("look", limits=limits)) if line and "facts" in line]
    if not found:
        raise ModelError("export.film_broken", name=name)
    facts = found[0]["facts"]
    assert isinstance(facts, dict)  # noqa: S101 -- the child is our own
    return FilmFacts(**facts)


def made(video: Path, out: Path, job: Job, name: str) -> Iterator[float]:
    """Write a new film to ``out``; yield how much is done, 0..1, at least every ``BEAT_S``.

    The film appears under its name when it is whole. Closing the iterator ends the work and leaves nothing behind.

    Args:
        video: Untrusted.
        out: Where to; its ending tells the format, ``.mp4`` or ``.mkv``.
        job: What to do; its ``out`` and ``container`` are filled in here.
        name: What people call the film, for errors.

    Raises:
        ModelError: one of ``KEYS``, or ``export.film_too_much`` when it takes too long or too much memory.
    """
    container = {".mp4": "mp4", ".mkv": "matroska"}[out.suffix.lower()]
    part = out.with_name(f"{out.name}.part")
    share = 0.0
    try:
        with closing(_told(video, name, replace(job, out=str(part), container=container))) as told:
            for line in told:
                if disk_usage(out.parent).free < KEPT_FREE_BYTES:
                    raise ModelError("export.disk_full")
                at = (line or {}).get("at", share)
                share = float(at) if isinstance(at, int | float) else share
                yield share
        part.replace(out)
        yield 1.0
    finally:
        part.unlink(missing_ok=True)


def _told(video: Path, name: str, job: Job) -> Generator[dict[str, object] | None]:
    """Yield what the program tells, ``None`` while it is silent; return only if it came to its end."""
    with _running(video, job) as (process, leash):
        heard, ended = time.monotonic(), False
        for raw in lines(cast(BinaryIO, process.stdout), BEAT_S):
            if raw is None:
                if time.monotonic() - heard > job.limits.idle_s:
                    leash.end("time")
                yield None
                continue
            line, heard = loads(raw), time.monotonic()
            if "error" in line:
                raise ModelError(KEYS[line["error"]], name=name)
            ended = ended or "end" in line
            yield line
        if not ended:
            crashed = not leash.reason and process.wait() in CRASHES
            raise ModelError("export.film_broken" if crashed else "export.film_too_much", name=name)


@contextmanager
def _running(video: Path, job: Job) -> "Iterator[tuple[subprocess.Popen[bytes], Leash]]":
    with tempfile.TemporaryDirectory() as folder, video.open("rb") as given:
        file = written_to(Path(folder) / "job.json", job)
        process = subprocess.Popen(
            [sys.executable, "-I", *CHILD, str(file)],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        leash = Leash(process)
        with leash.held(job.limits.work_s, job.limits.memory_bytes, PULSE_S):
            yield process, leash
