"""Decoded sound on the disk: any stretch of it can be had without the rest."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.engines.base import SPEECH_RATE, Samples

SAMPLE_BYTES = 2
FULL_SCALE = 32768
"""The loudest 16-bit sample."""


@dataclass(frozen=True)
class Recording:
    """Raw 16-bit little-endian samples in ``file``, ``SPEECH_RATE`` a second, channels interleaved (1 or 2).

    The file may still grow while it is decoded; what has been read once stays the same.
    """

    file: Path
    channels: int = 1

    @property
    def seconds(self) -> float:
        """How much there is by now; 0 before the file is there."""
        try:
            size = self.file.stat().st_size
        except FileNotFoundError:
            return 0.0
        return size // (SAMPLE_BYTES * self.channels) / SPEECH_RATE

    def samples(self, start_s: float, end_s: float, channel: int | None = None) -> Samples:
        """Return the sound from ``start_s`` to ``end_s``: float32, -1..1, one channel.

        ``channel`` 0 is the left one, 1 the right one; ``None`` mixes all. Only this stretch is read. What would lie
        before the beginning or after the end is left out, so the result may be shorter, and empty.
        """
        first, last = (max(0, round(second * SPEECH_RATE)) for second in (start_s, end_s))
        with self.file.open("rb") as file:
            file.seek(first * self.channels * SAMPLE_BYTES)
            raw = file.read(max(0, last - first) * self.channels * SAMPLE_BYTES)
        whole = len(raw) - len(raw) % (SAMPLE_BYTES * self.channels)
        moments = np.frombuffer(raw[:whole], dtype="<i2").reshape(-1, self.channels)
        scaled = moments.astype(np.float32) / np.float32(FULL_SCALE)
        mono: Samples = (
            scaled.mean(axis=1, dtype=np.float32) if channel is None else scaled[:, channel].copy()
        )
        return mono
