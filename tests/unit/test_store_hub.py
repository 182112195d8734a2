"""The store against a hub on loopback: pinned revision, Range, broken connections, refusals, kills, two at once."""

import hashlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import models.arrival
from models.catalog import Catalog
from models.errors import ModelError
from models.progress import silent
from models.store import Sources, Store

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("hub_stand_in", ROOT / "tests" / "hub_stand_in.py")
hub_stand_in = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hub_stand_in)

pytestmark = pytest.mark.enable_socket

WEIGHTS = os.urandom(1 << 20) * 3
FILES = {"weights.gguf": WEIGHTS, "config.json": b'{"a": 1}'}


def catalog_of(revision=hub_stand_in.COMMIT, pinned=True, folder="", content=WEIGHTS):
    sure = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} if pinned else {}
    entry = {
        **{"id": "tiny", "title": "Tiny", "engine": "llama", "role": "chat", "languages": ("de",)},
        **{
            "licence": "MIT",
            "origin": {"de": "wir", "en": "us"},
            "trained_from": {"de": "nichts", "en": "nothing"},
            "memory_mb": 1,
        },
        "files": [{"path": "weights.gguf", **sure}, {"path": "config.json"}],
        "sources": [{"kind": "hub", "repo": "owner/name", "revision": revision, "folder": folder}],
    }
    return Catalog.model_validate({"models": {"tiny": entry}, "profiles": {}})


@pytest.fixture
def hub(monkeypatch):
    with hub_stand_in.serving(hub_stand_in.Hub(FILES)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield hub


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "here", catalog=catalog_of(), sources=Sources())


def tiny(store):
    return store.catalog.model("tiny")


def refusal(store):
    with pytest.raises(ModelError) as caught:
        store.fetch(tiny(store), silent)
    assert not store.file(tiny(store)).exists()
    return caught.value


def test_a_model_comes_from_the_hub_that_hf_endpoint_names(hub, store):
    seen = []
    store.fetch(tiny(store), seen.append)
    assert store.file(tiny(store)).read_bytes() == WEIGHTS
    assert {step.key for step in seen} <= {"store.downloading", "store.checking"}
    assert not [name for name in Path.cwd().glob(".cache") if name.stat().st_mtime > time.time() - 5]


def test_what_the_hub_states_for_unpinned_files_is_checked_and_kept_in_the_receipt(hub, tmp_path):
    store = Store(tmp_path / "here", catalog=catalog_of(pinned=False))
    store.fetch(tiny(store), silent)
    receipt = json.loads((store.path(tiny(store)) / ".receipt.json").read_text())
    stated = {file["path"]: (file["bytes"], file["sha256"]) for file in receipt["files"]}
    assert stated == {name: (len(body), hashlib.sha256(body).hexdigest()) for name, body in FILES.items()}
    store.verify(tiny(store), silent)


def test_files_may_lie_in_a_folder_of_the_repository(hub, tmp_path):
    hub.files = {f"de/voice/{name}": body for name, body in FILES.items()}
    store = Store(tmp_path / "here", catalog=catalog_of(folder="de/voice"))
    store.fetch(tiny(store), silent)
    assert store.present(tiny(store))


def test_a_dropped_connection_goes_on_with_only_the_rest(hub, store):
    hub.drop_after = 2_500_000
    store.fetch(tiny(store), silent)
    assert store.file(tiny(store)).read_bytes() == WEIGHTS
    first, second = hub.downloads("weights.gguf")
    assert first == ""
    assert 0 < int(second.removeprefix("bytes=").rstrip("-")) <= 2_500_000


def test_a_hub_that_knows_no_range_sends_everything_again(hub, store):
    hub.drop_after, hub.knows_range = 2_500_000, False
    store.fetch(tiny(store), silent)
    assert store.file(tiny(store)).read_bytes() == WEIGHTS


def test_a_token_goes_to_the_hub_but_never_to_its_storage(hub, store, monkeypatch):
    monkeypatch.setattr("huggingface_hub.utils._headers.get_token", lambda: "hf_not_a_real_one")
    store.fetch(tiny(store), silent)
    assert set(hub.authorised) == {"resolve"}


def test_a_small_file_with_a_flipped_byte_is_refused_by_gits_checksum(hub, store, monkeypatch):
    monkeypatch.setattr(hub_stand_in, "git_checksum", lambda content: "0" * 40)
    assert refusal_of_config(store).key == "store.wrong_checksum"


def refusal_of_config(store):
    with pytest.raises(ModelError) as caught:
        store.fetch(tiny(store), silent)
    assert not (store.path(tiny(store)) / "config.json").exists()
    return caught.value


def test_a_hub_with_other_bytes_than_the_catalogue_pins_is_refused_before_the_download(hub, tmp_path):
    store = Store(tmp_path / "here", catalog=catalog_of(content=WEIGHTS[::-1]))
    assert refusal(store).key == "store.hub_other_bytes"
    assert hub.downloads("weights.gguf") == []


def test_a_hub_that_answers_for_another_commit_is_refused(hub, store):
    hub.commit = "f" * 40
    assert refusal(store).key == "store.hub_other_bytes"


@pytest.mark.parametrize(("status", "key"), [(401, "store.hub_refused"), (403, "store.hub_refused")])
def test_a_hub_that_wants_an_account_says_so(hub, store, status, key):
    hub.refuse_with = status
    error = refusal(store)
    assert (error.key, error.facts["status"]) == (key, status)


def test_a_file_that_has_gone_from_the_hub_is_named(hub, store):
    del hub.files["weights.gguf"]
    error = refusal(store)
    assert (error.key, error.facts["file"]) == ("store.hub_lacks", "weights.gguf")


def test_no_hub_at_all_says_so(store, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert refusal(store).key == "store.hub_silent"


def test_without_room_the_hub_is_not_even_asked(hub, store, monkeypatch):
    monkeypatch.setattr(models.arrival, "free_bytes", lambda folder: 10)
    assert refusal(store).key == "store.no_room"
    assert hub.asked == []


CHILD = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from models.catalog import Catalog
from models.store import Store
store = Store(Path({folder!r}), catalog=Catalog.model_validate_json({catalog!r}))
store.fetch(store.catalog.model("tiny"), lambda step: print(step.key, flush=True))
"""


def start_child(store):
    code = CHILD.format(root=str(ROOT), folder=str(store.folder), catalog=store.catalog.model_dump_json())
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def wait_for(happened, seconds=20.0):
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


def test_a_killed_fetch_leaves_no_whole_name_and_goes_on_where_it_stopped(hub, store):
    hub.pause_s = 0.05
    part = store.folder / ".parts/tiny/weights.gguf.part"
    child = start_child(store)
    wait_for(lambda: part.exists() and part.stat().st_size > 500_000)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    half = part.stat().st_size
    assert half < len(WEIGHTS)
    assert not store.file(tiny(store)).exists()
    assert not store.present(tiny(store))
    hub.pause_s = 0.0
    store.fetch(tiny(store), silent)
    assert store.file(tiny(store)).read_bytes() == WEIGHTS
    assert hub.downloads("weights.gguf")[-1] == f"bytes={half}-"


def test_of_two_fetches_at_once_one_waits_and_the_file_is_loaded_once(hub, store):
    hub.pause_s = 0.03
    children = [start_child(store) for _ in range(2)]
    said = [child.communicate(timeout=60)[0].split() for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert store.file(tiny(store)).read_bytes() == WEIGHTS
    assert len(hub.downloads("weights.gguf")) == 1
    assert sorted("store.waiting" in words for words in said) == [False, True]
