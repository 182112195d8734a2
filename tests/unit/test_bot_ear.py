"""An open microphone: when speech begins and ends, with a detector that looks how loud it is, and the real one."""

from pathlib import Path

import numpy as np
import pytest

from models.engines.base import SPEECH_RATE
from stations.audio.bot_ear import (
    BEFORE_S,
    LONGEST_S,
    MOMENT,
    SILENCE_S,
    Began,
    BotEar,
    Ended,
    one_channel,
)

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
STEP_S = MOMENT / SPEECH_RATE


def loud(moment):
    return float(np.abs(moment).max() > 0.05)


def tone(seconds, rate=SPEECH_RATE, volume=0.5):
    return (volume * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def quiet(seconds, rate=SPEECH_RATE):
    return np.zeros(round(seconds * rate), np.float32)


def heard(ear, sound, rate=SPEECH_RATE, piece_s=0.1):
    step = round(piece_s * rate)
    found = [event for at in range(0, len(sound), step) for event in ear.hear(sound[at : at + step], rate)]
    return found + list(ear.finish())


def one_speech(found):
    began, ended = found
    assert isinstance(began, Began)
    assert isinstance(ended, Ended)
    return began, ended


def test_speech_begins_where_it_begins_and_ends_after_some_silence():
    began, ended = one_speech(heard(BotEar(loud), np.concatenate([quiet(1), tone(2), quiet(2)])))
    assert began.at_s == pytest.approx(1.0, abs=2 * STEP_S)
    assert (ended.start_s, ended.end_s) == (
        pytest.approx(1.0, abs=2 * STEP_S),
        pytest.approx(3.0, abs=2 * STEP_S),
    )
    assert len(ended.samples) / SPEECH_RATE == pytest.approx(2 + 2 * BEFORE_S, abs=4 * STEP_S)
    assert not ended.cut
    assert loud(ended.samples[-SPEECH_RATE:]) == 1.0
    assert not loud(ended.samples[: round(0.25 * SPEECH_RATE)])


def test_it_ends_as_soon_as_the_silence_is_long_enough_and_not_before():
    ear = BotEar(loud)
    assert (
        len(list(ear.hear(np.concatenate([quiet(0.5), tone(1), quiet(SILENCE_S - 0.1)]), SPEECH_RATE))) == 1
    )
    assert ear.is_speaking
    (ended,) = ear.hear(quiet(0.2), SPEECH_RATE)
    assert isinstance(ended, Ended)
    assert not ear.is_speaking


def test_a_breath_within_a_sentence_does_not_end_it():
    sound = np.concatenate([tone(1), quiet(0.5), tone(1), quiet(1)])
    _, ended = one_speech(heard(BotEar(loud), sound))
    assert ended.end_s == pytest.approx(2.5, abs=2 * STEP_S)


@pytest.mark.parametrize("length_s", [0.03, 0.1, 0.15])
def test_a_click_interrupts_nobody(length_s):
    assert heard(BotEar(loud), np.concatenate([quiet(1), tone(length_s), quiet(1)])) == []


def test_two_speeches_are_two_and_share_no_sound():
    sound = np.concatenate([tone(1), quiet(1), tone(1), quiet(1)])
    found = [each for each in heard(BotEar(loud), sound) if isinstance(each, Ended)]
    assert [each.start_s for each in found] == [pytest.approx(0.0, abs=0.05), pytest.approx(2.0, abs=0.07)]
    assert sum(len(each.samples) for each in found) < len(sound)


def test_an_endless_speech_is_cut_and_memory_stays_bounded():
    ear = BotEar(loud)
    found = []
    for _ in range(130):
        found += ear.hear(tone(1), SPEECH_RATE)
    ended = [each for each in found if isinstance(each, Ended)]
    assert len(ended) == 2
    assert all(each.cut and each.end_s - each.start_s <= LONGEST_S + 0.1 for each in ended)
    assert all(len(each.samples) <= (LONGEST_S + 1) * SPEECH_RATE for each in ended)


def test_what_stays_undecided_is_noise_and_is_not_kept():
    answers = iter([0.9] + [0.4] * 100_000)
    ear = BotEar(lambda _: next(answers))
    for _ in range(60):
        assert list(ear.hear(tone(1), SPEECH_RATE)) == []
    assert len(ear._kept) * STEP_S < 3


def test_closing_the_microphone_gives_what_was_being_said():
    _, ended = one_speech(heard(BotEar(loud), np.concatenate([quiet(1), tone(1)])))
    assert ended.end_s == pytest.approx(2.0, abs=2 * STEP_S)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("kind", [np.int16, np.int32, np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_microphone_is_understood(rate, kind, channels):
    sound = np.concatenate([quiet(0.5, rate), tone(1, rate), quiet(1, rate)])
    whole = (
        (sound * np.iinfo(kind).max).astype(kind) if np.issubdtype(kind, np.integer) else sound.astype(kind)
    )
    given = whole if channels == 1 else np.stack([whole] * channels, axis=1)
    began, ended = one_speech(heard(BotEar(loud), given, rate, piece_s=0.037))
    assert began.at_s == pytest.approx(0.5, abs=3 * STEP_S)
    assert np.abs(ended.samples).max() == pytest.approx(0.5, abs=0.05)


def test_pieces_of_any_size_give_the_same():
    sound = np.concatenate([quiet(0.5), tone(1), quiet(1)])
    first = heard(BotEar(loud), sound, piece_s=0.001)
    again = heard(BotEar(loud), sound, piece_s=9.0)
    assert first[0] == again[0]
    assert np.array_equal(first[1].samples, again[1].samples)


def test_pieces_that_are_resampled_fit_together_without_a_seam():
    rate = 48_000
    _, ended = one_speech(heard(BotEar(loud), np.concatenate([tone(1, rate), quiet(1, rate)]), rate, 0.013))
    inner = ended.samples[2000:12_000]
    spectrum = np.abs(np.fft.rfft(inner * np.hanning(len(inner))))
    assert spectrum[: spectrum.argmax() // 2].max() < 0.01 * spectrum.max()


def test_what_is_no_number_is_silence():
    found = one_channel(np.array([np.nan, np.inf, -np.inf, 3.0, -3.0], np.float32))
    assert found.tolist() == [0.0, 0.0, 0.0, 1.0, -1.0]
    assert list(BotEar(loud).hear(np.zeros(0, np.int16), 48_000)) == []


@pytest.fixture
def real_ear():
    pytest.importorskip("faster_whisper", reason="the detector is not installed")
    return BotEar()


def speech():
    import av

    with av.open(str(RECORDINGS / "de_thorsten_01.wav")) as file:
        rate = file.streams.audio[0].rate
        frames = [frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)]
    return np.concatenate(frames), rate


def test_real_speech_is_found_whole(real_ear):
    sound, rate = speech()
    around = np.zeros(rate, sound.dtype)
    found = heard(real_ear, np.concatenate([around, sound, around, around]), rate)
    ended = [each for each in found if isinstance(each, Ended)]
    assert ended
    seconds = len(sound) / rate
    assert sum(each.end_s - each.start_s for each in ended) > 0.8 * (seconds - 1)
    assert ended[0].start_s >= 0.8
    assert ended[-1].end_s <= 1.3 + seconds


@pytest.mark.parametrize("volume", [0.0, 0.003, 0.05, 0.5])
def test_silence_and_noise_are_not_speech(real_ear, volume):
    noise = np.random.default_rng(1).normal(0, volume, 20 * SPEECH_RATE).astype(np.float32)
    assert heard(real_ear, noise) == []


def test_hum_and_clicks_are_not_speech(real_ear):
    at = np.arange(10 * SPEECH_RATE) / SPEECH_RATE
    hum = (0.3 * np.sin(2 * np.pi * 50 * at)).astype(np.float32)
    hum[:: SPEECH_RATE // 2] = 1.0
    assert heard(real_ear, hum) == []
