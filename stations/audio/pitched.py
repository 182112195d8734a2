"""A voice made higher or lower that cannot do so by itself: played faster or slower, spoken slower or faster to match.

The oldest trick of sound engineers: it moves the whole spectrum, so a voice sounds like that of a smaller or larger
person. Within a quarter up or down it stays natural enough to tell two people apart.
"""

from collections.abc import Iterator
from dataclasses import replace

from models.voice.base import BOUNDS, Ability, Audio, Manner, Voice
from stations.speaking.sound import resampled


class Pitched:
    """A voice that can also change its pitch; everything else is as with the voice it is given."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    @property
    def languages(self) -> tuple[str, ...]:
        """See ``Voice.languages``."""
        return self._voice.languages

    @property
    def speakers(self) -> tuple[str, ...]:
        """See ``Voice.speakers``."""
        return self._voice.speakers

    @property
    def can(self) -> frozenset[Ability]:
        """What the voice can, and its pitch."""
        return self._voice.can | {"pitch"}

    @property
    def is_open(self) -> bool:
        """See ``Engine.is_open``."""
        return self._voice.is_open

    def close(self) -> None:
        """See ``Engine.close``."""
        self._voice.close()

    def speak(self, text: str, manner: Manner) -> Iterator[Audio]:
        """Yield what is heard (see ``Voice.speak``), ``manner.pitch`` times as high and as long as without it."""
        low, high = BOUNDS["speed"]
        slower = min(high, max(low, manner.speed / manner.pitch))
        for audio in self._voice.speak(text, replace(manner, speed=slower, pitch=1.0)):
            faster = Audio(audio.samples, round(audio.rate * manner.pitch))
            yield resampled(faster, audio.rate)


def with_pitch(voice: Voice) -> Voice:
    """Return a voice that can change its pitch: itself, if it can."""
    return voice if "pitch" in voice.can else Pitched(voice)
