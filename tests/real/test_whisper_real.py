"""Speech to text with real models: nothing lost, nothing invented, times that fit, and the same text after a crash.

The models and the German voice come from the store of this machine (KIWERKSTATT_HOME); what is absent is skipped.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from models.audio.recording import Recording
from models.engines.base import SPEECH_RATE, Hearing
from models.errors import ModelError
from models.turns import Fixed
from models.voice.base import Manner
from stations.speech.listening import listen
from tests.real.conftest import file_of

pytest.importorskip("faster_whisper", reason="the engine that writes down speech is not installed")

from models.engines.whisper import WhisperTranscriber

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
READ_ALOUD = {
    "de_thorsten_01.wav": "Eure Schoko-Bonbons sind sagenhaft lecker!",
    "de_thorsten_02.wav": "Eure Tröte nervt.",
    "de_css10_0044.flac": "Aber die drei Boote hoben sich wieder. Geschickte Hände regierten die Segel. "
    "Doch dieses sah Hanake nicht mehr.",
}
MEETING = [
    "Guten Abend zusammen, ich begrüße Sie zur Sitzung unseres Vereins.",
    "Wir haben heute drei Punkte auf der Tagesordnung.",
    "Der erste Punkt ist das Sommerfest im Garten.",
    "Die Musik spielt am Nachmittag, und am Abend gibt es ein Feuer.",
    "Für das Essen suchen wir noch zwei Menschen, die helfen können.",
    "Der zweite Punkt ist das Dach des alten Hauses.",
    "Es regnet seit dem Winter in den großen Raum.",
    "Ein Handwerker aus dem Dorf hat sich das angesehen.",
    "Er sagt, dass wir bis zum Herbst warten können.",
    "Der dritte Punkt ist die Ausstellung über das Leben am Fluss.",
    "Viele Besucher haben uns alte Bilder gebracht.",
    "Wir danken allen und sehen uns im nächsten Monat wieder.",
]
ROOM = np.random.default_rng(1)
"""Dice for noise that is the same each time."""


@pytest.fixture(scope="module")
def say():
    """Read a sentence aloud in German."""
    pytest.importorskip("py_nanotts", reason="the German voice is not installed")
    from models.engines.pico import PicoVoice

    voice = PicoVoice(file_of("pico"), Fixed(1))
    yield lambda text, **how: np.concatenate(
        [each.samples for each in voice.speak(text, Manner(language="de-DE", **how))]
    )
    voice.close()


@pytest.fixture(scope="module")
def meeting(say):
    """Two minutes of a meeting, and when each sentence begins and ends."""
    parts, times, at = [], [], 0.0
    for sentence in MEETING * 2:
        spoken, silence = say(sentence), pause(0.9)
        times.append((at, at + len(spoken) / SPEECH_RATE))
        at += (len(spoken) + len(silence)) / SPEECH_RATE
        parts += [spoken, silence]
    return np.concatenate(parts).astype(np.float32), times


def pause(seconds):
    return np.zeros(int(seconds * SPEECH_RATE), np.float32)


def sound(name):
    from faster_whisper import decode_audio

    return decode_audio(str(RECORDINGS / name), sampling_rate=SPEECH_RATE)


def recorded(file, *channels):
    moments = np.stack(channels, axis=1)
    file.write_bytes((np.clip(moments, -1, 1) * 32767).astype("<i2").tobytes())
    return Recording(file, len(channels))


def plain(text):
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


def word_errors(reference, segments):
    """Wrong, missing and additional words as a share of those that were said."""
    jiwer = pytest.importorskip("jiwer", reason="jiwer counts word errors")
    return jiwer.wer(plain(reference), plain(" ".join(each.text for each in segments)))


def written(ear, samples, **hearing):
    segments = ear.transcribe(samples, Hearing(**{"language": "de", **hearing}))
    return sorted(segments, key=lambda each: each.start_s)


# --- What is said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [True, False])
def test_people_are_understood(ear, together):
    silence = pause(1.2)
    samples = np.concatenate([part for name in READ_ALOUD for part in (sound(name), silence)])
    assert word_errors(" ".join(READ_ALOUD.values()), written(ear, samples, together=together)) <= 0.2


def test_nothing_of_a_meeting_is_lost_and_nothing_is_added(ear, meeting):
    samples, _ = meeting
    segments = written(ear, samples)
    assert word_errors(" ".join(MEETING * 2), segments) <= 0.08
    for sentence in MEETING:
        assert sum(plain(sentence.split()[-1]) in plain(each.text) for each in segments) >= 2, sentence


def test_ours_is_never_worse_than_the_bare_library_on_the_same_sound(ear, meeting):
    from faster_whisper import BatchedInferencePipeline

    samples, _ = meeting
    bare, _ = BatchedInferencePipeline(ear._model).transcribe(
        samples, language="de", beam_size=5, without_timestamps=False, word_timestamps=True
    )
    reference = " ".join(MEETING * 2)
    assert word_errors(reference, written(ear, samples)) <= word_errors(reference, bare)


def test_words_stand_where_they_were_said(ear, meeting):
    samples, times = meeting
    words = [word for each in written(ear, samples) for word in each.words]
    assert all(before.start_s <= after.start_s + 0.3 for before, after in pairwise(words))
    assert all(0 <= word.start_s <= word.end_s <= len(samples) / SPEECH_RATE for word in words)
    assert all(0 <= word.sure <= 1 for word in words)
    in_a_sentence = [
        any(a - 0.3 <= (word.start_s + word.end_s) / 2 <= b + 0.3 for a, b in times) for word in words
    ]
    assert np.mean(in_a_sentence) > 0.97


def test_the_language_is_told(ear, meeting):
    german, sure = ear.language_of(meeting[0])
    assert (german, sure > 0.8) == ("de", True)
    english, _ = ear.language_of(sound("fmt_p001.mp3"))
    assert english == "en"
    assert {each.language for each in written(ear, sound("fmt_p001.mp3"), language=None)} == {"en"}


def test_names_are_spelled_as_they_were_given(ear, say):
    samples = np.concatenate(
        [
            part
            for text in ("Das macht Aylin Mertens.", "Aylin Mertens ruft an.")
            for part in (say(text), pause(0.8))
        ]
    )
    text = plain(" ".join(each.text for each in written(ear, samples, names=("Aylin", "Mertens"))))
    assert text.count("aylin") == 2


# --- What is not said -------------------------------------------------------------------------------------------------


def noises():
    at = np.arange(12 * SPEECH_RATE) / SPEECH_RATE
    hiss = ROOM.normal(0, 0.05, len(at))
    return {
        "silence": np.zeros(len(at)),
        "hiss": hiss,
        "hum": 0.1 * np.sin(2 * np.pi * 50 * at),
        "chord": sum(0.05 * np.sin(2 * np.pi * pitch * at) for pitch in (220, 277, 330)),
        "applause": hiss * 3 * (ROOM.random(len(at) // 400 + 1).repeat(400)[: len(at)] > 0.5),
        "clicks": 0.5 * (ROOM.random(len(at)) > 0.9995),
    }


@pytest.mark.parametrize("name", noises())
@pytest.mark.parametrize("together", [True, False])
def test_where_nobody_speaks_nothing_is_written_not_even_the_names(ear, name, together):
    samples = noises()[name].astype(np.float32)
    assert written(ear, samples, together=together, names=("Ahornbach", "Aylin")) == []


# --- English only -----------------------------------------------------------------------------------------------------


def test_a_model_for_english_refuses_german_instead_of_inventing_english():
    engine = WhisperTranscriber(file_of("whisper-tiny-en"), Fixed(1))
    assert engine.languages == ("en",)
    with pytest.raises(ModelError, match=r"transcribe\.language"):
        list(engine.transcribe(sound("de_thorsten_01.wav"), Hearing("de")))
    assert "increase" in plain(
        " ".join(each.text for each in written(engine, sound("fmt_p001.mp3"), language=None))
    )


def test_half_a_model_is_named(tmp_path):
    for file in file_of("whisper-tiny-en").parent.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.bin").write_bytes((tmp_path / "model.bin").read_bytes()[:1_000_000])
    with pytest.raises(ModelError, match=r"transcribe\.broken_model"):
        WhisperTranscriber(tmp_path, Fixed(1))


# --- A whole recording ------------------------------------------------------------------------------------------------


def test_who_goes_on_after_a_crash_gets_the_same_text(ear, meeting, tmp_path):
    recording = recorded(tmp_path / "raw", meeting[0])

    def whole(**how):
        states = listen(ear, recording, Hearing(), decoded=lambda: True, **how)
        return [(each.start_s, each.end_s, each.heard, each.language) for each in states if each.whole]

    undisturbed = whole()
    assert len(undisturbed) >= 2
    (_, end_s, _, language), *rest = undisturbed
    assert language == "de"
    assert whole(begin_s=end_s, language=language) == rest


def test_two_people_with_a_microphone_each_are_told_apart(ear, say, tmp_path):
    left = [*MEETING[:3]]
    right = [*MEETING[5:8]]
    one, other = [], []
    for mine, yours in zip(left, right, strict=True):
        a, b = say(mine), say(yours, pitch=0.8)
        one += [a, pause(0.5), b * 0.1, pause(0.5)]  # each microphone hears the other person faintly
        other += [a * 0.1, pause(0.5), b, pause(0.5)]
    recording = recorded(tmp_path / "raw", np.concatenate(one), np.concatenate(other))
    *_, last = listen(ear, recording, Hearing("de"), decoded=lambda: True, channels=(0, 1))
    for channel, said in enumerate((left, right)):
        segments = [each.segment for each in last.heard if each.channel == channel]
        assert word_errors(" ".join(said), segments) <= 0.12


def test_the_example_is_understood_and_long_enough_to_measure_this_machine(ear, tmp_path):
    from stations.speech.example import TIMES, rehearse
    from stations.speech.speed import Speed

    rehearsal = rehearse(ear)
    assert rehearsal.text.count("Segel") == TIMES
    speed = Speed(tmp_path / "speed.json")
    speed.note("base", rehearsal.seconds, rehearsal.work_s)
    assert 0 < speed.of("base") < 5
