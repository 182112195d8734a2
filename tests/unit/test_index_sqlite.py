import importlib.util
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.engines.fingerprint import fingerprint
from models.errors import ModelError
from models.index import sqlite_file, words
from models.index.base import Space
from models.index.sqlite_index import SqliteIndex

_spec = importlib.util.spec_from_file_location(
    "index_promises", Path(__file__).with_name("index_promises.py")
)
promises = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(promises)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "collection.sqlite"


@pytest.fixture
def index(file):
    index = SqliteIndex(file, promises.SPACE)
    yield index
    index.close()


class TestSqlite(promises.Promises):
    pass


def refused(file, space=promises.SPACE):
    with pytest.raises(ModelError) as caught:
        SqliteIndex(file, space)
    assert caught.value.facts["file"] == file.name
    return caught.value.key


def test_another_opening_sees_what_was_put_in(index, file):
    promises.fill(index, promises.ARCHIVE)
    other = SqliteIndex(file, promises.SPACE)
    assert len(other.search(promises.question("Archiv"))) == 3
    promises.fill(index, promises.STATUTES)
    assert len(other.search(promises.question("Archiv", "dense"))) == 6
    other.remove("archiv")
    assert len(index.search(promises.question("Archiv", "dense"))) == 3
    other.close()


def test_several_may_be_the_first_to_open_it(file):
    with ThreadPoolExecutor() as threads:
        opened = list(threads.map(lambda _: SqliteIndex(file, promises.SPACE), range(8)))
    for index in opened:
        assert index.documents() == ()
        index.close()


def test_a_file_of_no_bytes_becomes_a_collection(file):
    file.touch()
    SqliteIndex(file, promises.SPACE).close()
    SqliteIndex(file, promises.SPACE).close()
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_disk_without_links_will_do(file, monkeypatch):
    monkeypatch.setattr(Path, "hardlink_to", lambda *_: (_ for _ in ()).throw(PermissionError()))
    SqliteIndex(file, promises.SPACE).close()
    assert SqliteIndex(file, promises.SPACE).documents() == ()


def test_only_its_owner_may_read_the_file(index, file):
    promises.fill(index, promises.ARCHIVE)
    for each in file.parent.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) & 0o077 == 0, each


def test_a_text_file_is_not_a_collection(file):
    file.write_text("Sehr geehrte Damen und Herren, " * 300)
    assert refused(file) == "index.foreign"
    assert file.read_text().startswith("Sehr geehrte")


def test_another_programs_database_is_left_as_it_is(file):
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    before = file.read_bytes()
    assert refused(file) == "index.foreign"
    assert file.read_bytes() == before


def test_a_collection_of_another_model_is_refused(index, file):
    other = fingerprint(promises.vector("Ganz andere Dinge 123"))
    assert refused(file, Space(other, promises.DIMENSIONS)) == "index.other_model"
    assert refused(file, Space(promises.SPACE.fingerprint, 7)) == "index.other_model"


def test_the_same_model_in_another_form_is_welcome(index, file):
    nearly = promises.vector("Das Museum ist offen") + 0.003
    SqliteIndex(file, Space(fingerprint(nearly), promises.DIMENSIONS)).close()


def test_a_collection_of_a_later_version_is_refused(index, file):
    with sqlite3.connect(file) as db:
        db.execute(f"PRAGMA user_version = {sqlite_file.VERSION + 1}")
    assert refused(file) == "index.newer"


def test_a_collection_with_words_made_another_way_is_refused(index, file, monkeypatch):
    monkeypatch.setattr(words, "VERSION", "2")
    assert refused(file) == "index.outdated"


def test_a_damaged_file_is_named(index, file):
    promises.fill(index, promises.ARCHIVE, *(promises.cut(f"d{n}", "Akte " * 50) for n in range(50)))
    index.close()
    size = file.stat().st_size
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(b"\x13" * (size - 4096))
    with pytest.raises(ModelError) as caught:
        SqliteIndex(file, promises.SPACE).search(promises.question("Akte"))
    assert caught.value.key == "index.broken"


def test_a_vector_of_the_wrong_length_is_damage(index, file):
    promises.fill(index, promises.ARCHIVE)
    with sqlite3.connect(file) as db:
        db.execute("UPDATE vectors SET vector = x'00'")
    with pytest.raises(ModelError, match=r"index\.broken"):
        SqliteIndex(file, promises.SPACE).search(promises.question("Akte"))


def test_a_place_where_nothing_may_be_written_is_named(tmp_path):
    assert refused(tmp_path / "missing" / "collection.sqlite") == "index.no_permission"


def test_somebody_who_writes_for_ever_is_named(index, file, monkeypatch):
    monkeypatch.setattr(sqlite_file, "BUSY_S", 0.1)
    impatient = SqliteIndex(file, promises.SPACE)
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ModelError, match=r"index\.busy"):
            impatient.remove("archiv")
        other.execute("ROLLBACK")
    impatient.close()


def test_a_document_that_fails_half_way_is_not_there(index, monkeypatch):
    promises.fill(index, promises.ARCHIVE)
    monkeypatch.setattr("models.index.sqlite_index.packed", lambda vectors: [b"x"])
    with pytest.raises(ValueError, match="zip"):
        promises.fill(index, promises.STATUTES)
    assert index.sizes() == {"archiv": 3}


def test_a_full_disk_is_named_and_keeps_what_was_there(index):
    promises.fill(index, promises.ARCHIVE)
    with index._connections.borrowed() as db:  # the same connection writes next
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(ModelError, match=r"index\.disk_full"):
        promises.fill(index, promises.cut("big", *("Akte " * 2000 for _ in range(20))))
    assert index.sizes() == {"archiv": 3}
    assert len(index.search(promises.question("Archiv"))) == 3


def test_a_closed_collection_says_so(file):
    index = SqliteIndex(file, promises.SPACE)
    index.close()
    with pytest.raises(ModelError, match=r"index\.closed"):
        index.documents()


def test_reading_goes_on_where_it_stopped_unless_something_was_taken_away(index, monkeypatch):
    seen = []
    promises.fill(index, promises.ARCHIVE)
    index.search(promises.question("Archiv"))
    read = index._matrix._read
    monkeypatch.setattr(index._matrix, "_read", lambda blobs: seen.append(len(blobs)) or read(blobs))
    promises.fill(index, promises.STATUTES)
    index.search(promises.question("Archiv"))
    index.search(promises.question("Archiv"))
    index.remove("archiv")
    index.search(promises.question("Archiv"))
    assert seen == [3, 3]
