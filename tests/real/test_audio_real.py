"""Hearing speech in real sound: Pico's synthetic voices, and recordings in a folder named by KIWERKSTATT_TEST_AUDIO."""

import os
from pathlib import Path

import numpy as np
import pytest

from models.audio.channels import channels_to_hear
from models.audio.decoding import decode
from models.audio.pauses import has_speech, pause_near, speech_seconds
from models.audio.recording import Recording
from models.engines.base import SPEECH_RATE
from models.errors import ModelError

av = pytest.importorskip("av", reason="the packages of the speech station are not installed")
pytest.importorskip("faster_whisper", reason="the packages of the speech station are not installed")

FOLDER = os.environ.get("KIWERKSTATT_TEST_AUDIO", "")
RECORDINGS = sorted(file for file in Path(FOLDER).iterdir() if file.stem) if FOLDER else []
REFUSED = {
    "fmt_mono.empty.wav": "sound.empty",
    "fmt_mono.invalid.wav": "sound.broken",
    "fmt_mono.zero.wav": "sound.too_short",
    "manifest.tsv": "sound.not_sound",
}
WITHOUT_SPEECH = {"hall_silence_pv.wav"}
APART = {"en_stereo_lr.wav"}
needs_folder = pytest.mark.skipif(not RECORDINGS, reason="KIWERKSTATT_TEST_AUDIO names no folder")
RNG = np.random.default_rng(3)
BOTH = (0, 1)
GERMAN = (
    "Guten Tag und herzlich willkommen zu unserer Sitzung im großen Saal des Museums.",
    "Ich schlage vor, dass wir zuerst über die neue Ausstellung sprechen und dann über das Geld.",
)
FRENCH = (
    "Bonjour à tous, je suis très heureuse de pouvoir participer à cette réunion.",
    "Le musée restera ouvert jusqu'à dix-huit heures pendant toute la semaine prochaine.",
)


@pytest.fixture(scope="module")
def turns():
    """Four sentences, by two voices in turn."""
    pico = pytest.importorskip("py_nanotts", reason="the voices of Pico are not installed")
    speak = pico.NanoTTS().speak
    pairs = zip(GERMAN, FRENCH, strict=True)
    raws = [raw for de, fr in pairs for raw in (speak(de, voice="de-DE"), speak(fr, voice="fr-FR"))]
    return [np.frombuffer(raw, "<i2").astype(np.float32) / 32_768 for raw in raws]


@pytest.fixture
def keep(tmp_path):
    def kept(*sides):
        whole = np.clip(np.round(np.stack(sides, axis=1) * 32_767), -32_768, 32_767).astype("<i2")
        (tmp_path / "a.raw").write_bytes(whole.tobytes())
        return Recording(tmp_path / "a.raw", len(sides))

    return kept


def silence(seconds):
    return np.zeros(round(seconds * SPEECH_RATE), np.float32)


def test_voices_are_speech_and_other_sounds_are_none(turns):
    assert speech_seconds(turns[0]) > 0.7 * turns[0].size / SPEECH_RATE
    at = np.arange(10 * SPEECH_RATE) / SPEECH_RATE
    hum = 0.2 * np.sin(2 * np.pi * 50 * at) + 0.1 * np.sin(2 * np.pi * 100 * at)
    for sound in (silence(10), RNG.normal(0, 0.05, at.size), np.sin(2 * np.pi * 440 * at), hum):
        assert not has_speech(sound.astype(np.float32))


def test_the_cut_is_between_two_sentences(turns, keep):
    one, other = turns[0], turns[2]
    spoken = keep(np.concatenate([one, silence(1), other]).astype(np.float32))
    end_s = one.size / SPEECH_RATE
    assert end_s - 0.3 < pause_near(spoken, end_s - 2, within_s=4) < end_s + 1.3


@pytest.mark.parametrize("bleed", [0, 0.15])
def test_two_real_voices_are_told_apart_by_their_channels(turns, keep, bleed):
    mute = [np.zeros_like(turn) for turn in turns]
    left = np.concatenate([turns[0], mute[1], turns[2], mute[3]])
    right = np.concatenate([mute[0], turns[1], mute[2], turns[3]])
    assert channels_to_hear(keep(left + bleed * right, right + bleed * left)) == BOTH
    both = left + right
    assert channels_to_hear(keep(both, 0.3 * both)) != BOTH
    assert channels_to_hear(keep(both, np.roll(both, 300))) != BOTH
    assert channels_to_hear(keep(both, both + RNG.normal(0, 0.02, both.size))) != BOTH
    assert channels_to_hear(keep(silence(both.size / SPEECH_RATE), both)) == (1,)


def test_speech_survives_the_way_through_a_browsers_recorder(turns, tmp_path):
    place = tmp_path / "a.webm"
    with av.open(str(place), "w", options={"live": "1"}) as output:
        stream = output.add_stream("libopus", rate=SPEECH_RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(turns[0][None], format="flt", layout="mono")
        frame.sample_rate = SPEECH_RATE
        output.mux([*stream.encode(frame), *stream.encode(None)])
    *_, last = decode(place, tmp_path / "a.raw", tmp_path / "a.mp3")
    heard = last.recording.samples(0, 99)
    assert heard.size == pytest.approx(turns[0].size, abs=0.1 * SPEECH_RATE)
    assert speech_seconds(heard) == pytest.approx(speech_seconds(turns[0]), abs=0.5)


@needs_folder
@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.name)
def test_every_recording_of_the_folder_is_decoded_or_refused(file, tmp_path):
    if file.name in REFUSED:
        with pytest.raises(ModelError) as caught:
            list(decode(file, tmp_path / "a.raw", None))
        assert caught.value.key == REFUSED[file.name]
        return
    *_, last = decode(file, tmp_path / "a.raw", tmp_path / "a.mp3")
    assert (last.lost_s, last.cut_off) == (0, False)
    assert last.seconds_done == pytest.approx(last.stated_s, abs=0.05)
    assert has_speech(last.recording.samples(0, 60)) == (file.name not in WITHOUT_SPEECH)
    assert (channels_to_hear(last.recording) == BOTH) == (file.name in APART)
