"""The page when a server in the room writes the answers: where the texts go, what comes back, and what goes wrong."""

import json
from http.server import BaseHTTPRequestHandler

import pytest


@pytest.fixture
def server(serving):
    """A server on loopback that answers every question with one sentence, in two pieces."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._begin("application/json")
            self.wfile.write(json.dumps({"data": [{"id": "nebenan"}]}).encode())

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append(asked["messages"][-1]["content"])
            self._begin("text/event-stream")
            for text, end in (("Guten Tag ", None), ("aus dem Nebenraum.", "stop")):
                choice = {"index": 0, "delta": {"content": text}, "finish_reason": end}
                self.wfile.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        def _begin(self, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()

        def log_message(self, *_) -> None:
            pass

    with serving(Handler) as server:
        server.asked = []
        yield server


@pytest.mark.parametrize(
    ("language", "claim", "from_there"),
    [
        ("de", "Ihre Texte gehen nur an ein Gerät im Raum.", "einem anderen Gerät in diesem Raum"),
        ("en", "Your texts go only to one device in the room.", "another device in this room"),
    ],
)
def test_the_page_says_where_the_texts_go(visit, roomy, language, claim, from_there):
    visitor = visit(roomy, language).open_chat()
    header = visitor.page.locator("header")
    assert claim in header.inner_text()
    visitor.page.click("#ki-proof summary")
    assert "192.168.1.20:8080" in header.inner_text()
    assert not visitor.page.locator("#ki-proof.ki-alarm").count()
    visitor.page.click("#chatbot-about button")
    visitor.page.wait_for_function(
        "words => document.querySelector('#chatbot-about').innerText.includes(words)", arg=from_there
    )
    assert visitor.complaints == []


def test_on_a_telephone_the_lamp_stands_beside_its_claim(visit, roomy):
    visitor = visit(roomy, viewport={"width": 360, "height": 700})
    lamp = visitor.page.locator(".ki-lamp").bounding_box()
    claim = visitor.page.locator(".ki-claim").bounding_box()
    assert claim["y"] <= lamp["y"] <= claim["y"] + claim["height"]
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_server_answers_and_its_death_is_said_without_losing_the_question(visit, workshop_with, server):
    visitor = visit(workshop_with(KIWERKSTATT_CHAT__SERVER=server.address)).open_chat()
    visitor.ask("Wer ist da?")
    visitor.wait_for_rest()
    assert "Guten Tag aus dem Nebenraum." in visitor.answers()[0]
    assert server.asked == ["Wer ist da?"]
    server.shutdown()
    server.server_close()
    visitor.ask("Und jetzt?")
    visitor.wait_for_text("ist nicht zu erreichen")
    assert visitor.page.input_value("#chatbot-question textarea") == "Und jetzt?"
    assert visitor.strays == []
