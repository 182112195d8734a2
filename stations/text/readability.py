"""How hard a text is to read, by three old and well-known formulas. They see length, not sense."""

import re
from dataclasses import dataclass
from typing import Literal

from stations.prose.sentences import sentences, words

Level = Literal["very_easy", "easy", "medium", "hard", "very_hard"]
LONG_WORD_LETTERS = 6
_LEVELS: tuple[tuple[int, Level], ...] = ((30, "very_easy"), (40, "easy"), (50, "medium"), (60, "hard"))
_LETTERLESS = re.compile(r"[\W\d_]+\Z")
_GERMAN_VOWELS = re.compile(r"aa|ai|au|ay|äu|ee|ei|eu|ey|ie|oo|ou|oi|oy|[aeiouyäöüáàâéèêíóôúûœæ]")
_GERMAN_APART = re.compile(
    r"(?<=mus)e(?=um)|e(?=ums?$)|(?<=l)ä(?=um)"  # Museum, Jubiläum
    r"|^[bg]e(?=e(?:hr|nd|rd|rb|bn|il|in))|e(?=en$)"  # geehrt, beendet, Ideen
    r"|(?<=[aeiouäöüy][bdgklmnprstv])i(?=ens?$)|(?<=[aeiouäöüy][lrnt]d)i(?=ens?$)"  # Ferien, Melodien
    r"|(?<=[lrn])i(?=en[bcdfghjklmnpqrsvwxz])|(?<=med)i(?=en)|(?<=stud)i(?=en?)"  # Ferienspiele, Medien
    r"|(?:famil|lin|ser|präm|akt|omöd|agöd|fol|lil|mobil|arter)i(?=e)"  # Familie, Serie, Komödie
)
"""Vowels that belong to different syllables although they look like one."""
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+|é|(?:th|s)m$|(?<=[^aeiouy])r$")
_ENGLISH_SILENT = (
    (re.compile(r"(?<=[^aeioutdy])ed$"), "d"),  # opened
    (re.compile(r"(?<![scxzghlaeiouy])es$|(?<=[^s]h)es$|(?<=[aeiouy]l)es$|(?<=[aeou]e)s$"), "s"),  # makes
    (re.compile(r"(?<=\w\w[^aeiouyl])e$|(?<=[aeiouy]l)e$"), ""),  # place, whole
    (
        re.compile(r"(?<=[aeiouy][bdfgkmnprtvl])e(?=(?:ment|ful|less|ness|thing|times)(?:s|ly)?$|ly$)"),
        "",
    ),  # safely
    (
        re.compile(r"(?<=q)u|(?<=ll)i(?=on)|(?<=[tcsg])i(?=on|ous|al|an|en[tc])"),
        "",
    ),  # quiet, million, station
    (re.compile(r"^y(?=[aeiou])"), "j"),  # young
)
_ENGLISH_APART = re.compile(
    r"i(?=[aou])|(?<=q)i(?=et)|(?<=c)i(?=ety|en)|(?<=d)i(?=en)|u(?=[ae][ln]|in|al)|[aeouy](?=ing)"  # idea, being
    r"|(?<![pao])e(?=o(?!u)|at[er]|al[is]|as?$|um)|(?<=a)e(?=o)|o(?=e[mt])"  # theory, poem
)


@dataclass(frozen=True)
class Readability:
    """Measures of one text.

    ``lix`` grows with difficulty (about 20 to 70), ``flesch`` falls (about 100 to 0, and beyond for extreme texts).
    """

    lix: float
    flesch: float
    words_per_sentence: float
    syllables_per_word: float
    words: int
    sentences: int


def readability(text: str, language: str) -> Readability | None:
    """Return the measures of ``text``, or ``None`` when it has no words.

    LIX: words per sentence + percentage of words of more than six letters (Björnsson, Läsbarhet, 1968).
    Flesch for German: 180 - ASL - 58.5 ASW (Amstad, Wie verständlich sind unsere Zeitungen?, 1978); for other
    languages the Reading Ease of English: 206.835 - 1.015 ASL - 84.6 ASW (Flesch, A new readability yardstick, 1948).
    ASL is words per sentence, ASW syllables per word.
    """
    every_word = [word for word in words(text) if not _LETTERLESS.match(word)]
    if not every_word:
        return None
    count = sum(1 for sentence in sentences(text, language) if words(sentence))
    long_words = sum(1 for word in every_word if sum(map(str.isalpha, word)) > LONG_WORD_LETTERS)
    asl = len(every_word) / count
    asw = sum(syllables(word, language) for word in every_word) / len(every_word)
    flesch = 180 - asl - 58.5 * asw if language == "de" else 206.835 - 1.015 * asl - 84.6 * asw
    return Readability(asl + 100 * long_words / len(every_word), flesch, asl, asw, len(every_word), count)


def level(measured: Readability) -> Level:
    """Return how hard a text is, by its LIX: the same five steps for German and English.

    Below 30 very easy (books for children), below 40 easy (fiction), below 50 medium (newspapers), below 60 hard
    (non-fiction), from 60 very hard (official and academic texts): the ranges of Björnsson (1968) as they are usually
    quoted.
    """
    return next((name for bound, name in _LEVELS if measured.lix < bound), "very_hard")


def syllables(word: str, language: str) -> int:
    """Return how many syllables a word has, at least one, by its groups of vowels.

    Hyphenation points are no measure: typesetters leave out breaks after a single letter ("Oa-se").
    """
    return max(1, _english(word.lower()) if language == "en" else _german(word.lower()))


def _german(word: str) -> int:
    bare = re.sub(r"^y(?=[aeiou])", "j", word.replace("qu", "q"))
    return len(_GERMAN_VOWELS.findall(_GERMAN_APART.sub(r"\g<0>.", bare)))


def _english(word: str) -> int:
    for pattern, written in _ENGLISH_SILENT:
        word = pattern.sub(written, word)
    return len(_ENGLISH_VOWELS.findall(_ENGLISH_APART.sub(r"\g<0>.", word)))
