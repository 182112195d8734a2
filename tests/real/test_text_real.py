"""Recipes with a real model: what must hold whatever it writes, in few words.

The model comes from the store of this machine (KIWERKSTATT_HOME); where it is absent the tests are skipped.
"""

import pytest

from models.engines.base import ChatSize
from models.language import language_of
from models.store import Store
from models.turns import Fixed
from stations.settings import Limits
from stations.text import work
from stations.text.prompting import task
from stations.text.recipes import cookbook

pytest.importorskip("llama_cpp", reason="the chat engine is not installed")

from models.engines.llama import LlamaChat

MODEL = "qwen-1.5b"
BOOK = cookbook().recipes
SIGN = (
    "Bitte schließen Sie Ihre Taschen ein. Das Museum ist von 10 bis 17 Uhr geöffnet, der Eintritt ist frei."
)


@pytest.fixture(scope="module")
def chat():
    store = Store()
    model = store.catalog.model(MODEL)
    if not store.present(model):
        pytest.skip(f"{model.title} is not on this machine: python3 launcher.py fetch {MODEL}")
    engine = LlamaChat(store.file(model), Fixed(1), ChatSize(context_tokens=2048, people=2))
    yield engine
    engine.close()


def written(chat, recipe, given, tries=0):
    wish = work.Wish(
        work.sampling(BOOK[recipe], Limits(answer_tokens=400), seed=1), tries, BOOK[work.SHORTENER]
    )
    drafts = list(work.write(chat, task(BOOK[recipe], given, "de"), wish))
    assert drafts[-1].stage == "done"
    return drafts[-1]


def kept(draft):
    return {each.check for each in draft.findings if each.kept}


def test_a_text_is_cut_to_its_number_of_characters(chat):
    draft = written(chat, "kuerzen", {"text": BOOK["kuerzen"].example["de"]["text"], "zeichen": 300})
    assert 100 < len(draft.text) <= 300
    assert {"characters", "language", "finished"} <= kept(draft)
    assert "Fäden der Zeit" in draft.text or "Heimatverein" in draft.text


def test_a_form_is_filled_in(chat):
    draft = written(chat, "pro-contra", {"frage": "Soll unser Museum am Montag öffnen?"})
    assert {"parts", "language"} <= kept(draft)
    assert draft.text.startswith("# ")
    for heading in ("## Dafür", "## Dagegen", "## Vorher zu klären"):
        assert heading in draft.text


def test_a_german_text_becomes_english(chat):
    draft = written(chat, "uebersetzen", {"text": SIGN, "sprache": "en"}, tries=2)
    assert language_of(draft.text) == "en"
    assert {"language", "not_copied"} <= kept(draft)
    assert "10" in draft.text


def test_stop_leaves_the_engine_ready_for_the_next(chat):
    drafts = work.write(chat, task(BOOK["diplomatisch"], {"text": SIGN}, "de"), work.Wish())
    next(drafts)
    drafts.close()
    assert written(chat, "uebersetzen", {"text": "Guten Morgen, wie geht es Ihnen heute?"}).text
