"""Voices beyond the catalogue: listed by the project, fetched, remembered with their licence, taken elsewhere."""

import hashlib
import json

import pytest

from models.errors import ModelError
from models.piper_voices import CARD, OWN, REPO, REVISION, TABLE_FILE, own_voices, piper_voices, remember
from models.store import Sources, Store
from stations import commandline
from stations.commands import fetch, voices
from tests import hub_stand_in

pytestmark = pytest.mark.enable_socket

FOLDER = "de/de_DE/eva_k/x_low"
KEY = "de_DE-eva_k-x_low"
ID = "piper-de-de-eva-k-x-low"
FILES = {
    f"{FOLDER}/{KEY}.onnx": b"weights" * 5000,
    f"{FOLDER}/{KEY}.onnx.json": b'{"audio": {}}',
    f"{FOLDER}/{CARD}": b"# Eva K\n\n* Language: de_DE\n* License: M-AILABS (BSD)\n",
}


def row(files=None):
    return {
        "key": KEY,
        "name": "eva_k",
        "language": {"code": "de_DE", "name_english": "German", "country_english": "Germany"},
        "quality": "x_low",
        "num_speakers": 1,
        "files": {
            path: {"size_bytes": len(content), "md5_digest": hashlib.md5(content).hexdigest()}
            for path, content in (files or FILES).items()
        },
    }


ENGLISH = {**row(), "name": "amy", "num_speakers": 3, "quality": "medium"}
ENGLISH["language"] = {"code": "en_US", "name_english": "English", "country_english": "United States"}
TABLE = {KEY: row(), "en_US-amy-medium": ENGLISH}


@pytest.fixture
def hub(monkeypatch, tmp_path):
    content = {**FILES, TABLE_FILE: json.dumps(TABLE).encode()}
    with hub_stand_in.serving(hub_stand_in.Hub(content, repo=REPO, commit=REVISION)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("KIWERKSTATT_HOME", str(tmp_path / "home"))
        yield hub


@pytest.fixture
def store(hub):
    return Store()


def run(command, *words):
    return command.run(commandline.parse(list(words)))


def test_the_table_becomes_models_with_size_and_checksum(store):
    german, english = piper_voices(store)
    assert (german.id, german.languages) == (ID, ("de-DE",))
    assert german.title == "Piper Eva K, x_low (German, Germany)"
    assert german.files[0].path == f"{KEY}.onnx"
    assert all(file.bytes and file.md5 for file in german.files)
    assert "3 speakers" in english.title


def test_voices_are_listed_by_language(hub, capsys):
    assert run(voices, "voices", "de") == 0
    shown = capsys.readouterr().out
    assert ID in shown
    assert "amy" not in shown


def test_a_fetched_voice_plays_its_role_and_tells_its_licence(hub):
    assert run(fetch, "fetch", ID) == 0
    store = Store()
    voice = store.catalog.model(ID)
    assert store.present(voice)
    assert voice.licence == "M-AILABS (BSD)"
    assert voice in store.installed()
    assert store.file(voice).read_bytes() == FILES[f"{FOLDER}/{KEY}.onnx"]


def test_a_voice_with_other_bytes_is_refused_and_not_remembered(hub):
    hub.files[f"{FOLDER}/{KEY}.onnx"] = b"evil!!!" * 5000
    with pytest.raises(ModelError):
        run(fetch, "fetch", ID)
    assert own_voices(Store().folder) == ()


def test_an_unknown_voice_gets_a_sentence_with_near_names(hub):
    with pytest.raises(ModelError) as caught:
        run(fetch, "fetch", "piper-de-de-eva-k-low")
    assert caught.value.key == "store.unknown_model"
    assert ID in caught.value.facts["near"]


@pytest.mark.parametrize("table", [b"[]", b"{", b'{"a": {}}', b'{"a": 1}', b'{"a": {"language": {}}}'])
def test_a_table_of_another_shape_is_told(hub, store, table):
    hub.files[TABLE_FILE] = table
    with pytest.raises(ModelError) as caught:
        piper_voices(store)
    assert caught.value.key == "store.voices_unreadable"


def test_without_a_hub_the_catalogue_still_works(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("KIWERKSTATT_HOME", str(tmp_path))
    with pytest.raises(ModelError) as caught:
        run(voices, "voices")
    assert caught.value.key == "store.hub_silent"
    assert Store().catalog.model("pico")


def test_a_damaged_list_of_own_voices_harms_nothing(store):
    store.folder.mkdir(parents=True, exist_ok=True)
    (store.folder / OWN).write_text("{", encoding="utf-8")
    assert Store().catalog.model("pico")


def test_an_own_voice_travels_on_a_stick(hub, tmp_path):
    run(fetch, "fetch", ID)
    here, stick = Store(), tmp_path / "stick"
    here.export([ID], stick)
    there = Store(tmp_path / "there", sources=Sources(hub=False, index=False))
    assert [model.id for model in there.import_(stick)] == [ID]
    assert Store(tmp_path / "there").catalog.model(ID).licence == "M-AILABS (BSD)"


def test_a_card_without_a_licence_is_named_itself(hub):
    store = Store()
    voice, _ = piper_voices(store)
    store.fetch(voice)
    (store.file(voice).parent / CARD).write_text("nothing", encoding="utf-8")
    remember(store, voice)
    assert own_voices(store.folder)[0].licence == CARD
