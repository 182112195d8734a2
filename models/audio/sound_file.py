"""A first look into a file that should hold sound."""

from dataclasses import dataclass
from pathlib import Path

from models.audio.child import Line, ask, unreadable
from models.errors import ModelError

LONGEST_S = 4 * 3600
SPARE_S = 60
"""So much longer than allowed may a recording be: nobody cuts to the second."""
LOOK_S = 30


@dataclass(frozen=True)
class SoundFile:
    """What a file says about itself, which need not be true.

    ``format`` is FFmpeg's name of it. ``stated_s`` is ``None`` where it does not say how long it is (recordings made by
    browsers); ``is_own_length`` tells that this is the length of the sound, not of the film.
    """

    format: str
    channels: int
    has_video: bool
    stated_s: float | None = None
    is_own_length: bool = True


def look_into(file: Path, *, longest_s: float = LONGEST_S) -> SoundFile:
    """Return what ``file`` says about itself, told by its content whatever its name; takes about 0.3 s.

    Raises:
        ModelError: ``sound.not_found``, ``empty``, ``not_sound``, ``broken``, ``no_sound`` (a film without a sound
            track), ``unknown_codec``, ``too_long`` or ``took_too_long``.
    """
    check_size(file)
    said = [line for line in ask(file, (), work_s=LOOK_S, longest_s=longest_s) if line]
    if not said:
        raise unreadable(file)
    return seen(file, said[0], longest_s)


def check_size(file: Path) -> None:
    """Refuse what is no file, and files in which nothing is."""
    if not file.is_file():
        raise ModelError("sound.not_found")
    if file.stat().st_size == 0:
        raise ModelError("sound.empty")


def seen(file: Path, line: Line, longest_s: float) -> SoundFile:
    """Return the child's first line as a value, if there is sound that can be decoded, and not too much of it."""
    if "error" in line:
        raise unreadable(file)
    if not line["has_sound"]:
        raise ModelError("sound.no_sound") if line["has_video"] else unreadable(file)
    if not line["decodable"]:
        raise ModelError("sound.unknown_codec")
    stated_s = _believable(line, longest_s)
    if stated_s is not None and stated_s > longest_s + SPARE_S:
        raise too_long(stated_s, longest_s)
    return SoundFile(
        format=str(line["format"]),
        channels=int(str(line["channels"])),
        has_video=bool(line["has_video"]),
        stated_s=stated_s,
        is_own_length=bool(line["own"]),
    )


def too_long(seconds: float, longest_s: float) -> ModelError:
    """Return the error for a recording of at least ``seconds``."""
    return ModelError("sound.too_long", minutes=int(seconds // 60), most=int(longest_s // 60))


def _believable(line: Line, longest_s: float) -> float | None:
    """Return the stated length; ``None`` for a lie that would make a short file too long."""
    stated_s, room_s = (float(str(line[name])) if line[name] else None for name in ("stated_s", "room_s"))
    lies = stated_s is not None and room_s is not None and stated_s > longest_s >= room_s
    return None if lies else stated_s
