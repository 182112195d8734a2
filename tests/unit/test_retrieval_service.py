"""What the retrieval station keeps: everybody's collections apart, work in the background, pictures of own pages."""

import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest
from fastapi import FastAPI

from models.engines.embedder import unit
from models.errors import ModelError
from models.index.contents import contents
from models.index.database_address import checked_database
from stations.documents import write_document
from stations.retrieval import bringing, taking
from stations.retrieval.bringing import bring, brought, take_away
from stations.retrieval.chosen import chosen, key_of, searchable
from stations.retrieval.collection import collection, collections, remove
from stations.retrieval.indexes import Indexes
from stations.retrieval.ingest import Step
from stations.retrieval.routes import add_addresses
from stations.retrieval.service import Service, taken_in
from stations.retrieval.source_view import ADDRESS
from stations.retrieval.taking import Takings

WAIT_S = 20


class Letters:
    """Embeds a text as its letters: what shares letters is alike."""

    dimensions, fingerprint, fusion_weight, is_open = 26, "26:AAAA", 0.5, True

    def embed(self, texts, kind):
        rows = [[text.lower().count(chr(97 + at)) for at in range(26)] for text in texts]
        yield unit(np.array(rows, np.float32).reshape(len(texts), 26) + 0.01)

    def tokens(self, text):
        return tuple(text.split())


class Library:
    """Lends the embedder above."""

    @contextmanager
    def borrow_embedder(self):
        yield Letters()


@pytest.fixture
def own():
    """The station's service, with nobody's collections."""
    indexes, library = Indexes(), Library()
    service = Service(library, indexes, Takings(lambda wanted: taken_in(wanted, library, indexes)))
    yield service
    service.close()


def until(condition):
    """Wait until something is true."""
    for _ in range(int(WAIT_S / 0.02)):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it never happened")


def text(folder, name, said):
    folder.mkdir(exist_ok=True, parents=True)
    file = folder / name
    file.write_text(said, encoding="utf-8")
    return file


def filled(own, home, name="Akten", said="Der Verein wurde 1786 in der Mühle gegründet."):
    wanted = collection(home, name)
    bring([text(home / "upload", "chronik.txt", said)], wanted)
    work = own.takings.add(wanted)
    until(lambda: work.is_over)
    assert work.problem is None
    return wanted


# --- Bringing ---------------------------------------------------------------------------------------------------------


def test_what_is_brought_is_found_shown_and_taken_away_again(own, tmp_path):
    wanted = filled(own, tmp_path)
    assert [each.name for each in own.contents(wanted)[0]] == ["chronik.txt"]
    with own.searcher(wanted) as searcher:
        assert searcher.hits("Wann wurde der Verein gegründet?")[0].document.name == "chronik.txt"
        assert set(searcher.ways("Verein")) == {"hybrid", "keyword", "dense"}
    assert wanted.file_of("chronik.txt") == wanted.files / "chronik.txt"
    assert take_away(wanted, "chronik.txt")
    until(lambda: own.takings.add(wanted) and not own.contents(wanted)[0])
    assert not take_away(wanted, "chronik.txt")
    assert not take_away(wanted, "../collection Akten.sqlite")
    assert wanted.file.exists()


def test_a_file_of_the_same_name_replaces_the_one_that_is_there(own, tmp_path):
    wanted = filled(own, tmp_path)
    again = filled(own, tmp_path, said="Heute sind es neun Mitglieder.")
    with own.searcher(again) as searcher:
        assert [each.text for each in searcher.index.passages("chronik.txt")] == [
            "Heute sind es neun Mitglieder."
        ]
    assert brought(wanted) == ["chronik.txt"]


def test_too_much_and_a_full_disk_are_told_before_anything_is_kept(tmp_path, monkeypatch):
    wanted, file = collection(tmp_path, "a"), text(tmp_path / "upload", "b.txt", "hallo")
    monkeypatch.setattr(bringing, "MOST_BYTES", 3)
    with pytest.raises(ModelError, match="too_much"):
        bring([file], wanted)
    monkeypatch.setattr(bringing, "MOST_BYTES", 10**9)
    monkeypatch.setattr(bringing, "RESERVE_BYTES", 10**18)
    with pytest.raises(ModelError, match="disk_full"):
        bring([file], wanted)
    assert brought(wanted) == []


def test_hidden_names_do_not_hide_what_is_brought(own, tmp_path):
    wanted = collection(tmp_path, "a")
    bring([text(tmp_path / "upload", ".profile.txt", "hallo")], wanted)
    assert brought(wanted) == ["profile.txt"]


def test_a_deleted_collection_leaves_nothing(own, tmp_path):
    wanted = filled(own, tmp_path)
    own.takings.end(wanted)
    own.indexes.close_one(wanted)
    assert remove(wanted)
    assert list((tmp_path / "collections").iterdir()) == []
    assert collections(tmp_path) == []


def test_an_empty_collection_is_listed_as_soon_as_it_has_a_folder(tmp_path):
    wanted = collection(tmp_path, "Dr. Meyer")
    wanted.files.mkdir()
    assert collections(tmp_path) == [wanted]
    assert contents(wanted.file) == ((), {})


# --- Where documents came from ----------------------------------------------------------------------------------------


def test_folders_are_remembered_and_read_again(own, tmp_path):
    wanted, folder = collection(tmp_path, "Archiv"), tmp_path / "ordner"
    text(folder / "2024", "a.txt", "Die Mühle am Bach.")
    wanted.came_from([folder])
    wanted.came_from([folder])
    assert wanted.origins == (folder,)
    assert own.takings.add(wanted)
    until(lambda: own.contents(wanted)[0])
    assert wanted.file_of("2024/a.txt") == folder / "2024/a.txt"
    for elsewhere in ("../upload", "2024", "../../etc/passwd", "/etc/passwd", ""):
        assert wanted.file_of(elsewhere) is None


# --- Work in the background -------------------------------------------------------------------------------------------


@pytest.fixture
def takings():
    made = []

    def make(begin):
        made.append(Takings(begin))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_stop_ends_the_work_and_what_comes_later_begins_anew(takings, tmp_path):
    def endless(wanted):
        while True:
            time.sleep(0.01)
            yield Step("gathering.reading")

    own, wanted = takings(endless), collection(tmp_path, "a")
    work = own.add(wanted)
    assert own.add(wanted) is work
    work.stop()
    until(lambda: work.is_over)
    assert own.of(wanted) is work
    assert own.add(wanted) is not work
    own.end(wanted)
    assert own.of(wanted) is None


def test_files_that_come_while_the_work_goes_on_are_not_forgotten(takings, tmp_path):
    rounds, go_on = [], threading.Event()

    def steps(wanted):
        rounds.append(1)
        go_on.wait(WAIT_S)
        yield Step("gathering.done")

    own, wanted = takings(steps), collection(tmp_path, "a")
    work = own.add(wanted)
    until(lambda: rounds)
    assert own.add(wanted) is work
    go_on.set()
    until(lambda: work.is_over)
    assert len(rounds) == 2


def test_a_problem_and_even_a_mistake_end_one_work_and_no_other(takings, tmp_path, caplog):
    def steps(wanted):
        yield Step("gathering.refused", name="b.txt", problem=ModelError("reading.empty", name="b.txt"))
        if wanted.name == "a":
            raise ModelError("index.disk_full", file="a")
        raise ValueError("Geheimnis")

    own = takings(steps)
    first, second = own.add(collection(tmp_path, "a")), own.add(collection(tmp_path, "b"))
    until(lambda: first.is_over and second.is_over)
    assert first.problem.key == "index.disk_full"
    assert second.problem.key == "gathering.mistake"
    assert list(first.refused) == ["b.txt"]
    assert "test_retrieval_service.py" in caplog.text
    assert "Geheimnis" not in caplog.text


def test_only_a_few_collections_are_worked_on_at_once(takings, tmp_path):
    busy, most, lock = [0], [0], threading.Lock()

    def steps(wanted):
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.1)
        with lock:
            busy[0] -= 1
        yield Step("gathering.done")

    own = takings(steps)
    works = [own.add(collection(tmp_path, f"a{number}")) for number in range(8)]
    until(lambda: all(work.is_over for work in works))
    assert most[0] == taking.TOGETHER


# --- Open collections -------------------------------------------------------------------------------------------------


def test_a_collection_is_opened_once_and_idle_ones_make_room(tmp_path, monkeypatch):
    monkeypatch.setattr("stations.retrieval.indexes.MOST_OPEN", 2)
    own = Indexes()
    with own.borrow(collection(tmp_path, "a"), Letters()) as first:
        with own.borrow(collection(tmp_path, "a"), Letters()) as second:
            assert second is first
        for name in "bcd":
            with own.borrow(collection(tmp_path, name), Letters()):
                pass
        assert first.documents() == ()
    with own.borrow(collection(tmp_path, "e"), Letters()):
        pass
    with pytest.raises(ModelError, match="closed"):
        first.documents()
    own.close()


# --- Whose collections ------------------------------------------------------------------------------------------------


def test_a_page_reaches_own_collections_and_those_of_the_room_and_no_other(tmp_path, monkeypatch, own):
    monkeypatch.setenv("KIWERKSTATT_HOME", str(tmp_path / "home"))
    room = collection(tmp_path / "home", "Archiv", shared=True)
    hidden = collection(tmp_path / "home", "Personal", shared=True)
    for each in (room, hidden):
        each.file.write_bytes(b"")
    service = Service(own.library, own.indexes, own.takings, shared=("Archiv",))
    anna, bert = tmp_path / "anna", tmp_path / "bert"
    filled(service, anna, "Privat")
    assert [key_of(each) for each in service.collections(anna)] == ["own:Privat", "room:Archiv"]
    assert [key_of(each) for each in service.collections(bert)] == ["room:Archiv"]
    assert chosen(service, bert, "room:Archiv") == room
    assert chosen(service, bert, "own:../../anna/collections/collection Privat").file.parent == (
        bert / "collections"
    )
    for key in ("room:Personal", "Privat", "", None, "room:../anna"):
        with pytest.raises(ModelError, match="collection_gone"):
            chosen(service, bert, key)
    with pytest.raises(ModelError, match="nothing_in_here"):
        searchable(service, bert, "own:Privat", "Wer?")
    with pytest.raises(ModelError, match="no_question"):
        searchable(service, anna, "own:Privat", "")
    assert searchable(service, anna, "own:Privat", "Wer?").name == "Privat"


# --- Pictures of pages ------------------------------------------------------------------------------------------------


@pytest.mark.enable_socket
def test_a_visitor_sees_own_pages_and_nobody_elses(own, tmp_path):
    from starlette.testclient import TestClient

    made = write_document("# Satzung\n\nDer Beitrag ist 12 Euro.", "pdf", "satzung", "")
    wanted = collection(tmp_path / "anna", "Akten")
    bring([made], wanted)
    work = own.takings.add(wanted)
    until(lambda: work.is_over)
    visitors = SimpleNamespace(
        of=lambda cookies: cookies.get("visitor"),
        folder=lambda visitor: tmp_path / visitor,
    )
    app = FastAPI(openapi_url=None)
    add_addresses(app, SimpleNamespace(visitors=visitors, once=lambda make: own))
    facts = {"collection": "own:Akten", "document": "satzung.pdf", "number": 0}

    def asked(visitor, **more):
        cookies = {"visitor": visitor} if visitor else {}
        with TestClient(app, cookies=cookies) as browser:
            return browser.get(ADDRESS, params={**facts, **more})

    picture = asked("anna")
    assert picture.content[8:12] == b"WEBP"
    assert "no-store" in picture.headers["cache-control"]
    nothing = [
        asked("bert"),
        asked(None),
        asked("anna", document="../upload"),
        asked("anna", number=9),
        asked("anna", collection="room:Akten"),
    ]
    assert [each.status_code for each in nothing] == [404] * 5


# --- The database's address -------------------------------------------------------------------------------------------


def test_only_a_server_in_the_room_keeps_collections():
    assert checked_database(" postgres://a:b@192.168.1.30/archiv ") == (
        "postgresql://a:b@192.168.1.30:5432/archiv"
    )
    assert checked_database("postgresql://127.0.0.1:5433/x") == "postgresql://127.0.0.1:5433/x"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("postgresql://8.8.8.8/x", "server.outside"),
        ("postgresql://archiv.example/x", "server.a_name"),
        ("postgresql://192.168.1.30", "index.not_an_address"),
        ("postgresql://192.168.1.30/x?host=8.8.8.8", "index.not_an_address"),
        ("postgresql://192.168.1.30,8.8.8.8/x", "index.not_an_address"),
        ("http://192.168.1.30/x", "index.not_an_address"),
        ("postgresql://192.168.1.30:x/x", "index.not_an_address"),
        ("host=8.8.8.8 dbname=x", "index.not_an_address"),
    ],
)
def test_an_address_beyond_the_room_is_refused(text, key):
    with pytest.raises(ModelError, match=key):
        checked_database(text)
