"""The room on phones: the wall's QR code leads in over https, everybody has their own, the host leads and resets."""

import io
import re
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, free_port, running

PHONE = {"viewport": {"width": 390, "height": 844}, "ignore_https_errors": True}
BEAMER = {"viewport": {"width": 1920, "height": 1080}}
SERVER = Path(__file__).with_name("room_server.py")


class Room:
    def __init__(self, home, address, https, http):
        self.home, self.here = home, address
        self.there, self.plain = f"https://127.0.0.1:{https}/", f"http://127.0.0.1:{http}/"

    def kept(self, name):
        return (self.home / "room" / name).read_text(encoding="ascii")


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    home, (port, https, http) = tmp_path_factory.mktemp("room"), (free_port() for _ in range(3))
    command = [sys.executable, str(SERVER), str(port), str(https), str(http), str(home)]
    with running(command, port, home / "log", PYTHONPATH=str(ROOT), KIWERKSTATT_HOME=str(home)) as address:
        yield Room(home, address, https, http)


@pytest.fixture
def open_page(chromium):
    """Return a function that opens an address as somebody new, in German."""
    contexts = []

    def opened(address, **settings):
        context = chromium.new_context(**{"reduced_motion": "reduce", "locale": "de-DE", **settings})
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def joined(room, open_page):
    """Return a function that opens the workshop on a new phone that has typed the PIN."""

    def phone():
        page = open_page(room.there, **PHONE)
        page.fill("#pin", room.kept("room.pin"))
        page.click("button")
        expect(page.locator("#stations")).to_be_visible(timeout=60_000)
        return page

    return phone


@pytest.fixture
def panel(room, open_page):
    page = open_page(f"{room.here}host")
    page.fill("#pin", room.kept("host.pin"))
    page.click("button")
    expect(page.locator("#host-stations li").first).to_be_visible()
    return page


def read(element):
    zxingcpp = pytest.importorskip("zxingcpp", reason="nothing here reads QR codes")
    picture = Image.open(io.BytesIO(element.screenshot())).convert("L")
    return [each.text for each in zxingcpp.read_barcodes(np.asarray(picture))]


def violations(page):
    return [each["id"] for each in Axe().run(page).response["violations"]]


def chatting(page, room):
    page.goto(f"{room.there}?station=chatbot")
    expect(page.locator("#chatbot-starter-0")).to_contain_text(re.compile("...."), timeout=60_000)


def asked(page, text):
    page.fill("#chatbot-question textarea", text)
    page.click("#chatbot-send")
    expect(page.locator("#chatbot-conversation .bot.message:has(small)")).to_have_count(1, timeout=60_000)


def test_the_code_on_the_wall_leads_a_phone_straight_in(room, open_page):
    wall = open_page(f"{room.here}wall", **BEAMER)
    (invitation,) = read(wall.locator(".room-columns > .room-code"))
    assert invitation == f"{room.there}join?pin={room.kept('room.pin')}"
    (wifi,) = read(wall.locator(".room-little"))
    assert "S:Museum" in wifi
    assert "P:leise" in wifi
    phone = open_page(invitation, **PHONE)
    expect(phone).to_have_url(room.there)
    expect(phone.locator("#stations")).to_be_visible(timeout=60_000)
    assert phone.evaluate("window.isSecureContext && !!navigator.mediaDevices")


def test_what_people_type_leads_to_the_pin_and_a_wrong_one_is_said(room, open_page):
    phone = open_page(room.plain, **PHONE)
    expect(phone).to_have_url(f"{room.there}join")
    phone.fill("#pin", "1")
    phone.click("button")
    expect(phone.get_by_role("alert")).to_contain_text("Diese Zahl stimmt nicht")
    phone.fill("#pin", room.kept("room.pin"))
    phone.keyboard.press("Enter")
    expect(phone.locator("#stations")).to_be_visible(timeout=60_000)


def test_two_phones_have_their_own_and_come_back_to_it(room, joined):
    one, other = joined(), joined()
    chatting(one, room)
    chatting(other, room)
    asked(one, "Mein Geheimnis ist blau")
    expect(one.locator("#chatbot-conversation")).to_contain_text("blau")
    expect(other.locator("body")).not_to_contain_text("blau")
    for page in (one, other):
        page.goto(f"{room.there}results")
        assert violations(page) == []
    expect(one.locator("article")).to_contain_text("blau")
    expect(other.locator("main")).to_contain_text("noch nichts")
    one.on("dialog", lambda dialog: dialog.accept())
    one.click(".results-danger")
    expect(one.locator(".results-deleted")).to_contain_text("Texte und andere Dateien: 1")


def test_the_host_speaks_to_everybody_and_sees_numbers(room, joined, panel):
    phone = joined()
    panel.fill("#host-text", "Kaffee im Foyer")
    panel.get_by_role("button", name="Zeigen").click()
    expect(phone.locator("#ki-news")).to_contain_text("Kaffee im Foyer", timeout=15_000)
    panel.get_by_role("button", name="Pause: Chatbot").click()
    expect(phone.locator("#ki-news")).to_contain_text("Macht gerade Pause: Chatbot", timeout=15_000)
    chatting(phone, room)
    phone.fill("#chatbot-question textarea", "Hallo")
    phone.click("#chatbot-send")
    expect(phone.locator("body")).to_contain_text("Diese Station macht gerade Pause", timeout=15_000)
    panel.get_by_role("button", name="Weiter: Chatbot").click()
    panel.get_by_role("button", name="Wegnehmen").click()
    expect(phone.locator("#ki-news")).to_be_hidden(timeout=15_000)
    expect(panel.locator("#host-present")).to_have_text(re.compile("[1-9]"))


def test_after_a_kill_a_visitor_finds_what_was_finished(tmp_path, open_page):
    ports = [free_port() for _ in range(3)]
    command = [sys.executable, str(SERVER), *map(str, ports), str(tmp_path)]
    settings = {"PYTHONPATH": str(ROOT), "KIWERKSTATT_HOME": str(tmp_path)}
    with running(command, ports[0], tmp_path / "log", **settings) as address:
        page = open_page(f"{address}?station=chatbot")
        expect(page.locator("#chatbot-starter-0")).to_contain_text(re.compile("...."), timeout=60_000)
        page.fill("#chatbot-question textarea", "Mühle " * 900)
        page.click("#chatbot-send")
        kept = list_when_there(tmp_path / "visitors", "*/results/*.json")
        expect(page.locator("#chatbot-conversation .bot.message")).to_contain_text("Mühle Mühle")
        page.wait_for_timeout(3000)  # longer than a text waits to be kept
        next(each for each in psutil.process_iter() if str(ports[0]) in each.cmdline()).kill()
    with running(command, ports[0], tmp_path / "log", **settings) as address:
        page.goto(f"{address}results")
        expect(page.locator(".results-state")).to_contain_text("Die Werkstatt wurde unterbrochen")
        expect(page.locator("article")).to_contain_text("Mühle Mühle")
    assert kept[0].exists()
    assert not [left for left in (tmp_path / "temp").rglob("*") if left.is_file()]


def list_when_there(folder, pattern, seconds=30):
    """Return the files of a folder as soon as there are any."""
    for _ in range(seconds * 10):
        if found := list(folder.glob(pattern)):
            return found
        time.sleep(0.1)
    return []


def test_a_reset_deletes_what_people_left_and_leads_them_to_the_new_pin(room, joined, panel):
    phone, before = joined(), room.kept("room.pin")
    chatting(phone, room)
    asked(phone, "Geheimwort Zitronenfalter")
    panel.click("#host-reset")
    panel.click("#host-no")
    assert room.kept("room.pin") == before
    panel.click("#host-reset")
    panel.click("#host-yes")
    expect(panel.locator("#host-lost")).to_be_visible()
    expect(panel.get_by_text("Zuletzt gelöscht")).to_be_visible(timeout=60_000)
    expect(phone.locator("#pin")).to_be_visible(timeout=60_000)
    assert not [
        file for file in room.home.rglob("*") if file.is_file() and b"Zitronenfalter" in file.read_bytes()
    ]


@pytest.mark.parametrize(
    ("path", "look"),
    [
        ("wall", BEAMER),
        ("wall", {"viewport": {"width": 390, "height": 844}}),
        ("host", {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}),
        ("help-certificate", {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}),
        ("proof", {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}),
        ("proof", {"viewport": {"width": 1280, "height": 900}}),
    ],
)
def test_axe_finds_nothing_on_the_pages_around_the_workshop(room, open_page, path, look):
    page = open_page(f"{room.here}{path}", **look)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_panel_and_at_the_door(room, open_page, panel, scheme):
    panel.emulate_media(color_scheme=scheme)
    panel.set_viewport_size({"width": 390, "height": 844})
    assert violations(panel) == []
    assert panel.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    panel.goto(f"{room.here}host/sheet")
    assert violations(panel) == []
    door = open_page(f"{room.there}join", **PHONE, color_scheme=scheme)
    assert violations(door) == []
