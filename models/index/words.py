"""Words as an index keeps them: stemmed, without umlauts, long German ones also in their parts.

Measured on 409 sections of a German manual (nDCG@10, titles as questions): plain words .597, stems .673, stems as
beginnings of words .672, with the parts of compound words .692; English titles .358, .374, .406, .413.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.index.stop_words import stop_words

VERSION = "1"
"""Goes up when the same text gives other words: an index made with others must be made anew."""
ALGORITHMS = {
    "de": "german", "en": "english", "fr": "french", "es": "spanish", "it": "italian", "nl": "dutch",
    "pt": "portuguese", "pl": "polish", "ru": "russian", "tr": "turkish", "sv": "swedish", "da": "danish",
}  # fmt: skip
"""Snowball's stemmer for each language; German for all others."""
SHORTEST_BEGINNING = 4
"""Stems this long also find words that begin with them; shorter ones begin too many."""
SHORTEST_COMPOUND, SHORTEST_PART = 8, 4
JOINTS = ("", "s", "es", "n", "en")
"""What German puts between the parts of a compound word."""
LONGEST_WORD = 60
"""What is longer is no word (a checksum, a line of dashes), or nobody types it."""
MOST_TERMS = 48
"""A question has no more: whoever pastes a page gets hits for its beginning, and soon."""
_OPENING = threading.Lock()
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Term:
    """A word to look for; ``begins`` also finds words that begin with it."""

    stem: str
    begins: bool


class WordMaker:
    """Makes words of texts. Safe for several threads."""

    def __init__(self) -> None:
        self._parts = lru_cache(maxsize=50_000)(_parts)
        self._opening = threading.Thread(target=_open_dictionary, daemon=True)
        self._opening.start()

    def of_passage(self, text: str, language: str) -> list[str]:
        """Return the words of a passage in order, stemmed by its language; stop words are left out."""
        stop = stop_words(language)
        whole = [word for word in _words(text) if word not in stop]
        return _stemmed(
            [each for word in whole for each in (word, *self._of_german(word, language))], language
        )

    def of_question(self, text: str, languages: Sequence[str]) -> list[Term]:
        """Return what to look for in a collection of these ``languages``, each term once, the main language first.

        Stop words are left out unless there is nothing else. Stems of the main language are also looked for as
        beginnings; those of others are not, because they would count the same words twice.
        """
        asked, terms = list(languages) or ["de"], dict[str, bool]()
        for language in asked:
            stems = self.of_passage(text, language) or _stemmed(list(_words(text)), language)
            for stem in stems:
                terms.setdefault(stem, language == asked[0] and len(stem) >= SHORTEST_BEGINNING)
        return [Term(stem, begins) for stem, begins in list(terms.items())[:MOST_TERMS]]

    def _of_german(self, word: str, language: str) -> tuple[str, ...]:
        if _algorithm(language) != "german":
            return ()
        self._opening.join()
        return self._parts(word)


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text).lower()):
        if len(match[0]) <= LONGEST_WORD:
            yield match[0]


def _algorithm(language: str) -> str:
    return ALGORITHMS.get(language[:2], "german")


def _stemmed(words: list[str], language: str) -> list[str]:
    """Return stems without accents and umlauts (Snowball's German takes ``ae`` for ``ä`` by itself)."""
    import Stemmer

    stemmer = Stemmer.Stemmer(_algorithm(language))  # a new one each time: it is not safe for two threads
    return [bare for stem in stemmer.stemWords(words) if (bare := _bare(stem))]


def _bare(word: str) -> str:
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word).replace("ß", "ss")
    return "".join(letter for letter in apart if letter.isalnum())


def _parts(word: str) -> tuple[str, ...]:
    """Return the words that a German word is made of, none for one that is not made of others.

    Of all ways to part it in two known words, the one in the middle counts; both are parted again. Which words there
    are is told by simplemma's dictionary.
    """
    if len(word) < SHORTEST_COMPOUND or not word.isalpha():
        return ()
    found = min(_pairs(word), key=lambda pair: abs(len(pair[0]) - len(pair[1])), default=())
    return tuple(each for part in found for each in (_parts(part) or (part,)))


def _pairs(word: str) -> Iterator[tuple[str, str]]:
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        first, second = word[:cut], word[cut:]
        if not _known(second):
            continue
        for joint in JOINTS:
            bare = first.removesuffix(joint) if first.endswith(joint) else ""
            if len(bare) >= SHORTEST_PART and _known(bare):
                yield bare, second
                break


def _open_dictionary() -> None:
    """Open the dictionary before it is needed, once: it takes a second, and two threads would do it twice."""
    with _OPENING:
        _known("haus")


def _known(word: str) -> bool:
    import simplemma

    return bool(simplemma.is_known(word, "de") or simplemma.is_known(word.capitalize(), "de"))
