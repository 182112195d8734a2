"""The chat model of profile ``standard`` as a host gets it: from a hub, over a line that breaks, into the engine.

The real 2.5 GB cannot be had everywhere; a hub on loopback serves SmolLM2's real bytes under that entry's repository,
commit and file name, and the entry's size and checksum are set to theirs. Everything else is the catalogue's.
"""

import hashlib
import importlib.util
from pathlib import Path

import pytest

from models.engines.base import ChatSize, Message, Sampling
from models.opening import open_chat
from models.progress import silent
from models.store import Store
from models.turns import Fixed

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("hub_stand_in", ROOT / "tests" / "hub_stand_in.py")
hub_stand_in = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hub_stand_in)

pytestmark = pytest.mark.enable_socket
DROP = 40_000_000


@pytest.fixture(scope="module")
def weights() -> bytes:
    store = Store()
    small = store.catalog.model("smollm2")
    if not store.present(small):
        pytest.skip("the model smollm2 is not installed; fetch it with: python3 launcher.py fetch smollm2")
    return store.file(small).read_bytes()


def test_the_standard_chat_model_survives_a_broken_line_and_answers(weights, tmp_path, monkeypatch):
    catalog = Store().catalog
    chosen, *_ = catalog.players("chat", "standard")
    file = chosen.files[0].model_copy(
        update={"bytes": len(weights), "sha256": hashlib.sha256(weights).hexdigest()}
    )
    model = chosen.model_copy(update={"files": (file,)})
    (source,) = [source for source in model.sources if source.kind == "hub"]
    hub = hub_stand_in.Hub({file.path: weights}, repo=source.repo, commit=source.revision)
    with hub_stand_in.serving(hub):
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        hub.drop_after = DROP
        store = Store(tmp_path, catalog=catalog)
        store.fetch(model, silent)
    first, second = hub.downloads(file.path)
    assert first == ""
    assert 0 < int(second.removeprefix("bytes=").rstrip("-")) <= DROP
    assert store.present(model)
    chat = open_chat(model, store.file(model), Fixed(1), ChatSize(512))
    written = "".join(
        piece.text for piece in chat.reply([Message("user", "Say hello.")], Sampling(max_tokens=12))
    )
    chat.close()
    assert written.strip()
