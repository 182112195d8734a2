"""Whether a sentence rests on lines that were said: shared words, numbers and names. Rules and word lists, no model."""

import re
from collections.abc import Sequence
from functools import lru_cache

from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.sentences import words
from stations.speech.meeting.cues import cues
from stations.speech.meeting.spoken_dates import in_digits
from stations.speech.transcript import Line
from stations.texts import Language

ENOUGH = 0.6
"""Share of the content words of a point that must have been said; the rest are verbs that a report needs."""
MOST_NEW_NOUNS = 0.25
"""German nouns carry the facts: no more than a quarter of them may be the model's own."""
MOST_LINES = 6
_SHORTEST_WORD, _SHORTEST_STEM = 4, 5
_STEM_SHARE = 0.6
_CONTRACTED = re.compile(r"['’].*$")
"""What follows an apostrophe: "I'll", "that's", "geht's"."""


@lru_cache(maxsize=20_000)
def content(text: str, language: Language) -> tuple[str, ...]:
    """Return the words of a text that say something, in their basic form, small, each once, in order."""
    bare = (_CONTRACTED.sub("", word) for word in words(text))
    found = (_basic(word, language) for word in bare if _counts(word))
    return tuple(dict.fromkeys(each for each in found if each not in cues(language).empty))


def nouns(text: str) -> tuple[str, ...]:
    """Return the words with a capital letter that do not begin the text: in German the nouns and names."""
    return tuple(word for word in words(text)[1:] if word[0].isupper() and _counts(word))


def shared(wanted: Sequence[str], there: Sequence[str]) -> list[str]:
    """Return those of the ``wanted`` words that are ``there``, perhaps as a part of a longer word."""
    return [word for word in wanted if any(_same(word, each) for each in there)]


def supports(source: str, text: str, language: Language) -> bool:
    """Tell whether ``text`` says no more than ``source``: enough of its words, and all of its numbers and names."""
    wanted = content(text, language)
    there = content(source, language)
    if not wanted or len(shared(wanted, there)) < ENOUGH * len(wanted):
        return False
    if language == "de" and (own := [_basic(each, language) for each in nouns(text)]):
        own = [each for each in own if each not in cues(language).empty]
        if len(own) - len(shared(own, there)) > MOST_NEW_NOUNS * len(own):
            return False
    said = f"{source}\n{in_digits(source, language)}"
    return not new_numbers(said, text, language) and not new_names(source, text, language)


def resting_on(lines: Sequence[Line], text: str, language: Language, most: int = MOST_LINES) -> list[Line]:
    """Return the fewest of ``lines`` that hold what ``text`` shares with all of them, at most ``most``, in order."""
    missing = set(content(text, language))
    found: list[Line] = []
    while missing and len(found) < most:
        gains = [(len(shared(sorted(missing), content(each.text, language))), each) for each in lines]
        gain, best = max(gains, key=lambda each: each[0], default=(0, None))
        if not gain or best is None:
            break
        found.append(best)
        missing -= set(shared(sorted(missing), content(best.text, language)))
    return [each for each in lines if each in found]


def alike(one: str, other: str, language: Language) -> float:
    """Return how much two sentences say the same, 0 to 1: shared words of the shorter one."""
    first, second = sorted((content(one, language), content(other, language)), key=len)
    return len(shared(first, second)) / len(first) if first else 0.0


def _counts(word: str) -> bool:
    return len(word) >= _SHORTEST_WORD or any(map(str.isdigit, word))


@lru_cache(maxsize=20_000)
def _basic(word: str, language: Language) -> str:
    from simplemma import lemmatize

    return str(lemmatize(word, lang=language)).lower()


def _same(one: str, other: str) -> bool:
    """Tell whether two words in their basic form are one, a part of the other, or of one stem."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_STEM or any(map(str.isdigit, short)):
        return False
    if short in long:
        return True
    stem = _common_beginning(short, long)
    return stem >= max(_SHORTEST_STEM, _STEM_SHARE * len(long))


def _common_beginning(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
