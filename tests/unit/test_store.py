"""The store with folders and sticks: no network."""

import errno
import hashlib
import json
import subprocess
import sys

import pytest

import models.arrival
import models.sources.base
from models.catalog import Catalog
from models.errors import ModelError
from models.progress import silent
from models.store import Sources, Store

WEIGHTS = bytes(range(256)) * 4_000
FILES = {"weights.bin": WEIGHTS, "deep/config.json": b"{}"}


def catalog_of(files=FILES, model_id="tiny", pinned=True, listed=None, **more):
    def stated(content):
        return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} if pinned else {}

    entry = {
        **{"id": model_id, "title": "Tiny", "engine": "llama", "role": "chat", "languages": ("de",)},
        **{
            "licence": "MIT",
            "origin": {"de": "wir", "en": "us"},
            "trained_from": {"de": "nichts", "en": "nothing"},
            "memory_mb": 1,
        },
        "files": listed or [{"path": path, **stated(content)} for path, content in files.items()],
        "sources": [{"kind": "hub", "repo": "owner/name", "revision": "main"}],
    }
    return Catalog.model_validate({"models": {model_id: entry | more}, "profiles": {}})


def lay_out(folder, files=FILES, model_id="tiny"):
    """Make a folder as ``export`` leaves it."""
    place = folder / model_id
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    listed = [
        {"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in files.items()
    ]
    (place / ".receipt.json").write_text(json.dumps({"model": model_id, "source": "x", "files": listed}))
    return folder


@pytest.fixture
def stick(tmp_path):
    return lay_out(tmp_path / "stick")


def store_at(folder, *sticks, catalog=None):
    sources = Sources(folders=sticks, hub=False, index=False)
    return Store(folder, catalog=catalog or catalog_of(), sources=sources)


def names_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def key_of(caught):
    return caught.value.key


def test_a_fetched_model_is_present_with_its_bytes(tmp_path, stick):
    store = store_at(tmp_path / "here", stick)
    model = store.catalog.model("tiny")
    assert not store.present(model)
    store.fetch(model, silent)
    assert store.present(model)
    assert store.file(model).read_bytes() == WEIGHTS
    assert names_in(store.folder / ".parts") == []


def test_progress_counts_bytes_up_to_the_whole(tmp_path, stick):
    seen = []
    store = store_at(tmp_path / "here", stick)
    store.fetch(store.catalog.model("tiny"), seen.append)
    assert seen
    assert all(step.unit == "bytes" and step.done <= step.total for step in seen)


def test_a_flipped_byte_is_refused_and_never_gets_the_final_name(tmp_path, stick):
    broken = bytearray(WEIGHTS)
    broken[500_000] ^= 1
    (stick / "tiny/weights.bin").write_bytes(broken)
    store = store_at(tmp_path / "here", stick)
    model = store.catalog.model("tiny")
    with pytest.raises(ModelError) as caught:
        store.fetch(model, silent)
    assert key_of(caught) == "store.wrong_checksum"
    assert not store.file(model).exists()
    assert not store.present(model)


def test_md5_is_compared_where_the_maker_publishes_that(tmp_path, stick):
    files = [{"path": "weights.bin", "bytes": len(WEIGHTS), "md5": "0" * 32}]
    store = store_at(tmp_path / "here", stick, catalog=catalog_of(listed=files))
    with pytest.raises(ModelError) as caught:
        store.fetch(store.catalog.model("tiny"), silent)
    assert key_of(caught) == "store.wrong_checksum"


def test_a_bad_half_from_an_earlier_try_is_replaced(tmp_path, stick):
    store = store_at(tmp_path / "here", stick)
    part = store.folder / ".parts/tiny/weights.bin.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"something else altogether")
    store.fetch(store.catalog.model("tiny"), silent)
    assert store.file(store.catalog.model("tiny")).read_bytes() == WEIGHTS


def test_a_missing_folder_says_so_and_the_next_source_is_tried(tmp_path, stick):
    model = catalog_of().model("tiny")
    with pytest.raises(ModelError) as caught:
        store_at(tmp_path / "here", tmp_path / "nowhere").fetch(model, silent)
    assert key_of(caught) == "store.folder_missing"
    second = store_at(tmp_path / "here", tmp_path / "nowhere", stick)
    second.fetch(model, silent)
    assert second.present(model)


def test_when_every_source_fails_one_error_lists_what_each_said(tmp_path, stick):
    (stick / "tiny/deep/config.json").unlink()
    store = store_at(tmp_path / "here", tmp_path / "nowhere", stick)
    with pytest.raises(ModelError) as caught:
        store.fetch(store.catalog.model("tiny"), silent)
    assert key_of(caught) == "store.nothing_worked"
    said = [error.key for _, error in caught.value.facts["tried"]]
    assert said == ["store.folder_missing", "store.folder_broken"]
    assert "folder_broken" in str(caught.value.facts["tried"])


def test_too_little_room_is_said_before_the_first_byte(tmp_path, stick, monkeypatch):
    monkeypatch.setattr(models.arrival, "free_bytes", lambda folder: 1_000_000)
    store = store_at(tmp_path / "here", stick)
    with pytest.raises(ModelError) as caught:
        store.fetch(store.catalog.model("tiny"), silent)
    assert key_of(caught) == "store.no_room"
    assert caught.value.facts["free"] == 1_000_000
    assert caught.value.facts["needed"] > len(WEIGHTS)
    assert not names_in(store.folder / ".parts")


def test_a_disk_that_fills_up_on_the_way_stops_everything_and_can_go_on(tmp_path, stick, monkeypatch):
    write = models.sources.base.CountingFile.write
    room = [200_000]

    def full(self, chunk):
        room[0] -= len(chunk)
        if room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(self, chunk)

    monkeypatch.setattr(models.sources.base.CountingFile, "write", full)
    monkeypatch.setattr("models.sources.folder.CHUNK", 50_000)
    store = store_at(tmp_path / "here", stick, stick)
    model = store.catalog.model("tiny")
    with pytest.raises(ModelError) as caught:
        store.fetch(model, silent)
    assert key_of(caught) == "store.disk_full"
    assert not store.file(model).exists()
    half = (store.folder / ".parts/tiny/weights.bin.part").stat().st_size
    assert 0 < half < len(WEIGHTS)
    room[0] = len(WEIGHTS) - half + 10
    store.fetch(model, silent)
    assert store.file(model).read_bytes() == WEIGHTS


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "store.disk_full"),
        (errno.EACCES, "store.no_permission"),
        (errno.EROFS, "store.no_permission"),
        (errno.EFBIG, "store.file_too_big"),
        (errno.EIO, "store.disk_error"),
    ],
)
def test_what_the_own_disk_says_becomes_an_error_for_people(tmp_path, number, key):
    with pytest.raises(ModelError) as caught, models.sources.base.own_disk(tmp_path):
        raise OSError(number, "said by the system")
    assert key_of(caught) == key


def test_verify_finds_a_byte_that_changed_later_and_fetch_mends_it(tmp_path, stick):
    store = store_at(tmp_path / "here", stick)
    model = store.catalog.model("tiny")
    store.fetch(model, silent)
    store.verify(model, silent)
    store.file(model).write_bytes(WEIGHTS[:-1] + b"!")
    assert store.present(model)
    with pytest.raises(ModelError) as caught:
        store.verify(model, silent)
    assert key_of(caught) == "store.damaged"
    assert not store.present(model)
    store.fetch(model, silent)
    assert store.file(model).read_bytes() == WEIGHTS


@pytest.mark.parametrize("damage", ["shorter", "gone", "no receipt", "torn receipt", "other checksum wanted"])
def test_what_is_not_whole_is_not_present(tmp_path, stick, damage):
    store = store_at(tmp_path / "here", stick)
    model = store.catalog.model("tiny")
    store.fetch(model, silent)
    receipt = store.path(model) / ".receipt.json"
    if damage == "shorter":
        store.file(model).write_bytes(WEIGHTS[:-1])
    elif damage == "gone":
        (store.path(model) / "deep/config.json").unlink()
    elif damage == "no receipt":
        receipt.unlink()
    elif damage == "torn receipt":
        receipt.write_text(receipt.read_text()[:-20])
    else:
        model = catalog_of({**FILES, "weights.bin": WEIGHTS[::-1]}).model("tiny")
    assert not store.present(model)


def test_remove_gives_back_the_bytes_and_the_halves(tmp_path, stick):
    store = store_at(tmp_path / "here", stick)
    model = store.catalog.model("tiny")
    store.fetch(model, silent)
    part = store.folder / ".parts/tiny/x.part"
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"12345")
    assert store.remove(model) >= len(WEIGHTS) + 5
    assert not store.path(model).exists()
    assert not part.exists()
    assert store.remove(model) == 0


def test_a_model_travels_by_stick_to_a_fresh_folder(tmp_path, stick):
    first, second = store_at(tmp_path / "one", stick), store_at(tmp_path / "two")
    first.fetch(first.catalog.model("tiny"), silent)
    first.export(["tiny"], tmp_path / "travel", silent)
    (taken,) = second.import_(tmp_path / "travel", silent)
    assert second.present(taken)
    second.verify(taken, silent)
    assert second.import_(tmp_path / "travel", silent) == []


def test_files_the_catalogue_does_not_pin_travel_with_their_receipt(tmp_path):
    catalog = catalog_of(pinned=False)
    travel = lay_out(tmp_path / "travel")
    (taken,) = store_at(tmp_path / "two", catalog=catalog).import_(travel, silent)
    assert taken.id == "tiny"
    (travel / "tiny/weights.bin").write_bytes(WEIGHTS[:-1] + b"!")
    with pytest.raises(ModelError) as caught:
        store_at(tmp_path / "three", catalog=catalog).import_(travel, silent)
    assert key_of(caught) == "store.wrong_checksum"


@pytest.mark.parametrize("lost", ["weights.bin", "deep/config.json", ".receipt.json"])
def test_a_half_copied_stick_is_refused_and_nothing_is_taken_over(tmp_path, stick, lost):
    (stick / "tiny" / lost).unlink()
    store = store_at(tmp_path / "here")
    with pytest.raises(ModelError) as caught:
        store.import_(stick, silent)
    assert key_of(caught) == "store.folder_broken"
    assert not store.path(store.catalog.model("tiny")).exists()


def test_a_truncated_file_on_the_stick_is_refused(tmp_path, stick):
    (stick / "tiny/weights.bin").write_bytes(WEIGHTS[:1000])
    with pytest.raises(ModelError) as caught:
        store_at(tmp_path / "here").import_(stick, silent)
    assert key_of(caught) == "store.folder_broken"
    assert caught.value.facts["size"] == 1000


def test_an_empty_or_missing_folder_is_named(tmp_path):
    (tmp_path / "empty").mkdir()
    store = store_at(tmp_path / "here")
    for folder, key in (("empty", "store.folder_empty"), ("nowhere", "store.folder_missing")):
        with pytest.raises(ModelError) as caught:
            store.import_(tmp_path / folder, silent)
        assert key_of(caught) == key


def test_only_what_is_here_can_be_exported(tmp_path):
    with pytest.raises(ModelError) as caught:
        store_at(tmp_path / "here").export(["tiny"], tmp_path / "travel", silent)
    assert key_of(caught) == "store.not_present"


def test_a_lock_left_by_a_killed_program_does_not_hold_anybody_up(tmp_path, stick):
    store = store_at(tmp_path / "here", stick)
    store.folder.mkdir()
    code = (
        "import os, signal, filelock\n"
        f"filelock.FileLock({str(store.folder / '.lock')!r}).acquire()\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    seen = []
    store.fetch(store.catalog.model("tiny"), seen.append)
    assert "store.waiting" not in [step.key for step in seen]
