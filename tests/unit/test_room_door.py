"""The way in: PINs, passes, the door, and where plain http leads."""

import os
import re
import time

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from stations.room import attempts
from stations.room.admission import Admission
from stations.room.attempts import Attempts
from stations.room.door import Door
from stations.room.host_door import HostDoor
from stations.room.join_routes import Wall
from stations.room.lan import Lan
from stations.room.listeners import ToHttps
from stations.room.network import Network
from stations.room.passes import Entrance
from stations.settings import Room

LAPTOP = "192.168.1.20"
PHONE = f"https://{LAPTOP}:8443"
HERE = "http://127.0.0.1:7860"
TWO = Network((LAPTOP, "10.0.0.7"), ("laptop.local", "laptop"))


@pytest.fixture
def doors(tmp_path):
    lan = Lan(tmp_path, 8443, 8080, lambda: TWO)
    return Admission(HostDoor(tmp_path), lan, Entrance("room", tmp_path))


def page(doors, **settings):
    app = FastAPI()
    Wall(doors, Room(open=True, **settings), "de").add_addresses(app)
    app.get("/")(lambda: PlainTextResponse("inside"))
    app.post("/gradio_api/queue/join")(lambda: PlainTextResponse("inside"))
    return Door(app, doors)


def phone(app, address=PHONE, client="192.168.1.77"):
    return TestClient(app, base_url=address, client=(client, 50_000), follow_redirects=False)


@pytest.fixture
def app(doors):
    return page(doors)


# the PIN


def test_a_pin_has_six_digits_and_lasts_over_a_restart(tmp_path):
    first = Entrance("room", tmp_path).pin
    assert re.fullmatch(r"\d{6}", first)
    assert Entrance("room", tmp_path).pin == first


def test_the_next_day_has_another_pin(tmp_path):
    first = Entrance("room", tmp_path)
    yesterday = time.time() - 13 * 3600
    os.utime(tmp_path / "room.pin", (yesterday, yesterday))
    drawn = {Entrance("room", tmp_path).pin, first.renew(), first.renew()}
    assert len({first.pin, *drawn}) >= 3


@pytest.mark.parametrize("content", [b"", b"12", b"abcdef", b"\xff\xfe\x00\x00\x00\x00"])
def test_a_damaged_pin_is_drawn_anew(tmp_path, content):
    (tmp_path / "room.pin").write_bytes(content)
    assert re.fullmatch(r"\d{6}", Entrance("room", tmp_path).pin)


def test_pin_and_key_are_for_this_user_alone(tmp_path):
    Entrance("room", tmp_path)
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())


def test_a_pin_chosen_by_the_host_stays(tmp_path):
    entrance = Entrance("room", tmp_path, "2026")
    assert entrance.renew() == entrance.pin == "2026"
    assert not (tmp_path / "room.pin").exists()


# guessing


def test_after_five_wrong_pins_an_address_waits_a_minute_and_others_do_not():
    now = [0.0]
    counted = Attempts(lambda: now[0])
    for _ in range(attempts.EACH):
        assert counted.wait_s("a") == 0
        counted.wrong("a")
    assert counted.wait_s("a") == attempts.EACH_S
    assert counted.wait_s("b") == 0
    now[0] = attempts.EACH_S + 1
    assert counted.wait_s("a") == 0


def test_many_addresses_together_have_a_limit_too():
    counted = Attempts(lambda: 0.0)
    for number in range(attempts.ALL):
        assert counted.wait_s("new") == 0
        counted.wrong(str(number))
    assert counted.wait_s("new") == attempts.ALL_S
    assert counted.wrong_lately == attempts.ALL


def test_addresses_are_not_remembered_without_end(monkeypatch):
    monkeypatch.setattr(attempts, "REMEMBERED", 10)
    counted = Attempts(lambda: 0.0)
    for number in range(100):
        counted.wrong(str(number))
    assert len(counted._wrong) == 10


# the door


def test_a_phone_without_pass_is_led_to_the_pin(app):
    answer = phone(app).get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/join")


def test_without_pass_nothing_else_answers(app):
    for path in (
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/config",
        "/gradio_api/file=/etc/passwd",
    ):
        assert phone(app).get(path).status_code == 401
        assert phone(app).post(path).status_code == 401


def test_the_right_pin_opens(app, doors):
    client = phone(app)
    answer = client.post("/join", data={"pin": f" {doors.everybody.pin} "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax"))
    assert client.get("/").text == "inside"


def test_the_qr_code_brings_the_pin_along(app, doors):
    client = phone(app)
    assert client.get(f"/join?pin={doors.everybody.pin}").headers["location"] == "/"
    assert client.get("/").text == "inside"


def test_a_wrong_pin_is_told_and_five_make_wait_even_with_the_right_one(app, doors):
    client = phone(app)
    wrong = "000000" if doors.everybody.pin != "000000" else "000001"
    for _ in range(5):
        answer = client.post("/join", data={"pin": wrong})
        assert answer.status_code == 403
        assert "Diese Zahl stimmt nicht" in answer.text
    late = client.post("/join", data={"pin": doors.everybody.pin})
    assert late.status_code == 429
    assert "zu viele Versuche" in late.text
    other = phone(app, client="192.168.1.78").post("/join", data={"pin": doors.everybody.pin})
    assert other.status_code == 303


@pytest.mark.parametrize("forged", ["", "in", "in.", "in.AAAA", "in." + "A" * 27])
def test_a_forged_pass_opens_nothing(app, forged):
    client = phone(app)
    client.cookies.set("ki_room", forged)
    assert client.get("/").status_code == 303


def test_a_new_pin_ends_all_passes(app, doors):
    client = phone(app)
    client.post("/join", data={"pin": doors.everybody.pin})
    doors.everybody.renew()
    assert client.get("/").status_code == 303


def test_the_pass_of_one_door_does_not_open_another(tmp_path):
    everybody, host = Entrance("room", tmp_path, "1234"), Entrance("host", tmp_path, "1234")
    answer = PlainTextResponse("")
    everybody.let_in(answer, secure=True)
    value = answer.headers["set-cookie"].split(";")[0].split("=", 1)[1]
    assert everybody.opens({"ki_room": value})
    assert not host.opens({"ki_host": value})


def test_this_laptop_needs_no_pin(app):
    assert phone(app, HERE, "127.0.0.1").get("/").text == "inside"


@pytest.mark.parametrize(
    "host", ["evil.example", "192.168.1.21", "8.8.8.8", "laptop.evil.example", "[::", ""]
)
def test_a_name_that_is_not_this_laptops_is_refused(app, host):
    for address in (PHONE, HERE):
        assert phone(app, address).get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", [LAPTOP, "10.0.0.7", "laptop.local:8443", "LAPTOP.local", "localhost"])
def test_all_names_of_this_laptop_lead_in(app, host):
    assert phone(app).get("/", headers={"host": host}).headers["location"] == "/join"


def test_an_address_that_the_internet_can_reach_is_not_served(app):
    async def public(scope, receive, send):
        await app({**scope, "server": ("203.0.113.5", 8443)}, receive, send)

    assert phone(public).get("/join").status_code == 403


def test_without_room_only_this_laptop_is_served(tmp_path):
    alone = page(Admission(HostDoor(tmp_path)))
    assert phone(alone, HERE).get("/").text == "inside"
    assert phone(alone, HERE).get("/join").headers["location"] == "/"
    assert "--room" in phone(alone, HERE).get("/wall").text
    assert phone(alone, f"http://{LAPTOP}:7860").get("/").status_code == 400


# the wall


def test_the_wall_shows_address_pin_and_wifi_and_only_this_laptop_sees_it(doors):
    app = page(doors, wifi="Museum <Gast>", wifi_password="leise & klar")
    shown = phone(app, HERE).get("/wall").text
    assert doors.everybody.pin in shown
    assert "192.168.1.20:8080" in shown
    assert "10.0.0.7:8080" in shown
    assert "Museum &lt;Gast&gt;" in shown
    assert "leise &amp; klar" in shown
    assert shown.count("<svg") == 2
    client = phone(app)
    client.post("/join", data={"pin": doors.everybody.pin})
    assert client.get("/wall").status_code == client.get("/wall.json").status_code == 404


def test_a_device_with_the_hosts_pass_may_show_the_wall(app, doors):
    client = phone(app)
    app_of_host = FastAPI()

    @app_of_host.get("/")
    def enter(request: Request):
        answer = PlainTextResponse("")
        doors.host.welcome(answer, request)
        return answer

    client.post("/join", data={"pin": doors.everybody.pin})
    assert client.get("/wall").status_code == 404
    passed = phone(app_of_host).get("/").cookies["ki_host"]
    client.cookies.set("ki_host", passed)
    assert client.get("/wall").status_code == 200


def test_the_wall_notices_a_new_pin(app, doors):
    client = phone(app, HERE)
    before = client.get("/wall.json").json()
    assert client.get("/wall.json").json() == before
    doors.everybody.renew()
    assert client.get("/wall.json").json() != before


def test_a_laptop_without_network_says_what_to_do(tmp_path):
    lan = Lan(tmp_path, 8443, 8080, lambda: Network((), ()))
    doors = Admission(HostDoor(tmp_path), lan, Entrance("room", tmp_path))
    assert "Hotspot" in phone(page(doors), HERE).get("/wall").text


# plain http


def test_plain_http_leads_to_the_same_page_over_https(doors):
    client = phone(ToHttps(doors.lan), f"http://{LAPTOP}:8080")
    answer = client.get("/join?pin=1&x=%C3%A4")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{PHONE}/join?pin=1&x=%C3%A4")


def test_plain_http_sends_nobody_elsewhere(doors):
    client = phone(ToHttps(doors.lan), f"http://{LAPTOP}:8080")
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("//evil.example/x").headers["location"].startswith(f"{PHONE}/")


def test_every_pin_of_the_settings_has_digits_only():
    for wrong in ("12", "abcd", "1234567890123", "12 34", "１２３４"):
        with pytest.raises(ValueError, match="pin"):
            Room(pin=wrong)
