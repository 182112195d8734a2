"""Text that nobody said: what speech models write when they go round in circles or hear no words.

Whisper was trained on subtitles from the web. In silence and noise it writes what stands in subtitles where nobody
speaks (Koenecke et al. 2024, "Careless Whisper"; Barański et al. 2025, arXiv:2501.11378).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

from models.engines.base import Segment

Reason = Literal["guess", "phrase", "silence", "speed"]
SpokenSeconds = Callable[[float, float], float]
"""How long somebody speaks between two seconds of the recording."""

MOST_LETTERS_PER_S = 30.0
"""Fast speakers reach 20; more is text that was never said."""
LONGEST_WORD_S = 20.0
SHORTEST_JUDGED = 12
"""Letters; the times of shorter segments are too rough to tell a speed."""
LEAST_SPOKEN = 0.1
"""Share of a segment in which somebody must speak."""
IMPROBABLE = 0.5
"""Words that the model finds less likely on average need speech as a witness."""
GUESSED = 0.1
"""Words less likely than that on average are guesses at laughter, coughs and noise."""
PHRASE_LETTERS_PER_S = 25.0
"""The words of films need at least the time in which they can be said."""
LONGEST_UNIT = 12
LEAST_LOOP_WORDS = 12
LEAST_TIMES = 3

_PHRASES = re.compile(
    r"""
      .{0,40}amara\.org.{0,40}
    | untertitel(ung)?\W+(der|des|im\ auftrag|von|bei|mit|aufgrund)\b.{0,60}
    | untertitel(ung)?\b.{0,30}\b(zdf|ndr|swr|wdr|mdr|ard|br|orf|funk)\b.{0,10}
    | (copyright|©)\W.{0,30}
    | (vielen\ dank|danke(\ schön)?)(\ für(s|\ das|\ ihre?|\ eure?)\ (zuschauen|zuhören|aufmerksamkeit|interesse))?
    | bis\ zum\ nächsten\ mal | das\ war'?s | tschüss
    | thank(s|\ you)(\ so\ much)?(\ for\ (watching|listening|viewing))? | you
    | (please\ )?(like\ and\ )?subscribe\b.{0,40} | see\ you\ (in\ the\ )?next\ (time|video|week)
    | subtitles?\ by\ .{0,60} | transcri(bed|ption)\ by\ .{0,40}
    | sous-titr(es|age)\b.{0,60} | sottotitoli\b.{0,60} | napisy\b.{0,60}
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What stands at the end of films and videos, and so in Whisper's silence."""


@dataclass(frozen=True)
class Loop:
    """Segments ``first`` to ``last`` repeat themselves; from word ``repeats_at`` of them on nothing new comes."""

    first: int
    last: int
    repeats_at: int


def loops(segments: Sequence[Segment]) -> tuple[Loop, ...]:
    """Return where the same words come again and again without others between, within a segment or over several.

    At least three times, and twelve words in all: people say "nein, nein, nein".
    """
    places = [(number, _plain(word.text)) for number, each in enumerate(segments) for word in each.words]
    said = [word for _, word in places]
    found, at = [], 0
    while at < len(said):
        unit, length = _repetition(said, at)
        if length:
            first, last = places[at][0], places[at + length - 1][0]
            begin = next(place for place, (number, _) in enumerate(places) if number == first)
            found.append(Loop(first, last, at + unit - begin))
        at += length or 1
    return tuple(found)


def cut_short(segments: Sequence[Segment], repeats_at: int) -> tuple[Segment, ...]:
    """Return the segments with their first ``repeats_at`` words only."""
    kept = []
    for segment in segments:
        words = segment.words[:repeats_at]
        repeats_at -= len(words)
        if words:
            kept.append(replace(segment, words=words, end_s=words[-1].end_s))
    return tuple(kept)


def doubt(segment: Segment, spoken_s: SpokenSeconds) -> Reason | None:
    """Return why a segment was probably not said, or ``None``.

    ``spoken_s`` is asked only about segments that look odd: listening for speech costs time.
    """
    if _absurd_speed(segment):
        return "speed"
    phrase, sure = _is_phrase(segment.text), fmean(word.sure for word in segment.words)
    if not phrase and sure >= IMPROBABLE:
        return None
    if sure < GUESSED:
        return "guess"
    spoken = spoken_s(segment.start_s, segment.end_s)
    if phrase and (sure < IMPROBABLE or spoken < len(segment.text) / PHRASE_LETTERS_PER_S):
        return "phrase"
    return "silence" if spoken < LEAST_SPOKEN * (segment.end_s - segment.start_s) else None


def _absurd_speed(segment: Segment) -> bool:
    if any(word.end_s - word.start_s > LONGEST_WORD_S for word in segment.words):
        return True
    letters, seconds = len(segment.text), segment.end_s - segment.start_s
    return letters >= SHORTEST_JUDGED and letters > MOST_LETTERS_PER_S * seconds


def _is_phrase(text: str) -> bool:
    return _PHRASES.fullmatch(text.strip(" .!?…,-–\"'")) is not None


def _repetition(said: Sequence[str], at: int) -> tuple[int, int]:
    """Return how many words are repeated from ``at`` on, and how many words that makes in all; (0, 0) for none."""
    for unit in range(1, LONGEST_UNIT + 1):
        end = at + unit
        while end < len(said) and said[end] == said[end - unit]:
            end += 1
        times = (end - at) // unit
        if times >= LEAST_TIMES and times * unit >= LEAST_LOOP_WORDS:
            return unit, end - at
    return 0, 0


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()
