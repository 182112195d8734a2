"""Asking the program that takes sound files apart: what it says, or a sentence about why it cannot."""

import json
import subprocess
import sys
from collections.abc import Generator, Sequence
from pathlib import Path

from models.errors import ModelError
from models.leash import Leash, lines

CHILD = ("-I", "-m", "models.audio.sound_child")
MEMORY_BYTES = 1_000_000_000
PULSE_S = 0.3
WATCH_EVERY_S = 1.0
"""Each look at the child costs some milliseconds; on Linux the system itself holds it to its memory."""
HEAD_BYTES = 16
SOUND_STARTS = (
    b"OggS",
    b"fLaC",
    b"ID3",
    b"\x1aE\xdf\xa3",  # Matroska, WebM
    b"FORM",  # AIFF
    b"RF64",
    b"riff",  # W64
    b"#!AMR",
    b"caff",
    b".snd",
    b"0&\xb2u",  # WMA, WMV
    b"wvpk",
    b"MAC ",
    b"TTA1",
    b"FLV",
)
MOVIE_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")

Line = dict[str, object]
Lines = Generator[Line | None, None, None]


def ask(file: Path, places: Sequence[Path], *, work_s: int, longest_s: float) -> Lines:
    """Yield what the child says about ``file`` line by line, ``None`` while it is silent; closing ends the child.

    Without ``places`` it only looks. With them it writes raw samples to the first and an MP3 to the second, and takes
    at most ``work_s`` of time and about ``longest_s`` of sound. Its last line has ``end_s`` unless it broke down.

    Raises:
        ModelError: ``sound.not_found``, ``not_sound``, ``broken`` or ``took_too_long``.
    """
    process = _start(file, (MEMORY_BYTES, work_s, longest_s), places)
    leash = Leash(process)
    assert process.stdout is not None  # noqa: S101 -- it was asked for
    with leash.held(work_s, MEMORY_BYTES, WATCH_EVERY_S):
        for raw in lines(process.stdout, PULSE_S):
            yield None if raw is None else _parsed(raw, file)
    if leash.reason == "time":
        raise ModelError("sound.took_too_long", minutes=max(1, work_s // 60))


def unreadable(file: Path) -> ModelError:
    """Return the error for a file out of which nothing comes: damaged sound, or no sound at all."""
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    return ModelError("sound.broken" if _begins_like_sound(head) else "sound.not_sound")


def _start(file: Path, limits: Sequence[float], places: Sequence[Path]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, *CHILD, *map(str, limits), *map(str, places)]
    try:
        with file.open("rb") as given:
            return subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise ModelError("sound.not_found") from error


def _parsed(raw: bytes, file: Path) -> Line:
    try:
        line = json.loads(raw)
    except ValueError:
        line = None
    if not isinstance(line, dict):
        raise unreadable(file)
    return line


def _begins_like_sound(head: bytes) -> bool:
    if head.startswith(b"RIFF"):
        return head[8:12] in (b"WAVE", b"AVI ", b"")
    if head[:1] == b"\xff" and head[:2] != b"\xff\xfe":  # the byte order mark of a text
        return head[1:2] >= b"\xe0"  # MP3 and AAC without anything before them
    return head.startswith(SOUND_STARTS) or head[4:8] in MOVIE_BOXES
