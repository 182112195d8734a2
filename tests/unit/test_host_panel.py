"""The host's panel: who gets in, what it tells, what it does; the day's counts and what a reset deletes."""

import json
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from models.catalog import Role
from models.offline import Guard
from stations.room.admission import Admission
from stations.room.day import Day, Diary
from stations.room.door import Door
from stations.room.host_door import HostDoor
from stations.room.house import House
from stations.room.lan import Lan
from stations.room.moderation import LONGEST_NOTICE, SOON_S, Moderation
from stations.room.network import Network
from stations.room.passes import Entrance
from stations.room.reset import last_report, wipe
from stations.room.visitors import Visitors
from stations.settings import Workshop

HERE = "http://127.0.0.1:7860"
THERE = "https://192.168.1.20:8443"
STATIONS = ("text", "audio")


class Room:
    def __init__(self, folder):
        lan = Lan(folder, 8443, 8080, lambda: Network(("192.168.1.20",), ()))
        doors = Admission(HostDoor(folder), lan, Entrance("room", folder))
        self.house = House(folder, folder / "temp", doors, Guard(), Diary(folder / "day.json"))
        self.loans = self.house.loans()
        library = SimpleNamespace(loaded=lambda: ["qwen-1.5b"])
        visitors = Visitors(folder / "visitors", self.house.diary.came)
        workshop = Workshop(stations=STATIONS)
        self.bench = SimpleNamespace(workshop=workshop, visitors=visitors, loans=self.loans, library=library)
        app = FastAPI()
        self.house.add_addresses(app, self.bench)
        self.app = Door(app, doors)

    def client(self, address=HERE):
        client = TestClient(self.app, base_url=address, follow_redirects=False)
        if address == THERE:
            client.post("/join", data={"pin": self.house.admission.everybody.pin})
        return client

    def host(self, address=HERE):
        client = self.client(address)
        assert client.post("/host", data={"pin": self.house.admission.host.pin}).status_code == 303
        return client


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def test_the_panel_asks_for_its_pin_even_on_this_laptop(room):
    page = room.client().get("/host")
    assert "PIN der Werkstattleitung" in page.text
    assert room.client().get("/host/state.json").status_code == 401


@pytest.mark.parametrize("address", [HERE, THERE])
def test_the_right_pin_opens_it(room, address):
    assert "Alles löschen und neu beginnen" in room.host(address).get("/host").text


def test_the_pin_for_everybody_does_not_open_it(room):
    client = room.client()
    assert client.post("/host", data={"pin": room.house.admission.everybody.pin}).status_code == 403
    assert client.get("/host/state.json").status_code == 401


def test_guessing_it_has_a_limit(room):
    client = room.client()
    answers = [client.post("/host", data={"pin": "1"}).status_code for _ in range(7)]
    assert answers == [403] * 5 + [429] * 2


def test_a_second_device_takes_the_place_of_the_first_and_the_laptop_stays(room):
    laptop, first = room.host(), room.host(THERE)
    assert first.get("/host/state.json").status_code == 200
    second = room.host(THERE)
    assert first.get("/host/state.json").status_code == 401
    assert second.get("/host/state.json").status_code == 200
    assert laptop.get("/host/state.json").status_code == 200


def test_a_pass_of_the_laptop_is_worth_nothing_in_the_room(room):
    laptop, phone = room.host(), room.client(THERE)
    phone.cookies.set("ki_host", laptop.cookies["ki_host"])
    assert phone.get("/host/state.json").status_code == 401


@pytest.mark.parametrize("name", ["pause", "notice", "round", "call_back", "new_pin", "reset"])
def test_nobody_else_decides_anything(room, name):
    for client in (room.client(), room.client(THERE)):
        assert client.post(f"/host/{name}", json={}).status_code == 401


def test_another_site_decides_nothing_through_the_hosts_browser(room):
    host = room.host()
    for site in ("cross-site", "same-site"):
        answer = host.post("/host/reset", json={"sure": True}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    assert not room.house.anew.is_set()


def test_it_tells_numbers(room):
    host = room.host()
    room.bench.visitors.here({"ki_visitor": room.bench.visitors.new_cookie()})
    with room.loans.lent("text", Role.CHAT), room.loans.lent("text", Role.CHAT) as waiting:
        waiting.place = 3
        told = host.get("/host/state.json").json()
    assert told["stations"][0] == {"id": "text", "paused": False, "working": 1, "waiting": 1}
    assert [work["waiting"] for work in told["works"]] == [False, True]
    assert (told["present"], told["models"], told["refused"]) == (1, ["qwen-1.5b"], 0)
    assert told["machine"]["memory_total"] > 0


def test_it_pauses_stations_that_exist(room):
    told = room.host().post("/host/pause", json={"stations": ["audio", "nothing"]}).json()
    assert [station["paused"] for station in told["stations"]] == [False, True]
    assert room.loans.paused == {"audio"}


def test_it_ends_one_work(room):
    with room.loans.lent("text", Role.CHAT) as loan:
        room.host().post("/host/call_back", json={"number": loan.number})
        assert loan.called_back


def test_pages_hear_of_notice_pause_and_the_end_of_the_round(room):
    host, page = room.host(), room.client()
    assert page.get("/room.json").json() == {"notice": "", "pause": "", "round": "", "group": ""}
    host.post("/host/notice", json={"text": "  Kaffee\nim Foyer "})
    host.post("/host/pause", json={"stations": ["audio"]})
    host.post("/host/round", json={"minutes": 4})
    news = page.get("/room.json").json()
    assert news["notice"] == "Kaffee im Foyer"
    assert "Audio" in news["pause"]
    assert "4 Minuten" in news["round"]
    host.post("/host/pause", json={"stations": list(STATIONS)})
    host.post("/host/round", json={"minutes": 60})
    news = page.get("/room.json").json()
    assert "Alle Stationen" in news["pause"]
    assert news["round"] == ""


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("notice", {"text": "x" * (LONGEST_NOTICE + 1)}),
        ("round", {"minutes": -1}),
        ("round", {"minutes": 1e9}),
        ("pause", {"stations": "text"}),
        ("call_back", {"number": "x"}),
        ("reset", {}),
    ],
)
def test_what_makes_no_sense_is_refused(room, name, body):
    assert room.host().post(f"/host/{name}", json=body).status_code == 422


def test_a_new_pin_leads_everybody_to_the_door_again(room):
    host, phone = room.host(), room.client(THERE)
    assert phone.get("/room.json").status_code == 200
    told = host.post("/host/new_pin").json()
    assert phone.get("/room.json").status_code == 401
    assert told["pin"] == room.house.admission.everybody.pin


def test_while_somebody_works_a_reset_asks_first(room):
    host, pin = room.host(), room.house.admission.everybody.pin
    with room.loans.lent("text", Role.CHAT):
        answer = host.post("/host/reset", json={"sure": False})
    assert (answer.status_code, answer.json()) == (409, {"working": 1})
    assert not room.house.anew.wait(0.7)
    assert room.house.admission.everybody.pin == pin


def test_a_sure_reset_begins_anew_with_another_pin(room):
    pin = room.house.admission.everybody.pin
    with room.loans.lent("text", Role.CHAT):
        assert room.host().post("/host/reset", json={"sure": True}).status_code == 200
    assert room.house.anew.wait(5)
    assert room.house.diary.today.groups == 2
    assert room.house.admission.everybody.pin != pin or len(pin) != 6


def test_the_sheet_has_todays_counts(room):
    with room.loans.lent("audio", Role.VOICE):
        pass
    page = room.host().get("/host/sheet").text
    assert "Teilnahmeblatt" in page
    assert room.house.diary.today.stations["audio"].works == 1


# the day


def test_counts_outlast_a_restart_and_hold_nothing_else(tmp_path):
    diary = Diary(tmp_path / "day.json")
    diary.came()
    diary.worked("text", 2.04, called_back=False)
    diary.worked("text", 1.0, called_back=True)
    again = Diary(tmp_path / "day.json").today
    assert (again.visitors, again.groups) == (1, 1)
    assert again.stations["text"].model_dump() == {"works": 2, "seconds": 3.0, "called_back": 1}
    assert set(json.loads((tmp_path / "day.json").read_text())) == set(Day.model_fields)


def test_another_day_begins_with_zero(tmp_path):
    file = tmp_path / "day.json"
    file.write_text(Day(date="2020-01-01", visitors=7).model_dump_json())
    assert Diary(file).today.visitors == 0


@pytest.mark.parametrize("content", ["", "{", '{"date": 3}', '{"more": 1}'])
def test_a_damaged_diary_begins_anew(tmp_path, content):
    (tmp_path / "day.json").write_text(content)
    assert Diary(tmp_path / "day.json").today.visitors == 0


# notice and timer


def test_a_round_ends_by_itself():
    now = [0.0]
    moderation = Moderation(lambda: now[0])
    assert (moderation.seconds_left, moderation.ends_soon) == (None, False)
    moderation.begin_round(60)
    assert not moderation.ends_soon
    now[0] = 3600 - SOON_S
    assert (moderation.seconds_left, moderation.ends_soon) == (SOON_S, True)
    now[0] = 9999
    assert moderation.seconds_left == 0
    moderation.begin_round(0)
    assert moderation.seconds_left is None


# the reset


def test_a_reset_deletes_every_file_of_visitors_and_tells_what_it_was(tmp_path):
    visitors = Visitors(tmp_path / "visitors")
    folder = visitors.folder("a" * 32)
    visitors.folder("b" * 32)
    for name, size in (("a.mp3", 10), ("deep/b.WAV", 5), ("collection.sqlite", 20), ("notes.txt", 1)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x" * size)
    (tmp_path / "temp" / "1").mkdir(parents=True)
    (tmp_path / "temp" / "1" / "c.png").write_bytes(b"xx")
    report = wipe(visitors.home, tmp_path / "temp", tmp_path / "room")
    assert report.files == {"sound": 2, "database": 1, "document": 1, "picture": 1}
    assert (report.visitors, report.bytes, report.failed) == (2, 38, 0)
    assert last_report(tmp_path / "room") == report
    assert not visitors.home.exists()
    assert not (tmp_path / "temp").exists()


def test_after_a_reset_old_cookies_are_nobodys(tmp_path):
    before = Visitors(tmp_path / "visitors")
    cookie = {"ki_visitor": before.new_cookie()}
    assert before.of(cookie)
    wipe(tmp_path / "visitors", tmp_path / "temp", tmp_path / "room")
    assert Visitors(tmp_path / "visitors").of(cookie) is None


def test_a_reset_follows_no_link_out_of_the_folder(tmp_path):
    outside = tmp_path / "mine"
    outside.mkdir()
    (outside / "keep.txt").write_text("keep")
    folder = Visitors(tmp_path / "visitors").folder("a" * 32)
    (folder / "link").symlink_to(outside, target_is_directory=True)
    (folder / "file").symlink_to(outside / "keep.txt")
    wipe(tmp_path / "visitors", tmp_path / "temp", tmp_path / "room")
    assert (outside / "keep.txt").read_text() == "keep"


def test_nothing_to_delete_is_no_error(tmp_path):
    report = wipe(tmp_path / "visitors", tmp_path / "temp", tmp_path / "room")
    assert (report.visitors, report.files, report.failed) == (0, {}, 0)
    assert last_report(tmp_path / "other") is None
