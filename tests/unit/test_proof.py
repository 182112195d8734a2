"""The page of the proof: what was refused, what is open, in both languages, and never what somebody typed."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from models import offline
from models.offline import Connection, Guard, OfflineError
from stations.room import proof_routes
from stations.room.proof_routes import Proof


def page(guard, language="de"):
    app = FastAPI()
    Proof(guard, language).add_addresses(app)
    return TestClient(app).get("/proof").text


def refused(guard, target):
    with pytest.raises(OfflineError):
        guard.watch("socket.getaddrinfo", (target, 443))


@pytest.fixture(autouse=True)
def nothing_open(monkeypatch):
    monkeypatch.setattr(
        proof_routes, "open_connections", lambda: [Connection("127.0.0.1:1", "127.0.0.1:2", False)]
    )


def test_refused_attempts_are_listed_with_their_target_and_part():
    guard = Guard()
    refused(guard, "api.example.org")
    shown = page(guard)
    assert "api.example.org" in shown
    assert __name__ in shown
    assert "keine Verbindung nach draußen" in shown


def test_only_the_latest_are_listed_and_all_are_counted():
    guard = Guard()
    for number in range(offline.REMEMBERED + 5):
        refused(guard, f"host-{number}.example")
    shown = page(guard)
    assert shown.count(".example<") == proof_routes.SHOWN
    assert f"<dd>{offline.REMEMBERED + 5}</dd>" in shown
    assert f"host-{offline.REMEMBERED + 4}.example" in shown


def test_a_connection_to_the_outside_is_an_alarm(monkeypatch):
    there = [Connection("192.168.1.2:5", "203.0.113.9:443", True)]
    monkeypatch.setattr(proof_routes, "open_connections", lambda: there)
    shown = page(Guard(), "en")
    assert "203.0.113.9:443" in shown
    assert 'role="alert"' in shown


def test_the_server_of_the_room_is_named_and_no_alarm(monkeypatch):
    there = [Connection("192.168.1.2:5", "192.168.1.20:8080", True)]
    monkeypatch.setattr(proof_routes, "open_connections", lambda: there)
    shown = page(Guard([("192.168.1.20", 8080)]))
    assert "192.168.1.20:8080" in shown
    assert 'role="alert"' not in shown


def test_a_hostile_name_stays_text():
    guard = Guard()
    refused(guard, "<script>alert(1)</script>")
    assert "<script>alert" not in page(guard)
