"""The program is killed in the middle of a recording: it goes on afterwards, and what was finished is unchanged."""

import os
import subprocess
import sys
import time
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from models.engines.base import SPEECH_RATE
from models.store import Store
from stations.speech.jobs import Asked, Stage, new_job
from stations.speech.sheet import Sheet

HERE = Path(__file__).resolve().parent
SPOKEN = HERE.parent / "recordings" / "de_css10_0044.flac"
WAIT_S = 300
PAUSE_S = 1.0
TIMES = 10
"""The clip so often, with pauses: a hundred seconds, which are two stretches."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    store = Store()
    if not store.present(store.catalog.model("whisper-base")):
        pytest.skip(
            "the model whisper-base is not installed; fetch it with: python3 launcher.py fetch whisper-base"
        )
    with av.open(str(SPOKEN)) as file:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SPEECH_RATE)
        pieces = [
            each.to_ndarray()[0] for frame in file.decode(audio=0) for each in resampler.resample(frame)
        ]
    silence = np.zeros(int(PAUSE_S * SPEECH_RATE), np.int16)
    long = tmp_path_factory.mktemp("long") / "long.wav"
    with wave.open(str(long), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SPEECH_RATE)
        out.writeframes(np.concatenate([*pieces, silence] * TIMES).tobytes())
    return long


def job_of(home, recording):
    visitor = home / "visitors" / "anna"
    visitor.mkdir(parents=True)
    file = home / "brought.wav"
    file.write_bytes(recording.read_bytes())
    return new_job(visitor, file, Asked(language="de", people=1), "long")


def working(home):
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
    return subprocess.Popen([sys.executable, HERE / "speech_child.py", home / "visitors"], env=environment)


def wait(folder, until):
    end = time.monotonic() + WAIT_S
    while not until(job := folder.load()):
        assert time.monotonic() < end, f"waited in vain: {job}"
        time.sleep(0.05)
    return job


def finished(folder):
    return wait(folder, lambda job: not job.stage.unfinished)


def test_after_a_kill_the_recording_goes_on_and_finished_text_is_unchanged(tmp_path, recording):
    undisturbed, disturbed = job_of(tmp_path / "one", recording), job_of(tmp_path / "two", recording)
    child = working(tmp_path / "one")
    try:
        assert finished(undisturbed).stage is Stage.DONE
    finally:
        child.kill()
        child.wait()
    child = working(tmp_path / "two")
    try:
        before = wait(disturbed, lambda job: job.heard_s > 0)
    finally:
        child.kill()
        child.wait()
    kept = Sheet(disturbed.path).read().lines
    assert before.stage is Stage.LISTENING
    assert kept
    child = working(tmp_path / "two")
    try:
        after = finished(disturbed)
    finally:
        child.kill()
        child.wait()
    assert after.stage is Stage.DONE
    lines = Sheet(disturbed.path).read().lines
    assert lines[: len(kept)] == kept
    assert [line.text for line in lines] == [line.text for line in Sheet(undisturbed.path).read().lines]
    assert not disturbed.raw.exists()
    assert not disturbed.upload(after).exists()
    assert disturbed.mp3.stat().st_size > 10_000
