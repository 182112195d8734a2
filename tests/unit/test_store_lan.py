"""The store against another laptop of the room: a plain static file server on loopback."""

import hashlib
import importlib.util
import json
import os
from pathlib import Path

import pytest

from models.catalog import Catalog
from models.errors import ModelError
from models.progress import silent
from models.store import Sources, Store

_place = Path(__file__).resolve().parents[1] / "hub_stand_in.py"
_spec = importlib.util.spec_from_file_location("hub_stand_in", _place)
hub_stand_in = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hub_stand_in)

pytestmark = pytest.mark.enable_socket

WEIGHTS = os.urandom(1 << 20) * 3
PINNED = {"bytes": len(WEIGHTS), "sha256": hashlib.sha256(WEIGHTS).hexdigest()}
RECEIPT = {"model": "tiny", "source": "x", "files": [{"path": "weights.gguf", **PINNED}]}


def store_of(folder, *peers, pinned=True):
    entry = {
        **{"id": "tiny", "title": "Tiny", "engine": "llama", "role": "chat", "languages": ("de",)},
        **{
            "licence": "MIT",
            "origin": {"de": "wir", "en": "us"},
            "trained_from": {"de": "nichts", "en": "nothing"},
            "memory_mb": 1,
        },
        "files": [{"path": "weights.gguf", **(PINNED if pinned else {})}],
        "sources": [{"kind": "hub", "repo": "owner/name", "revision": "main"}],
    }
    catalog = Catalog.model_validate({"models": {"tiny": entry}, "profiles": {}})
    return Store(folder, catalog=catalog, sources=Sources(peers=peers, hub=False))


@pytest.fixture
def peer():
    files = {"weights.gguf": WEIGHTS, ".receipt.json": json.dumps(RECEIPT).encode()}
    # The stand-in serves "storage/<file>" as plain files: the address of its models folder, seen from the store.
    with hub_stand_in.serving(
        hub_stand_in.Hub({f"tiny/{name}": body for name, body in files.items()})
    ) as hub:
        yield hub


def refusal(store):
    with pytest.raises(ModelError) as caught:
        store.fetch(store.catalog.model("tiny"), silent)
    assert not store.file(store.catalog.model("tiny")).exists()
    return caught.value


@pytest.mark.parametrize("pinned", [True, False])
def test_a_model_comes_from_the_neighbour(tmp_path, peer, pinned):
    store = store_of(tmp_path, f"{peer.address}/storage/", pinned=pinned)
    store.fetch(store.catalog.model("tiny"), silent)
    assert store.file(store.catalog.model("tiny")).read_bytes() == WEIGHTS


def test_a_broken_transfer_asks_only_for_the_rest_next_time(tmp_path, peer):
    peer.drop_after = 1_000_000
    store = store_of(tmp_path, f"{peer.address}/storage")
    assert refusal(store).key in {"store.peer_silent", "store.wrong_size"}
    store.fetch(store.catalog.model("tiny"), silent)
    assert store.file(store.catalog.model("tiny")).read_bytes() == WEIGHTS
    assert peer.downloads("tiny/weights.gguf")[-1].startswith("bytes=")


def test_a_server_without_range_is_asked_for_everything_again(tmp_path, peer):
    peer.drop_after, peer.knows_range = 1_000_000, False
    store = store_of(tmp_path, f"{peer.address}/storage")
    refusal(store)
    store.fetch(store.catalog.model("tiny"), silent)
    assert store.file(store.catalog.model("tiny")).read_bytes() == WEIGHTS


def test_a_neighbour_with_other_bytes_is_refused(tmp_path, peer):
    peer.files["tiny/weights.gguf"] = WEIGHTS[:-1] + b"!"
    assert refusal(store_of(tmp_path, f"{peer.address}/storage")).key == "store.wrong_checksum"


def test_a_neighbour_without_the_model_or_without_an_answer_is_named(tmp_path, peer):
    peer.files.clear()
    assert refusal(store_of(tmp_path, f"{peer.address}/storage")).key == "store.peer_lacks"
    peer.refuse_with = 500
    assert refusal(store_of(tmp_path, f"{peer.address}/storage")).key == "store.peer_refused"
    assert refusal(store_of(tmp_path, "http://127.0.0.1:9")).key == "store.peer_silent"
