"""Pieces of sound: cut to where something is heard, joined with silence, at another rate."""

from collections.abc import Iterable

import numpy as np

from models.engines.base import Samples
from models.voice.base import Audio

QUIET = 0.006
"""Share of the loudest sample below which nothing is heard."""
BEFORE_S, AFTER_S, FADE_S = 0.03, 0.08, 0.008
"""How much of the silence stays before and behind a piece; at both ends the sound fades, so that nothing clicks."""


def trimmed(audio: Audio) -> Audio:
    """Return the sound without the silence around it; every voice has another one, and pauses are made by us."""
    heard = np.flatnonzero(np.abs(audio.samples) > QUIET * np.abs(audio.samples).max(initial=0.0))
    if not len(heard):
        return Audio(audio.samples[:0], audio.rate)
    begin = max(0, int(heard[0]) - round(BEFORE_S * audio.rate))
    end = min(len(audio.samples), int(heard[-1]) + 1 + round(AFTER_S * audio.rate))
    return Audio(_faded(audio.samples[begin:end], round(FADE_S * audio.rate)), audio.rate)


def joined(audios: Iterable[Audio], pause_s: float, last_pause_s: float, rate: int) -> Audio:
    """Return several pieces as one at ``rate``: ``pause_s`` between them, ``last_pause_s`` behind the last."""
    pieces: list[Samples] = []
    for audio in audios:
        pieces += [silence(pause_s, rate), resampled(audio, rate).samples]
    return Audio(np.concatenate([*pieces[1:], silence(last_pause_s, rate)]), rate)


def silence(seconds: float, rate: int) -> Samples:
    """Return so much nothing."""
    return np.zeros(round(seconds * rate), np.float32)


def resampled(audio: Audio, rate: int) -> Audio:
    """Return the same sound with ``rate`` samples a second, by FFmpeg's resampler."""
    if audio.rate == rate or not len(audio.samples):
        return Audio(audio.samples, rate)
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler

    frame = AudioFrame.from_ndarray(audio.samples.reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate = audio.rate
    resampler = AudioResampler(format="flt", layout="mono", rate=rate)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    return Audio(np.concatenate([each.to_ndarray().reshape(-1) for each in frames]).astype(np.float32), rate)


def _faded(samples: Samples, length: int) -> Samples:
    length = min(length, len(samples) // 2)
    slope = np.linspace(0.0, 1.0, length, dtype=np.float32)
    faded = samples.astype(np.float32, copy=True)
    faded[:length] *= slope
    faded[len(faded) - length :] *= slope[::-1]
    return faded
