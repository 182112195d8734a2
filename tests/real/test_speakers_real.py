"""Telling voices apart with the real model, on dialogues between the synthetic voices of Pico.

The model comes from the store of this machine (KIWERKSTATT_HOME); where it or the voices are absent the tests are
skipped.
"""

import numpy as np
import pytest

from models.audio.recording import Recording
from models.engines.base import SPEECH_RATE
from models.speakers.embedding import WINDOW_SAMPLES, VoicePrints
from models.speakers.who import who_spoke
from models.store import Store
from models.turns import Fixed

for needed in ("onnxruntime", "kaldi_native_fbank", "scipy"):
    pytest.importorskip(needed, reason="the packages of the speech station are not installed")
py_nanotts = pytest.importorskip("py_nanotts", reason="the voices of Pico are not installed")

MODEL = "campplus"
WORD_S = 0.4
GERMAN, FRENCH, ITALIAN = "de-DE", "fr-FR", "it-IT"
SAID = {
    GERMAN: (
        "Guten Tag und herzlich willkommen zu unserer Sitzung im großen Saal des Museums.",
        "Ich schlage vor, dass wir zuerst über die neue Ausstellung sprechen und dann über das Geld.",
        "Wer schreibt heute das Protokoll, und wer verschickt es bis Freitag an alle Mitglieder?",
    ),
    FRENCH: (
        "Bonjour à tous, je suis très heureuse de pouvoir participer à cette réunion.",
        "Le musée restera ouvert jusqu'à dix-huit heures pendant toute la semaine prochaine.",
    ),
    ITALIAN: (
        "Buongiorno, vorrei raccontare qualcosa sulla storia di questa collezione di quadri.",
        "La prossima visita guidata comincia domani mattina alle dieci davanti all'ingresso.",
    ),
}


@pytest.fixture(scope="module")
def prints():
    store = Store()
    model = store.catalog.models.get(MODEL)
    if model is None or not store.present(model):
        pytest.skip(f"{MODEL} is not on this machine: python3 launcher.py fetch {MODEL}")
    engine = VoicePrints(store.file(model), Fixed(1))
    yield engine
    engine.close()


def spoken(voice, text):
    raw = py_nanotts.NanoTTS().speak(text, voice=voice)
    return np.frombuffer(raw, "<i2").astype(np.float32) / 32768


@pytest.fixture(scope="module")
def dialogue(tmp_path_factory):
    """Return a function that joins sentences to a recording: with it come words and who says them."""
    folder = tmp_path_factory.mktemp("dialogues")

    def joined(*turns, pause_s=0.4):
        sound, words, truth, starts = [], [], [], set()
        for voice, number in turns:
            begun_s = sum(map(len, sound)) / SPEECH_RATE
            sound += [spoken(voice, SAID[voice][number]), np.zeros(int(pause_s * SPEECH_RATE), np.float32)]
            own = np.arange(0, len(sound[-2]) / SPEECH_RATE, WORD_S) + begun_s
            starts.add(len(words))
            words += [(float(at), float(at) + WORD_S) for at in own[:-1]]
            truth += [voice] * (len(own) - 1)
        file = folder / "-".join(f"{voice}{number}" for voice, number in turns)
        file.write_bytes((np.concatenate(sound) * 32767).astype("<i2").tobytes())
        return Recording(file), words, truth, starts

    return joined


def answered(recording, words, count, prints, starts=frozenset()):
    steps = who_spoke(recording, words, count, prints, starts)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def numbered(truth):
    order = list(dict.fromkeys(truth))
    return tuple(order.index(voice) for voice in truth)


def wrong(found, truth):
    return sum(one != other for one, other in zip(found, numbered(truth), strict=True))


def test_the_rebuilt_model_gives_the_prints_that_pytorch_gives(prints):
    """The numbers come from 3D-Speaker's own network in PyTorch 2.13 with the same weights."""
    at = np.arange(WINDOW_SAMPLES) / SPEECH_RATE
    buzz = sum(np.sin(2 * np.pi * 110 * k * at + k) / k for k in range(1, 30)) * 0.1
    (found,) = prints.of_each([buzz.astype(np.float32)])
    known = [-0.0764, -0.0346, 0.0443, -0.0700, -0.0579, 0.0620, -0.0263, -0.0412]
    assert found.shape == (1, 192)
    assert found[0, :8] == pytest.approx(known, abs=2e-4)


def test_a_voice_is_more_like_itself_than_like_others(prints):
    first, again = (prints.of(spoken(GERMAN, text)) for text in SAID[GERMAN][:2])
    others = [prints.of(spoken(voice, SAID[voice][0])) for voice in (FRENCH, ITALIAN)]
    assert first @ again > 0.7
    assert max(first @ other for other in others) < first @ again - 0.2  # all are made by one machine


def test_two_people_take_turns(prints, dialogue):
    recording, words, truth, _ = dialogue((GERMAN, 0), (ITALIAN, 0), (GERMAN, 1), (ITALIAN, 1), (GERMAN, 2))
    assert wrong(answered(recording, words, 2, prints), truth) == 0


def test_three_people_take_turns_without_pauses(prints, dialogue):
    turns = ((FRENCH, 0), (GERMAN, 0), (ITALIAN, 0), (GERMAN, 1), (FRENCH, 1), (ITALIAN, 1))
    recording, words, truth, starts = dialogue(*turns, pause_s=0.0)
    assert wrong(answered(recording, words, 3, prints, starts), truth) <= 2
    assert wrong(answered(recording, words, 3, prints), truth) <= 0.12 * len(words)


def test_two_people_are_counted(prints, dialogue):
    recording, words, truth, _ = dialogue((GERMAN, 0), (FRENCH, 0), (GERMAN, 1), (FRENCH, 1), (GERMAN, 2))
    assert wrong(answered(recording, words, None, prints), truth) == 0


def test_one_person_stays_one_though_somebody_counted_three(prints, dialogue):
    recording, words, _, _ = dialogue((GERMAN, 0), (GERMAN, 1), (GERMAN, 2))
    assert set(answered(recording, words, 3, prints)) == {0}
    assert set(answered(recording, words, None, prints)) == {0}
