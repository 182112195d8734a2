"""A transcript on disk: whole at every moment, with its way back, while machine and person both write."""

import multiprocessing
import os
import random
import signal
import stat
import sys
import threading
import time

import pytest

from models.errors import ModelError
from stations.speech.history import STEP_LINES, STEPS
from stations.speech.operations import (
    Confirm,
    Delete,
    Merge,
    Redo,
    RenameSpeaker,
    Replace,
    SetNewSpeaker,
    SetText,
    Split,
    Undo,
)
from stations.speech.sheet import FILE, KEPT_SHEETS, Sheet, Sheets
from stations.speech.transcript import Line, SpokenWord, Transcript

BEGINNING = ("Guten Abend zusammen.", "Wir beginnen mit dem Haushalt.", "Der Haushalt ist knapp.")
UNDO, REDO = Undo(kind="undo"), Redo(kind="redo")


def lines(texts, first=0, speaker=""):
    return tuple(
        Line(
            id=f"l{number}",
            speaker=speaker,
            words=tuple(
                SpokenWord(
                    text=f" {word}", start_s=5 * number + at / 2, end_s=5 * number + at / 2 + 0.5, sure=0.4
                )
                for at, word in enumerate(text.split())
            ),
        )
        for number, text in enumerate(texts, start=first)
    )


def wish_text(line, text):
    return SetText(kind="text", line=line, text=text)


def texts(transcript):
    return [line.text for line in transcript.lines]


def raises(key):
    return pytest.raises(ModelError, match=rf"^{key}\b")


class Page:
    """What a page holds, led only by changes: it must always equal what the program has."""

    def __init__(self, sheet):
        self.sheet, self.lines, self.revision = sheet, [], None
        self.look()

    def look(self):
        return self.take(self.sheet.since(self.revision))

    def take(self, change):
        if change.whole:
            self.lines = []
        for splice in change.splices:
            self.lines[splice.at : splice.at + splice.removed] = splice.lines
        self.revision = change.revision
        return change

    def do(self, operation):
        return self.take(self.sheet.apply(self.revision, operation))


@pytest.fixture
def sheet(tmp_path):
    return Sheet.opened(tmp_path, Transcript(title="Sitzung", seconds=20, lines=lines(BEGINNING)))


@pytest.fixture
def page(sheet):
    return Page(sheet)


def test_what_was_changed_is_there_after_a_restart(tmp_path, page):
    page.do(wish_text("l0", "Guten Morgen."))
    again = Sheet(tmp_path)
    assert texts(again.read()) == ["Guten Morgen.", *BEGINNING[1:]]
    assert again.read().title == "Sitzung"


def test_opening_again_keeps_what_is_there(tmp_path, page):
    page.do(Delete(kind="delete", line="l0"))
    assert texts(Sheet.opened(tmp_path, Transcript(title="anders")).read()) == list(BEGINNING[1:])


def test_only_what_changed_travels_to_the_page(page):
    change = page.do(wish_text("l1", "Wir beginnen."))
    assert not change.whole
    assert [(one.at, one.removed, len(one.lines)) for one in change.splices] == [(1, 1, 1)]
    assert page.look().splices == ()


def test_undo_and_redo_survive_a_restart(tmp_path, page):
    page.do(wish_text("l0", "Eins"))
    page.do(Split(kind="split", line="l1", at=4))
    page.do(Replace(kind="replace", search="haushalt", replacement="Etat"))
    after = texts(page.sheet.read())
    page = Page(Sheet(tmp_path))
    for _ in range(3):
        page.do(UNDO)
    assert page.sheet.read().lines == lines(BEGINNING)
    page = Page(Sheet(tmp_path))
    for _ in range(3):
        page.do(REDO)
    assert texts(page.sheet.read()) == after
    with raises("editor.no_redo"):
        page.do(REDO)


def test_a_new_change_ends_the_way_forward(page):
    page.do(wish_text("l0", "Eins"))
    assert page.do(UNDO).can_redo
    assert not page.do(wish_text("l0", "Zwei")).can_redo
    with raises("editor.no_redo"):
        page.do(REDO)


def test_there_is_a_beginning(page):
    assert not page.look().can_undo
    with raises("editor.no_undo"):
        page.do(UNDO)


def test_names_go_back_too(page):
    page.do(SetNewSpeaker(kind="new_speaker", lines=["l0"], name="Anna"))
    page.do(RenameSpeaker(kind="rename", speaker="p1", name="Anna Vogel"))
    assert page.do(UNDO).speakers == {"p1": "Anna"}
    assert page.do(UNDO).speakers == {}
    assert page.do(REDO).speakers == {"p1": "Anna"}
    assert page.sheet.read().lines[0].speaker == "p1"


def test_what_changes_nothing_is_no_step(page):
    before = page.revision
    change = page.do(wish_text("l0", BEGINNING[0]))
    assert (change.revision, change.can_undo) == (before, False)


def test_a_change_upon_something_older_is_refused_and_changes_nothing(page):
    other = Page(page.sheet)
    other.do(wish_text("l0", "Eins"))
    with raises("editor.stale"):
        page.do(wish_text("l0", "Zwei"))
    with raises("editor.stale"):
        page.sheet.apply(other.revision + 1, wish_text("l0", "Zwei"))
    page.look()
    page.do(wish_text("l0", "Zwei"))
    assert texts(page.sheet.read())[0] == "Zwei"
    other.look()
    assert other.lines == page.lines == list(page.sheet.read().lines)


def test_lines_arrive_while_a_person_corrects(page):
    page.sheet.append(lines(["Noch eine."], 3, "s1"))
    page.sheet.describe(seconds=30.0, language="de")
    page.do(wish_text("l0", "Berichtigt."))
    page.sheet.append(lines(["Und noch eine."], 4, "s2"))
    page.do(Merge(kind="merge", line="l1"))
    page.do(UNDO)
    assert texts(page.sheet.read()) == ["Berichtigt.", *BEGINNING[1:], "Noch eine.", "Und noch eine."]
    assert page.lines == list(page.sheet.read().lines)
    assert page.sheet.read().speakers == {"s1": "", "s2": ""}
    assert (page.sheet.read().seconds, page.sheet.read().language) == (30.0, "de")


def test_lines_that_come_twice_after_a_crash_are_there_once(tmp_path, page):
    page.sheet.append(lines(["Neu eins.", "Neu zwei."], 3))
    page.look()
    page.do(Delete(kind="delete", line="l3"))
    Sheet(tmp_path).append(lines(["Neu eins.", "Neu zwei."], 3))
    Sheet(tmp_path).append(lines(["Neu drei."], 5))
    assert texts(page.sheet.read()) == [*BEGINNING, "Neu zwei.", "Neu drei."]


def test_the_program_may_change_it_too_and_that_can_be_taken_back(page):
    page.sheet.change(lambda old: old.model_copy(update={"lines": old.lines[:1]}))
    with raises("editor.stale"):
        page.do(wish_text("l2", "x"))
    page.look()
    page.do(UNDO)
    assert page.lines == list(lines(BEGINNING))


def test_two_programs_see_what_the_other_wrote(tmp_path, page):
    other = Sheet(tmp_path)
    other.append(lines(["Von nebenan."], 3))
    change = page.look()
    assert [(one.at, len(one.lines)) for one in change.splices] == [(3, 1)]
    other.apply(page.revision, wish_text("l0", "Von nebenan."))
    page.look()
    assert page.lines == list(other.read().lines)


def test_a_page_that_missed_too_much_gets_everything(tmp_path, page):
    late = Page(page.sheet)
    for number in range(120):
        page.do(wish_text("l0", f"Stand {number}"))
    assert late.look().whole
    assert late.lines == page.lines
    assert Page(Sheet(tmp_path)).lines == page.lines


def test_steps_are_bounded_in_number(page):
    for number in range(STEPS + 5):
        page.do(wish_text("l0", f"Stand {number}"))
    for _ in range(STEPS):
        page.do(UNDO)
    assert page.lines[0].text == "Stand 4"
    with raises("editor.no_undo"):
        page.do(UNDO)


def test_steps_are_bounded_in_size_but_the_last_can_always_be_taken_back(tmp_path):
    many = Transcript(lines=lines(["Das ist so."] * (STEP_LINES + 1)))
    page = Page(Sheet.opened(tmp_path, many))
    for word in ("dies", "jenes"):
        page.do(Replace(kind="replace", search="dies" if word == "jenes" else "das", replacement=word))
    page.do(UNDO)
    assert page.lines[0].text == "dies ist so."
    with raises("editor.no_undo"):
        page.do(UNDO)


def test_a_broken_operation_changes_nothing(page):
    for broken, key in [
        (wish_text("l9", "x"), "editor.no_line"),
        (wish_text("l0", " "), "editor.empty_text"),
        (Replace(kind="replace", search="xyz", replacement=""), "editor.not_found"),
    ]:
        with raises(key):
            page.do(broken)
    assert page.look().revision == 1
    assert page.sheet.read().lines == lines(BEGINNING)


def test_where_nothing_is_that_is_said(tmp_path):
    sheet = Sheet(tmp_path)
    assert not sheet.exists
    for asked in (
        sheet.read,
        lambda: sheet.since(None),
        lambda: sheet.apply(1, UNDO),
        lambda: sheet.append(()),
    ):
        with raises("editor.none"):
            asked()


@pytest.mark.parametrize("content", [b"", b"{", b'{"transcript": {}, "more": 1}', b"\xff\xfe", b"[]"])
def test_a_damaged_file_is_said_and_left_alone(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with raises("editor.broken"):
        Sheet(tmp_path).read()
    with raises("editor.broken"):
        Sheet(tmp_path).append(lines(["x"]))
    assert (tmp_path / FILE).read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_nobody_else_can_read_it(tmp_path, sheet):
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_full_disk_is_said_and_the_old_state_stays(sheet, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with raises("editor.not_saved"):
        sheet.apply(1, wish_text("l0", "x"))
    assert texts(sheet.read()) == list(BEGINNING)


def test_many_at_once_lose_nothing(tmp_path):
    Sheet.opened(tmp_path, Transcript(lines=lines(["eins"])))

    def write(number):
        sheet = Sheet(tmp_path)
        for at in range(20):
            sheet.append(lines([f"Satz {number} {at}"], 100 * number + at))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Sheet(tmp_path).read().lines) == 81
    assert Sheet(tmp_path).since(None).revision == 81


def test_several_threads_may_share_one_sheet(sheet):
    def grow(old):
        words = (*old.lines[0].words, SpokenWord(text=" mehr", start_s=4, end_s=4))
        return old.model_copy(
            update={"lines": (old.lines[0].model_copy(update={"words": words}), *old.lines[1:])}
        )

    def change():
        for _ in range(20):
            sheet.change(grow)
            sheet.since(1)

    threads = [threading.Thread(target=change) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts(sheet.read())[0].count("mehr") == 60


def test_the_sheets_in_use_are_few_and_the_same(tmp_path):
    sheets = Sheets()
    first = sheets.of(tmp_path)
    assert sheets.of(tmp_path) is first
    for number in range(KEPT_SHEETS):
        sheets.of(tmp_path / str(number))
    assert sheets.of(tmp_path) is not first


# killed at any moment


def _write_until_killed(folder, said):
    """Change the first line again and again, and say each time what is safely there."""
    from pytest_socket import enable_socket

    enable_socket()
    sheet = Sheet(folder)
    revision = sheet.since(None).revision
    for number in range(1_000_000):
        revision = sheet.apply(revision, wish_text("l0", f"Stand {revision}")).revision
        os.write(said, f"{revision}\n".encode())
        if number % 5 == 0:
            sheet.append(lines(["Weiter."], 10_000 + revision))
            revision += 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is a thing of Unix")
def test_killed_at_any_moment_nothing_that_was_answered_is_lost(tmp_path):
    dice = random.Random(3)
    Sheet.opened(tmp_path, Transcript(lines=lines(["Das ist ein langer Satz."] * 300)))
    for _ in range(20):
        hear, say = os.pipe()
        child = multiprocessing.get_context("fork").Process(target=_write_until_killed, args=(tmp_path, say))
        child.start()
        os.close(say)
        first = os.read(hear, 1)
        time.sleep(dice.random() * 0.1)
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        with os.fdopen(hear, "rb") as heard:
            answered = [int(revision) for revision in (first + heard.read()).split(b"\n")[:-1]]
        sheet = Sheet(tmp_path)
        now = sheet.since(None)
        assert now.revision >= max(answered)
        assert len(sheet.read().lines) >= 300
        sheet.apply(now.revision, Confirm(kind="confirm", lines=["l1"]))  # the lock is free again
