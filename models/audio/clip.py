"""A short piece of a recording as a sound file of its own."""

import io
import wave

import numpy as np

from models.audio.recording import FULL_SCALE, SAMPLE_BYTES, Recording
from models.engines.base import SPEECH_RATE


def clip(recording: Recording, start_s: float, end_s: float, channel: int | None = None) -> bytes:
    """Return a WAV file (mono, 16 bit, ``SPEECH_RATE``, 32 KB a second) of a stretch, to hear how somebody sounds.

    ``channel`` as in ``Recording.samples``. What would lie outside the recording is left out.
    """
    samples = recording.samples(start_s, end_s, channel)
    whole = np.rint(samples * FULL_SCALE).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(SAMPLE_BYTES)
        output.setframerate(SPEECH_RATE)
        output.writeframes(whole.tobytes())
    return file.getvalue()
