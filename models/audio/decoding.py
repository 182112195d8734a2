"""Decoding a recording onto the disk while others already listen to what is there."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from models.audio.child import Line, ask, unreadable
from models.audio.recording import SAMPLE_BYTES, Recording
from models.audio.sound_file import LONGEST_S, SPARE_S, SoundFile, check_size, seen, too_long
from models.audio.whole import is_torn, missing_s
from models.engines.base import SPEECH_RATE
from models.errors import ModelError

SHORTEST_S = 0.1
WORK_S = 3600
"""Four hours take two minutes on an ordinary laptop; a busy old one gets the time."""
STALLED_S = 60
RESERVE_BYTES = 200_000_000
"""What stays free on the disk for everything else."""
MP3_BYTES_PER_S = 8_000


@dataclass(frozen=True)
class Decoding:
    """How far a recording has been decoded.

    ``stated_s`` is how long the file says it is (``None``: it does not). When it is ``done``, ``lost_s`` tells how many
    seconds are missing or damaged by the file's own account; ``cut_off`` tells that it breaks off in the middle, which
    may be all that is known.
    """

    recording: Recording
    seconds_done: float
    stated_s: float | None
    done: bool = False
    lost_s: float = 0.0
    cut_off: bool = False


def decode(file: Path, raw: Path, mp3: Path | None, *, longest_s: float = LONGEST_S) -> Iterator[Decoding]:
    """Decode ``file`` into ``raw`` (grows meanwhile), and into ``mp3`` for listening (there when it is done).

    Yields about four times a second, first as soon as the number of channels is known; the last value is ``done``.
    Another process does the work; it ends when the iterator is closed, and ``raw`` stays as far as it has come. Two
    channels stay two, more become one. Time 0 is where the film begins, holes are silent. Errors leave neither file.

    Raises:
        ModelError: those of ``look_into``, and ``sound.too_short``, ``broken`` (nothing can be decoded), ``disk_full``,
            ``too_long`` (longer than it said) or ``took_too_long``.
    """
    check_size(file)
    part = mp3.with_name(f"{mp3.name}.part") if mp3 else None
    try:
        raw.write_bytes(b"")
        for now in _decoded(file, raw, part, longest_s):
            if now.done and part and mp3:
                part.replace(mp3)
            yield now
    except ModelError:
        raw.unlink(missing_ok=True)
        raise
    finally:
        if part:
            part.unlink(missing_ok=True)


def _decoded(file: Path, raw: Path, part: Path | None, longest_s: float) -> Iterator[Decoding]:
    places = [raw, part] if part else [raw]
    with closing(ask(file, places, work_s=WORK_S, longest_s=longest_s + SPARE_S)) as child:
        sound = seen(file, _first(child, file), longest_s)
        now = Decoding(Recording(raw, 2 if sound.channels == len("LR") else 1), 0.0, sound.stated_s)
        _check_disk(now.recording, sound.stated_s or 0.0)
        yield now
        for line in _patient(child):
            _check_disk(now.recording)
            now = _after(now, line, file, sound) if line else now
            yield now
            if now.done:
                return
    raise unreadable(file)


def _first(child: Iterator[Line | None], file: Path) -> Line:
    line = next((line for line in child if line), None)
    if line is None:
        raise unreadable(file)
    return line


def _patient(child: Iterator[Line | None]) -> Iterator[Line | None]:
    """Yield what the child says until it has been silent for too long."""
    heard_at = time.monotonic()
    for line in child:
        heard_at = time.monotonic() if line else heard_at
        if time.monotonic() > heard_at + STALLED_S:
            raise ModelError("sound.took_too_long", minutes=STALLED_S // 60)
        yield line


def _after(now: Decoding, line: Line, file: Path, sound: SoundFile) -> Decoding:
    """Return how far it is once the child has said ``line``."""
    if "error" in line:
        raise _error(now.recording, line, file)
    if "end_s" not in line:
        return replace(now, seconds_done=_number(line, "at_s"))
    seconds = _number(line, "end_s")
    if seconds < SHORTEST_S:
        raise unreadable(file) if line["troubles"] else ModelError("sound.too_short")
    return replace(
        now,
        seconds_done=seconds,
        done=True,
        lost_s=missing_s(file, sound, seconds) + _number(line, "damaged_s"),
        cut_off=bool(line["cut_off"]) or is_torn(file, sound),
    )


def _error(recording: Recording, line: Line, file: Path) -> ModelError:
    if line["error"] == "too_long":
        return too_long(_number(line, "at_s"), _number(line, "at_s") - SPARE_S)
    if line["error"] == "disk_full":
        return _disk_full(recording, RESERVE_BYTES)
    return unreadable(file)


def _check_disk(recording: Recording, seconds: float = 0.0) -> None:
    """Refuse to write another ``seconds`` where that would fill the disk."""
    bytes_per_s = SPEECH_RATE * SAMPLE_BYTES * recording.channels + MP3_BYTES_PER_S
    needed = round(seconds * bytes_per_s) + RESERVE_BYTES
    if _free_bytes(recording) < needed:
        raise _disk_full(recording, needed)


def _disk_full(recording: Recording, needed: int) -> ModelError:
    return ModelError("sound.disk_full", needed=needed, free=_free_bytes(recording))


def _free_bytes(recording: Recording) -> int:
    return shutil.disk_usage(recording.file.parent).free


def _number(line: Line, name: str) -> float:
    return float(str(line[name]))
