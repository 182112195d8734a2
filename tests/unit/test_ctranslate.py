"""Translation models of three families on the real runtime; the models are made here and speak nonsense."""

import importlib.util
from pathlib import Path

import pytest

from models.errors import ModelError
from models.turns import Fixed
from stations.translation.results import Wish
from stations.translation.translating import translate
from stations.translation.units import units_of

pytest.importorskip("ctranslate2", reason="no runtime for translation models is installed")
pytest.importorskip("sentencepiece", reason="sentencepiece is not installed")

from models.engines import ctranslate
from models.engines.ctranslate import AT_ONCE, LONGEST_PIECE, CTranslator

_spec = importlib.util.spec_from_file_location(
    "tiny_translation", Path(__file__).resolve().parents[1] / "tiny_translation.py"
)
tiny_translation = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tiny_translation)
make = tiny_translation.make
GERMAN = "Das Museum zeigt alte Webstühle."
LONG = "Der Verein sucht Ehrenamtliche für die Garderobe, " * 40


class Watched:
    """The runtime's own translator; notes what it is asked."""

    def __init__(self, model):
        self.model, self.batches, self.options = model, [], []

    def translate_batch(self, tokens, **options):
        self.batches.append(tokens)
        self.options.append(options)
        return self.model.translate_batch(tokens, **options)


class Claim(Fixed):
    """A turn that counts how often it was entered and left."""

    entered = left = 0

    def __enter__(self):
        self.entered += 1
        return self

    def __exit__(self, *_):
        self.left += 1


def opened(folder, **wishes):
    model = CTranslator(folder, Claim(1), **wishes)
    model._model = Watched(model._model)
    return model


@pytest.fixture(scope="module")
def opus(tmp_path_factory):
    return make(tmp_path_factory.mktemp("x") / "opus-mt-de-en")


@pytest.fixture(scope="module")
def m2m(tmp_path_factory):
    return make(
        tmp_path_factory.mktemp("x") / "m2m100", ["__de__", "__en__", "__fr__"], ["sentencepiece.bpe.model"]
    )


@pytest.fixture(scope="module")
def madlad(tmp_path_factory):
    return make(tmp_path_factory.mktemp("x") / "madlad", ["<2de>", "<2en>"], ["spiece.model"])


def test_a_pair_is_known_by_the_folders_name_or_told(opus, tmp_path):
    assert CTranslator(opus / "model.bin", Fixed(1)).pairs == (("de", "en"),)
    other = make(tmp_path / "model")
    assert CTranslator(other, Fixed(1), ("fr", "de")).pairs == (("fr", "de"),)
    with pytest.raises(ModelError, match="its name does not end in its languages"):
        CTranslator(other, Fixed(1))


def test_families_with_many_languages_are_known_by_their_tokens(m2m, madlad):
    assert len(CTranslator(m2m, Fixed(1)).pairs) == 6
    assert CTranslator(m2m, Fixed(1), ("de", "fr", "xx")).pairs == (("de", "fr"), ("fr", "de"))
    assert CTranslator(madlad, Fixed(1)).pairs == (("de", "en"), ("en", "de"))


def test_words_go_in_as_the_family_wants_them(opus, m2m, madlad):
    for folder, first, begins in ((opus, "▁", None), (m2m, "__de__", [["__en__"]]), (madlad, "<2en>", None)):
        model = opened(folder)
        list(model.translate([GERMAN], "de", "en"))
        tokens = model._model.batches[0][0]
        assert tokens[0].startswith(first)
        assert tokens[-1] == "</s>"
        assert model._model.options[0]["target_prefix"] == begins


def test_the_end_is_left_to_a_model_that_sets_it_itself(opus, tmp_path):
    folder = make(tmp_path / "opus-mt-de-en")
    config = folder / "config.json"
    config.write_text(config.read_text().replace('"add_source_eos": false', '"add_source_eos": true'))
    model = opened(folder)
    list(model.translate([GERMAN], "de", "en"))
    assert model._model.batches[0][0][-1] != "</s>"


def test_languages_never_come_out_as_words(m2m):
    said = list(CTranslator(m2m, Fixed(1)).translate([GERMAN] * 3, "de", "en"))
    assert len(set(said)) == 1
    assert "__" not in said[0]
    assert "▁" not in said[0]


def test_every_sentence_gets_one_and_blank_ones_stay_blank(opus):
    said = list(CTranslator(opus, Fixed(1)).translate(["", GERMAN, "   ", GERMAN, "Der Verein."], "de", "en"))
    assert [bool(each) for each in said] == [False, True, False, True, True]
    assert said[1] == said[3] != said[4]
    assert list(CTranslator(opus, Fixed(1)).translate([], "de", "en")) == []


def test_a_long_sentence_is_translated_in_pieces_and_comes_back_as_one(opus):
    model = opened(opus)
    said = list(model.translate([LONG, GERMAN], "de", "en"))
    assert len(said) == 2
    pieces = [tokens for batch in model._model.batches for tokens in batch]
    assert len(pieces) > 3
    assert max(len(tokens) for tokens in pieces) <= LONGEST_PIECE + 1
    words = "".join("".join(tokens[:-1]) for tokens in pieces[:-1]).replace("▁", "")
    assert words == LONG.replace(" ", "")


def test_a_word_without_end_is_cut_and_does_not_hang(opus):
    assert len(list(CTranslator(opus, Fixed(1)).translate(["x" * 3000], "de", "en"))) == 1


def test_sentences_come_batch_by_batch_and_stop_ends_it_between_two(opus):
    model = opened(opus)
    said = model.translate([GERMAN] * (3 * AT_ONCE), "de", "en")
    assert model._model.batches == []
    next(said)
    assert len(model._model.batches) == 1
    said.close()
    assert len(model._model.batches) == 1
    assert (model._turn.entered, model._turn.left) == (1, 1)


def test_the_processor_is_free_between_two_batches(opus, monkeypatch):
    model = opened(opus)
    said = model.translate([GERMAN] * (2 * AT_ONCE), "de", "en")
    for _ in range(AT_ONCE + 1):
        next(said)
    assert (model._turn.entered, model._turn.left) == (2, 2)


def test_other_languages_are_refused_with_those_it_knows(m2m):
    with pytest.raises(ModelError) as caught:
        CTranslator(m2m, Fixed(1)).translate(["Hallo"], "de", "pl")
    assert caught.value.key == "translate.pair"
    assert caught.value.facts["target"] == "pl"
    assert "de → en" in str(caught.value.facts["known"])


def test_a_closed_model_says_so_and_is_not_open(opus):
    model = CTranslator(opus, Fixed(1))
    assert model.is_open
    model.close()
    assert not model.is_open
    with pytest.raises(ModelError, match=r"translate\.broken_model"):
        list(model.translate([GERMAN], "de", "en"))


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.bin", None),
        ("model.bin", b"no model"),
        ("source.spm", None),
        ("source.spm", b"no tokenizer"),
        ("config.json", b"{"),
        ("shared_vocabulary.json", b"["),
    ],
)
def test_a_damaged_model_is_named_without_its_place(tmp_path, file, content):
    folder = make(tmp_path / "opus-mt-de-en")
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    with pytest.raises(ModelError) as caught:
        CTranslator(folder, Fixed(1))
    assert caught.value.key == "translate.broken_model"
    assert caught.value.facts["file"] == "opus-mt-de-en"
    assert str(tmp_path) not in str(caught.value.facts)


def test_a_document_is_translated_by_such_a_model_and_checked(opus):
    text = f"{GERMAN} Der Verein hat 12 Mitglieder.\n\n- Haus"
    states = list(translate(units_of(text, "de"), Wish("de", "en"), CTranslator(opus, Fixed(1))))
    assert states[-1].stage == "done"
    assert all(pair.done and pair.text for pair in states[-1].pairs)
    assert "numbers" in {finding.check for finding in states[-1].findings}


def test_the_runtime_is_imported_only_when_a_model_is_opened():
    assert "ctranslate2" not in vars(ctranslate)
