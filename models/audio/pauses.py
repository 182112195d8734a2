"""Where somebody speaks and where nobody does, told by the silero voice detector that faster-whisper brings along."""

import numpy as np

from models.audio.recording import Recording
from models.engines.base import SPEECH_RATE, Samples

SHORTEST_SPEECH_S = 0.25
"""Anything shorter is a click or a cough (the default of silero-vad's authors)."""
SHORTEST_PAUSE_S = 0.2
"""Shorter gaps lie within words: the stop before a p, t or k lasts up to 0.15 s."""
QUIET_S = 0.2
"""Length of the moment that has to be quiet where nobody pauses."""
QUIET_STEP_S = 0.01

Span = tuple[float, float]


def speech_stretches(samples: Samples) -> tuple[Span, ...]:
    """Return where somebody speaks, as (start, end) in seconds from the first sample, in order and apart.

    Costs about 0.3 s of one core per minute of sound; meant for minutes, not for hours at once.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_speech_duration_ms=round(1000 * SHORTEST_SPEECH_S),
        min_silence_duration_ms=round(1000 * SHORTEST_PAUSE_S),
        speech_pad_ms=0,
    )
    found = get_speech_timestamps(samples, options, SPEECH_RATE)
    return tuple((each["start"] / SPEECH_RATE, each["end"] / SPEECH_RATE) for each in found)


def speech_seconds(samples: Samples) -> float:
    """Return for how many seconds somebody speaks."""
    return sum(end - start for start, end in speech_stretches(samples))


def has_speech(samples: Samples) -> bool:
    """Tell whether anybody says anything."""
    return bool(speech_stretches(samples))


def pause_near(
    recording: Recording, at_s: float, within_s: float = 15.0, channel: int | None = None
) -> float:
    """Return the best second to cut the recording, at most ``within_s`` before or after ``at_s``.

    It is the middle of the longest pause, of equally long ones the nearest; where nobody pauses it is the quietest
    moment. It lies within what there is of the recording by now, and is a whole number of milliseconds.
    """
    start_s = max(0.0, at_s - within_s)
    samples = recording.samples(start_s, at_s + within_s, channel)
    if samples.size == 0:
        return round(min(at_s, recording.seconds), 3)
    pauses = _pauses(samples)
    if not pauses:
        return round(start_s + _quietest(samples), 3)
    middle, _ = max(
        (((start + end) / 2, end - start) for start, end in pauses),
        key=lambda pause: (round(pause[1], 2), -abs(start_s + pause[0] - at_s)),
    )
    return round(start_s + middle, 3)


def _pauses(samples: Samples) -> list[Span]:
    """Return the stretches in which nobody speaks, those at both ends included."""
    ends = [
        0.0,
        *(second for span in speech_stretches(samples) for second in span),
        samples.size / SPEECH_RATE,
    ]
    gaps = zip(ends[::2], ends[1::2], strict=True)
    return [(start, end) for start, end in gaps if end - start >= SHORTEST_PAUSE_S]


def _quietest(samples: Samples) -> float:
    """Return the middle of the ``QUIET_S`` with the least energy, in seconds."""
    step = round(QUIET_STEP_S * SPEECH_RATE)
    steps = samples[: samples.size // step * step].reshape(-1, step)
    energy = np.square(steps, dtype=np.float64).sum(axis=1)
    width = min(round(QUIET_S / QUIET_STEP_S), energy.size)
    if width == 0:
        return 0.0
    sums = np.convolve(energy, np.ones(width), mode="valid")
    return float((int(np.argmin(sums)) + width / 2) * QUIET_STEP_S)
