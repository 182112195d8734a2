"""How loud speech is and should be, after ITU-R BS.1770-4 and EBU R 128, measured by FFmpeg's ``ebur128``."""

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import numpy as np

from models.engines.base import Samples
from models.voice.base import Audio

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

LUFS = -16.0
"""Loudness of podcasts and audio guides, on phones too (AES TD1008, 2021: -16 LUFS for speech)."""
CEILING = 0.84
"""Highest sample, -1.5 dB below full scale: what MP3 adds to peaks still fits."""
LEAST_LOST, MOST_LOST = 0.3, 3.0
"""How many decibels the turning down of peaks may cost before it is made up for, and how many are made up for."""
SHORTEST_S = 0.5
"""Loudness is that of windows of 0.4 s; what is shorter is measured as if it were repeated."""
SILENT_LUFS = -69.0


def loudness_of(audio: Audio) -> float | None:
    """Return the integrated loudness in LUFS, ``None`` where nothing is heard."""
    if not len(audio.samples) or not np.abs(audio.samples).max():
        return None
    times = -(-round(SHORTEST_S * audio.rate) // len(audio.samples))
    frames = _filtered(np.tile(audio.samples, times), audio.rate, "ebur128", "metadata=1")
    found = float(
        [frame.metadata for frame in frames if "lavfi.r128.I" in frame.metadata][-1]["lavfi.r128.I"]
    )
    return found if found > SILENT_LUFS else None


def levelled(audio: Audio, volume: float = 1.0, lufs: float = LUFS) -> Audio:
    """Return the sound as loud as all others: ``lufs`` at volume 1, twice the amplitude at volume 2.

    Peaks above ``CEILING`` are turned down for the moment (look-ahead of 5 ms), nothing is cut off; what that costs in
    loudness is made up for once.
    """
    found = loudness_of(audio)
    if found is None or not volume:
        return Audio(audio.samples * np.float32(0), audio.rate)
    wish = lufs + 20 * float(np.log10(volume))
    even = _louder(audio, wish - found)
    lost = wish - (loudness_of(even) or wish)
    return _louder(audio, wish - found + min(lost, MOST_LOST)) if lost > LEAST_LOST else even


def _louder(audio: Audio, decibels: float) -> Audio:
    return Audio(_limited(audio.samples * np.float32(10 ** (decibels / 20)), audio.rate), audio.rate)


def _limited(samples: Samples, rate: int) -> Samples:
    if np.abs(samples).max() <= CEILING:
        return samples
    wish = f"limit={CEILING}:level=0:latency=1:attack=5:release=60"
    frames = _filtered(samples, rate, "alimiter", wish)
    quieter = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])
    held: Samples = np.clip(quieter, -CEILING, CEILING).astype(np.float32)
    return held


def _filtered(samples: Samples, rate: int, name: str, wish: str) -> "list[AudioFrame]":
    """Return the sound behind one of FFmpeg's filters."""
    import av
    from av.audio.frame import AudioFrame
    from av.filter import Graph

    graph = Graph()
    source = graph.add_abuffer(sample_rate=rate, format="flt", layout="mono", time_base=Fraction(1, rate))
    sink = graph.add("abuffersink")
    graph.link_nodes(source, graph.add(name, wish), sink).configure()
    frame = AudioFrame.from_ndarray(samples.reshape(1, -1).astype(np.float32), format="flt", layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    source.push(frame)
    source.push(None)
    frames: list[AudioFrame] = []
    while True:
        try:
            frames.append(cast(AudioFrame, sink.pull()))
        except (av.EOFError, av.BlockingIOError):
            return frames
