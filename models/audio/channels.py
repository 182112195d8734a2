"""Whether two channels hold two people, one each (two microphones, a telephone), or the same sound twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.audio.pauses import speech_stretches
from models.audio.recording import Recording
from models.engines.base import SPEECH_RATE, Samples

PIECES, PIECE_S = 12, 15.0
"""How much is listened to at most: three minutes, spread over the recording."""
WINDOW_S, STEP_S, FRAME_S = 1.0, 0.5, 0.02
SPEECH_SHARE = 0.4
LOUDER_DB = 8.0
"""So much louder is a voice in its own microphone than at the neighbour's; both channels are levelled before."""
SAME, LAGS = 0.75, 2
"""From here on two channels swell alike (correlation, at a delay of up to so many frames), soft, noisy or echoing.

Waves told less: in a room the same voice reaches two microphones with echoes that make its waves unlike (simulated).
"""
ONE_SIDED = 0.1
OWN_S, OWN_SHARE = 1.0, 0.02
SHARED_SHARE = 0.3
CANCELLED_DB = 10.0
NOISIER_DB, CLEAR_DB = 10.0, 40.0
"""A channel whose pauses are softer by ``CLEAR_DB`` cannot get better by being softer still."""
SILENCE_DB = -90.0

Levels = NDArray[np.float64]
Flags = NDArray[np.bool_]
Hear = tuple[int | None, ...]


@dataclass(frozen=True)
class _Side:
    """One channel, window by window: loudness in dB, and whether somebody speaks."""

    level: Levels
    speech: Flags

    @property
    def loud(self) -> float:
        """How loud whoever speaks into this microphone is at times; nobody needs to speak often."""
        return float(np.percentile(self.level[self.speech], 98)) if self.speech.any() else SILENCE_DB

    @property
    def clearness(self) -> float:
        """By how much speech is louder than what remains in pauses, in dB."""
        return min(self.loud - float(np.percentile(self.level, 5)), CLEAR_DB)


@dataclass(frozen=True)
class _Pair:
    left: _Side
    right: _Side
    mixed: Levels
    same: Flags

    @property
    def difference(self) -> Levels:
        """By how much the left channel is louder, both levelled."""
        levelled: Levels = (self.left.level - self.left.loud) - (self.right.level - self.right.loud)
        return levelled


def channels_to_hear(recording: Recording) -> Hear:
    """Return which channels to listen to, each on its own: ``(0, 1)``, one of them, or ``(None,)`` for the mix.

    Both are worth it when each has at least ``OWN_S`` of speech that the other has not, or far more softly. One of them
    is taken when the other is silent or far noisier, or when mixing would cancel both out. Listens to three minutes at
    most, taken from what there is of the recording by now; takes about a second.
    """
    if recording.channels == 1:
        return (None,)
    pieces = list(_pieces(recording))
    if not pieces:
        return (None,)
    pair = _compared(pieces)
    return (0, 1) if _apart(pair) else _one_or_mixed(pair)


def _apart(pair: _Pair) -> bool:
    """Tell whether both have speech of their own, and do not share most of it."""
    alike = np.abs(pair.difference) < LOUDER_DB
    shared = alike & pair.same & (pair.left.speech | pair.right.speech)
    own_left = pair.left.speech & ~shared & (alike | (pair.difference > 0))
    own_right = pair.right.speech & ~shared & (alike | (pair.difference < 0))
    spoken = (shared | own_left | own_right).sum()
    enough = max(OWN_S / STEP_S, OWN_SHARE * spoken)
    return bool(min(own_left.sum(), own_right.sum()) >= enough and shared.sum() <= SHARED_SHARE * spoken)


def _one_or_mixed(pair: _Pair) -> Hear:
    """Return the better channel where the mix would be worse than it."""
    better, worse = (0, 1) if pair.left.clearness >= pair.right.clearness else (1, 0)
    sides = (pair.left, pair.right)
    silent = sides[worse].speech.sum() < ONE_SIDED * sides[better].speech.sum()
    noisy = sides[better].clearness - sides[worse].clearness > NOISIER_DB
    spoken = sides[better].speech
    loss = sides[better].level[spoken].mean() - pair.mixed[spoken].mean() if spoken.any() else 0.0
    return (better,) if silent or noisy or loss > CANCELLED_DB else (None,)


def _pieces(recording: Recording) -> Iterator[tuple[Samples, Samples]]:
    count = min(PIECES, int(recording.seconds / PIECE_S) + 1)
    step_s = max(PIECE_S, recording.seconds / count)
    for number in range(count):
        start_s = number * step_s
        left, right = (recording.samples(start_s, start_s + PIECE_S, channel) for channel in (0, 1))
        if left.size >= WINDOW_S * SPEECH_RATE:
            yield left, right


def _compared(pieces: Sequence[tuple[Samples, Samples]]) -> _Pair:
    left, right = (_side([piece[channel] for piece in pieces]) for channel in (0, 1))
    mixed = np.concatenate(
        [_levels(_windows((first + second) * np.float32(0.5))) for first, second in pieces]
    )
    pairs = [zip(_windows(first), _windows(second), strict=True) for first, second in pieces]
    same = np.array([_same(one, other) for pair in pairs for one, other in pair])
    return _Pair(left, right, mixed, same)


def _side(pieces: Sequence[Samples]) -> _Side:
    level = np.concatenate([_levels(_windows(piece)) for piece in pieces])
    speech = np.concatenate([_speech(piece) for piece in pieces])
    return _Side(level, speech)


def _windows(samples: Samples) -> Samples:
    """Return overlapping windows as rows."""
    length, step = round(WINDOW_S * SPEECH_RATE), round(STEP_S * SPEECH_RATE)
    rows: Samples = np.lib.stride_tricks.sliding_window_view(samples, length)[::step]
    return rows


def _levels(rows: Samples) -> Levels:
    """Return how loud each row is, in dB below full scale."""
    power = np.square(rows, dtype=np.float64).mean(axis=-1)
    levels: Levels = 10 * np.log10(power + 10 ** (SILENCE_DB / 10))
    return levels


def _speech(samples: Samples) -> Flags:
    """Tell for each window whether somebody speaks in it."""
    spoken = np.zeros(samples.size, dtype=np.float32)
    for start_s, end_s in speech_stretches(samples):
        spoken[round(start_s * SPEECH_RATE) : round(end_s * SPEECH_RATE)] = 1.0
    found: Flags = _windows(spoken).mean(axis=1) >= SPEECH_SHARE
    return found


def _same(one: Samples, other: Samples) -> bool:
    """Tell whether two windows hold the same sound: whether it rises and falls alike, perhaps a little later."""
    frame = round(FRAME_S * SPEECH_RATE)
    levels = [_levels(each[: each.size // frame * frame].reshape(-1, frame)) for each in (one, other)]
    later = (_likeness(*pair) for lag in range(1, LAGS + 1) for pair in _shifted(levels, lag))
    return max(_likeness(*levels), *later) >= SAME


def _shifted(levels: Sequence[Levels], lag: int) -> Iterator[tuple[Levels, Levels]]:
    one, other = levels
    yield one[lag:], other[:-lag]
    yield one[:-lag], other[lag:]


def _likeness(one: Levels, other: Levels) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if one.std() and other.std() else 0.0
