"""Correcting while listening, in Chromium: a bare page with the editor, its addresses, tones and a transcript."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from filelock import FileLock
from playwright.sync_api import expect

from stations.speech.sheet import FILE, Sheet
from stations.speech.transcript import Line, SpokenWord, Transcript
from stations.texts import sentences
from tests.browser.conftest import ROOT, free_port, running

SERVER = Path(__file__).with_name("editor_server.py")
SIZES = {"laptop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
TALK = (
    ("p1", "Guten Abend zusammen, ich eröffne die Sitzung."),
    ("p2", "Der Haushalt liegt bei viertausend Euro."),
    ("p2", "Davon ist die Technik für das Fest schon bezahlt."),
    ("", "Die Bühne bauen wir selbst."),
    ("p1", "Wer schreibt die Einladung?"),
    ("p3", "Ich, zusammen mit Frau Nowak."),
)
DOUBTFUL = {"viertausend", "Nowak."}
LINE_S, RATE = 4.0, 16_000
EVIL = "<img src=x onerror=alert(1)> <script>alert(2)</script> {{count}} &amp;"
HIGHLIGHTED = (
    "CSS.highlights.get('ki-ed-word-now') && [...CSS.highlights.get('ki-ed-word-now')].map(String).join()"
)


def lines(talk, first=0):
    """A line every four seconds, its words half a second each."""
    return tuple(
        Line(
            id=f"l{number}",
            speaker=speaker,
            words=tuple(
                SpokenWord(
                    text=f" {word}",
                    start_s=number * LINE_S + at * 0.4,
                    end_s=number * LINE_S + at * 0.4 + 0.3,
                    sure=0.3 if word in DOUBTFUL else 0.9,
                )
                for at, word in enumerate(text.split())
            ),
        )
        for number, (speaker, text) in enumerate(talk, start=first)
    )


def tones(file, seconds):
    """A sine that climbs with every line, as MP3."""
    import av

    time = np.arange(int(seconds * RATE)) / RATE
    samples = (0.2 * np.sin(2 * np.pi * (220 + 40 * (time // LINE_S)) * time)).astype(np.float32)
    with av.open(str(file), "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="fltp", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(stream.format, "mono", RATE, stream.codec_context.frame_size or 1152)
        for piece in [*resampler.resample(frame), None]:
            out.mux(stream.encode(piece))


@pytest.fixture(scope="session")
def editor_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("editor")
    tones(home / "tones.mp3", LINE_S * len(TALK) + 1)
    return home


@pytest.fixture(scope="session")
def editor_address(editor_home):
    port = free_port()
    command = [sys.executable, str(SERVER), str(port), str(editor_home)]
    with running(command, port, editor_home / "log", PYTHONPATH=str(ROOT)) as address:
        yield address


class Job:
    """A job's folder, as the program has it."""

    def __init__(self, home, name, talk):
        self.folder, self.name = home / name, name
        self.folder.mkdir()
        (self.folder / "audio.mp3").symlink_to(home / "tones.mp3")
        people = {"p1": "Anna", "p2": "Cem", "p3": ""}
        facts = {"seconds": LINE_S * max(len(talk), 1) + 1, "language": "de", "speakers": people}
        self.sheet = Sheet.opened(self.folder, Transcript(title=name, lines=lines(talk), **facts))

    @property
    def texts(self):
        return [line.text for line in self.sheet.read().lines]

    def growing(self, heard=""):
        (self.folder / "growing").write_text(heard, encoding="utf-8")

    def grown(self):
        (self.folder / "growing").unlink()


@pytest.fixture
def make_job(editor_home, request):
    """Return a function that makes a job of this test's own."""
    made = []

    def make(talk=TALK):
        name = re.sub(r"\W|_", "", request.node.name)[-40:].lower() + str(len(made))
        made.append(Job(editor_home, name, talk))
        return made[-1]

    return make


@pytest.fixture
def job(make_job):
    return make_job()


class Page:
    """The editor as a person meets it."""

    def __init__(self, page, language):
        self.page = page
        found = (key.partition("editor.")[2] for key in sentences(language))
        self.words = {key: sentences(language)[f"editor.{key}"] for key in found if key}
        self.lines = page.locator(".ki-ed-line")
        self.state = page.locator(".ki-ed-state")

    def line(self, number):
        return self.lines.nth(number)

    def text(self, number):
        return self.line(number).locator(".ki-ed-text")

    def button(self, name):
        return self.page.locator(".ki-ed").get_by_role("button", name=self.words[name], exact=True)

    def expect_texts(self, texts):
        expect(self.page.locator(".ki-ed-text")).to_have_text(texts)

    def expect_saved(self):
        expect(self.state).to_have_text(self.words["saved"])

    def put_caret(self, number, letter):
        """Set the cursor as the arrow keys would, without a click."""
        self.text(number).focus()
        self.page.keyboard.press("Home")
        for _ in range(letter):
            self.page.keyboard.press("ArrowRight")

    @property
    def second(self):
        return float(self.page.locator(".ki-ed-position").input_value())

    @property
    def focused(self):
        return self.page.evaluate("document.activeElement.textContent")

    @property
    def playing(self):
        return self.page.locator(".ki-ed-play").get_attribute("title") == self.words["pause"]


@pytest.fixture
def open_editor(chromium, editor_address):
    """Return a function that opens the editor of a job; at the end nothing may have gone wrong in the page."""
    contexts, complaints = [], []

    def opened(job, language="de", wait=True, **settings):
        context = chromium.new_context(**{"viewport": SIZES["laptop"], **settings})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        scheme = "dark" if settings.get("color_scheme") == "dark" else ""
        page.goto(f"{editor_address}page/{job.name}?language={language}&scheme={scheme}")
        if wait:
            expect(page.locator(".ki-ed-line").first).to_be_visible(timeout=60_000)
        return Page(page, language)

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


# listening


def test_a_click_into_a_sentence_plays_it_once(job, open_editor):
    editor = open_editor(job)
    editor.text(2).click()
    expect(editor.line(2)).to_have_attribute("aria-current", "true")
    expect(editor.button("pause")).to_be_visible()
    expect(editor.button("play")).to_be_visible(timeout=8000)
    line = job.sheet.read().lines[2]
    assert line.end_s - 0.2 <= editor.second <= line.end_s + 0.5


def test_a_second_click_in_the_same_sentence_only_moves_the_cursor(job, open_editor):
    editor = open_editor(job)
    editor.text(2).click()
    expect(editor.button("pause")).to_be_visible()
    editor.page.keyboard.press("F8")
    editor.text(2).click(position={"x": 60, "y": 12})
    editor.page.wait_for_timeout(300)
    assert not editor.playing


def test_clicks_stay_silent_on_wish_and_the_wish_is_remembered(job, open_editor):
    editor = open_editor(job)
    editor.button("keys").click()
    editor.page.get_by_label(editor.words["play_on_click"]).uncheck()
    editor.page.keyboard.press("Escape")
    editor.text(2).click()
    editor.page.wait_for_timeout(300)
    assert not editor.playing
    editor.page.reload()
    editor.button("keys").click()
    expect(editor.page.get_by_label(editor.words["play_on_click"])).not_to_be_checked()


def test_the_time_of_a_line_plays_on_from_there_and_the_highlight_moves(job, open_editor):
    editor = open_editor(job)
    editor.line(1).locator(".ki-ed-time").click()
    expect(editor.line(1)).to_have_class(re.compile("ki-ed-now"))
    assert 4 <= editor.second < 6
    expect(editor.line(2)).to_have_attribute("aria-current", "true", timeout=10_000)
    expect(editor.line(1)).not_to_have_attribute("aria-current", "true")
    assert editor.playing
    assert editor.page.evaluate(HIGHLIGHTED) in TALK[2][1].split()


def test_the_bar_plays_pauses_and_skips(job, open_editor):
    editor = open_editor(job)
    editor.button("play").click()
    expect(editor.button("pause")).to_be_visible()
    editor.button("pause").click()
    expect(editor.button("play")).to_be_visible()
    editor.button("forward").click()
    assert 3 <= editor.second < 6
    editor.button("back").click()
    assert editor.second < 3
    slider = editor.page.get_by_label(editor.words["position"])
    slider.fill("13.5")
    expect(editor.line(3)).to_have_attribute("aria-current", "true")
    expect(slider).to_have_attribute("aria-valuetext", "0:13 von 0:25")


def test_what_is_heard_stays_in_sight_unless_the_person_scrolled_somewhere_else(make_job, open_editor):
    editor = open_editor(make_job(TALK * 8))
    editor.page.get_by_label(editor.words["position"]).fill("1")
    editor.page.locator(".ki-ed-box").evaluate("box => { box.scrollTop = box.scrollHeight }")
    expect(editor.line(0)).not_to_be_in_viewport()
    editor.button("play").click()
    expect(editor.line(1)).to_be_in_viewport(timeout=8000)
    editor.line(1).hover()
    editor.page.mouse.wheel(0, 3000)
    expect(editor.line(1)).not_to_be_in_viewport()
    expect(editor.line(2)).to_have_attribute("aria-current", "true", timeout=8000)
    editor.page.wait_for_timeout(1000)  # scrolling may take its time
    expect(editor.line(2)).not_to_be_in_viewport()
    editor.button("follow").click()
    expect(editor.line(2)).to_be_in_viewport()
    expect(editor.button("follow")).to_be_hidden()


def test_the_speed_can_be_chosen(job, open_editor):
    editor = open_editor(job)
    editor.page.get_by_label(editor.words["speed"]).select_option("1.5")
    editor.button("play").click()
    expect(editor.line(1)).to_have_attribute("aria-current", "true", timeout=5000)


def test_without_sound_that_is_said_and_it_plays_as_soon_as_there_is_some(job, open_editor):
    (job.folder / "audio.mp3").rename(job.folder / "later.mp3")
    editor = open_editor(job)
    editor.button("play").click()
    expect(editor.page.get_by_role("alert")).to_have_text(editor.words["no_sound"])
    (job.folder / "later.mp3").rename(job.folder / "audio.mp3")
    editor.line(1).locator(".ki-ed-time").click()
    expect(editor.line(1)).to_have_attribute("aria-current", "true")
    expect(editor.page.get_by_role("alert")).to_be_hidden()


# writing


def test_what_is_written_is_saved_by_itself_and_there_after_a_reload(job, open_editor):
    editor = open_editor(job)
    editor.put_caret(1, 0)
    editor.page.keyboard.press("End")
    editor.page.keyboard.type(" Ungefähr.")
    expect(editor.state).to_have_text(editor.words["saving"])
    editor.expect_saved()
    assert job.texts[1] == TALK[1][1] + " Ungefähr."
    assert editor.focused.endswith("Ungefähr.")
    editor.page.keyboard.type(" Etwa.")
    editor.text(3).focus()  # leaving saves at once
    editor.expect_saved()
    editor.page.reload()
    expect(editor.text(1)).to_have_text(TALK[1][1] + " Ungefähr. Etwa.")


def test_what_is_typed_while_a_change_is_on_its_way_stays(job, open_editor):
    editor = open_editor(job)
    editor.put_caret(0, 0)
    with FileLock(job.folder / f"{FILE}.lock"):  # the program has to wait
        editor.page.keyboard.type("Eins ")
        editor.page.wait_for_timeout(1300)
        editor.page.keyboard.type("zwei ")
    expect(editor.button("undo")).to_be_enabled()
    editor.page.keyboard.type("drei ")
    assert editor.focused == "Eins zwei drei " + TALK[0][1]
    editor.expect_saved()
    assert job.texts[0] == "Eins zwei drei " + TALK[0][1]


def test_a_word_that_a_person_wrote_is_not_doubtful_any_more(job, open_editor):
    editor = open_editor(job)
    doubts = editor.text(5).locator(".ki-ed-doubt")
    expect(doubts).to_have_text("Nowak.")
    expect(doubts).to_have_attribute("title", editor.words["doubtful"])
    editor.text(5).focus()
    editor.page.keyboard.press("End")
    editor.page.keyboard.press("Backspace")
    editor.page.keyboard.type("ski.")
    editor.text(0).focus()
    expect(doubts).to_have_count(0)
    assert job.texts[5] == "Ich, zusammen mit Frau Nowakski."


def test_the_next_doubtful_word_is_found_again_and_again(job, open_editor):
    editor = open_editor(job)
    chosen = "getSelection().toString()"
    button = editor.page.locator(".ki-ed-doubts")
    expect(button).to_have_text("2 unsicher")
    for word in ("viertausend", "Nowak.", "viertausend"):
        button.click()
        assert editor.page.evaluate(chosen) == word


def test_a_line_is_divided_at_the_cursor_and_joined_again(job, open_editor):
    editor = open_editor(job)
    editor.put_caret(0, len("Guten Abend zusammen, "))
    editor.page.keyboard.press("Enter")
    expect(editor.lines).to_have_count(7)
    assert editor.focused == "ich eröffne die Sitzung."
    assert job.texts[:2] == ["Guten Abend zusammen,", "ich eröffne die Sitzung."]
    editor.page.keyboard.press("Backspace")
    expect(editor.lines).to_have_count(6)
    assert job.texts == [text for _, text in TALK]
    editor.page.keyboard.type("hier ")  # the cursor is between the two
    editor.page.keyboard.press("F2")
    editor.text(3).focus()
    editor.expect_saved()
    assert job.texts[0] == "Guten Abend zusammen, hier ich eröffne die Sitzung."


def test_delete_at_the_end_takes_in_the_next_line(job, open_editor):
    editor = open_editor(job)
    editor.put_caret(3, 0)
    editor.page.keyboard.press("End")
    editor.page.keyboard.press("Delete")
    expect(editor.lines).to_have_count(5)
    assert job.texts[3] == "Die Bühne bauen wir selbst. Wer schreibt die Einladung?"


def test_what_was_just_typed_is_divided_too(job, open_editor):
    editor = open_editor(job)
    editor.put_caret(4, 0)
    editor.page.keyboard.type("Gut. 👩‍🎨🎨 ")
    editor.page.keyboard.press("Enter")
    expect(editor.lines).to_have_count(7)
    assert job.texts[4:6] == ["Gut. 👩‍🎨🎨", "Wer schreibt die Einladung?"]


def test_the_buttons_for_a_line_do_what_the_keys_do(job, open_editor):
    editor = open_editor(job)
    editor.put_caret(1, len("Der Haushalt "))
    editor.button("split").click()
    expect(editor.lines).to_have_count(7)
    expect(editor.text(2)).to_be_focused()
    editor.button("merge").click()
    expect(editor.lines).to_have_count(6)
    assert job.texts[1:3] == ["Der Haushalt", "liegt bei viertausend Euro. " + TALK[2][1]]
    editor.button("confirm").click()
    expect(editor.page.locator(".ki-ed-doubts")).to_have_text("1 unsicher")
    editor.text(0).focus()
    editor.button("delete").click()
    expect(editor.lines).to_have_count(5)


def test_an_empty_line_goes_when_it_is_left_and_comes_back(job, open_editor):
    editor = open_editor(job)
    editor.text(3).focus()
    editor.page.keyboard.press("Control+a")
    editor.page.keyboard.press("Delete")
    editor.page.wait_for_timeout(1300)
    expect(editor.lines).to_have_count(6)
    editor.text(0).focus()
    expect(editor.lines).to_have_count(5)
    editor.button("undo").click()
    editor.expect_texts([text for _, text in TALK])


def test_everything_can_be_undone_and_done_again(job, open_editor):
    editor = open_editor(job)
    expect(editor.button("undo")).to_be_disabled()
    editor.put_caret(2, 0)
    editor.page.keyboard.type("Eins ")
    editor.expect_saved()
    editor.page.keyboard.press("Enter")
    expect(editor.lines).to_have_count(7)
    editor.page.keyboard.press("Control+z")
    expect(editor.lines).to_have_count(6)
    editor.page.keyboard.press("Control+z")
    expect(editor.text(2)).to_have_text(TALK[2][1])
    expect(editor.button("undo")).to_be_disabled()
    editor.page.keyboard.press("Control+y")
    editor.page.keyboard.press("Control+Shift+Z")
    expect(editor.lines).to_have_count(7)
    expect(editor.button("redo")).to_be_disabled()
    assert job.texts[2:4] == ["Eins", TALK[2][1]]


def test_what_is_pasted_becomes_plain_text_on_one_line(job, open_editor):
    editor = open_editor(job, permissions=["clipboard-read", "clipboard-write"])
    editor.page.evaluate(
        """navigator.clipboard.write([new ClipboardItem({
            "text/html": new Blob(["<b>fett</b><img src=x onerror=alert(1)>"], {type: "text/html"}),
            "text/plain": new Blob(["fett\\nund mehr "], {type: "text/plain"})})])"""
    )
    editor.put_caret(0, 0)
    editor.page.keyboard.press("Control+v")
    editor.text(1).focus()
    editor.expect_saved()
    assert job.texts[0] == "fett und mehr " + TALK[0][1]
    assert editor.text(0).locator("b, img").count() == 0


# people


def test_another_person_is_chosen_for_a_line(job, open_editor):
    editor = open_editor(job)
    editor.line(3).locator(".ki-ed-who").click()
    dialog = editor.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Unbekannt")).to_have_attribute("aria-pressed", "true")
    dialog.get_by_role("button", name="Person 3", exact=True).click()
    expect(editor.line(3).locator(".ki-ed-who")).to_have_text("Person 3")
    assert job.sheet.read().lines[3].speaker == "p3"
    expect(editor.line(3).locator(".ki-ed-who")).to_be_focused()


def test_a_new_person_for_this_and_the_following_lines(job, open_editor):
    editor = open_editor(job)
    editor.line(1).locator(".ki-ed-who").click()
    dialog = editor.page.get_by_role("dialog")
    dialog.get_by_label(editor.words["following"]).check()
    dialog.get_by_label(editor.words["new_person"]).fill(EVIL[:50])
    editor.page.keyboard.press("Enter")
    expect(editor.line(2).locator(".ki-ed-who")).to_have_text(EVIL[:50])
    assert [line.speaker for line in job.sheet.read().lines] == ["p1", "p4", "p4", "", "p1", "p3"]


def test_a_name_changes_everywhere_and_the_same_name_is_the_same_person(job, open_editor):
    editor = open_editor(job)
    editor.line(0).locator(".ki-ed-who").click()
    editor.page.get_by_label(re.compile("Name überall ändern")).fill("Anna Vogel")
    editor.button("rename_do").click()
    for number in (0, 4):
        expect(editor.line(number).locator(".ki-ed-who")).to_have_text("Anna Vogel")
    editor.line(5).locator(".ki-ed-who").click()
    editor.page.get_by_label(re.compile("Name überall ändern")).fill("anna vogel")
    editor.page.keyboard.press("Enter")
    expect(editor.line(5).locator(".ki-ed-who")).to_have_text("Anna Vogel")
    assert job.sheet.read().speakers == {"p1": "Anna Vogel", "p2": "Cem"}
    editor.button("undo").click()
    expect(editor.line(5).locator(".ki-ed-who")).to_have_text("Person 3")


def test_a_voice_can_be_heard_while_choosing(job, open_editor):
    editor = open_editor(job)
    editor.line(0).locator(".ki-ed-who").click()
    editor.page.get_by_role("button", name="Hörprobe: Cem").click()
    expect(editor.line(2)).to_have_attribute("aria-current", "true")
    assert editor.playing
    editor.page.keyboard.press("Escape")
    expect(editor.page.locator(".ki-ed-play")).to_have_attribute("title", editor.words["play"])


# search and replace


def test_a_word_is_found_and_replaced_everywhere(job, open_editor):
    editor = open_editor(job)
    editor.button("search").click()
    editor.page.keyboard.type("die")
    count = editor.page.locator(".ki-ed-count")
    expect(count).to_have_text("– von 4")
    editor.page.keyboard.press("Enter")
    expect(count).to_have_text("1 von 4")
    editor.page.get_by_label(editor.words["match_case"]).check()
    expect(count).to_have_text("1 von 3")
    editor.page.get_by_label(editor.words["replace_by"]).fill("diese")
    editor.button("replace").click()
    expect(count).to_have_text("Ersetzt in 3 Zeilen")
    assert job.texts[2:5] == [
        "Davon ist diese Technik für das Fest schon bezahlt.",
        "Die Bühne bauen wir selbst.",
        "Wer schreibt diese Einladung?",
    ]
    editor.page.get_by_label(editor.words["search_for"]).fill("(.*")
    expect(count).to_have_text(editor.words["found_none"])
    editor.button("replace").click()
    expect(editor.page.get_by_role("alert")).to_have_text(editor.words["not_found"])
    editor.page.get_by_label(editor.words["search_for"]).press("Escape")
    expect(count).to_be_hidden()


# the keyboard alone


def test_everything_works_without_a_pointer(job, open_editor):
    editor = open_editor(job)
    press = editor.page.keyboard.press
    editor.page.locator(".ki-ed-keys").focus()
    for name in ("time", "who", "text"):  # three stops, whatever the number of lines
        press("Tab")
        expect(editor.line(0).locator(f".ki-ed-{name}")).to_be_focused()
    press("Tab")
    expect(editor.button("confirm")).to_be_focused()
    press("Shift+Tab")
    press("Alt+ArrowDown")
    expect(editor.text(1)).to_be_focused()
    press("ArrowDown")
    expect(editor.text(2)).to_be_focused()
    press("ArrowUp")
    press("Home")
    press("ArrowLeft")
    expect(editor.text(0)).to_be_focused()
    press("ArrowRight")
    expect(editor.text(1)).to_be_focused()
    press("Control+Enter")
    expect(editor.text(2)).to_be_focused()
    assert {word.sure for word in job.sheet.read().lines[1].words} == {1.0}
    press("F8")
    expect(editor.button("pause")).to_be_visible()
    press("Escape")
    expect(editor.button("play")).to_be_visible()
    press("Shift+F2")
    assert editor.second >= 3
    press("F2")
    assert editor.second < 3
    press("End")
    press("Shift+Enter")
    expect(editor.line(2)).to_have_attribute("aria-current", "true")
    assert editor.second >= job.sheet.read().lines[2].words[-1].start_s - 0.1
    press("F8")
    press("Shift+Tab")
    expect(editor.line(2).locator(".ki-ed-who")).to_be_focused()
    press("Enter")
    expect(editor.page.get_by_role("dialog")).to_be_visible()
    press("Escape")
    expect(editor.line(2).locator(".ki-ed-who")).to_be_focused()
    press("ArrowDown")
    expect(editor.line(3).locator(".ki-ed-who")).to_be_focused()
    press("Shift+Tab")
    press("Shift+Tab")
    expect(editor.page.locator(".ki-ed-keys")).to_be_focused()


def test_what_happened_is_told_to_screen_readers(job, open_editor):
    editor = open_editor(job)
    said = editor.page.locator(".ki-ed-bar [role=status]")
    editor.put_caret(0, 5)
    editor.page.keyboard.press("Enter")
    expect(said).to_have_text(editor.words["did_split"])
    editor.page.keyboard.type("x")
    editor.text(3).focus()
    expect(said).to_have_text(editor.words["did_save"])


# while it is being transcribed


def test_lines_arrive_while_a_person_corrects(make_job, open_editor):
    job = make_job(TALK[:2])
    job.growing("Davon ist")
    editor = open_editor(job)
    expect(editor.state).to_have_text(editor.words["growing"])
    expect(editor.page.locator(".ki-ed-live")).to_have_text(f"{editor.words['live']} Davon ist")
    editor.put_caret(0, 0)
    editor.page.keyboard.type("Also ")
    job.sheet.append(lines(TALK[2:4], 2))
    expect(editor.lines).to_have_count(4)
    assert editor.focused == "Also " + TALK[0][1]
    editor.page.keyboard.type("gut ")
    job.grown()
    editor.expect_saved()
    assert job.texts == ["Also gut " + TALK[0][1], *(text for _, text in TALK[1:4])]
    expect(editor.page.locator(".ki-ed-live")).to_be_hidden()


def test_nobody_asks_again_and_again_when_nothing_will_come(job, open_editor):
    editor = open_editor(job)
    asked = []
    editor.page.on("request", lambda request: asked.append(request.url))
    editor.page.wait_for_timeout(2500)
    assert [url for url in asked if "transcript" in url] == []


def test_before_the_first_line_that_is_said(make_job, open_editor):
    job = make_job(())
    job.growing()
    editor = open_editor(job, wait=False)
    expect(editor.page.locator(".ki-ed-empty")).to_have_text(editor.words["empty_yet"])
    job.sheet.append(lines(TALK))
    expect(editor.lines).to_have_count(6)
    expect(editor.page.locator(".ki-ed-empty")).to_be_hidden()


# trouble


def test_two_pages_do_not_overwrite_each_other(job, open_editor):
    one, other = open_editor(job), open_editor(job)
    one.put_caret(0, 0)
    one.page.keyboard.type("Eins ")
    one.expect_saved()
    other.put_caret(3, 0)
    other.page.keyboard.type("Zwei ")
    other.text(1).focus()
    expect(other.text(0)).to_have_text("Eins " + TALK[0][1])
    other.expect_saved()
    assert job.texts[0].startswith("Eins")
    assert job.texts[3].startswith("Zwei")
    one.put_caret(4, 3)
    one.page.keyboard.press("Enter")
    expect(one.page.get_by_role("alert")).to_have_text(one.words["stale"])
    expect(one.text(3)).to_have_text("Zwei " + TALK[3][1])


def test_what_was_typed_waits_until_the_program_answers_again(job, open_editor):
    editor = open_editor(job)
    editor.page.context.set_offline(True)
    editor.put_caret(0, 0)
    editor.page.keyboard.type("Trotzdem ")
    expect(editor.state).to_have_text(editor.words["unsaved"], timeout=5000)
    editor.page.keyboard.type("da ")
    editor.page.context.set_offline(False)
    expect(editor.state).to_have_text(editor.words["saved"], timeout=15_000)
    assert job.texts[0] == "Trotzdem da " + TALK[0][1]


def test_a_refusal_is_told_and_what_was_typed_stays(job, open_editor):
    editor = open_editor(job)
    editor.put_caret(0, 0)
    editor.page.keyboard.insert_text("lang " * 1200)
    expect(editor.page.get_by_role("alert")).to_contain_text("5000")
    assert editor.focused.startswith("lang lang")
    assert job.texts[0] == TALK[0][1]


def test_a_job_that_is_gone_is_told(job, open_editor):
    editor = open_editor(job)
    for file in job.folder.iterdir():
        file.unlink()
    job.folder.rmdir()
    editor.put_caret(0, 0)
    editor.page.keyboard.press("Control+Enter")
    expect(editor.page.get_by_role("alert")).to_have_text(editor.words["none"])


def test_nothing_that_was_said_or_written_runs(make_job, open_editor):
    job = make_job(((("p1"), EVIL), ("p2", "</div><h1>Überschrift</h1>")))
    editor = open_editor(job)
    editor.expect_texts([EVIL, "</div><h1>Überschrift</h1>"])
    assert editor.page.locator(".ki-ed img, .ki-ed script, .ki-ed h1").count() == 0


def test_the_editor_comes_and_goes_with_its_place_in_the_page(job, make_job, open_editor):
    editor, other = open_editor(job), make_job(TALK[:2])
    editor.put_caret(0, 0)
    editor.page.keyboard.type("Noch ")
    editor.page.evaluate(
        """(job) => {
            const block = document.querySelector(".ki-editor"), next = block.cloneNode(false);
            next.dataset.job = job;
            block.replaceWith(next);
        }""",
        other.name,
    )
    expect(editor.lines).to_have_count(2)
    editor.text(1).click()
    expect(editor.line(1)).to_have_attribute("aria-current", "true")
    editor.page.wait_for_timeout(500)
    assert job.texts[0] == "Noch " + TALK[0][1]


# how it looks


@pytest.mark.parametrize(("language", "scheme"), [("de", "light"), ("en", "dark")])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_nothing_is_too_wide(make_job, open_editor, size, scheme, language):
    job = make_job((*TALK, ("p2", "Donaudampfschifffahrtsgesellschaftskapitän" * 4)))
    still = {"viewport": SIZES[size], "color_scheme": scheme, "reduced_motion": "reduce"}
    editor = open_editor(job, language, **still)
    editor.line(1).locator(".ki-ed-time").click()
    expect(editor.line(1)).to_have_attribute("aria-current", "true")
    editor.text(2).focus()
    assert violations(editor.page) == []
    editor.line(1).locator(".ki-ed-who").click()
    assert violations(editor.page) == []
    editor.page.keyboard.press("Escape")
    editor.page.locator(".ki-ed-keys").click()
    assert violations(editor.page) == []
    editor.page.keyboard.press("Escape")
    editor.page.locator(".ki-ed-find").click()
    editor.page.keyboard.type("die")
    assert violations(editor.page) == []
    assert editor.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_fingers_find_large_enough_targets_on_a_small_phone(job, open_editor):
    editor = open_editor(job, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    small = editor.page.evaluate(
        """[...document.querySelectorAll(".ki-ed button, .ki-ed select")]
            .map((each) => [each.title || each.textContent, each.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < 36 || box.width < 36)).map(([name]) => name)"""
    )
    assert small == []
    assert editor.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    editor.text(1).tap()
    expect(editor.line(1)).to_have_attribute("aria-current", "true")


def test_three_thousand_lines_stay_fluid(make_job, open_editor):
    job = make_job(TALK * 500)
    editor = open_editor(job)
    expect(editor.lines).to_have_count(3000)
    session = editor.page.context.new_cdp_session(editor.page)
    session.send("Performance.enable")

    def busy_s():
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return found["ScriptDuration"] + found["LayoutDuration"] + found["RecalcStyleDuration"]

    editor.text(2).focus()
    before = busy_s()
    editor.page.keyboard.type("zwanzig Buchstaben!!")
    assert (busy_s() - before) / 20 < 0.05  # seconds of work for each letter; a frame of slow typing
    editor.expect_saved()
    editor.page.evaluate("document.querySelectorAll('.ki-ed-time')[2500].focus()")
    expect(editor.line(2500).locator(".ki-ed-time")).to_be_in_viewport()


def violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]
