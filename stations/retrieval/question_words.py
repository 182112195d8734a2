"""What a question is about: its words without those that only ask, and how many of them a text has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.index.words import SHORTEST_BEGINNING, WordMaker
from stations.prose.sentences import words
from stations.retrieval.wording import lines
from stations.texts import Language

NAMED = 2.0
"""Weight of a name, a noun or a number; other words weigh 1."""
BY_PARTS = 0.8
"""How much a compound counts whose parts are there, but not together."""


@dataclass(frozen=True)
class QuestionWord:
    """A word as it was written, its stem, the stems of its parts, and how much it weighs."""

    text: str
    stem: str
    parts: tuple[str, ...]
    weight: float

    def in_stems(self, stems: frozenset[str]) -> float:
        """Return how much of the word is there, 0..1: longer words that begin with it count, and its parts."""
        if _has(stems, self.stem):
            return 1.0
        if not self.parts:
            return 0.0
        return BY_PARTS * sum(_has(stems, part) for part in self.parts) / len(self.parts)


def question_words(question: str, language: Language, maker: WordMaker) -> list[QuestionWord]:
    """Return what a question is about, each word once, in order."""
    found: dict[str, QuestionWord] = {}
    for word in words(question):
        stems = () if word.casefold() in lines(language).frame else maker.of_passage(word, language)
        if stems:
            weight = NAMED if not word[0].islower() else 1.0
            found.setdefault(stems[0], QuestionWord(word, stems[0], tuple(stems[1:]), weight))
    return list(found.values())


def stems_of(texts: Iterable[str], language: str, maker: WordMaker) -> frozenset[str]:
    """Return the stems of all words of some texts."""
    return frozenset(stem for text in texts for stem in maker.of_passage(text, language))


def covered(asked: Sequence[QuestionWord], stems: frozenset[str]) -> float:
    """Return the share of a question's words that is there, 0..1; 1 for a question without any."""
    whole = sum(word.weight for word in asked)
    return sum(word.weight * word.in_stems(stems) for word in asked) / whole if whole else 1.0


def _has(stems: frozenset[str], wanted: str) -> bool:
    if wanted in stems:
        return True
    return len(wanted) >= SHORTEST_BEGINNING and any(stem.startswith(wanted) for stem in stems)
