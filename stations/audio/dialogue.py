"""A dialogue spoken by different voices: a radio play, or a podcast from a text."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from models.errors import ModelError
from models.voice.base import Audio, Manner, Voice
from stations.audio.pitched import with_pitch
from stations.audio.script import Script
from stations.speaking.pronunciation import Pronunciation
from stations.speaking.sound import silence
from stations.speaking.speaking import Spoken, spoken

TURN_S = 0.45
"""Silence between two roles: people leave 0.2 s on average (Stivers et al. 2009), who only listens wants more."""
SHADES = (
    (1.0, 1.0), (0.8, 0.95), (1.25, 1.04), (0.9, 1.08), (1.12, 0.93), (0.72, 0.9), (1.38, 1.08),
    (0.85, 1.1), (1.18, 1.1), (0.76, 1.05), (1.3, 0.95), (0.94, 0.88),
)  # fmt: skip
"""Pitch and speed that tell roles of one voice apart, in the order in which they are given."""


@dataclass(frozen=True)
class Actor:
    """Who plays a role: a voice for each language, the usual one first, and how it speaks."""

    voices: Mapping[str, Voice]
    manner: Manner = field(default_factory=Manner)


@dataclass(frozen=True)
class Line:
    """A piece of a dialogue that can be played; played one after the other, the pieces are the whole.

    ``share`` is how much of the dialogue is done, 0 to 1.
    """

    role: str
    piece: Spoken
    share: float


def cast(
    roles: Sequence[str], voices: Sequence[Voice], language: str, manner: Manner | None = None
) -> dict[str, Actor]:
    """Return an actor for each role, as different from each other as the voices allow.

    Every voice and every speaker of a voice is used once before any is used again; then pitch and speed tell them
    apart, by ``Pitched`` where the voice cannot. The same arguments give the same cast.

    Args:
        roles: Names; the first gets the first voice as it is.
        voices: Those that speak ``language``, best first.
        language: Code such as ``de``.
        manner: How all speak; each role's own pitch and speed come on top.

    Raises:
        ModelError: ``voice.no_voice``.
    """
    if not voices:
        raise ModelError("voice.no_voice")
    usual = manner or Manner()
    people = [(voice, speaker) for voice in voices for speaker in (voice.speakers or ("",))]
    parts = product(SHADES, _mixed(people))
    return {role: _actor(part, language, usual) for role, part in zip(roles, parts, strict=False)}


def performed(
    script: Script,
    actors: Mapping[str, Actor],
    dictionary: Pronunciation | None = None,
    turn_s: float = TURN_S,
) -> Iterator[Line]:
    """Yield a dialogue piece by piece as it is computed; closing the iterator ends the work.

    Raises:
        ModelError: ``dialogue.no_actor`` for a role without an actor before anything is computed; later what the
            voices say.
    """
    if any(role not in actors for role in script.roles):
        raise ModelError("dialogue.no_actor")
    return _performed(script, actors, dictionary or Pronunciation(), turn_s)


def _performed(
    script: Script, actors: Mapping[str, Actor], dictionary: Pronunciation, turn_s: float
) -> Iterator[Line]:
    whole, done = sum(len(speech.text) for speech in script.speeches), 0
    for speech in script.speeches:
        actor, last = actors[speech.role], None
        with closing(spoken(speech.text, actor.voices, actor.manner, dictionary)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                if last is not None:
                    yield Line(speech.role, last, (done + last.share * len(speech.text)) / whole)
                last = piece
        done += len(speech.text)
        if last is not None:
            yield Line(speech.role, replace(last, audio=_ending(last.audio, turn_s)), done / whole)


def _ending(audio: Audio, pause_s: float) -> Audio:
    """Return a sound with so much silence at its end instead of its own."""
    heard = np.flatnonzero(audio.samples)
    end = int(heard[-1]) + 1 if len(heard) else 0
    return Audio(np.concatenate([audio.samples[:end], silence(pause_s, audio.rate)]), audio.rate)


def _mixed(people: Sequence[tuple[Voice, str]]) -> list[tuple[Voice, str]]:
    """Return the speakers so that different voices come first, then further speakers of the same."""
    by_voice: dict[int, list[tuple[Voice, str]]] = {}
    for voice, speaker in people:
        by_voice.setdefault(id(voice), []).append((voice, speaker))
    longest = max(map(len, by_voice.values()))
    return [row[at] for at in range(longest) for row in by_voice.values() if at < len(row)]


def _actor(part: tuple[tuple[float, float], tuple[Voice, str]], language: str, usual: Manner) -> Actor:
    (pitch, speed), (voice, speaker) = part
    manner = replace(
        usual,
        pitch=_within(usual.pitch * pitch),
        speed=_within(usual.speed * speed),
        speaker=speaker,
    )
    return Actor({language: with_pitch(voice)}, manner)


def _within(value: float) -> float:
    return min(2.0, max(0.5, value))
