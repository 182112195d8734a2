"""The speech station in a browser, with the real Whisper model: upload, microphone, correcting, taking home."""

import re
from pathlib import Path

import pytest
import webvtt
from playwright.sync_api import expect

from models.store import Store
from tests.browser.conftest import Visitor

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
WAIT_MS = 180_000


@pytest.fixture(autouse=True)
def whisper():
    store = Store()
    if not store.present(store.catalog.model("whisper-base")):
        pytest.skip(
            "the model whisper-base is not installed; fetch it with: python3 launcher.py fetch whisper-base"
        )


def opened(visitor):
    page = visitor.page
    page.get_by_role("tab", name=re.compile("^(Aufnahmen|Recordings)$")).click()
    # the welcome event has been answered when the numbers of people are there
    expect(page.locator("#speech-people input")).not_to_have_value("", timeout=60_000)
    return page


def written_down(page, *names):
    page.set_input_files("#speech-files input[type=file]", [RECORDINGS / name for name in names])
    expect(page.locator("#speech-brought li").first).to_be_visible(timeout=60_000)
    page.click("#speech-begin")


def finished(page):
    expect(page.locator("#speech-state")).to_contain_text("Fertig", timeout=WAIT_MS)
    return page.locator("#speech-editor")


def test_three_visitors_write_down_at_once_and_see_only_their_own(visit, workshop):
    said = {
        "de_thorsten_01.wav": "lecker",
        "de_thorsten_02.wav": "nerv",
        "de_css10_0044.flac": "Boote",
    }
    pages = {name: opened(visit(workshop)) for name in said}
    for name, page in pages.items():
        written_down(page, name)
    for name, page in pages.items():
        expect(finished(page)).to_contain_text(re.compile(said[name], re.IGNORECASE), timeout=WAIT_MS)
        assert page.locator("#speech-own input").count() == 1
        for other, word in said.items():
            if other != name:
                expect(page.locator("body")).not_to_contain_text(re.compile(word, re.IGNORECASE))


def test_nobody_reaches_anothers_recording_by_its_address(visit, workshop):
    owner, stranger = visit(workshop), visit(workshop)
    page = opened(owner)
    written_down(page, "de_thorsten_02.wav")
    finished(page)
    job = page.locator(".ki-editor").get_attribute("data-job")
    for what in ("transcript", "audio"):
        assert owner.page.request.get(f"{workshop}speech/{job}/{what}").status == 200
        assert stranger.page.request.get(f"{workshop}speech/{job}/{what}").status == 404


def test_what_is_wrong_with_a_file_is_said_before_anything_begins(visit, workshop):
    page = opened(visit(workshop))
    page.set_input_files(
        "#speech-files input[type=file]", [RECORDINGS / "broken_header.wav", RECORDINGS / "fmt_p001.mp3"]
    )
    rows = page.locator("#speech-brought li")
    expect(rows).to_have_count(3, timeout=60_000)
    expect(rows.nth(0)).to_contain_text("beschädigt")
    expect(rows.nth(1)).to_contain_text("0:09")


def test_a_visitor_comes_back_to_an_own_recording_and_deletes_it(visit, workshop):
    visitor = visit(workshop)
    page = opened(visitor)
    written_down(page, "de_thorsten_02.wav")
    finished(page)
    page.reload()
    page = opened(visitor)
    expect(page.locator("#speech-own")).to_contain_text("de_thorsten_02", timeout=60_000)
    expect(page.locator("#speech-editor")).to_contain_text(re.compile("nerv", re.IGNORECASE), timeout=60_000)
    page.click("#speech-delete")
    page.click("#speech-delete_sure")
    expect(page.locator("#speech-empty")).to_be_visible(timeout=60_000)
    expect(page.locator("#speech-own")).to_be_hidden()


@pytest.fixture
def speaking(launch):
    """A Chromium whose microphone says what is in a file, again and again."""
    browser = launch(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={RECORDINGS / 'de_thorsten_01.wav'}",
    )
    yield browser
    browser.close()


def test_a_microphone_recording_is_written_down_corrected_played_and_taken_home(speaking, workshop, tmp_path):
    context = speaking.new_context(accept_downloads=True)
    page = opened(Visitor(context, workshop))
    page.click("#speech-microphone .record-button")
    page.wait_for_timeout(6000)
    with page.expect_response(lambda answer: "/upload" in answer.url, timeout=60_000):
        page.click("#speech-microphone .stop-button")
    page.wait_for_timeout(1500)  # until the page knows that its file has arrived
    expect(
        page.locator("#speech-microphone audio, #speech-microphone .waveform-container").first
    ).to_be_attached(timeout=30_000)
    page.click("#speech-begin")
    editor = finished(page)
    line = editor.get_by_role("textbox").first
    expect(line).to_be_visible(timeout=WAIT_MS)
    line.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Eure Schokobonbons sind köstlich.")
    page.keyboard.press("Tab")
    expect(editor).to_contain_text("Alles gespeichert", timeout=30_000)
    editor.locator("button", has_text="0:0").first.click()
    expect(editor.get_by_role("button", name="Anhalten")).to_be_visible(timeout=30_000)
    page.click("#speech-take-srt")
    link = page.locator("#speech-file a[download]").first
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    file = tmp_path / "spoken.srt"
    download.value.save_as(file)
    cues = webvtt.from_srt(str(file))
    assert "köstlich" in " ".join(cue.text for cue in cues)
    assert all(len(row) <= 42 for cue in cues for row in cue.text.splitlines())
    context.close()


def test_after_a_refused_translation_the_page_can_be_used_again(visit, workshop):
    page = opened(visit(workshop))
    page.click("#speech-tab-translate-button")
    page.fill("#speech-translate-text textarea", "The museum opens at ten o'clock in the morning.")
    page.click("#speech-translate")
    expect(page.locator("body")).to_contain_text("Zielsprache sind gleich", timeout=60_000)
    expect(page.locator("body")).to_contain_text("Bitte beachten")
    expect(page.locator("#speech-translate")).to_be_enabled(timeout=10_000)
    expect(page.locator("#speech-translate-stop")).to_be_hidden()
