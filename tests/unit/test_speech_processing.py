"""What happens to one recording from beginning to end, with real decoding and a transcriber that hears numbers."""

import math
import wave
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from models.engines.base import SPEECH_RATE, Segment, Word
from stations.speech import board
from stations.speech.jobs import Asked, Stage, Work, new_job
from stations.speech.processing import process
from stations.speech.sheet import Sheet, Sheets
from stations.speech.speed import Speed

pytest.importorskip("faster_whisper", reason="faster-whisper is not installed")

RNG = np.random.default_rng(11)
MINUTES = 20


class Transcriber:
    """Hears one word in every stretch, and always German."""

    languages = ("de", "en")
    sure = 1.0

    def language_of(self, samples):
        return "de", self.sure

    def transcribe(self, samples, hearing):
        yield Segment(0.5, 1.0, (Word(f"{len(samples)}", 0.5, 1.0, 0.9),), "de")


@dataclass(frozen=True)
class Named:
    title: str = "Fake"


class Library:
    def players(self, role):
        return (Named(),) if role.value == "transcribe" else ()

    @contextmanager
    def borrow_transcriber(self):
        yield Transcriber()


def work_on(tmp_path: Path, *channels, **asked) -> Work:
    file = tmp_path / "sound.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(len(channels))
        out.setsampwidth(2)
        out.setframerate(SPEECH_RATE)
        out.writeframes((np.stack(channels, axis=1) * 32_767).astype("<i2").tobytes())
    visitor = tmp_path / "visitor"
    visitor.mkdir()
    folder = new_job(visitor, file, Asked(**asked), "sound")
    return Work(folder, folder.load())


def steps(work: Work, tmp_path: Path):
    return process(work, Library(), Sheets(), Speed(tmp_path / "speed.json"))


def long_noise():
    return np.tile(RNG.uniform(-0.3, 0.3, 60 * SPEECH_RATE), MINUTES).astype(np.float32)


def test_a_stopped_recording_can_be_listened_to_as_a_whole(tmp_path):
    work = work_on(tmp_path, long_noise())
    for _ in steps(work, tmp_path):
        if work.job.heard_s:
            work.stopping.set()
    assert work.job.stage is Stage.STOPPED
    assert 0 < work.job.heard_s < MINUTES * 60
    with work.folder.mp3.open("rb") as file:
        import av

        with av.open(file) as heard:
            assert float(heard.duration / av.time_base) == pytest.approx(MINUTES * 60, abs=1)


def test_deleting_does_not_wait_for_the_rest_to_be_decoded(tmp_path):
    work = work_on(tmp_path, long_noise())
    for _ in steps(work, tmp_path):
        if work.job.heard_s:
            work.deleting.set()
            work.stopping.set()
    assert work.job.stage is Stage.STOPPED


@pytest.mark.parametrize(("people", "channels"), [(0, (0, 1)), (2, (0, 1)), (1, (None,))])
def test_two_channels_with_a_voice_each_are_two_people_unless_there_is_one(
    tmp_path, monkeypatch, people, channels
):
    from stations.speech import processing

    monkeypatch.setattr(processing, "channels_to_hear", lambda _recording: (0, 1))
    sound = RNG.uniform(-0.3, 0.3, (2, 5 * SPEECH_RATE))
    work = work_on(tmp_path, *sound, people=people)
    list(steps(work, tmp_path))
    assert (work.job.stage, work.job.channels) == (Stage.DONE, channels)
    speakers = {line.speaker for line in Sheet(work.folder.path).read().lines}
    assert speakers == ({"s1", "s2"} if people != 1 else {""})


def test_one_good_channel_is_heard_alone_and_is_nobody_in_particular(tmp_path):
    sound = RNG.uniform(-0.3, 0.3, 5 * SPEECH_RATE)
    work = work_on(tmp_path, np.zeros_like(sound), sound)
    list(steps(work, tmp_path))
    assert work.job.stage is Stage.DONE
    assert not work.job.apart
    assert {line.speaker for line in Sheet(work.folder.path).read().lines} == {""}
    assert not math.isnan(work.job.work_s)


@pytest.mark.parametrize(
    ("asked", "sure", "told"), [("en", 0.9, True), ("en", 0.5, False), ("de", 1.0, False), (None, 1.0, False)]
)
def test_a_language_that_is_surely_another_one_is_told(tmp_path, monkeypatch, asked, sure, told):
    monkeypatch.setattr(Transcriber, "sure", sure)
    sound = RNG.uniform(-0.3, 0.3, 5 * SPEECH_RATE)
    work = work_on(tmp_path, sound, language=asked)
    list(steps(work, tmp_path))
    assert work.job.stage is Stage.DONE
    shown = board.state_block(work, 0, "de")
    assert ("klingt nach Deutsch, aufgeschrieben ist es als Englisch" in shown) == told
