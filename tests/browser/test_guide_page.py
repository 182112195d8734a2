"""The page of an audio guide as it lies on a phone: opened as a file, without a network."""

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models.voice.base import Audio
from stations.audio.guide import guided
from stations.audio.guide_plan import GuideWish, Narrator
from stations.audio.guide_table import Stop

STOPS = [
    Stop("1", "Die Mühle", "Sie wurde 1786 gebaut.\n\nSie mahlte Korn.", "de"),
    Stop("1", "The mill", "It was built in 1786.", "en"),
    Stop("2a", "Der Garten <b>", "Hier wachsen Rosen.", "de"),
    Stop("2a", "The garden <b>", "Roses grow here.", "en"),
]
SIZES = {"laptop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


class Hum:
    """A voice that hums."""

    speakers, can, is_open = (), frozenset(), True

    def __init__(self, *languages):
        self.languages = languages

    def close(self):
        pass

    def speak(self, text, manner):
        yield Audio((0.2 * np.sin(0.4 * np.arange(32_000))).astype(np.float32), 16_000)


@pytest.fixture(scope="module")
def guide(tmp_path_factory):
    voices = {"de": Narrator(Hum("de-DE"), "Summe", "CC0"), "en": Narrator(Hum("en-GB"), "Hum", "CC0")}
    folder = tmp_path_factory.mktemp("guide")
    list(guided(STOPS, GuideWish("Unser <Dorf>", ("de", "en")), voices, folder))
    return (folder / "guide" / "index.html").as_uri()


@pytest.fixture
def opened(chromium, guide):
    contexts = []

    def visit(hash_="", **settings):
        context = chromium.new_context(**{"locale": "de-DE", **settings})
        contexts.append(context)
        page = context.new_page()
        page.strays, page.complaints = [], []
        page.on("request", lambda request: page.strays.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(guide + hash_)
        return page

    yield visit
    for context in contexts:
        context.close()


def shows(page, heading):
    """Wait until this heading is there: a page hears of its new address only after the click."""
    expect(page.locator("h2:visible")).to_have_text(heading)


def test_it_begins_with_the_list_in_the_language_of_the_phone(opened):
    for locale, title in (("de-DE", "Stationen"), ("en-GB", "Stops"), ("fr-FR", "Stationen")):
        page = opened(locale=locale)
        shows(page, title)
        assert page.locator("nav.stops li:visible").count() == 2


def test_a_scanned_code_opens_its_stop_and_another_language_the_same_stop(opened):
    page = opened("#2a")
    shows(page, "2a Der Garten <b>")
    page.get_by_text("English").click()
    shows(page, "2a The garden <b>")
    assert page.evaluate("document.documentElement.lang") == "en"
    shows(opened("#1.en"), "1 The mill")
    shows(opened("#nothing"), "Stationen")


def test_one_walks_from_stop_to_stop(opened):
    page = opened()
    page.get_by_text("Die Mühle").first.click()
    shows(page, "1 Die Mühle")
    assert page.locator("a[rel=prev]:visible").count() == 0
    page.locator("a[rel=next]:visible").click()
    shows(page, "2a Der Garten <b>")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.locator("a[rel=prev]:visible").click()
    page.get_by_text("Alle Stationen").locator("visible=true").click()
    shows(page, "Stationen")
    page.evaluate(
        "history.back()"
    )  # Playwright's own step back waits for a load, which a mere "#" need not bring
    shows(page, "1 Die Mühle")


def playing(page):
    return page.evaluate("[...document.querySelectorAll('audio')].filter((each) => !each.paused).length")


def wait_until_heard(page):
    """Wait for sound; Playwright's own waiting for a function is stopped by the page's policy."""
    heard = "[...document.querySelectorAll('audio')].some((each) => each.currentTime > 0.1)"
    for _ in range(100):
        if page.evaluate(heard):
            return
        page.wait_for_timeout(100)
    pytest.fail("nothing is heard")


def test_the_sound_plays_from_the_folder_and_stops_when_one_walks_on(opened):
    page = opened("#1")
    button = page.locator("button.play:visible")
    button.click()
    expect(button).to_have_text("Anhalten")
    wait_until_heard(page)
    page.locator("a[rel=next]:visible").click()
    expect(page.locator("h2:visible")).to_contain_text("Der Garten")
    assert playing(page) == 0


def test_nothing_but_its_own_files_is_asked_for_and_nothing_is_refused(opened, guide):
    page = opened("#1")
    page.locator("button.play:visible").click()
    wait_until_heard(page)
    folder = guide.rpartition("/")[0]
    assert page.strays
    assert [url for url in page.strays if not url.startswith(folder)] == []
    assert page.complaints == []


def test_its_policy_stops_what_does_not_belong_to_it(opened):
    page = opened()
    failed = []
    page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))
    page.evaluate(
        """() => { const one = document.createElement("img"); one.src = "http://127.0.0.1:9/a.png";
        document.body.append(one); }"""
    )
    page.wait_for_timeout(300)
    assert failed == [("http://127.0.0.1:9/a.png", "csp")]
    assert any("Content Security Policy" in each for each in page.complaints)


def test_without_scripts_everything_is_there(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("article:visible").count() == 4
    assert page.locator("audio:visible").count() == 4
    assert page.locator("button:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", ["", "#2a", "#1.en"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(opened, scheme, size, place):
    page = opened(place, color_scheme=scheme, viewport=SIZES[size])
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    if place:
        heights = page.evaluate(
            "[...document.querySelectorAll('.button')].filter((e) => e.offsetParent).map((e) => e.offsetHeight)"
        )
        assert min(heights) >= 48
