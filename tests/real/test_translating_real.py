"""Translating with a real chat model: what must hold whatever it writes, in few words.

The model comes from the store of this machine (KIWERKSTATT_HOME); where it is absent the tests are skipped.
"""

import io

import pytest
from docx import Document

from models.engines.base import ChatSize
from models.language import language_of
from models.store import Store
from models.turns import Fixed
from stations.translation.cues import translate_cues
from stations.translation.papers import read_paper, written_paper
from stations.translation.results import Wish
from stations.translation.returning import returned, translate_back
from stations.translation.translating import translate
from stations.translation.units import units_of

pytest.importorskip("llama_cpp", reason="the chat engine is not installed")

from models.engines.llama import LlamaChat

MODEL = "qwen-1.5b"
GERMAN = """# Öffnungszeiten

Das Museum ist von 10 bis 17 Uhr geöffnet. Der Eintritt kostet 6,50 Euro. Frau Krause führt am 14. März durch die Räume.
- Hunde dürfen nicht ins Haus.
"""


@pytest.fixture(scope="module")
def chat():
    store = Store()
    model = store.catalog.model(MODEL)
    if not store.present(model):
        pytest.skip(f"{model.title} is not on this machine: python3 launcher.py fetch {MODEL}")
    engine = LlamaChat(store.file(model), Fixed(1), ChatSize(context_tokens=4096, people=4))
    yield engine
    engine.close()


def last(states):
    *_, final = states
    return final


def test_every_sentence_of_a_text_is_translated_with_its_numbers_and_names(chat):
    wish = Wish("de", "en")
    there = last(translate(units_of(GERMAN, "de"), wish, chat))
    assert [pair.unit.text for pair in there.pairs if not pair.text] == []
    assert there.text.startswith("# ")
    assert there.text.count("\n") == GERMAN.count("\n")
    assert language_of(there.text) == "en"
    for piece in ("10", "6.50", "14", "Krause"):
        assert piece in there.text
    home = last(translate_back(there, wish, chat))
    assert language_of(home.text) == "de"
    same = [part for part in returned(GERMAN, home.text, "de").original if not part.changed]
    assert sum(len(part.text) for part in same) > len(GERMAN) / 3


def test_a_word_of_the_glossary_is_used(chat):
    units = units_of("Der Förderverein zahlt die Noten. Der Förderverein sucht Mitglieder.", "de")
    done = last(translate(units, Wish("de", "en", {"Förderverein": "friends' association"}), chat))
    assert "friends' association" in done.text


def test_a_word_file_comes_back_in_english_with_its_shape(chat, tmp_path):
    document = Document()
    document.add_heading("Einladung", 1)
    words = document.add_paragraph("Der Eintritt ist ")
    words.add_run("frei").bold = True
    words.add_run(".")
    document.add_paragraph("Bitte kommen Sie pünktlich.", style="List Bullet")
    document.save(tmp_path / "einladung.docx")
    paper = read_paper(tmp_path / "einladung.docx", "de")
    done = last(translate(paper.units, Wish("de", "en"), chat))
    after = Document(io.BytesIO(written_paper(paper, done, "en")))
    assert [each.style.name for each in after.paragraphs] == ["Heading 1", "Normal", "List Bullet"]
    assert "free" in after.paragraphs[1].text.lower()


def test_subtitles_stay_as_many(chat):
    texts = [
        "Als die Fabrik 1990 schloss,",
        "verloren viele Menschen ihre Arbeit.",
        "Das war eine schwere Zeit.",
    ]
    cues = last(translate_cues(texts, Wish("de", "en"), chat))
    assert len(cues.texts) == 3
    assert all(cues.texts)
    assert "1990" in cues.texts[0] + cues.texts[1]


def test_stop_leaves_the_engine_ready_for_the_next(chat):
    states = translate(units_of(GERMAN, "de"), Wish("de", "en"), chat)
    next(states)
    next(states)
    states.close()
    assert last(translate(units_of("Guten Morgen.", "de"), Wish("de", "en"), chat)).text
