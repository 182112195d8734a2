"""What the editor's addresses give and refuse: each visitor their own, and to nobody else a difference."""

import json

import pytest
from fastapi import FastAPI

from models.errors import ModelError
from stations.base import LANGUAGE_COOKIE
from stations.speech.routes import LARGEST_EDIT, Live, add_routes
from stations.speech.sheet import Sheet, Sheets
from stations.speech.transcript import Line, SpokenWord, Transcript
from stations.texts import sentences

pytestmark = pytest.mark.enable_socket

HOME = "http://127.0.0.1:7860"
EVIL = "http://evil.example"
SOUND = bytes(range(256)) * 400
JSON = {"Content-Type": "application/json", "Origin": HOME}


def line(number, text, sure=0.4):
    word = SpokenWord(text=f" {text}", start_s=5.0 * number, end_s=5.0 * number + 1.23456, sure=sure)
    return Line(id=f"l{number}", words=(word,), speaker="p1")


@pytest.fixture
def place(tmp_path):
    """The folders of two visitors, each with one job."""
    for owner, job in (("anna", "job1"), ("bert", "job2")):
        folder = tmp_path / owner / job
        folder.mkdir(parents=True)
        Sheet.opened(
            folder,
            Transcript(
                title=f"Von {owner}",
                seconds=9.5,
                speakers={"p1": "<b>Anna</b>"},
                lines=(line(0, "Hallo"), line(1, "Welt")),
            ),
        )
        (folder / "audio.mp3").write_bytes(SOUND)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path


@pytest.fixture
def live():
    """What is being heard, by folder."""
    return {}


@pytest.fixture
def browser(place, live):
    """Return a function that opens a browser of one visitor."""
    from starlette.testclient import TestClient

    def folder_of(request, job):
        folder = place / request.cookies.get("visitor", "nobody") / job
        return folder if folder.is_dir() else None

    app = FastAPI(openapi_url=None)
    add_routes(app, folder_of, lambda folder: live.get(folder, Live()))

    def opened(visitor="anna", language="de"):
        cookies = {"visitor": visitor, LANGUAGE_COOKIE: language}
        return TestClient(app, base_url=HOME, cookies=cookies, raise_server_exceptions=False)

    return opened


@pytest.fixture
def anna(browser):
    return browser()


def edit(client, revision, job="job1", headers=None, **operation):
    body = json.dumps({"revision": revision, "operation": operation})
    return client.post(f"/speech/{job}/edit", content=body, headers=headers or JSON)


def test_the_whole_transcript_comes_with_words_and_names(anna):
    answer = anna.get("/speech/job1/transcript").json()
    assert answer["whole"] is True
    assert answer["splices"][0]["lines"][1] == {
        "id": "l1",
        "speaker": "p1",
        "words": [[" Welt", 5.0, 6.235, 0.4]],
    }
    assert answer["speakers"] == [["p1", "<b>Anna</b>"]]
    assert (answer["title"], answer["seconds"], answer["undo"], answer["growing"]) == (
        "Von anna",
        9.5,
        False,
        False,
    )


def test_only_news_comes_to_who_knows_the_rest(anna, place, live):
    revision = anna.get("/speech/job1/transcript").json()["revision"]
    assert anna.get(f"/speech/job1/transcript?since={revision}").json()["splices"] == []
    Sheet(place / "anna" / "job1").append([line(2, "Neu")])
    live[place / "anna" / "job1"] = Live([line(3, "Gerade gehört")], growing=True)
    news = anna.get(f"/speech/job1/transcript?since={revision}").json()
    assert [one["at"] for one in news["splices"]] == [2]
    assert (news["growing"], news["live"]) == (True, ["Gerade gehört"])


@pytest.mark.parametrize("since", ["", "x", "-1", "1e3", "9" * 5000, "٣", "null"])
def test_a_revision_that_is_none_gives_everything(anna, since):
    assert anna.get("/speech/job1/transcript", params={"since": since}).json()["whole"] is True


def test_a_change_is_kept_and_answered_with_what_is_new(anna, place):
    answer = edit(anna, 1, kind="text", line="l0", text="Grüß Gott")
    assert answer.status_code == 200
    assert [one["at"] for one in answer.json()["splices"]] == [0]
    assert answer.json()["undo"] is True
    assert Sheet(place / "anna" / "job1").read().lines[0].text == "Grüß Gott"


@pytest.mark.parametrize(
    ("operation", "texts"),
    [
        ({"kind": "split", "line": "l0", "at": 2}, ["Ha", "llo", "Welt"]),
        ({"kind": "merge", "line": "l0"}, ["Hallo Welt"]),
        ({"kind": "delete", "line": "l0"}, ["Welt"]),
        ({"kind": "replace", "search": "l", "replacement": "r"}, ["Harro", "Wert"]),
        ({"kind": "confirm", "lines": ["l0"]}, ["Hallo", "Welt"]),
        ({"kind": "speaker", "lines": ["l0"], "speaker": ""}, ["Hallo", "Welt"]),
        ({"kind": "new_speaker", "lines": ["l0"], "name": "Cem"}, ["Hallo", "Welt"]),
        ({"kind": "rename", "speaker": "p1", "name": "Cem"}, ["Hallo", "Welt"]),
    ],
)
def test_everything_can_be_done_and_undone_from_the_page(anna, place, operation, texts):
    sheet = Sheet(place / "anna" / "job1")
    before = sheet.read()
    done = edit(anna, 1, **operation)
    assert done.status_code == 200, done.text
    assert [one.text for one in sheet.read().lines] == texts
    assert sheet.read() != before
    edit(anna, done.json()["revision"], kind="undo")
    assert sheet.read() == before


def test_speakers_can_be_put_together_from_the_page(anna, place):
    revision = edit(anna, 1, kind="new_speaker", lines=["l0"], name="Cem").json()["revision"]
    answer = edit(anna, revision, kind="same_person", speaker="p1", others=["p2"])
    assert answer.json()["speakers"] == [["p1", "<b>Anna</b>"]]
    assert edit(anna, answer.json()["revision"], kind="redo").json()["reason"] == "editor.no_redo"


@pytest.mark.parametrize(
    "job", ["job2", "nothing", "..", "%2e%2e", "..%2fbert%2fjob2", "job1%00", "JOB1", "job1%2f..", "ä"]
)
def test_whatever_is_not_ones_own_is_not_there_without_a_difference(anna, job):
    never = anna.get("/speech/zzz/transcript")
    assert (never.status_code, never.json()["reason"]) == (404, "editor.none")
    for answer in (
        anna.get(f"/speech/{job}/transcript"),
        anna.get(f"/speech/{job}/audio"),
        edit(anna, 1, job=job, kind="undo"),
    ):
        assert answer.status_code == 404
        assert b"secret" not in answer.content
        if answer.json().get("reason"):  # else the address itself does not exist
            assert answer.content == never.content
            assert dict(answer.headers) == dict(never.headers)


def test_an_id_that_could_be_a_path_is_not_even_looked_for(place):
    from starlette.testclient import TestClient

    asked, app = [], FastAPI()
    add_routes(app, lambda _, job: asked.append(job))
    with TestClient(app, base_url=HOME) as client:
        for job in ("..", "%2e%2e", "a.b", "a%00", "ä", "a%2fb", "job1", "a b", "~"):
            client.get(f"/speech/{job}/transcript")
    assert asked == ["job1"]


def test_without_a_cookie_nothing_is_there(browser):
    stranger = browser("nobody")
    assert stranger.get("/speech/job1/transcript").status_code == 404
    assert stranger.get("/speech/job1/audio").status_code == 404
    assert edit(stranger, 1, kind="delete", line="l0").status_code == 404


def test_what_is_wrong_with_a_request_is_not_told_to_who_does_not_own_the_job(anna):
    for headers in ({"Content-Type": "text/plain"}, {**JSON, "Origin": EVIL}):
        assert edit(anna, 1, job="job2", headers=headers, kind="undo").json()["reason"] == "editor.none"
    assert anna.post("/speech/job2/edit", content=b"x" * (LARGEST_EDIT + 1), headers=JSON).status_code == 404


def test_one_visitor_changes_nothing_of_the_other(browser, place):
    before = (place / "bert" / "job2" / "transcript.json").read_bytes()
    edit(browser("anna"), 1, job="job2", kind="delete", line="l0")
    assert (place / "bert" / "job2" / "transcript.json").read_bytes() == before
    assert browser("bert").get("/speech/job2/transcript").json()["title"] == "Von bert"


# the sound


def test_the_sound_comes_in_stretches(anna):
    whole = anna.get("/speech/job1/audio")
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, SOUND, "audio/mpeg")
    part = anna.get("/speech/job1/audio", headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, SOUND[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(SOUND)}"
    assert anna.get("/speech/job1/audio", headers={"Range": "bytes=-10"}).content == SOUND[-10:]
    assert anna.get("/speech/job1/audio", headers={"Range": "bytes=999999999-"}).status_code == 416
    assert anna.head("/speech/job1/audio").headers["content-length"] == str(len(SOUND))


def test_without_sound_yet_there_is_none(anna, place):
    (place / "anna" / "job1" / "audio.mp3").unlink()
    assert anna.get("/speech/job1/audio").status_code == 404


def test_nothing_is_kept_by_browsers_or_shown_elsewhere(anna):
    for answer in (
        anna.get("/speech/job1/transcript"),
        anna.get("/speech/job1/audio"),
        anna.get("/speech/none/audio"),
        edit(anna, 1, kind="undo"),
    ):
        assert "no-store" in answer.headers["cache-control"]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


# refusals


def test_a_change_upon_something_older_is_a_conflict(anna):
    edit(anna, 1, kind="text", line="l0", text="Eins")
    answer = edit(anna, 1, kind="text", line="l0", text="Zwei")
    assert (answer.status_code, answer.json()["reason"]) == (409, "editor.stale")


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_refusal_is_a_sentence_in_the_visitors_language(browser, language):
    answer = edit(browser(language=language), 1, kind="split", line="l0", at=0)
    assert (answer.status_code, answer.json()["text"]) == (400, sentences(language)["editor.no_split"])


def test_who_chose_no_language_is_told_in_that_of_the_workshop(anna):
    anna.cookies.delete(LANGUAGE_COOKIE)
    assert edit(anna, 1, kind="redo").json()["text"] == sentences("de")["editor.no_redo"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_taken(anna, kind):
    answer = edit(anna, 1, headers={"Content-Type": kind, "Origin": HOME}, kind="delete", line="l0")
    assert (answer.status_code, answer.json()["reason"]) == (415, "editor.wrong_type")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://127.0.0.1:7860"},
        {"Origin": "http://127.0.0.1:7861"},
        {"Origin": EVIL, "Sec-Fetch-Site": "same-origin"},
        {},
    ],
)
def test_only_this_page_may_change_anything(anna, place, headers):
    before = (place / "anna" / "job1" / "transcript.json").read_bytes()
    answer = edit(anna, 1, headers={"Content-Type": "application/json", **headers}, kind="delete", line="l0")
    assert answer.status_code == 404
    assert (place / "anna" / "job1" / "transcript.json").read_bytes() == before


def test_a_browser_that_hides_the_origin_may_say_that_it_is_the_same(anna):
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Origin": "null",
        "Sec-Fetch-Site": "same-origin",
    }
    assert edit(anna, 1, headers=headers, kind="delete", line="l0").status_code == 200


def test_too_much_is_refused_before_it_is_all_read(anna):
    read = 0

    def endless():
        nonlocal read
        while read < 100 * LARGEST_EDIT:
            read += 10_000
            yield b" " * 10_000

    answer = anna.post("/speech/job1/edit", content=b" " * (LARGEST_EDIT + 1), headers=JSON)
    assert (answer.status_code, answer.json()["reason"]) == (413, "editor.too_large")
    assert "200,0 KB" in answer.json()["text"]
    assert anna.post("/speech/job1/edit", content=endless(), headers=JSON).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"revision": 1}',
        b'{"revision": -1, "operation": {"kind": "undo"}}',
        b'{"revision": "1", "operation": {"kind": "hack"}}',
        b'{"revision": 1, "operation": {"kind": "undo", "more": 1}}',
        b'{"revision": 1, "operation": {"kind": "undo"}, "more": 1}',
        b'{"revision": 1, "operation": {"kind": "text", "line": "../x", "text": "a"}}',
        b'{"revision": 1, "operation": {"kind": "text", "line": "l0", "text": 5}}',
        b'{"revision": 1, "operation": {"kind": "text", "line": "l0", "text": "\\ud800"}}',
        b'{"revision": 1, "operation": {"kind": "text", "line": "l0", "text": "\xff"}}',
        b'{"revision": 1, "operation": {"kind": "split", "line": "l0", "at": 1.5}}',
        b'{"revision": 1, "operation": {"kind": "confirm", "lines": []}}',
        b"[" * 100_000,
        b'{"revision": 1e400, "operation": {"kind": "undo"}}',
        b'{"revision": ' + b"9" * 5000 + b', "operation": {"kind": "undo"}}',
    ],
)
def test_what_is_no_change_is_not_understood(anna, place, body):
    before = (place / "anna" / "job1" / "transcript.json").read_bytes()
    answer = anna.post("/speech/job1/edit", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["reason"]) in [
        (422, "editor.unreadable"),
        (409, "editor.stale"),
    ]
    assert (place / "anna" / "job1" / "transcript.json").read_bytes() == before


def test_a_text_that_is_too_long_is_told_with_its_length(anna):
    assert "6000" in edit(anna, 1, kind="text", line="l0", text="a" * 6000).json()["text"]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "--> WEBVTT", "{count} {{7*7}}", "\\u202e ../../etc", "'; DROP"]
)
def test_hostile_text_is_kept_as_it_is_and_told_to_nobody_else(anna, text):
    answer = edit(anna, 1, kind="text", line="l0", text=text)
    assert "".join(word[0] for word in answer.json()["splices"][0]["lines"][0]["words"]).strip() == text
    assert answer.headers["content-type"] == "application/json"
    refused = edit(anna, answer.json()["revision"], kind="replace", search=text * 2, replacement="x")
    assert refused.json() == {"reason": "editor.not_found", "text": sentences("de")["editor.not_found"]}


def test_a_damaged_file_is_told_as_a_sentence(anna, place):
    (place / "anna" / "job1" / "transcript.json").write_text("{")
    answer = anna.get("/speech/job1/transcript")
    assert (answer.status_code, answer.json()["reason"]) == (400, "editor.broken")


def test_a_job_without_a_transcript_yet_is_not_there(anna, place):
    (place / "anna" / "job1" / "transcript.json").unlink()
    assert anna.get("/speech/job1/transcript").status_code == 404


def test_sheets_may_be_shared_with_the_program(place):
    from starlette.testclient import TestClient

    sheets, app = Sheets(), FastAPI()
    add_routes(app, lambda _, job: place / "anna" / job, sheets=sheets)
    with TestClient(app, base_url=HOME) as client:
        edit(client, 1, kind="delete", line="l0")
        with pytest.raises(ModelError, match=r"editor\.stale"):
            sheets.of(place / "anna" / "job1").apply(1, None)
