"""The audio station in a browser, with real voices: reading aloud, a play, a guide, and a talk with the bot."""

import re
import subprocess
import sys
import wave
import zipfile

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models.store import Store
from tests.browser.conftest import ROOT, Visitor

WAIT_MS = 180_000
PARTS = ("speak", "bot", "guide", "dialogue", "compare")


@pytest.fixture(autouse=True)
def voices():
    store = Store()
    for name in ("pico", "piper-joe"):
        if not store.present(store.catalog.model(name)):
            pytest.skip(f"the voice {name} is not installed; fetch it with: python3 launcher.py fetch {name}")


def opened(visitor, part):
    page = visitor.page
    page.goto(f"{visitor.address}?station=audio")
    radio = page.locator("#audio-part input").nth(PARTS.index(part))
    expect(radio).to_be_visible(timeout=60_000)
    radio.click()
    expect(page.locator(f"#audio-part-{part}")).to_be_visible()
    return page


def played(page, part):
    """Wait until the sound plays; return its address."""
    player = page.locator(f"#{part}-player audio")
    expect(player).to_be_attached(timeout=WAIT_MS)
    for _ in range(300):
        if player.evaluate("player => player.currentTime") > 0.2:
            return player.get_attribute("src")
        page.wait_for_timeout(100)
    raise AssertionError("nothing was heard")


def test_a_text_is_heard_and_taken_home_and_nobody_else_hears_it(visit, workshop, tmp_path):
    page = opened(visit(workshop), "speak")
    page.click("#audio-example")
    expect(page.locator("#audio-text textarea")).not_to_have_value("")
    page.click("#audio-go")
    address = played(page, "audio")
    expect(page.locator("#audio-said textarea")).to_have_value(
        re.compile("drei Euro fünfzig"), timeout=60_000
    )
    page.click("#audio-take-mp3")
    link = page.locator("#audio-file a[download]").first
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "sound.mp3")
    assert (tmp_path / "sound.mp3").stat().st_size > 50_000
    assert page.request.get(f"{workshop.rstrip('/')}{address}").status == 200
    stranger = visit(workshop).page
    assert stranger.request.get(f"{workshop.rstrip('/')}{address}").status == 404


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "mindestens ein Wort"),
        ("😀 … !", "mindestens ein Wort"),
        ("متحف المدينة مفتوح اليوم", "Schrift"),
        ("x" * 40_000, "Fertig"),
        ("<speed level='900'>Hallo</speed> Welt", "Fertig"),
        ("Wort " * 210_000, "Zeichen"),
    ],
    ids=["empty", "emoji", "arabic", "one word", "tags", "a megabyte"],
)
def test_whatever_is_typed_gets_a_sentence(visit, workshop, text, told):
    page = opened(visit(workshop), "speak")
    page.fill("#audio-text textarea", text)
    page.click("#audio-go")
    if told == "Fertig":
        played(page, "audio")
        page.locator("#audio-stop").click(timeout=1000) if page.locator("#audio-stop").is_visible() else None
    expect(page.locator("body")).to_contain_text(told, timeout=60_000)
    expect(page.locator("#audio-go")).to_be_enabled(timeout=30_000)


def test_a_play_has_a_voice_for_each_role(visit, workshop):
    page = opened(visit(workshop), "dialogue")
    page.click("#dialogue-example")
    expect(page.locator("#dialogue-script textarea")).not_to_have_value("")
    page.click("#dialogue-go")
    played(page, "dialogue")
    expect(page.locator("#dialogue-said textarea")).to_have_value(
        re.compile("Anna: .*\nBen: ", re.DOTALL), timeout=60_000
    )


def test_a_guide_is_made_from_a_table_and_taken_home(visit, workshop, tmp_path):
    page = opened(visit(workshop), "guide")
    page.click("#guide-example")
    expect(page.locator("#guide-stops")).to_contain_text("Die Turmuhr", timeout=30_000)
    page.get_by_label("Englisch", exact=True).uncheck()
    page.click("#guide-go")
    link = page.locator("#guide-archive a[download]").first
    expect(link).to_be_visible(timeout=WAIT_MS)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "guide.zip")
    names = zipfile.ZipFile(tmp_path / "guide.zip").namelist()
    assert sum(name.endswith(".mp3") for name in names) == 3
    assert any(name.endswith("index.html") for name in names)


def test_a_file_that_is_no_table_gets_a_sentence(visit, workshop, tmp_path):
    page = opened(visit(workshop), "guide")
    file = tmp_path / "kaputt.docx"
    file.write_bytes(b"PK\x03\x04 no document")
    page.set_input_files("#guide-table input[type=file]", file)
    expect(page.locator("body")).to_contain_text("kaputt.docx", timeout=60_000)


@pytest.fixture
def asking(launch, tmp_path):
    """A Chromium whose microphone asks for the opening hours every three quarters of a minute."""
    store = Store()
    for name in ("whisper-base", "qwen-1.5b"):
        if not store.present(store.catalog.model(name)):
            pytest.skip(f"the model {name} is not installed; fetch it with: python3 launcher.py fetch {name}")
    question, file = tmp_path / "question.wav", tmp_path / "microphone.wav"
    words = ["do", "speak", "Wann ist das Museum geöffnet?", "--profile", "mini", "--out", str(question)]
    subprocess.run([sys.executable, "launcher.py", *words], cwd=ROOT, check=True, capture_output=True)
    with wave.open(str(question)) as said, wave.open(str(file), "wb") as out:
        out.setparams(said.getparams())
        out.writeframes(bytes(2 * said.getframerate()) + said.readframes(said.getnframes()))
        out.writeframes(np.zeros(40 * said.getframerate(), "<i2").tobytes())
    browser = launch(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={file}",
    )
    yield browser
    browser.close()


def test_the_bot_answers_aloud_is_interrupted_and_is_heard_by_one_visitor_only(asking, workshop):
    first, second = (Visitor(asking.new_context(), workshop) for _ in range(2))
    page, other = opened(first, "bot"), opened(second, "bot")
    expect(page.locator("#bot-facts textarea")).to_have_value(re.compile("10 bis 17 Uhr"), timeout=30_000)
    page.click("#bot-microphone .record-button")
    bot = page.locator("#bot-talk .bot.message")
    expect(page.locator("#bot-talk .user.message").first).to_contain_text("Museum", timeout=WAIT_MS)
    expect(bot.first).to_be_visible(timeout=WAIT_MS)
    address = played(page, "bot")
    # the next question comes while the microphone is open: the answer that is still playing is taken away
    expect(page.locator("#bot-player audio")).to_have_count(0, timeout=WAIT_MS)
    expect(page.locator("#bot-talk .user.message").nth(1)).to_be_visible(timeout=WAIT_MS)
    assert other.locator("#bot-talk .message").count() == 0
    assert other.locator("#bot-player audio").count() == 0
    assert other.request.get(f"{workshop.rstrip('/')}{address}").status == 404
    page.click("#bot-microphone .stop-button")


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "de", "light"), (390, "en", "dark")])
def test_axe_finds_nothing_in_any_part(visit, workshop, width, language, scheme):
    viewport = {"width": width, "height": 900}
    visitor = visit(workshop, language, viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    for part in PARTS:
        page = opened(visitor, part)
        page.wait_for_timeout(500)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_voices_are_compared_and_the_game_counts(visit, workshop):
    page = opened(visit(workshop), "compare")
    expect(page.locator("#compare-text textarea")).not_to_have_value("", timeout=30_000)
    page.click("#compare-go")
    expect(page.locator("#compare-cards audio")).to_have_count(2, timeout=60_000)
    assert page.locator("#compare-cards img[alt]").count() == 4
    page.click("#game-begin")
    for rounds in range(1, 7):
        expect(page.locator("#game-heard audio")).to_be_attached(timeout=30_000)
        page.click("#game-person")
        expect(page.locator("#game-told")).to_contain_text(f"von {rounds} richtig", timeout=30_000)
    expect(page.locator("#game-told")).to_contain_text("3 von 6 richtig")
    expect(page.locator("#game-begin")).to_be_visible()
