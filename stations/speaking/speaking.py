"""Reading a text aloud: piece by piece, each in its language, all equally loud, the first one soon."""

import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from models.errors import ModelError
from models.voice.base import Audio, Manner, Voice, first_language
from stations.speaking.loudness import levelled
from stations.speaking.normalising import said
from stations.speaking.pronunciation import Pronunciation
from stations.speaking.sound import joined, silence, trimmed
from stations.speaking.splitting import Part, paragraphs, parts

LONGEST_TEXT = 100_000
"""Characters; about two hours of speech."""
SCRIPTS = {
    **dict.fromkeys(("be", "bg", "kk", "mk", "ru", "sr", "uk"), ("CYRILLIC",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("ARABIC",)),
    **dict.fromkeys(("hi", "mr", "ne"), ("DEVANAGARI",)),
    **{
        "el": ("GREEK",),
        "he": ("HEBREW",),
        "ka": ("GEORGIAN",),
        "hy": ("ARMENIAN",),
        "th": ("THAI",),
        "ko": ("HANGUL",),
    },
    **{"zh": ("CJK",), "ja": ("CJK", "HIRAGANA", "KATAKANA")},
}
"""Letters in which languages are written, by the beginning of their names in Unicode; all others in Latin ones."""


@dataclass(frozen=True)
class Spoken:
    """A piece of a text that can be played.

    ``audio`` ends with the silence that belongs behind it: played one after the other, the pieces are the whole.
    ``written`` is the sentence that begins here (empty while one goes on), ``share`` how much of the text is done
    (0..1), ``left_s`` how long the rest will take to compute.
    """

    written: str
    said: str
    language: str
    audio: Audio
    share: float
    left_s: float


def spoken(
    text: str,
    voices: Mapping[str, Voice],
    manner: Manner | None = None,
    dictionary: Pronunciation | None = None,
) -> Iterator[Spoken]:
    """Yield a text piece by piece as it is computed; closing the iterator ends the work.

    Args:
        text: Plain text or Markdown, with break marks (see ``splitting.parts``).
        voices: Who speaks which language, by code, the usual language first; a paragraph is read by the voice of its
            own language, and by the first where there is none.
        manner: How it is said. The volume is that of the result, whatever the voice can do by itself.
        dictionary: The association's own words.

    Raises:
        ModelError: ``voice.nothing_to_say``, ``voice.too_long``, ``voice.script`` (a paragraph in letters that no
            voice can read) and ``voice.speaker`` before anything is computed; later what the voice says.
    """
    how = manner or Manner()
    _check(text, voices, how)
    return _spoken(text, voices, how, dictionary or Pronunciation())


def _spoken(
    text: str, voices: Mapping[str, Voice], manner: Manner, dictionary: Pronunciation
) -> Iterator[Spoken]:
    def say(sentence: str, language: str) -> str:
        return said(dictionary.applied(sentence), language)

    at_work_s, rate, begun = 0.0, 0, time.monotonic()
    for part in parts(text, say, tuple(voices), manner.pause_s):
        audio = _heard(part, voices[part.language], manner, rate)
        rate = audio.rate
        at_work_s += time.monotonic() - begun
        left_s = at_work_s * (1 / part.share - 1) if part.share else 0.0
        if len(audio.samples):
            yield Spoken(
                part.written, part.said, part.language, audio, min(1.0, part.share), max(0.0, left_s)
            )
        begun = time.monotonic()


def _heard(part: Part, voice: Voice, manner: Manner, rate: int) -> Audio:
    """Return a part as sound; where it is only a pause, at the ``rate`` of the one before."""
    own = manner.speaker if manner.speaker in voice.speakers else ""
    how = replace(manner, volume=1.0, speaker=own, language=part.language)
    heard = (
        [levelled(trimmed(audio), manner.volume) for audio in voice.speak(part.said, how)]
        if part.said
        else []
    )
    if not heard:
        return Audio(silence(part.pause_s, rate or SILENT_RATE), rate or SILENT_RATE)
    return joined(heard, manner.pause_s, part.pause_s, heard[0].rate)


SILENT_RATE = 16_000
"""Of a pause at the very beginning."""


def _check(text: str, voices: Mapping[str, Voice], manner: Manner) -> None:
    if not voices:
        raise ModelError("voice.no_voice")
    if len(text) > LONGEST_TEXT:
        raise ModelError("voice.too_long", characters=len(text), most=LONGEST_TEXT)
    if manner.speaker and not any(manner.speaker in voice.speakers for voice in voices.values()):
        raise ModelError("voice.speaker", wish=manner.speaker, known=_names(voices))
    lines = paragraphs(text)
    if not any(sign.isalnum() for line in lines for sign in line):
        raise ModelError("voice.nothing_to_say")
    scripts = {script for code in voices for script in SCRIPTS.get(first_language(code), ("LATIN",))}
    if any(not _is_readable(line, tuple(scripts)) for line in lines):
        raise ModelError("voice.script", languages=", ".join(voices))


def _names(voices: Mapping[str, Voice]) -> str:
    return ", ".join(name for voice in voices.values() for name in voice.speakers) or "–"


def _is_readable(line: str, scripts: tuple[str, ...]) -> bool:
    """Return whether at least half of the letters are of these scripts."""
    letters = [sign for sign in line if sign.isalpha()]
    known = sum(unicodedata.name(letter, "").startswith(scripts) for letter in letters)
    return 2 * known >= len(letters)
