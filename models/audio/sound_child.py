"""A program of its own that takes one sound or video file apart: the file comes on standard input, JSON lines go out.

Started with ``python -I -m``. A file made to fill the memory or to crash a codec ends this process and no other.
Arguments: how many bytes of memory, seconds of computing and seconds of sound there may be; then nothing (only a
look), or where to write raw samples, or that and where to write an MP3.
"""

import errno
import json
import os
import sys
import time
from typing import TYPE_CHECKING, BinaryIO

from models.audio.frames import Clock, Frames
from models.audio.sink import Sink

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dss,dts,eac3,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,"
    "mp3,mpeg,mpegts,mxf,ogg,rm,tta,voc,w64,wav,wv"
)
"""What may be opened. Playlists (HLS, DASH, concat) may not: they make FFmpeg read other files and addresses."""
LOWEST_RATE = 4_000
TELL_EVERY_S = 0.2
EXTRA_S = 60
NICE = 5

Line = dict[str, object]


def main(memory_bytes: int, work_s: int, longest_s: float, places: list[str]) -> None:
    """Tell about the file, and decode it if there is a place for it."""
    _lock_in(memory_bytes, work_s)
    import av

    try:
        with opened(os.fdopen(0, "rb")) as container:
            stream = _sound_of(container)
            said = about(container, stream)
            _tell(said)
            if places and stream is not None and said["decodable"]:
                decode(container, stream, longest_s, places)
    except (av.FFmpegError, OSError) as error:
        _tell({"error": "disk_full" if error.errno == errno.ENOSPC else "unreadable"})


def opened(file: BinaryIO) -> "InputContainer":
    """Return ``file`` for taking apart; whatever it names beside itself stays closed."""
    import av

    options = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
    return av.open(file, "r", options=options, metadata_errors="ignore")


def about(container: "InputContainer", stream: "AudioStream | None") -> Line:
    """Return what the file says about itself; ``own`` tells that the length is the sound's, not the picture's."""
    line: Line = {"format": container.format.name, "has_video": _has_video(container)}
    if stream is None:
        return line | {"has_sound": False, "decodable": False}
    context = stream.codec_context
    decodable = context is not None and context.sample_rate >= LOWEST_RATE
    return line | {
        "has_sound": True,
        "decodable": decodable,
        "stated_s": _own_s(stream) or _whole_s(container) or None,
        "own": bool(_own_s(stream)) or not _has_video(container),
        "channels": context.channels if decodable else 0,
        "room_s": _room_s(container, stream) if decodable else None,
    }


def decode(container: "InputContainer", stream: "AudioStream", longest_s: float, places: list[str]) -> None:
    """Write the sound, telling several times a second how far it is; at last ``end_s`` and what was wrong."""
    _skip_others(container, stream)
    begin_s = (
        container.start_time / 1e6 if _has_video(container) and container.start_time is not None else None
    )
    frames, clock = Frames(container, stream), Clock(begin_s, _own_s(stream) or _whole_s(container))
    damaged_s = told_at = 0.0
    with Sink(stream.codec_context.channels, *places) as sink:
        for frame in frames:
            hole_s = min(clock.hole(frame), longest_s)
            damaged_s += hole_s if frames.troubled else 0.0
            sink.put(frame, hole_s)
            if sink.seconds > longest_s:
                return _tell({"error": "too_long", "at_s": sink.seconds})
            if time.monotonic() > told_at + TELL_EVERY_S:
                sink.flush()
                _tell({"at_s": sink.seconds})
                told_at = time.monotonic()
        sink.finish()
    wrong: Line = {"damaged_s": damaged_s, "cut_off": frames.cut_off, "troubles": frames.troubles}
    return _tell(wrong | {"end_s": sink.seconds})


def _sound_of(container: "InputContainer") -> "AudioStream | None":
    best = container.streams.best("audio")
    return next((each for each in container.streams.audio if best and each.index == best.index), None)


def _has_video(container: "InputContainer") -> bool:
    """Tell whether there is a moving picture: the cover of an album is none."""
    from av.stream import Disposition

    return any(not each.disposition & Disposition.attached_pic for each in container.streams.video)


def _skip_others(container: "InputContainer", stream: "AudioStream") -> None:
    """Leave out all other streams already while reading."""
    from av.stream import Discard

    for each in container.streams:
        if each.index != stream.index:
            each.discard = Discard.all


def _own_s(stream: "AudioStream") -> float:
    return float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0


def _whole_s(container: "InputContainer") -> float:
    return (container.duration or 0) / 1e6


def _room_s(container: "InputContainer", stream: "AudioStream") -> float | None:
    """Return for how many seconds of uncompressed sound the file has room, whatever its header says."""
    context = stream.codec_context
    uncompressed = context.name.startswith("pcm_") and context.bit_rate
    return container.size * 8 / context.bit_rate if uncompressed and context.bit_rate else None


def _tell(line: Line) -> None:
    """Write one line; when nobody listens any more, this ends the program."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _lock_in(memory_bytes: int, work_s: int) -> None:
    """Let the system itself enforce the limits, where it can; the parent watches everywhere."""
    try:
        import resource

        os.nice(NICE)
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (work_s + EXTRA_S, work_s + EXTRA_S))
    except (ImportError, ValueError, OSError):  # Windows has none of it, macOS not the first
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:])
