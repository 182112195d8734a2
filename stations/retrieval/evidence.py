"""Whether documents contain what is asked, before a model writes a word.

Three signs together, never a cosine by itself: how much nearer the best passage is than the rest of the collection,
how many of the question's words the best passages have, and how likely a model says yes to "is the answer in there?".
The weights in ``configs/retrieval.toml`` are a logistic regression on questions with known answers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from models.index.words import WordMaker
from models.language import language_of
from models.passages import Hit
from stations.retrieval.question_words import covered, question_words, stems_of
from stations.retrieval.searching import Searcher
from stations.retrieval.wording import evidence_limits
from stations.texts import Language, known_language

REST = 200
"""So many nearest passages tell what is usual for a question."""
FEW = 30
"""In a smaller collection nobody can tell what is usual."""
SUREST = 3.0
"""A yes or no counts no more than that (in logits): models are surer than they are right."""


@dataclass(frozen=True)
class Evidence:
    """The signs; ``covered`` 0..1 or ``None`` across languages, ``spread`` a difference of cosines or ``None``.

    ``missing`` are the question's words that none of the passages has.
    """

    covered: float | None
    spread: float | None
    missing: tuple[str, ...] = ()

    def score(self, yes: float) -> float:
        """Return how much speaks for an answer; ``yes`` is the model's probability of yes, 0..1."""
        limits = evidence_limits()
        return (
            limits.bias
            + limits.yes * max(-SUREST, min(SUREST, _logit(yes)))
            + limits.covered * (limits.usual_covered if self.covered is None else self.covered)
            + limits.spread * (limits.usual_spread if self.spread is None else self.spread)
        )

    @property
    def is_hopeless(self) -> bool:
        """Whether hardly a word of the question is there and nothing is nearer than usual: nobody need be asked."""
        if self.covered is None or self.spread is None:
            return False
        limits = evidence_limits()
        return self.covered <= limits.hopeless_covered and self.spread <= limits.hopeless_spread


def is_weak(evidence: Evidence, yes: float) -> bool:
    """Tell whether the documents do not contain what is asked."""
    return evidence.score(yes) < evidence_limits().least


def is_sure(evidence: Evidence, yes: float) -> bool:
    """Tell whether so much speaks for an answer that the model need not be told how to refuse."""
    return evidence.score(yes) >= evidence_limits().sure


def evidence(
    question: str, hits: Sequence[Hit], searcher: Searcher, language: Language, maker: WordMaker
) -> Evidence:
    """Return the signs for the passages that were found."""
    spread = _spread(question, searcher)
    asked_in = known_language(language_of(question), language)
    if asked_in not in {hit.document.language or asked_in for hit in hits}:
        return Evidence(None, spread)
    asked = question_words(question, asked_in, maker)
    stems = stems_of([hit.passage.read_text for hit in hits], asked_in, maker)
    missing = tuple(word.text for word in asked if not word.in_stems(stems))
    return Evidence(covered(asked, stems), spread, missing)


def _spread(question: str, searcher: Searcher) -> float | None:
    """Return how far the best cosine is from the mean of the others."""
    cosines = [hit.dense or 0.0 for hit in searcher.hits(question, "dense", REST)]
    if len(cosines) < FEW:
        return None
    return cosines[0] - sum(cosines[1:]) / (len(cosines) - 1)


def _logit(probability: float) -> float:
    safe = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(safe / (1 - safe))
