"""Speech without the silence around it, in windows of the size that a model hears at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np

from models.engines.base import SPEECH_RATE, Samples

FILL_S = 28
"""Seconds of speech in a window. Whisper hears 30; in a full window it takes the last sentence for unfinished and
leaves it out (in 18 of 32 windows of a German meeting; with 28 s in 8 of 33)."""
SHORTEST_PAUSE_MS = 160
"""Shorter pauses do not part two stretches of speech (what faster-whisper 1.2 takes for its batches)."""
MARGIN_MS = 300
"""Silence that stays before and after a stretch of speech. With the library's 400 ms the words were no better (German
meeting, Whisper base: word errors 12.3 against 10.2 %, in an echoing room 19.9 against 19.3 %) and more work."""
LONGEST_GAP_S = 1.6
"""No word for so long in glued speech, whose pauses are at most 0.6 s: something was left out."""
LONGEST_REST_S = 1.0
"""The same after the last word of a window."""

Span = tuple[int, int]
"""A stretch of sound: first sample, and the one after the last."""
Times = tuple[float, float]
"""Begin and end in seconds."""


@dataclass(frozen=True)
class Windows:
    """Stretches of speech glued together; ``spans`` say for each window where its parts come from."""

    samples: Samples
    spans: tuple[tuple[Span, ...], ...]

    def batches(self, size: int) -> Iterator["Windows"]:
        """Yield at most ``size`` windows at a time."""
        for at in range(0, len(self.spans), size):
            yield replace(self, spans=self.spans[at : at + size])

    @property
    def glued(self) -> Samples:
        """The speech of all windows, one after the other."""
        parts = [self.samples[begin:end] for spans in self.spans for begin, end in spans]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    @property
    def bounds_s(self) -> tuple[Times, ...]:
        """Where each window begins and ends in the glued sound."""
        return tuple(pairwise(_seconds(accumulate((_length(spans) for spans in self.spans), initial=0))))

    def times_before_gluing(self, start_s: float, end_s: float) -> Times:
        """Return when a word of the glued sound was said: in the part in which its middle lies."""
        middle = (start_s + end_s) / 2
        begin_s, part = max((each for each in self._parts() if each[0] <= middle), default=(0.0, (0, 0)))
        first_s, last_s = _seconds(part)
        start = min(max(start_s - begin_s + first_s, first_s), last_s)
        return start, min(max(end_s - begin_s + first_s, start), last_s)

    def left_out(self, words: Iterable[Times]) -> Iterator[Span]:
        """Yield stretches of speech in which no word was found; ``words`` are times of the glued sound, in order.

        Windows without any word are left alone: nobody speaks there.
        """
        heard = list(words)
        for begin_s, end_s in self.bounds_s:
            inside = [times for times in heard if begin_s <= sum(times) / 2 < end_s]
            if inside:
                for gap in _gaps([(begin_s, begin_s), *inside], end_s):
                    yield from self._before_gluing(gap)

    def _parts(self) -> Iterator[tuple[float, Span]]:
        """Yield where each part begins in the glued sound, and the part."""
        before = 0
        for span in (span for spans in self.spans for span in spans):
            yield before / SPEECH_RATE, span
            before += _length([span])

    def _before_gluing(self, gap: Times) -> Iterator[Span]:
        for begin_s, (first, last) in self._parts():
            begin = max(first, first + round((gap[0] - begin_s) * SPEECH_RATE))
            end = min(last, first + round((gap[1] - begin_s) * SPEECH_RATE))
            if begin < end:
                yield begin, end


def windows_of(samples: Samples) -> Windows:
    """Find the speech in ``samples`` (Silero's detector, about 3 ms per second) and fill windows with it.

    Sound without speech has no windows.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if not len(samples):
        return Windows(samples, ())
    options = VadOptions(
        max_speech_duration_s=FILL_S, min_silence_duration_ms=SHORTEST_PAUSE_MS, speech_pad_ms=MARGIN_MS
    )
    found = get_speech_timestamps(samples, options)
    return Windows(samples, fill([(each["start"], each["end"]) for each in found]))


def fill(speech: Sequence[Span], longest: int = FILL_S * SPEECH_RATE) -> tuple[tuple[Span, ...], ...]:
    """Put stretches of speech into as few windows of at most ``longest`` samples as their order allows."""
    windows: list[list[Span]] = []
    for span in (part for whole in speech for part in _cut(whole, longest)):
        if windows and _length(windows[-1]) + _length([span]) <= longest:
            windows[-1].append(span)
        else:
            windows.append([span])
    return tuple(tuple(window) for window in windows)


def _gaps(words: Sequence[Times], end_s: float) -> Iterator[Times]:
    """Yield where nothing was heard for too long after one of the words."""
    ends = accumulate((end for _, end in words), max)
    starts = [start for start, _ in words[1:]]
    longest = [LONGEST_GAP_S] * len(starts) + [LONGEST_REST_S]
    for silent_from, silent_to, limit in zip(ends, [*starts, end_s], longest, strict=True):
        if silent_to - silent_from >= limit:
            yield silent_from, silent_to


def _cut(span: Span, longest: int) -> list[Span]:
    begin, end = span
    return [(at, min(at + longest, end)) for at in range(begin, end, longest)]


def _length(spans: Sequence[Span]) -> int:
    return sum(end - begin for begin, end in spans)


def _seconds(samples: Iterable[int]) -> tuple[float, ...]:
    return tuple(each / SPEECH_RATE for each in samples)
