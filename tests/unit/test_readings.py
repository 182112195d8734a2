"""A text that is read aloud beside the page: it can be heard while it grows, stopped, and taken home."""

import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed")

from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.errors import ModelError
from models.voice.base import Audio
from stations.audio.readings import begin, exported, unpacked
from stations.audio.service import FOLDER, MOST_SOUNDS, add_addresses, address_of, new_sound, sound_of
from stations.speaking.files import growing
from stations.speaking.speaking import Spoken

RATE = 16_000
RNG = np.random.default_rng(3)


def piece(number, seconds=1.0):
    samples = RNG.uniform(-0.3, 0.3, round(seconds * RATE)).astype(np.float32)
    return Spoken(f"Satz {number}.", f"Satz {number}.", "de", Audio(samples, RATE), number / 4, 1.0)


class Mouth:
    """Speaks a piece whenever the test allows it."""

    def __init__(self, pieces=4, error=None):
        self.allowed, self.count, self.error, self.closed = threading.Semaphore(0), pieces, error, False

    @contextmanager
    def __call__(self):
        yield self.pieces()
        self.closed = True

    def pieces(self):
        for number in range(1, self.count + 1):
            self.allowed.acquire(timeout=5)
            if self.error and number == 2:
                raise self.error
            yield piece(number)


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def sound(tmp_path):
    return new_sound(tmp_path / "anna")


def test_the_whole_text_is_in_the_file_and_its_words_are_known(sound):
    mouth = Mouth()
    for _ in range(4):
        mouth.allowed.release()
    *_, last = begin(sound, mouth, "Titel", "de").states()
    assert last.seconds == pytest.approx(4)
    assert last.written == [f"Satz {number}." for number in range(1, 5)]
    assert sound.stat().st_size > 10_000
    assert not growing(sound).exists()


def test_the_first_sentence_can_be_heard_before_the_second_is_spoken(sound):
    mouth = Mouth()
    reading = begin(sound, mouth, "Titel", "de")
    mouth.allowed.release()
    until(lambda: growing(sound).exists() and growing(sound).stat().st_size > 6_000)
    assert not reading.over.is_set()
    for _ in range(3):
        mouth.allowed.release()
    list(reading.states())


def test_what_is_spoken_stays_when_it_is_stopped_and_the_voice_is_given_back(sound):
    mouth = Mouth(pieces=1000)
    states = begin(sound, mouth, "Titel", "de").states()
    for _ in range(3):
        mouth.allowed.release()
    until(lambda: next(states).seconds >= 3)
    states.close()
    mouth.allowed.release()
    until(lambda: mouth.closed and sound.exists())
    assert 6_000 < sound.stat().st_size < 60_000


@pytest.mark.parametrize("error", [ModelError("voice.stumbled"), OSError(28, "full"), MemoryError()])
def test_a_failure_reaches_whoever_waits_and_leaves_no_half_file(sound, error):
    mouth = Mouth(error=error)
    mouth.allowed.release()
    mouth.allowed.release()
    with pytest.raises((ModelError, MemoryError)):
        list(begin(sound, mouth, "Titel", "de").states())
    assert not sound.exists()
    assert not growing(sound).exists()


@pytest.mark.parametrize("kind", ["wav", "mp3", "ogg"])
def test_a_sound_is_taken_home_in_each_format_with_its_label(sound, tmp_path, kind):
    import av

    mouth = Mouth()
    for _ in range(4):
        mouth.allowed.release()
    list(begin(sound, mouth, "Titel", "de").states())
    file = tmp_path / f"out.{kind}"
    exported(sound, file, "Titel", "de")
    with av.open(str(file)) as opened:
        labels = {**opened.metadata, **opened.streams[0].metadata}
        assert float(opened.duration / av.time_base) == pytest.approx(4, abs=0.1)
    assert "Synthetisch" in " ".join(labels.values())


def test_only_the_newest_sounds_are_kept(tmp_path):
    for number in range(MOST_SOUNDS + 3):
        file = new_sound(tmp_path)
        file.write_bytes(b"x")
        unpacked(file).write_bytes(b"y")
        import os

        os.utime(file, (number, number))
    assert len(list((tmp_path / FOLDER).glob("*.mp3"))) == MOST_SOUNDS
    assert len(list((tmp_path / FOLDER).glob("*.raw"))) == MOST_SOUNDS


class Visitors:
    def __init__(self, home):
        self.home = home

    def of(self, cookies):
        return cookies.get("who")

    def folder(self, visitor):
        return self.home / visitor


class Bench:
    def __init__(self, home):
        self.visitors = Visitors(home)


@pytest.fixture
def browser(tmp_path):
    app = FastAPI()
    add_addresses(app, Bench(tmp_path))

    def of(name):
        return TestClient(app, cookies={"who": name} if name else {})

    return of


def test_a_sound_is_heard_by_its_owner_only(browser, tmp_path):
    sound = new_sound(tmp_path / "anna")
    sound.write_bytes(b"sound")
    unpacked(sound).write_bytes(b"raw")
    assert browser("anna").get(address_of(sound)).content == b"sound"
    for who in ("ben", ""):
        assert browser(who).get(address_of(sound)).status_code == 404


@pytest.mark.parametrize("name", ["..%2fjob.json", "x.mp3", "%2e%2e", "", "a.raw", ".mp3"])
def test_nothing_else_is_there(browser, tmp_path, name):
    new_sound(tmp_path / "anna").with_name("a.raw").write_bytes(b"raw")
    assert browser("anna").get(f"/audio-ki/{name}").status_code == 404


def test_a_growing_sound_is_heard_to_its_end(browser, tmp_path):
    mouth, sound = Mouth(), new_sound(tmp_path / "anna")
    reading = begin(sound, mouth, "Titel", "de")
    mouth.allowed.release()
    until(lambda: sound_of(tmp_path / "anna", sound.name) is not None)

    def go_on():
        time.sleep(0.3)
        for _ in range(3):
            mouth.allowed.release()

    threading.Thread(target=go_on).start()
    heard = browser("anna").get(address_of(sound)).content
    list(reading.states())
    assert heard == sound.read_bytes()
