"""Loudness, joining and files: known answers with sounds made here, FFmpeg's own measure as the judge."""

import errno

import av
import numpy as np
import pytest

from models.errors import ModelError
from models.voice.base import Audio
from stations.speaking import files
from stations.speaking.files import KINDS, RATE, write_speech
from stations.speaking.loudness import CEILING, LUFS, levelled, loudness_of
from stations.speaking.sound import AFTER_S, BEFORE_S, joined, resampled, trimmed


def tone(seconds=2.0, loud=0.1, rate=16_000, pitch=1000):
    return Audio(
        (loud * np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate)).astype(np.float32), rate
    )


def syllables(seconds=4.0, loud=0.3, rate=22_050):
    """Something with the ups and downs of speech."""
    dice = np.random.default_rng(1)
    noise = dice.standard_normal(int(seconds * rate)).astype(np.float32)
    bumps = np.abs(np.sin(np.pi * 4 * np.arange(len(noise)) / rate)) ** 4
    return Audio((loud * noise * bumps).astype(np.float32), rate)


def quiet(seconds, rate=16_000):
    return np.zeros(int(seconds * rate), np.float32)


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_a_tone_has_the_loudness_that_the_standard_gives_it(rate):
    # BS.1770: a tone of 997 Hz at full scale in one channel is -3.01 LUFS; a tenth of it is 20 dB less
    assert loudness_of(tone(loud=0.1, rate=rate, pitch=997)) == pytest.approx(-23.01, abs=0.15)


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.6, 5.0])
def test_short_pieces_have_a_loudness_too(seconds):
    assert loudness_of(tone(seconds)) == pytest.approx(-23.0, abs=0.6)


def test_silence_has_none():
    assert loudness_of(Audio(quiet(1.0), 16_000)) is None
    assert not levelled(Audio(quiet(1.0), 16_000)).samples.any()
    assert loudness_of(Audio(quiet(0.0), 16_000)) is None


@pytest.mark.parametrize("loud", [0.003, 0.05, 0.3])
def test_whatever_was_quiet_or_loud_is_equally_loud_afterwards(loud):
    even = levelled(syllables(loud=loud))
    assert loudness_of(even) == pytest.approx(LUFS, abs=1.0)


@pytest.mark.parametrize("volume", [0.25, 0.5, 1.0, 2.0])
def test_the_volume_counts_and_nothing_clips(volume):
    even = levelled(syllables(), volume)
    assert np.abs(even.samples).max() <= CEILING + 1e-6
    if volume <= 1:
        assert loudness_of(even) == pytest.approx(LUFS + 20 * np.log10(volume), abs=1.0)
    assert loudness_of(even) <= LUFS + 6.5


def test_volume_nought_is_silence():
    assert not levelled(tone(), 0.0).samples.any()


def test_peaks_are_turned_down_not_cut_off():
    hot = levelled(
        Audio(
            np.concatenate([tone(3.0, 0.01).samples, tone(0.05, 1.0).samples, tone(3.0, 0.01).samples]),
            16_000,
        )
    )
    assert np.abs(hot.samples).max() <= CEILING + 1e-6
    assert (np.abs(hot.samples) >= CEILING - 1e-4).sum() < 20
    assert len(hot.samples) == int(6.05 * 16_000)


def test_silence_around_a_piece_is_cut_to_a_breath():
    padded = Audio(np.concatenate([quiet(0.5), tone(1.0).samples, quiet(0.7)]), 16_000)
    assert trimmed(padded).seconds == pytest.approx(1.0 + BEFORE_S + AFTER_S, abs=0.01)
    assert len(trimmed(Audio(quiet(1.0), 16_000)).samples) == 0


def test_a_piece_begins_and_ends_without_a_click():
    samples = trimmed(Audio(np.full(8000, 0.5, np.float32), 16_000)).samples
    assert samples[0] == samples[-1] == 0


def test_joined_pieces_have_the_pauses_between_and_behind_them():
    whole = joined([tone(1.0), tone(1.0, rate=22_050)], 0.25, 0.5, 16_000)
    assert whole.seconds == pytest.approx(2.75, abs=0.01)
    assert not whole.samples[-7000:].any()
    assert not whole.samples[17_000:19_000].any()


def test_resampling_keeps_length_and_loudness():
    other = resampled(syllables(), 24_000)
    assert other.seconds == pytest.approx(4.0, abs=0.01)
    assert loudness_of(other) == pytest.approx(loudness_of(syllables()), abs=1.5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_plays_as_long_as_its_pieces_and_says_what_it_is(kind, tmp_path):
    place = tmp_path / f"führung.{kind}"
    seconds = write_speech(iter([tone(1.0), syllables(2.0), tone(0.5, rate=48_000)]), place, "Goldener Saal")
    with av.open(str(place)) as found:
        labels = {**found.metadata, **found.streams.audio[0].metadata}
        length = sum(frame.samples / frame.sample_rate for frame in found.decode(audio=0))
    assert seconds == pytest.approx(3.5, abs=0.01)
    assert length == pytest.approx(seconds, abs=0.1)
    assert labels["title"] == "Goldener Saal"
    assert labels["comment"] == "Synthetisch erzeugte Stimme"
    assert [file.name for file in tmp_path.iterdir()] == [place.name]


def test_the_remark_is_in_the_language_asked_for(tmp_path):
    write_speech([tone()], tmp_path / "a.wav", "", "en")
    with av.open(str(tmp_path / "a.wav")) as found:
        assert found.metadata["comment"] == found.metadata["title"] == "Synthetically generated voice"


def test_pieces_are_written_as_they_come(tmp_path):
    held = []

    def pieces():
        for number in range(50):
            held.append(sum(file.stat().st_size for file in tmp_path.iterdir()))
            yield tone(1.0, pitch=200 + number)

    write_speech(pieces(), tmp_path / "a.wav", "x")
    assert held[-1] > 40 * RATE


@pytest.mark.parametrize("trouble", [ModelError("voice.stumbled"), OSError(errno.EIO, "broken")])
def test_a_half_file_is_not_left_behind(tmp_path, trouble):
    (tmp_path / "a.mp3").write_bytes(b"before")

    def pieces():
        yield tone()
        raise trouble

    with pytest.raises(type(trouble)):
        write_speech(pieces(), tmp_path / "a.mp3", "x")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"before"]


def test_a_full_disk_is_a_sentence(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(files, "_put", full)
    with pytest.raises(ModelError, match=r"voice\.disk_full"):
        write_speech([tone()], tmp_path / "a.wav", "x")


def test_other_formats_and_empty_files_are_refused(tmp_path):
    with pytest.raises(ModelError, match=r"voice\.kind"):
        write_speech([tone()], tmp_path / "a.aac", "x")
    with pytest.raises(ModelError, match=r"voice\.nothing_to_say"):
        write_speech([], tmp_path / "a.wav", "x")
    assert list(tmp_path.iterdir()) == []
