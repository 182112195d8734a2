"""Stretches of a recording, pauses in it and pieces of it; whoever hears speech is replaced by a simple ear."""

import io
import wave
from itertools import pairwise

import numpy as np
import pytest

from models.audio import channels, pauses
from models.audio.channels import channels_to_hear
from models.audio.clip import clip
from models.audio.pauses import has_speech, pause_near, speech_seconds
from models.audio.recording import Recording
from models.engines.base import SPEECH_RATE

RNG = np.random.default_rng(5)
BOTH = (0, 1)


def recording(tmp_path, *sides):
    """One or two channels as a recording."""
    file = tmp_path / "a.raw"
    whole = np.clip(np.round(np.stack(sides, axis=1) * 32_767), -32_768, 32_767).astype("<i2")
    file.write_bytes(whole.tobytes())
    return Recording(file, len(sides))


def voice(*lengths, seed=0):
    """Words and pauses in turn, in seconds: noise that swells like syllables, each voice in its own way."""
    rng = np.random.default_rng(seed)
    parts = []
    for number, length in enumerate(lengths):
        size = round(length * SPEECH_RATE)
        swelling = np.interp(
            np.arange(size),
            np.arange(0, size + 3200, 1600),
            rng.uniform(0.05, 1, size // 1600 + 3)[: len(np.arange(0, size + 3200, 1600))],
        )
        parts.append(
            0.3 * swelling * rng.standard_normal(size).clip(-1, 1) if number % 2 == 0 else np.zeros(size)
        )
    return np.concatenate(parts)


@pytest.fixture
def simple_ear(monkeypatch):
    """Speech is where it is loud; pauses shorter than 0.2 s belong to it."""

    def stretches(samples):
        loud = np.abs(samples) > 0.01
        at = np.flatnonzero(loud)
        if not at.size:
            return ()
        breaks = np.flatnonzero(np.diff(at) > 0.2 * SPEECH_RATE)
        starts, ends = [at[0], *at[breaks + 1]], [*at[breaks], at[-1]]
        return tuple(
            (start / SPEECH_RATE, (end + 1) / SPEECH_RATE) for start, end in zip(starts, ends, strict=True)
        )

    for module in (pauses, channels):
        monkeypatch.setattr(module, "speech_stretches", stretches)


# --- stretches ---


def test_a_stretch_is_what_was_written_there(tmp_path):
    left, right = RNG.uniform(-0.9, 0.9, (2, 3 * SPEECH_RATE))
    both = recording(tmp_path, left, right)
    assert both.seconds == 3.0
    for start, end in ((0, 1), (0.5, 2.25), (1.00003, 1.00009)):
        at = slice(round(start * SPEECH_RATE), round(end * SPEECH_RATE))
        assert np.allclose(both.samples(start, end, 0), left[at], atol=1e-4)
        assert np.allclose(both.samples(start, end, 1), right[at], atol=1e-4)
        assert np.allclose(both.samples(start, end), (left + right)[at] / 2, atol=1e-4)
    assert both.samples(0, 1).dtype == np.float32


def test_neighbouring_stretches_join_without_a_gap_or_an_overlap(tmp_path):
    one = recording(tmp_path, RNG.uniform(-0.9, 0.9, 2 * SPEECH_RATE))
    cuts = [0, 0.333333, 0.7777777, 1.2345678, 2]
    parts = [one.samples(start, end) for start, end in pairwise(cuts)]
    assert np.array_equal(np.concatenate(parts), one.samples(0, 2))


def test_what_lies_outside_is_left_out(tmp_path):
    one = recording(tmp_path, np.full(SPEECH_RATE, 0.5))
    assert one.samples(-1, 0.5).size == SPEECH_RATE // 2
    assert one.samples(0.5, 9).size == SPEECH_RATE // 2
    assert one.samples(5, 9).size == one.samples(0.5, 0.5).size == one.samples(0.5, 0.1).size == 0


def test_the_loudest_sounds_are_one_and_minus_one(tmp_path):
    file = tmp_path / "a.raw"
    file.write_bytes(np.array([-32_768, 32_767, 0], "<i2").tobytes())
    assert Recording(file).samples(0, 1).tolist() == [-1.0, pytest.approx(1, abs=1e-4), 0.0]


def test_a_growing_file_is_read_up_to_the_last_whole_moment(tmp_path):
    growing = Recording(tmp_path / "a.raw", 2)
    assert growing.seconds == 0
    with growing.file.open("ab", buffering=0) as file:
        file.write(np.full(2 * SPEECH_RATE, 1000, "<i2").tobytes() + b"\1\2\3")
        assert growing.seconds == 1.0
        assert growing.samples(0, 9).size == SPEECH_RATE
        file.write(b"\4" + np.full(2 * SPEECH_RATE - 2, 1000, "<i2").tobytes())
        assert growing.seconds == 2.0


# --- pauses ---


def test_the_cut_is_in_the_middle_of_the_longest_pause_nearby(tmp_path, simple_ear):
    spoken = recording(tmp_path, voice(10, 0.5, 10, 1, 9.5, 0.3, 10, 3, 10))
    assert pause_near(spoken, 20) == pytest.approx(21, abs=0.02)
    assert pause_near(spoken, 12, within_s=5) == pytest.approx(10.25, abs=0.02)
    assert pause_near(spoken, 40) == pytest.approx(42.8, abs=0.02)


def test_of_equal_pauses_the_nearest_is_taken(tmp_path, simple_ear):
    spoken = recording(tmp_path, voice(10, 0.5, 4, 0.5, 4, 0.5, 10))
    assert pause_near(spoken, 15.5) == pytest.approx(14.75, abs=0.02)
    assert pause_near(spoken, 18) == pytest.approx(19.25, abs=0.02)


def test_where_nobody_speaks_the_cut_stays_where_it_was_wanted(tmp_path, simple_ear):
    assert pause_near(recording(tmp_path, np.zeros(60 * SPEECH_RATE)), 30) == 30.0


def test_where_nobody_pauses_the_quietest_moment_is_taken(tmp_path, simple_ear):
    loudness = np.full(40 * SPEECH_RATE, 0.3)
    loudness[23 * SPEECH_RATE : round(23.2 * SPEECH_RATE)] = 0.05
    spoken = recording(tmp_path, loudness * np.sign(RNG.standard_normal(loudness.size)))
    assert pause_near(spoken, 20) == pytest.approx(23.1, abs=0.02)


def test_the_cut_lies_near_and_within_the_recording(tmp_path, simple_ear):
    spoken = recording(tmp_path, voice(3, 0.4, 3, 0.3, 3))
    for at_s in (0, 0.01, 1, 5, 9.6, 9.7, 30, 1000):
        for within_s in (0, 0.001, 0.5, 15):
            cut = pause_near(spoken, at_s, within_s)
            assert 0 <= cut <= spoken.seconds
            assert abs(cut - min(at_s, spoken.seconds)) <= within_s + 0.001
            assert round(cut, 3) == cut


def test_a_pause_of_one_channel_is_found_in_that_channel(tmp_path, simple_ear):
    both = recording(tmp_path, voice(10, 1, 10), voice(5, 1, 15))
    assert pause_near(both, 8, channel=0) == pytest.approx(10.5, abs=0.02)
    assert pause_near(both, 8, channel=1) == pytest.approx(5.5, abs=0.02)


def test_speech_is_counted_in_seconds(simple_ear):
    samples = voice(2, 1, 3).astype(np.float32)
    assert speech_seconds(samples) == pytest.approx(5, abs=0.05)
    assert has_speech(samples)
    assert not has_speech(np.zeros(1000, np.float32))


def test_what_an_empty_stretch_holds_is_no_speech():
    pytest.importorskip("faster_whisper", reason="faster-whisper is not installed")
    assert speech_seconds(np.zeros(0, np.float32)) == 0
    assert not has_speech(np.zeros(5 * SPEECH_RATE, np.float32))


# --- clips ---


def test_a_clip_is_a_wav_of_just_that_stretch(tmp_path):
    left, right = RNG.uniform(-0.9, 0.9, (2, 2 * SPEECH_RATE))
    both = recording(tmp_path, left, right)
    with wave.open(io.BytesIO(clip(both, 0.5, 1.5, channel=1))) as heard:
        assert heard.getparams()[:4] == (1, 2, SPEECH_RATE, SPEECH_RATE)
        samples = np.frombuffer(heard.readframes(SPEECH_RATE), "<i2") / 32_768
    assert np.allclose(samples, right[8000:24_000], atol=1e-4)
    assert len(clip(both, 1.9, 9)) == 44 + 2 * 1600


def test_the_loudest_sound_of_a_clip_does_not_turn_over(tmp_path):
    file = tmp_path / "a.raw"
    file.write_bytes(np.array([32_767, -32_768], "<i2").tobytes())
    assert np.frombuffer(clip(Recording(file), 0, 1)[44:], "<i2").tolist() == [32_767, -32_768]


# --- channels ---

A = voice(4, 5, 4, 5, 4, 5, 4, 5, seed=1)
B = voice(0, 4.5, 4, 5, 4, 5, 4, 5, 4, 0.5, seed=2)


def hiss(db, size=A.size):
    return 0.1 * 10 ** (db / 20) * RNG.standard_normal(size)


def decibels(db):
    return 10 ** (db / 20)


@pytest.mark.parametrize("bleed_db", [-200, -20, -12])
@pytest.mark.parametrize("gain_db", [0, -20])
def test_a_microphone_each_is_two_voices(tmp_path, simple_ear, bleed_db, gain_db):
    bleed = decibels(bleed_db)
    sides = (A + bleed * B + hiss(-50), decibels(gain_db) * (B + bleed * A + hiss(-50)))
    assert channels_to_hear(recording(tmp_path, *sides)) == BOTH


def test_who_says_little_still_is_a_voice(tmp_path, simple_ear):
    rare = np.concatenate([np.zeros(5 * SPEECH_RATE), voice(3.5, seed=3), np.zeros(100 * SPEECH_RATE)])
    often = np.concatenate([voice(4.5, 4, seed=4), np.tile(voice(4, 1, seed=5), 20)])[: rare.size]
    assert channels_to_hear(recording(tmp_path, np.resize(often, rare.size), rare)) == BOTH


def test_two_who_always_speak_at_once_are_two_voices(tmp_path, simple_ear):
    assert channels_to_hear(recording(tmp_path, voice(12, seed=1), voice(12, seed=2))) == BOTH


FEW_LEFT = np.concatenate([np.zeros(4 * SPEECH_RATE), voice(2, 30, seed=7)])
FEW_RIGHT = np.concatenate([np.zeros(13 * SPEECH_RATE), voice(2, 21, seed=8)])
ENDLESS = voice(36, seed=9)
HASTY = voice(36, seed=9) * (1 + 0.9 * np.sin(np.arange(ENDLESS.size) / 300))
ONCE = {
    "a few words apart": (A + FEW_LEFT, A + FEW_RIGHT),
    "the same twice": (A, A),
    "one side softer": (A, 0.1 * A),
    "one side later": (A, np.roll(A, 320)),
    "softer and later": (0.2 * np.roll(A, 400), A),
    "upside down": (A, -A),
    "hiss on one side": (A, A + hiss(-20)),
    "loud noise on one side": (A, A + hiss(-3)),
    "both voices on both sides": (A + B, decibels(-5) * A + B),
    "silence left": (0 * A, A),
    "silence right": (A, 0 * A),
    "silence": (0 * A, 0 * A),
    "silence beside an endless speech": (0 * A, ENDLESS),
    "one side much later": (HASTY, np.roll(HASTY, 500)),
    "too short to tell": (A[:1000], B[:1000]),
    "nothing": (A[:0], A[:0]),
}
BETTER = {
    "silence beside an endless speech": (1,),
    "upside down": (0,),
    "silence left": (1,),
    "silence right": (0,),
    "loud noise on one side": (0,),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("how", ONCE)
def test_the_same_sound_twice_is_not_two_voices(tmp_path, simple_ear, how):
    twice = recording(tmp_path, *ONCE[how])
    assert channels_to_hear(twice) in (
        {(None,), (0,)} if how == "hiss on one side" else {BETTER.get(how, (None,))}
    )


def test_one_channel_is_heard_as_it_is(tmp_path):
    assert channels_to_hear(recording(tmp_path, A)) == (None,)


def test_of_a_long_recording_only_some_minutes_are_heard(tmp_path, simple_ear, monkeypatch):
    long = recording(tmp_path, np.tile(A, 10), np.tile(B, 10))
    heard, samples = [], Recording.samples

    def counted(self, *place):
        heard.append(samples(self, *place))
        return heard[-1]

    monkeypatch.setattr(Recording, "samples", counted)
    assert channels_to_hear(long) == BOTH
    assert sum(map(len, heard)) <= 2 * 181 * SPEECH_RATE
