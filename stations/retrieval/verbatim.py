"""The sentence of the documents that comes nearest to a question, word for word.

Where the evidence is there and a small model still writes nothing that its sources support, this is what people get:
not an answer in good prose, but the place to read.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from models.engines.embedder import Embedder, embed_all
from models.index.words import WordMaker
from models.passages import Hit
from stations.prose.sentences import sentences, words
from stations.retrieval.answer import Statement
from stations.retrieval.orders import without_orders
from stations.retrieval.question_words import covered, question_words, stems_of
from stations.texts import Language, say

FEWEST_WORDS = 4
"""Shorter ones are headings and cells."""
MOST_SENTENCES = 16
"""Of each passage."""
LONGEST = 400
FIRST_PASSAGE = 0.3
"""So much more the best passage counts than one that was found by nothing."""


class Verbatim:
    """Looks for the sentence; ``statement`` is there once ``steps`` are through, ``None`` where there is none."""

    def __init__(self, question: str, hits: Sequence[Hit], language: Language, maker: WordMaker) -> None:
        self._question, self._hits, self._maker = question, hits, maker
        self._language: Language = language
        self._found = [
            (number, sentence)
            for number, hit in enumerate(hits, 1)
            for sentence in _whole_sentences(hit, language)
        ]
        self.statement: Statement | None = None

    def steps(self, embedder: Embedder) -> Iterator[None]:
        """Yield at least every half second until the sentence is found."""
        if not self._found:
            return
        rows = []
        for some in embedder.embed([sentence for _, sentence in self._found], "passage"):
            rows.append(some)
            yield
        near = np.concatenate(rows) @ embed_all(embedder, [self._question], "query")[0]
        number, sentence = self._found[int(np.argmax(_stretched(near) + self._words() + self._ranks()))]
        told = say("answer.verbatim", self._language, sentence=" ".join(sentence.split())[:LONGEST])
        self.statement = Statement(told, (number,), "supported")

    def _words(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        asked = question_words(self._question, self._language, self._maker)
        return np.array(
            [covered(asked, stems_of([sentence], self._language, self._maker)) for _, sentence in self._found]
        )

    def _ranks(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        best = max(self._hits[0].score, 1e-6)
        return np.array([FIRST_PASSAGE * self._hits[number - 1].score / best for number, _ in self._found])


def _whole_sentences(hit: Hit, language: Language) -> list[str]:
    spoken = hit.document.language or language
    found = sentences(without_orders(hit.passage.text, spoken), spoken)[:MOST_SENTENCES]
    return [each for each in found if len(words(each)) >= FEWEST_WORDS and not each.rstrip().endswith("?")]


def _stretched(
    near: "np.ndarray[tuple[int], np.dtype[np.float32]]",
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return cosines as 0 for what is usual here and 1 for the nearest: they lie close together."""
    usual = float(near.mean())
    return np.asarray((near - usual) / max(float(near.max()) - usual, 1e-6), np.float64)
