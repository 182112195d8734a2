"""Pictures of sounds: the tones are where they are, and the picture can be read."""

import io

import numpy as np
import pytest

from models.voice.base import Audio
from stations.audio.seeing import (
    DARK,
    HEIGHT,
    HIGHEST_HZ,
    LIGHT,
    WIDTH,
    loudness_of_tones,
    spectrogram,
    waveform,
)
from stations.texts import LANGUAGES, say

Image = pytest.importorskip("PIL.Image", reason="nothing here draws pictures")


def tone(height, seconds=2.0, rate=16_000):
    at = np.arange(round(seconds * rate)) / rate
    return Audio((0.5 * np.sin(2 * np.pi * height * at)).astype(np.float32), rate)


@pytest.mark.parametrize("height", [200, 1_000, 3_500, 7_000])
@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100])
def test_a_tone_stands_at_its_height(height, rate):
    levels = loudness_of_tones(tone(height, rate=rate), 100)
    found = levels[:, 50].argmax() / (len(levels) - 1) * HIGHEST_HZ
    assert found == pytest.approx(height, abs=60)
    assert levels.max() == 1.0
    assert levels.min() == 0.0


def test_a_tone_stands_where_it_is_heard():
    sound = Audio(np.concatenate([np.zeros(16_000, np.float32), tone(1_000, 1.0).samples]), 16_000)
    heard = loudness_of_tones(sound, 100).max(axis=0)
    assert heard[:45].max() < 0.1
    assert heard[55:95].min() > 0.9


def test_a_voice_of_telephone_quality_has_nothing_above():
    levels = loudness_of_tones(tone(1_000, rate=8_000), 50)
    assert levels[len(levels) * 6 // 10 :].max() == 0


@pytest.mark.parametrize("draw", [waveform, spectrogram])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_is_a_png_of_one_size_on_its_paper_with_words_for_it(draw, dark, language):
    picture = draw(tone(1_000), language, dark=dark)
    image = Image.open(io.BytesIO(picture.png))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert image.getpixel((0, 0)) == (DARK if dark else LIGHT).paper
    assert {"de": "2,0", "en": "2.0"}[language] in picture.alt


@pytest.mark.parametrize("draw", [waveform, spectrogram])
@pytest.mark.parametrize(
    "sound",
    [Audio(np.zeros(0, np.float32), 16_000), Audio(np.zeros(16_000, np.float32), 16_000),
     Audio(np.ones(1, np.float32), 16_000), tone(440, 600.0, 8_000)],
)  # fmt: skip
def test_nothing_silence_one_sample_and_ten_minutes_are_pictures_too(draw, sound):
    assert draw(sound).png.startswith(b"\x89PNG")


def test_a_louder_sound_swings_further():
    def inked(volume):
        image = Image.open(io.BytesIO(waveform(Audio(tone(440).samples * np.float32(volume), 16_000)).png))
        return (np.asarray(image) == LIGHT.wave).all(axis=-1).sum()

    assert inked(1.0) > 1.5 * inked(0.5)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["seeing.time", "seeing.swing", "seeing.tone"])
def test_the_letters_on_the_axes_are_in_pillows_own_font(key, language):
    assert say(key, language).isascii()
