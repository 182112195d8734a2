"""Sessions, events and temporary files belong to one visitor each, whatever others know about them."""

import json

import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from stations.room import owners as owning
from stations.room.owners import Owners
from stations.room.ownership import Ownership
from stations.room.visitors import COOKIE, Visitors


class Page:
    """A stand-in with Gradio's addresses, behind the real door."""

    def __init__(self, folder):
        self.temp = folder / "temp"
        self.temp.mkdir()
        (self.temp / "logo.png").write_text("everybody's")
        self.upload = self.temp / "abc" / "letter.txt"
        self.upload.parent.mkdir()
        self.visitors = Visitors(folder / "visitors")
        self.owners = Owners(self.temp)
        self.upload.write_text("secret")
        self.message = {"msg": "process_completed"}
        self.brought = []
        inner = FastAPI()
        inner.post("/gradio_api/upload")(lambda: JSONResponse([str(self.upload)]))
        inner.get("/gradio_api/queue/data")(self._stream)
        inner.post("/gradio_api/queue/join")(self._join)
        inner.get("/gradio_api/file={path:path}")(lambda: PlainTextResponse("here it is"))
        inner.get("/gradio_api/deep_link")(lambda: PlainTextResponse("link"))
        self.app = Ownership(inner, self.visitors, self.owners)

    def _stream(self):
        def lines():
            yield f"data: {json.dumps(self.message)}\n\n".encode()

        return StreamingResponse(lines(), media_type="text/event-stream")

    async def _join(self, request: Request):
        self.brought.append(await request.json())
        return JSONResponse({"event_id": "e1"})

    def visitor(self, address="192.168.1.50"):
        client = TestClient(self.app, client=(address, 1), raise_server_exceptions=False)
        client.cookies.set(COOKIE, self.visitors.new_cookie())
        return client


def asked(file):
    return f"/gradio_api/file={file}"


@pytest.fixture
def page(tmp_path):
    return Page(tmp_path)


@pytest.fixture
def anna(page):
    return page.visitor()


@pytest.fixture
def ben(page):
    return page.visitor()


def test_an_upload_is_readable_for_whoever_brought_it_and_for_nobody_else(page, anna, ben):
    anna.post("/gradio_api/upload")
    assert anna.get(asked(page.upload)).status_code == 200
    assert ben.get(asked(page.upload)).status_code == 404


def test_files_that_were_there_from_the_start_are_everybodys(page, anna, ben):
    for client in (anna, ben):
        assert client.get(asked(page.temp / "logo.png")).status_code == 200


@pytest.mark.parametrize(
    "way", ["{temp}/./abc/letter.txt", "{temp}/x/../abc/letter.txt", "/{temp}/abc/letter.txt"]
)
def test_another_spelling_of_the_path_does_not_help(page, anna, ben, way):
    anna.post("/gradio_api/upload")
    spelled = way.format(temp=page.temp)
    assert ben.get(asked(spelled)).status_code == 404
    body = {"session_hash": "b", "data": [{"path": spelled, "meta": {"_type": "gradio.FileData"}}]}
    assert ben.post("/gradio_api/queue/join", json=body).status_code == 403
    assert page.brought == []


def test_a_link_does_not_help_either(page, anna, ben, tmp_path):
    anna.post("/gradio_api/upload")
    (tmp_path / "link").symlink_to(page.temp, target_is_directory=True)
    assert ben.get(asked(tmp_path / "link" / "abc" / "letter.txt")).status_code == 404


@pytest.mark.parametrize("file", ["/etc/passwd", "launcher.py", "http://evil.example/x", "", "~/.ssh/id_rsa"])
def test_nothing_outside_the_temporary_folder_is_a_file(page, anna, file):
    assert anna.get(asked(file)).status_code == 404


@pytest.mark.parametrize(
    "message",
    [
        {"output": {"data": [{"path": "{file}", "meta": {"_type": "gradio.FileData"}}]}},
        {"output": {"data": [[["replace", ["path"], "{file}"]]]}},
        {"output": {"data": [[["add", [0, "video", "path"], "{file}"]]]}},
    ],
)
def test_a_result_is_readable_for_whoever_it_was_made_for(page, anna, ben, message):
    page.message = json.loads(json.dumps(message).replace("{file}", str(page.upload)))
    anna.get("/gradio_api/queue/data?session_hash=a")
    assert anna.get(asked(page.upload)).status_code == 200
    assert ben.get(asked(page.upload)).status_code == 404


def test_typing_a_path_gives_no_right_to_it(page, ben):
    page.message = {"output": {"data": [str(page.upload), [["replace", ["text"], str(page.upload)]]]}}
    ben.get("/gradio_api/queue/data?session_hash=b")
    assert ben.get(asked(page.upload)).status_code == 404


def test_nobody_listens_to_anothers_session(anna, ben):
    assert anna.get("/gradio_api/queue/data?session_hash=s1").status_code == 200
    assert ben.get("/gradio_api/queue/data?session_hash=s1").status_code == 403
    assert anna.get("/gradio_api/queue/data?session_hash=s1").status_code == 200


def test_naming_two_sessions_does_not_help(anna, ben):
    anna.get("/gradio_api/queue/data?session_hash=s1")
    for query in ("session_hash=b&session_hash=s1", "session_hash=s1&session_hash=b"):
        assert ben.get(f"/gradio_api/queue/data?{query}").status_code == 403


@pytest.mark.parametrize("path", ["queue/join", "cancel", "reset", "component_server"])
def test_nobody_acts_in_anothers_session(page, anna, ben, path):
    anna.post("/gradio_api/queue/join", json={"session_hash": "s1"})
    assert ben.post(f"/gradio_api/{path}", json={"session_hash": "s1"}).status_code == 403
    assert len(page.brought) == 1


@pytest.mark.parametrize("path", ["heartbeat/s1", "stream/s1/r/3/playlist.m3u8"])
def test_nor_by_an_address_that_names_it(anna, ben, path):
    anna.post("/gradio_api/queue/join", json={"session_hash": "s1"})
    assert ben.get(f"/gradio_api/{path}").status_code == 403


def test_an_event_is_its_makers(anna, ben):
    anna.post("/gradio_api/queue/join", json={"session_hash": "s1"})
    assert ben.post("/gradio_api/stream/e1", json={}).status_code == 403
    assert ben.post("/gradio_api/stream/e1/close", json={}).status_code == 403


def test_the_body_reaches_the_page_as_it_was_sent(page, anna):
    body = {"session_hash": "s1", "data": ["Grüße"] * 1000}
    assert anna.post("/gradio_api/queue/join", json=body).status_code == 200
    assert page.brought == [body]


@pytest.mark.parametrize(
    "path",
    [
        "deep_link?session_hash=s1",
        "run/chat",
        "api/chat",
        "call/chat",
        "proxy=http://x",
        "run-history/records",
        "runs",
    ],
)
def test_what_our_page_never_asks_for_answers_nobody(anna, path):
    assert anna.get(f"/gradio_api/{path}").status_code == 404
    assert anna.post(f"/gradio_api/{path}", json={}).status_code == 404


def test_an_endless_event_is_refused(anna, monkeypatch):
    monkeypatch.setattr("stations.room.ownership.LARGEST_JSON", 1000)
    body = {"session_hash": "s1", "data": ["x" * 2000]}
    assert anna.post("/gradio_api/queue/join", json=body).status_code == 413


def test_browsers_without_cookies_are_told_apart_by_their_address(page):
    one, other = (TestClient(page.app, client=(address, 1)) for address in ("10.0.0.1", "10.0.0.2"))
    one.post("/gradio_api/upload")
    assert one.get(asked(page.upload)).status_code == 200
    assert other.get(asked(page.upload)).status_code == 404


def test_what_a_visitor_alone_was_given_is_known(page):
    page.owners.give(iter([str(page.upload), str(page.temp / "both")]), "anna")
    page.owners.give(iter([str(page.temp / "both")]), "ben")
    assert page.owners.of("anna") == [page.upload]


def test_names_are_not_remembered_without_end(page, monkeypatch):
    monkeypatch.setattr(owning, "REMEMBERED", 5)
    for number in range(20):
        page.owners.claim(str(number), "anna")
        page.owners.give(iter([str(page.temp / str(number))]), "anna")
    assert (len(page.owners._names), len(page.owners._files)) == (5, 5)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_damaged_bodies_go_no_further(page, anna, body):
    headers = {"content-type": "application/json"}
    assert anna.post("/gradio_api/queue/join", content=body, headers=headers).status_code == 400
    assert page.brought == []


@pytest.mark.parametrize("body", [[], 3, {"session_hash": 3}, {"session_hash": None}, {"data": {"path": 3}}])
def test_odd_bodies_break_nothing(anna, body):
    assert anna.post("/gradio_api/queue/join", json=body).status_code == 200


def test_a_websocket_is_closed_at_once(anna):
    with pytest.raises(WebSocketDisconnect), anna.websocket_connect("/gradio_api/queue/join"):
        pass
