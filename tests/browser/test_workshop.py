"""The whole thing: the program a host starts, the real model, a German question about a museum."""

import os
import re
import signal
import subprocess
import sys

import docx
import pytest
from playwright.sync_api import expect

from models.language import language_of
from models.settings import data_folder


def test_a_german_question_about_a_museum_is_answered_in_german_and_nothing_leaves(visit, workshop):
    visitor = visit(workshop).open_chat()
    visitor.watch_growth()
    visitor.ask("Was kann man in einem Heimatmuseum sehen? Antworten Sie in zwei Sätzen.")
    visitor.wait_for_rest(timeout_s=240)
    assert visitor.growth() > 5, "the answer did not arrive bit by bit"
    assert language_of(visitor.answers()[-1]) == "de"
    assert "Qwen2.5 Coder 1.5B" in visitor.answers()[-1]
    assert visitor.strays == []
    state = visitor.page.evaluate("fetch('/offline.json').then(answer => answer.json())")
    assert state["refused"] == 0, state
    assert state["outside"] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to send")
def test_the_end_leaves_no_temporary_file_and_no_trace_on_the_screen(start_workshop):
    process, address, log = start_workshop()
    folder = data_folder() / "temp" / str(process.pid)
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not folder.exists()
    said = log.read_text()
    assert address.rstrip("/") in said
    assert "Die Werkstatt ist geschlossen." in said
    assert "Traceback" not in said


def test_a_second_start_says_that_the_first_is_running(start_workshop):
    _, address, _ = start_workshop()
    port = address.rstrip("/").rsplit(":", 1)[1]
    again = start_workshop.command(port)
    second = subprocess.run([sys.executable, *again], capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert f"Die Adresse mit der Nummer {port} ist schon belegt" in second.stderr


def test_a_press_release_is_written_shortened_reworked_compared_and_taken_home(visit, workshop, tmp_path):
    visitor = visit(workshop).open_text()
    page = visitor.page
    visitor.choose_recipe("Pressemitteilung")
    page.click("#text-example")
    expect(page.locator("#text-field-0 textarea")).to_have_value(re.compile("Fäden der Zeit"))
    title = visitor.write_text(timeout_s=300).splitlines()[0]
    page.get_by_label("Kürzer", exact=True).click()
    page.fill("#text-characters input, #text-characters textarea", "600")
    page.click("#text-rework-go")
    visitor.finished_text(timeout_s=300)
    expect(page.locator("#text-version")).to_contain_text("2 von 2")
    expect(page.locator("#text-findings")).to_contain_text("von höchstens 600 Zeichen")
    page.get_by_label("Diplomatischer", exact=True).click()
    page.click("#text-rework-go")
    visitor.finished_text(timeout_s=300)
    expect(page.locator("#text-version")).to_contain_text("3 von 3")

    page.click("#text-compare button")
    page.click("#text-compare-go")
    expect(page.locator("#text-vote-equal")).to_be_visible(timeout=400_000)
    page.click("#text-vote-equal")
    expect(page.locator("#text-standing")).to_contain_text("Qwen2.5 Coder 1.5B")

    page.click("#text-take button")
    page.click("#text-take-docx")
    with page.expect_download() as download:
        page.click("#text-file a")
    download.value.save_as(tmp_path / "text.docx")
    parts = docx.Document(str(tmp_path / "text.docx")).paragraphs
    assert parts[0].style.name == "Heading 1"
    assert parts[0].text == title
    assert len([part for part in parts if part.text.strip()]) >= 3
    assert any(umlaut in "".join(part.text for part in parts) for umlaut in "äöüß")
    assert visitor.strays == []
