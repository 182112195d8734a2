"""The search model's rehearsal: a real model finds, one that means nothing does not."""

from contextlib import closing

import numpy as np

from models.engines.embedder import unit
from models.turns import Fixed
from stations.retrieval.rehearsal import rehearse
from tests.real.conftest import file_of


class Nonsense:
    """Embeds by chance."""

    dimensions, fingerprint, fusion_weight, is_open = 16, "16:AAAA", 0.5, True

    def __init__(self):
        self._dice = np.random.default_rng(7)

    def embed(self, texts, kind):
        yield unit(self._dice.normal(size=(len(texts), 16)))

    def tokens(self, text):
        return tuple(text.split())


def test_a_real_model_finds_the_passage():
    from models.engines.sentence import SentenceEmbedder

    with closing(SentenceEmbedder(file_of("e5-small-rebuilt"), Fixed(1))) as embedder:
        rehearsal = rehearse(embedder)
    assert rehearsal.found
    assert rehearsal.passages > 10
    assert rehearsal.work_s > 0


def test_a_model_that_understands_nothing_is_noticed():
    assert not rehearse(Nonsense()).found
