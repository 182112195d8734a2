"""My results: kept while they are made, whole after a crash, taken home, deleted; nobody sees another's."""

import errno
import io
import shutil
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from models.errors import ModelError
from stations.room import results as keeping
from stations.room.owners import Owners
from stations.room.results import Results, Wanted, mark_interrupted
from stations.room.results_routes import MyResults
from stations.room.visitors import COOKIE, Visitors
from stations.settings import Workshop
from stations.speech.jobs import Asked, Job, Stage
from stations.speech.kept import kept
from stations.speech.sheet import Sheet
from stations.speech.transcript import Line, SpokenWord, Transcript


@pytest.fixture
def mine(tmp_path):
    return Results(tmp_path)


def made(results, text, **more):
    with results.keeping("text", Wanted(more.pop("title", "Kürzer"), "Qwen", **more)) as keep:
        keep(lambda: text)


def states(results):
    return [(each.text, each.state) for each in results.all()]


def test_what_is_finished_is_kept_with_all_that_belongs_to_it(mine):
    made(mine, "Fertig.")
    (result,) = mine.all()
    assert (result.station, result.title, result.model, result.state) == ("text", "Kürzer", "Qwen", "done")
    assert mine.one(result.id) == result


def test_what_was_stopped_or_failed_keeps_what_was_there(mine):
    for error in (GeneratorExit, ModelError("chat.full")):
        with suppress(GeneratorExit, ModelError), mine.keeping("text", Wanted("t", "m")) as keep:
            keep(lambda: "Bis hier")
            raise error
    assert states(mine) == [("Bis hier", "stopped")] * 2


def test_where_nothing_was_made_nothing_is_kept(mine):
    made(mine, " ")
    with suppress(ModelError), mine.keeping("text", Wanted("t", "m")):
        raise ModelError("chat.full")
    assert mine.all() == []


def test_a_conversation_is_one_result_that_grows(mine):
    made(mine, "Eins", thread="a")
    made(mine, "Eins. Zwei", thread="a")
    made(mine, "Anderes", thread="b")
    assert states(mine) == [("Anderes", "done"), ("Eins. Zwei", "done")]


def test_a_question_that_is_refused_takes_nothing_from_the_conversation(mine):
    made(mine, "Frage 1, Antwort 1", thread="a")
    with suppress(ModelError), mine.keeping("text", Wanted("t", "m", "a")):
        raise ModelError("room.paused")
    assert states(mine) == [("Frage 1, Antwort 1", "stopped")]


def test_what_was_deleted_meanwhile_does_not_come_back(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "EVERY_S", 0.0)
    home = tmp_path / "anna"
    home.mkdir()
    with Results(home).keeping("text", Wanted("t", "m")) as keep:
        keep(lambda: "Geheim")
        shutil.rmtree(home)
        keep(lambda: "Geheim und mehr")
    assert not home.exists()


def test_a_full_disk_does_not_end_the_answer(mine, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(keeping, "write_private", full)
    made(mine, "Text")
    assert mine.all() == []


def test_after_a_crash_what_was_written_is_there_and_marked(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "EVERY_S", 0.0)
    home = tmp_path / "anna"
    home.mkdir()
    unfinished = Results(home).keeping("text", Wanted("t", "m"))
    unfinished.__enter__()(lambda: "Halb")
    made(Results(home), "Ganz")
    assert sorted(states(Results(home))) == [("Ganz", "done"), ("Halb", "writing")]
    assert mark_interrupted(tmp_path) == 1
    assert sorted(states(Results(home))) == [("Ganz", "done"), ("Halb", "interrupted")]
    assert mark_interrupted(tmp_path) == 0


def test_the_oldest_make_room(mine, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 3)
    for number in range(5):
        made(mine, str(number))
    assert {text for text, _ in states(mine)} >= {"4"}
    assert len(mine.all()) <= 4


def test_a_damaged_file_is_left_out(mine, tmp_path):
    made(mine, "Ganz")
    (tmp_path / "results" / "broken.json").write_text("{")
    assert states(mine) == [("Ganz", "done")]


# the page


class Page:
    def __init__(self, folder):
        self.visitors, self.temp = Visitors(folder / "visitors"), folder / "temp"
        self.temp.mkdir()
        self.owners, self.forgotten = Owners(self.temp), []
        bench = SimpleNamespace(
            visitors=self.visitors, workshop=Workshop(stations=("text",)), forget=self.forgotten.append
        )
        self.app = FastAPI()
        MyResults(bench, self.owners).add_addresses(self.app)

    def visitor(self):
        client = TestClient(self.app, follow_redirects=False)
        cookie = self.visitors.new_cookie()
        client.cookies.set(COOKIE, cookie)
        client.home = self.visitors.folder(self.visitors.of({COOKIE: cookie}))
        return client


@pytest.fixture
def page(tmp_path):
    return Page(tmp_path)


def test_everybody_sees_their_own(page):
    anna, ben = page.visitor(), page.visitor()
    made(Results(anna.home), "Geheim <b>fett</b>")
    shown = anna.get("/results").text
    assert "Geheim" in shown
    assert "<b>" not in shown
    assert "Geheim" not in ben.get("/results").text
    (result,) = Results(anna.home).all()
    assert anna.get(f"/results/{result.id}.docx").content[:2] == b"PK"
    assert ben.get(f"/results/{result.id}.docx").status_code == 404
    assert zipfile.ZipFile(io.BytesIO(ben.get("/results.zip").content)).namelist() == []


def test_all_of_it_is_taken_home_with_model_date_and_label(page):
    anna = page.visitor()
    made(Results(anna.home), "Ein **Text**", title="Pressemitteilung")
    packed = zipfile.ZipFile(io.BytesIO(anna.get("/results.zip").content))
    assert packed.namelist() == ["01-text.docx"]
    document = zipfile.ZipFile(io.BytesIO(packed.read("01-text.docx"))).read("word/document.xml").decode()
    assert all(word in document for word in ("Pressemitteilung", "Qwen", "Sprachmodell", "Text"))


@pytest.mark.parametrize("name", ["../../.key", "..%2f..%2f.key", "x", "%00", "*"])
def test_an_id_leads_nowhere_else(page, name):
    anna = page.visitor()
    made(Results(anna.home), "Text")
    assert anna.get(f"/results/{name}.docx").status_code == 404


def test_forgetting_deletes_everything_of_one_visitor_and_tells_what(page):
    anna, ben = page.visitor(), page.visitor()
    made(Results(anna.home), "Geheim")
    made(Results(ben.home), "Bleibt")
    (anna.home / "speech").mkdir()
    (anna.home / "speech" / "a.mp3").write_bytes(b"x")
    upload, other = page.temp / "mine.png", page.temp / "other.png"
    for file, owner in ((upload, anna), (other, ben)):
        file.write_bytes(b"x")
        page.owners.give(iter([str(file)]), owner.home.name)
    told = anna.post("/results/forget")
    assert "Tonaufnahmen: 1" in told.text
    assert "Bilder: 1" in told.text
    assert (anna.home.exists(), upload.exists(), other.exists()) == (False, False, True)
    assert page.forgotten == [anna.home]
    assert f'{COOKIE}=""' in told.headers["set-cookie"]
    assert "Bleibt" in ben.get("/results").text


def test_another_site_cannot_make_anybody_forget(page):
    anna = page.visitor()
    made(Results(anna.home), "Text")
    for site in ("cross-site", "same-site"):
        assert anna.post("/results/forget", headers={"Sec-Fetch-Site": site}).status_code == 403
    assert Results(anna.home).all()


def test_without_a_cookie_there_is_nothing(page):
    client = TestClient(page.app, follow_redirects=False)
    assert "noch nichts" in client.get("/results").text
    assert client.post("/results/forget").status_code == 303


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "![x](http://evil.example/x.png)",
        "[klick](javascript:alert(1))",
        "<img src=x onerror=y>",
    ],
)
def test_what_a_model_writes_stays_text(page, hostile):
    anna = page.visitor()
    made(Results(anna.home), f"## Titel\n\n{hostile}", title=hostile)
    shown = anna.get("/results").text
    assert "<h2>Titel</h2>" in shown
    assert not any(
        sign in shown for sign in ("<script>alert", "<img", 'href="javascript', 'evil.example/x.png"')
    )


def test_a_sound_goes_along_as_long_as_it_is_there(page):
    anna = page.visitor()
    sound = anna.home / "audio" / "a.mp3"
    sound.parent.mkdir()
    sound.write_bytes(b"ID3")
    made(Results(anna.home), "Guten Tag", file=sound)
    names = zipfile.ZipFile(io.BytesIO(anna.get("/results.zip").content)).namelist()
    assert names == ["01-text.docx", "01-text.mp3"]
    sound.unlink()
    names = zipfile.ZipFile(io.BytesIO(anna.get("/results.zip").content)).namelist()
    assert names == ["01-text.docx"]


def test_transcripts_are_among_them_as_they_are_now(tmp_path):
    folder = tmp_path / "speech" / "job1"
    folder.mkdir(parents=True)
    job = Job(
        id="job1",
        name="Sitzung.mp3",
        asked=Asked(),
        upload="u",
        made_at=datetime.now(UTC),
        stage=Stage.STOPPED,
    )
    (folder / "job.json").write_text(job.model_dump_json())
    assert list(kept(tmp_path, "de")) == []
    line = Line(id="1", words=(SpokenWord(text="Der Vorstand tagt.", start_s=0, end_s=1),))
    Sheet(folder).begin(Transcript(title="Sitzung", language="de", lines=(line,)))
    (result,) = kept(tmp_path, "de")
    assert (result.station, result.title, result.state) == ("speech", "Sitzung.mp3", "stopped")
    assert "Der Vorstand tagt" in result.text
