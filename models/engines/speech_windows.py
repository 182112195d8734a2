"""Speech without the silence around it, in windows of the size that a model hears at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.engines.base import SPEECH_RATE, Samples

WINDOW_S = 30
"""Seconds that Whisper hears at once; its models are made for nothing else."""
SHORTEST_PAUSE_MS = 160
"""Shorter pauses do not part two stretches of speech (what faster-whisper 1.2 takes for its batches)."""

Span = tuple[int, int]
"""A stretch of speech: first sample, and the one after the last."""


@dataclass(frozen=True)
class Windows:
    """Stretches of speech glued together; ``spans`` say for each window where its parts come from."""

    samples: Samples
    spans: tuple[tuple[Span, ...], ...]

    @property
    def bounds_s(self) -> tuple[tuple[float, float], ...]:
        """Where each window begins and ends in the glued sound, in seconds."""
        ends = np.cumsum([_length(spans) for spans in self.spans]) / SPEECH_RATE
        return tuple((float(begin), float(end)) for begin, end in zip((0.0, *ends), ends, strict=False))

    @property
    def glued(self) -> Samples:
        """The speech of all windows, one after the other."""
        parts = [self.samples[begin:end] for spans in self.spans for begin, end in spans]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def times_before_gluing(self, start_s: float, end_s: float) -> tuple[float, float]:
        """Return when a word of the glued sound was said; it lies in the stretch in which its middle lies."""
        middle, before = (start_s + end_s) / 2 * SPEECH_RATE, 0
        flat = [span for spans in self.spans for span in spans]
        for begin, end in flat:
            if middle < before + end - begin or (begin, end) == flat[-1]:
                shift = (begin - before) / SPEECH_RATE
                first, last = begin / SPEECH_RATE, end / SPEECH_RATE
                start = min(max(start_s + shift, first), last)
                return start, min(max(end_s + shift, start), last)
            before += end - begin
        return start_s, end_s


def windows_of(samples: Samples) -> Windows:
    """Find the speech in ``samples`` (Silero's detector, about 3 ms per second) and fill windows with it.

    Sound without speech has no windows.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if not len(samples):
        return Windows(samples, ())
    options = VadOptions(max_speech_duration_s=WINDOW_S, min_silence_duration_ms=SHORTEST_PAUSE_MS)
    found = get_speech_timestamps(samples, options)
    return Windows(samples, fill([(each["start"], each["end"]) for each in found]))


def fill(speech: Sequence[Span], longest: int = WINDOW_S * SPEECH_RATE) -> tuple[tuple[Span, ...], ...]:
    """Put stretches of speech into as few windows of at most ``longest`` samples as their order allows."""
    windows: list[list[Span]] = []
    for span in (part for whole in speech for part in _parts(whole, longest)):
        if windows and _length(windows[-1]) + _length([span]) <= longest:
            windows[-1].append(span)
        else:
            windows.append([span])
    return tuple(tuple(window) for window in windows)


def _parts(span: Span, longest: int) -> list[Span]:
    begin, end = span
    return [(at, min(at + longest, end)) for at in range(begin, end, longest)]


def _length(spans: Sequence[Span]) -> int:
    return sum(end - begin for begin, end in spans)
