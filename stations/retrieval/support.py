"""Whether a source seems to say what a sentence of an answer says: a check, not a proof.

A number or a name that stands in none of the sources is an invention. Otherwise the sentence must share words with its
source (between two languages that tells nothing), and be nearer to a sentence of it than to those of the other
passages. What is put together falsely from true words is not found.

Measured on 113 sentences of 14 searches in other documents than the 60 questions: with every fourth word taken away,
99 % count as supported by their own passage, and 3 % of 452 pairs by another passage that was found for the question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.engines.embedder import Embedder, Vectors, embed_all
from models.index.words import WordMaker
from models.passages import Hit
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.sentences import sentences, words
from stations.retrieval.answer import Statement
from stations.retrieval.question_words import QuestionWord, covered, question_words, stems_of
from stations.retrieval.source_numbers import Numbered
from stations.retrieval.wording import lines, support_limits
from stations.texts import LANGUAGES, Language

MOST_SENTENCES = 16
"""Of each passage; more come from lists."""


@dataclass(frozen=True)
class Fit:
    """How well a passage goes with a sentence: shared words 0..1, nearness against other passages, inventions."""

    words: float
    near: float
    invents: bool

    @property
    def supports(self) -> bool:
        """Whether the passage seems to say the same."""
        limits = support_limits()
        return not self.invents and self.words >= limits.least_words and self.near >= limits.least_near

    @property
    def rank(self) -> tuple[bool, float, float]:
        """What the better of two passages has more of."""
        return self.supports, self.words, self.near


class SupportCheck:
    """Holds sentences against the passages of one answer; the passages are embedded once, with the first sentence.

    ``embedder`` is the one that it was made with.
    """

    def __init__(
        self, sources: Sequence[Hit], embedder: Embedder, language: Language, asked: Sequence[QuestionWord]
    ) -> None:
        self._maker = maker = WordMaker()
        self._asked = {word.stem for word in asked}
        self._texts = [hit.passage.read_text for hit in sources]
        self._stems = [stems_of([text], language, maker) for text in self._texts]
        self._foreign = [hit.document.language not in ("", language) for hit in sources]
        self.embedder = embedder
        self._language: Language = language
        self._near: list[Vectors] = []

    def statement(self, sentence: Numbered) -> Statement:
        """Return a sentence with its sources and whether they support it.

        Without numbers, or where the named source does not say it and another does, it gets the one that does. Of
        several named ones those stay that say it; one that says it more clearly than all of them is added.
        """
        if self._claims_nothing(sentence.text):
            return Statement(sentence.text, sentence.numbers, "open")
        fits = self._fits(sentence.text)
        best = max(range(len(fits)), key=lambda place: fits[place].rank)
        named = [number for number in sentence.numbers if fits[number - 1].supports]
        if named:
            better = all(fits[best].rank > fits[number - 1].rank for number in named)
            return Statement(sentence.text, (*named, best + 1) if better else tuple(named), "supported")
        if fits[best].supports:
            return Statement(sentence.text, (best + 1,), "supported")
        if len(sentence.numbers) > 1 and self._together(sentence):
            return Statement(sentence.text, sentence.numbers, "supported")
        return Statement(sentence.text, sentence.numbers or (best + 1,), "unsupported")

    def _claims_nothing(self, text: str) -> bool:
        if says_nothing(text, self._language) or not question_words(text, self._language, self._maker):
            return True
        return lines(self._language).courtesies.issuperset(word.casefold() for word in words(text))

    def _fits(self, text: str) -> list[Fit]:
        own = question_words(text, self._language, self._maker)
        near = self._nearness(text)
        return [
            Fit(self._shared(own, place), near[place], self._invents(self._texts[place], text))
            for place in range(len(self._texts))
        ]

    def _shared(self, own: Sequence[QuestionWord], place: int) -> float:
        """Return the share of words; between two languages it tells nothing, and nearness decides.

        What nobody asked with must be there by itself: "Debra was a teacher" names Debra, and that was the question.
        """
        if self._foreign[place]:
            return 1.0
        new = [word for word in own if word.stem not in self._asked]
        return min(covered(own, self._stems[place]), covered(new, self._stems[place]))

    def _together(self, sentence: Numbered) -> bool:
        """Tell whether the named sources together have what the sentence says."""
        places = [number - 1 for number in sentence.numbers]
        own = question_words(sentence.text, self._language, self._maker)
        stems = frozenset().union(*(self._stems[place] for place in places))
        invents = self._invents("\n".join(self._texts[place] for place in places), sentence.text)
        return Fit(covered(own, stems), 0.0, invents).supports

    def _invents(self, source: str, text: str) -> bool:
        """Tell whether a sentence has a number or name that is not in the source in any spelling."""
        new = (*new_numbers(source, text, self._language), *new_names(source, text, self._language))
        return any(each.strip(" .,:;") not in source for each in new)

    def _nearness(self, text: str) -> list[float]:
        """Return for each passage how near its nearest sentence is, less that of the other passages on average."""
        vector = embed_all(self.embedder, [text], "passage")[0]
        best = np.array([float((rows @ vector).max()) for rows in self._sentences()])
        if len(best) == 1:
            return [0.0]
        others = (best.sum() - best) / (len(best) - 1)
        return [float(value) for value in best - others]

    def _sentences(self) -> list[Vectors]:
        if not self._near:
            cut = [sentences(text, self._language)[:MOST_SENTENCES] or [text] for text in self._texts]
            rows = embed_all(self.embedder, [each for some in cut for each in some], "passage")
            ends = np.cumsum([len(some) for some in cut])[:-1]
            self._near = list(np.split(rows, ends))
        return self._near


def refuses(text: str) -> bool:
    """Tell whether a sentence has the fixed words with which a model refuses, in any language of the kit."""
    small = " ".join(text.casefold().split())
    return any(lines(language).nothing.casefold() in small for language in LANGUAGES)


def says_nothing(text: str, language: Language) -> bool:
    """Tell whether a sentence says that the documents do not contain it, however sloppily."""
    small = " ".join(text.casefold().split())
    return refuses(text) or any(sign in small for sign in lines(language).nothing_signs)
