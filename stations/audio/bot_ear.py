"""Listening to an open microphone: when somebody begins to speak, and what was said when it is quiet again.

The detector is silero-vad (MIT, Silero Team 2024) as faster-whisper brings it along; a moment of sound costs 0.3 % of
its length on one core. Nothing is kept but the speech under way.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.engines.base import SPEECH_RATE, Samples

MOMENT = 512
"""Samples that the detector judges at once, 32 ms; it was trained on that."""
CONTEXT = 64
"""Samples before them that it wants to see again."""
MEMORY = 128
LIKELY, UNLIKELY = 0.5, 0.35
"""Probabilities of speech from which it begins, and below which it may have ended (the authors' defaults)."""
SURE_S = 0.2
"""So much speech must have been heard before it counts: a click or a cough does not interrupt."""
UNDECIDED_S = 2.0
"""What is neither speech nor silence for so long is noise."""
SILENCE_S = 0.7
LONGEST_S = 60.0
BEFORE_S, AFTER_S = 0.3, 0.3
"""How much of the quiet around a speech is kept: the first sounds of a word are often softer than it hears."""

Detector = Callable[[Samples], float]
"""Tells how likely a moment is speech, 0 to 1; remembers what came before."""


@dataclass(frozen=True)
class Began:
    """Somebody speaks, since ``at_s`` seconds from the first piece of sound."""

    at_s: float


@dataclass(frozen=True)
class Ended:
    """Somebody has spoken: ``samples`` of one channel, ``SPEECH_RATE`` a second.

    ``cut`` says that the longest time was over and the person may still be speaking.
    """

    samples: Samples
    start_s: float
    end_s: float
    cut: bool = False


class BotEar:
    """One visitor's microphone; give it the pieces in order."""

    def __init__(
        self,
        detector: Detector | None = None,
        *,
        silence_s: float = SILENCE_S,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._detect = detector or SileroDetector()
        self._silence, self._longest = _moments(silence_s), _moments(longest_s)
        self._resampled, self._waiting = _Resampler(), np.zeros(0, np.float32)
        self._before: deque[Samples] = deque(maxlen=_moments(BEFORE_S))
        self._kept: list[Samples] = []
        self._likely = self._quiet = self._at = 0
        self._speaking = False

    @property
    def is_speaking(self) -> bool:
        """Whether somebody is speaking."""
        return self._speaking

    def hear(self, piece: NDArray[Any], rate: int) -> Iterator[Began | Ended]:
        """Yield what happens in the next piece of sound; must be read to its end.

        Args:
            piece: Whole numbers or floats (-1..1), of one channel, or ``(samples, channels)``; any length.
            rate: Samples a second.
        """
        sound = np.concatenate([self._waiting, self._resampled(one_channel(piece), rate)])
        whole = len(sound) // MOMENT * MOMENT
        self._waiting = sound[whole:]
        for moment in sound[:whole].reshape(-1, MOMENT):
            yield from self._judge(moment)

    def finish(self) -> Iterator[Ended]:
        """Yield what was being said when the microphone was closed."""
        if self._speaking:
            yield self._ended(cut=False)

    def _judge(self, moment: Samples) -> Iterator[Began | Ended]:
        likely = self._detect(moment)
        self._at += 1
        self._kept.append(moment)
        if self._speaking:
            self._quiet = self._quiet + 1 if likely < UNLIKELY else 0
            if self._quiet >= self._silence or len(self._kept) >= self._longest:
                yield self._ended(cut=self._quiet < self._silence)
            return
        self._likely = self._likely + 1 if likely >= LIKELY else self._likely * (likely >= UNLIKELY)
        if len(self._kept) > _moments(UNDECIDED_S):
            self._likely = 0
        if self._likely >= _moments(SURE_S):
            self._speaking, self._quiet = True, 0
            yield Began(_seconds(self._at - len(self._kept)))
        elif not self._likely:
            self._before.extend(self._kept)
            self._kept = []

    def _ended(self, *, cut: bool) -> Ended:
        spare = max(0, self._quiet - _moments(AFTER_S))
        start, end = self._at - len(self._kept), self._at - self._quiet
        kept = self._kept[: len(self._kept) - spare]
        said = Ended(np.concatenate([*self._before, *kept]), _seconds(start), _seconds(end), cut)
        self._before.clear()
        self._kept, self._speaking = [], False
        self._likely = self._quiet = 0
        return said


class SileroDetector:
    """The detector of one microphone: the network, and what it remembers of the sound so far."""

    def __init__(self) -> None:
        from faster_whisper.vad import get_vad_model

        self._session = get_vad_model().session
        self._context = np.zeros(CONTEXT, np.float32)
        self._state = [np.zeros((1, 1, MEMORY), np.float32) for _ in range(2)]

    def __call__(self, moment: Samples) -> float:
        """Return how likely the next moment is speech, 0 to 1."""
        given = np.concatenate([self._context, moment])[np.newaxis]
        found, *self._state = self._session.run(
            None, {"input": given, "h": self._state[0], "c": self._state[1]}
        )
        self._context = moment[-CONTEXT:]
        return float(found.reshape(-1)[0])


def one_channel(piece: NDArray[Any]) -> Samples:
    """Return sound as floats in -1..1 of one channel; what is no number is silence."""
    sound = piece.astype(np.float32)
    if np.issubdtype(piece.dtype, np.integer):
        sound /= np.float32(-float(np.iinfo(piece.dtype).min) or np.iinfo(piece.dtype).max)
    if sound.ndim > 1:
        sound = sound.mean(axis=1, dtype=np.float32)
    held: Samples = np.clip(np.nan_to_num(sound, posinf=0.0, neginf=0.0), -1.0, 1.0)
    return held


class _Resampler:
    """Brings pieces at any rate to the rate that engines listen at, without a seam between them."""

    def __init__(self) -> None:
        self._rate = 0
        self._by: Any = None

    def __call__(self, samples: Samples, rate: int) -> Samples:
        if rate == SPEECH_RATE or not len(samples):
            return samples
        from av.audio.frame import AudioFrame
        from av.audio.resampler import AudioResampler

        if rate != self._rate:
            self._rate, self._by = rate, AudioResampler(format="flt", layout="mono", rate=SPEECH_RATE)
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(samples).reshape(1, -1), format="flt", layout="mono"
        )
        frame.sample_rate = rate
        found = [each.to_ndarray().reshape(-1) for each in self._by.resample(frame)]
        return np.concatenate([np.zeros(0, np.float32), *found]).astype(np.float32)


def _moments(seconds: float) -> int:
    return max(1, round(seconds * SPEECH_RATE / MOMENT))


def _seconds(moments: int) -> float:
    return moments * MOMENT / SPEECH_RATE
