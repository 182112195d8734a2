"""Speech as a file: WAV, MP3 or OGG, written while it is computed, with a label that it is synthetic."""

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from models.errors import ModelError
from models.voice.base import Audio
from stations.speaking.sound import resampled
from stations.texts import Language, say

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

Kind = Literal["wav", "mp3", "ogg"]
KINDS: tuple[Kind, ...] = get_args(Kind)
RATE = 24_000
"""Samples a second of every file: no voice has more, and all three formats know it."""
BIT_RATE = {"wav": 0, "mp3": 64_000, "ogg": 40_000}
"""Bits a second of one channel of speech; Opus needs less for the same."""
CODECS = {"wav": "pcm_s16le", "mp3": "libmp3lame", "ogg": "libopus"}

AT_ONCE = {"flush_packets": "1"}
OPTIONS = {"wav": AT_ONCE, "mp3": {**AT_ONCE, "write_xing": "0"}, "ogg": AT_ONCE}
"""For the containers: what is encoded is in the file at once and stays as it is, so that it can be played meanwhile."""


def write_speech(pieces: Iterable[Audio], file: Path, title: str, language: Language = "de") -> float:
    """Write pieces of speech into a file and return its length in seconds.

    The format is told by the name's ending. Holds one piece at a time in memory. The file appears when all of it is
    written; whatever goes wrong, nothing is left behind. Until then it grows under ``growing``'s name, and an MP3 can
    be played already.

    Args:
        pieces: Sound at any rate, one after the other.
        file: Where to write; what is there is replaced.
        title: Goes into the file's metadata, beside the remark that the voice is synthetic.
        language: In which that remark is made.

    Raises:
        ModelError: ``voice.kind`` for another ending, ``voice.nothing_to_say`` without a sound, ``voice.disk_full``.
    """
    kind = file.suffix.lstrip(".").lower()
    if kind not in KINDS:
        raise ModelError("voice.kind", kinds=", ".join(KINDS))
    part = growing(file)
    try:
        seconds = _written(pieces, part, kind, _labels(title, language))
        if not seconds:
            raise ModelError("voice.nothing_to_say")
        part.replace(file)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ModelError("voice.disk_full") from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return seconds


def growing(file: Path) -> Path:
    """Return where a file is written until it is whole."""
    return file.with_name(f"{file.name}.part")


def _labels(title: str, language: Language) -> dict[str, str]:
    """Return the metadata; FFmpeg gives them the names that each format has for them."""
    synthetic = say("voice.synthetic", language)
    return {
        "title": title or synthetic,
        "comment": synthetic,
        "encoded_by": "KI-Werkstatt",
        "language": language,
    }


def _written(pieces: Iterable[Audio], part: Path, kind: str, labels: dict[str, str]) -> float:
    import av

    with av.open(f"file:{part}", "w", format=kind, options=OPTIONS[kind]) as container:
        container.metadata.update(labels)
        stream = cast("AudioStream", container.add_stream(CODECS[kind], rate=RATE, layout="mono"))
        if BIT_RATE[kind]:
            stream.codec_context.bit_rate = BIT_RATE[kind]
        samples = 0
        for piece in pieces:
            samples += _put(container, stream, resampled(piece, RATE), samples)
        container.mux(stream.encode(None))
    return samples / RATE


def _put(container: "OutputContainer", stream: "AudioStream", audio: Audio, at: int) -> int:
    from av.audio.frame import AudioFrame

    if len(audio.samples):
        frame = AudioFrame.from_ndarray(audio.samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate, frame.pts = RATE, at
        container.mux(stream.encode(frame))
    return len(audio.samples)
