"""Where decoded sound goes: raw samples for the models, and an MP3 that every browser plays and seeks in."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

RATE = 16_000
"""``SPEECH_RATE``, without the packages that come along with it."""
BIT_RATES = {"mono": 48_000, "stereo": 64_000}
"""Of the MP3, per second: transparent for voices at this rate."""
EFFORT = {"compression_level": "7"}
"""LAME's quality: 7 takes two thirds of the time of 5, its default, and nobody hears it in a voice."""
UNORDERED = re.compile(r"\d+ channels")
"""FFmpeg's name for channels of which nobody says where they stand."""


class Sink:
    """Raw samples and perhaps an MP3 of the same sound, with two channels if there are just two, else with one."""

    def __init__(self, channels: int, raw: str, mp3: str = "") -> None:
        self._layout = "stereo" if channels == len("LR") else "mono"
        self._raw = Path(raw).open("wb")  # noqa: SIM115 -- closed with the sink
        self._mp3 = _Mp3(mp3, self._layout) if mp3 else None
        self._resampler: AudioResampler | None = None
        self._setup = ""
        self._samples = 0

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()
        if self._mp3 is not None:
            self._mp3.close()

    @property
    def seconds(self) -> float:
        """How much has been written."""
        return self._samples / RATE

    def put(self, frame: "AudioFrame", hole_s: float = 0.0) -> None:
        """Write a frame of any kind after so many seconds of silence."""
        for _ in range(int(hole_s)):
            self._silence(1.0)
        self._silence(hole_s % 1)
        sound = averaged(frame) if _is_unordered(frame) else frame
        setup = f"{sound.format.name} {sound.layout.name} {sound.sample_rate}"
        if setup != self._setup:
            self._renew(setup)
        sound.pts = None
        self._resample(sound)

    def flush(self) -> None:
        """Let readers see what has been written."""
        self._raw.flush()

    def finish(self) -> None:
        """Write what is still on its way."""
        self._renew("")
        if self._mp3 is not None:
            self._mp3.finish()

    def _renew(self, setup: str) -> None:
        from av.audio.resampler import AudioResampler

        self._resample(None)
        self._resampler = AudioResampler(format="s16", layout=self._layout, rate=RATE)
        self._setup = setup

    def _resample(self, frame: "AudioFrame | None") -> None:
        if self._resampler is not None:
            for each in self._resampler.resample(frame):
                self._write(each)

    def _silence(self, seconds: float) -> None:
        from av.audio.frame import AudioFrame

        if samples := round(seconds * RATE):
            frame = AudioFrame("s16", self._layout, samples)
            frame.sample_rate = RATE
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            self._write(frame)

    def _write(self, frame: "AudioFrame") -> None:
        length = frame.samples * frame.layout.nb_channels * 2
        self._raw.write(memoryview(frame.planes[0])[:length])
        if self._mp3 is not None:
            frame.pts = self._samples
            self._mp3.put(frame)
        self._samples += frame.samples


class _Mp3:
    """An MP3 with a constant bit rate and a table of contents, so that every player finds every second."""

    def __init__(self, place: str, layout: str) -> None:
        import av

        self._file: OutputContainer = av.open(f"file:{place}", "w", format="mp3")
        self._stream: AudioStream = self._file.add_stream("libmp3lame", RATE, EFFORT, layout=layout)
        self._stream.codec_context.bit_rate = BIT_RATES[layout]

    def put(self, frame: "AudioFrame | None") -> None:
        self._file.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self.put(None)

    def close(self) -> None:
        self._file.close()


def _is_unordered(frame: "AudioFrame") -> bool:
    return frame.layout.nb_channels > len("LR") and UNORDERED.fullmatch(frame.layout.name) is not None


def averaged(frame: "AudioFrame") -> "AudioFrame":
    """Return all channels as one, each equally loud: FFmpeg would drop some where nobody says what they are."""
    import numpy as np
    from av.audio.frame import AudioFrame

    sound = frame.to_ndarray()
    channels = sound if frame.format.is_planar else sound.reshape(-1, frame.layout.nb_channels).T
    middle, most = 0.0, 1.0
    if sound.dtype.kind in "iu":
        limits = np.iinfo(sound.dtype.str)
        middle, most = (limits.max + limits.min + 1) / 2, (limits.max - limits.min + 1) / 2
    mono = (channels.mean(axis=0, keepdims=True, dtype=np.float64) - middle) / most
    mixed = AudioFrame.from_ndarray(mono.astype(np.float32), format="fltp", layout="mono")
    mixed.sample_rate = frame.sample_rate
    return mixed
