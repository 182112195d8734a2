"""Both voices that come from the package index: spoken, and written down again by Whisper.

The models come from the store of this machine (KIWERKSTATT_HOME); where one is absent its tests are skipped.
"""

import re

import numpy as np
import pytest

from models.engines.base import SPEECH_RATE, Hearing
from models.errors import ModelError
from models.turns import Fixed
from models.voice.base import Manner
from stations.speaking.loudness import CEILING, LUFS, loudness_of
from stations.speaking.normalising import said
from stations.speaking.sound import joined, resampled, silence
from stations.speaking.speaking import spoken
from tests.real.conftest import file_of

pytest.importorskip("faster_whisper", reason="the engine that writes down speech is not installed")

LONGEST_SHARE = 0.08
GERMAN = (
    "Das Museum ist heute von 10–17 Uhr geöffnet. Am 14.3.2026 um 14:30 Uhr beginnt die Führung. "
    "Ludwig XIV. baute das Schloss von Versailles. Der Verein wurde 1912 in Leipzig gegründet. "
    "Kinder bis 6 Jahre haben freien Eintritt. Die Ausstellung endet am 31. Oktober."
)
ENGLISH = (
    "The museum is open Tue–Sun from 10 am to 5 pm. The exhibition ends on October 31. "
    "About 1,200 people visited us in 2024. Louis XIV built the palace of Versailles. "
    "The concert begins at 7 pm in the main hall."
)


def missed(text, language, voice, ear):
    """Return the share of words that came back wrong: edits after Levenshtein, by words."""
    pieces = [resampled(piece.audio, SPEECH_RATE).samples for piece in spoken(text, {language: voice})]
    sound = np.concatenate([silence(0.4, SPEECH_RATE), *pieces])
    found = " ".join(each.text for each in ear.transcribe(sound, Hearing(language=language, together=False)))
    true, again = words(text, language), words(found, language)
    row = list(range(len(again) + 1))
    for number, word in enumerate(true, start=1):
        last, row[0] = row[0], number
        for at, other in enumerate(again, start=1):
            last, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, last + (word != other))
    return row[-1] / len(true)


def words(text, language):
    return re.findall(r"[^\W_]+", said(text, language).lower().replace("ß", "ss"))


def test_german_by_pico_comes_back(pico, ear):
    assert missed(GERMAN, "de", pico, ear) <= LONGEST_SHARE


def test_english_by_joe_comes_back(joe, ear):
    assert missed(ENGLISH, "en", joe, ear) <= LONGEST_SHARE


@pytest.mark.parametrize("which", ["pico", "joe"])
def test_every_piece_is_as_loud_as_the_others(which, request):
    voice = request.getfixturevalue(which)
    found = [piece.audio for piece in spoken(ENGLISH, {"en": voice})]
    whole = joined(found, 0.0, 0.0, found[0].rate)
    assert loudness_of(whole) == pytest.approx(LUFS, abs=1.2)
    assert np.abs(whole.samples).max() <= CEILING + 1e-6


@pytest.mark.parametrize("which", ["pico", "joe"])
def test_speed_makes_it_shorter_and_the_same_text_sounds_the_same(which, request):
    voice = request.getfixturevalue(which)

    def seconds(speed):
        return sum(
            audio.seconds
            for audio in voice.speak("The museum opens at ten.", Manner(speed=speed, language="en"))
        )

    assert seconds(2.0) < 0.75 * seconds(1.0) < 0.75 * seconds(0.7)
    assert seconds(1.0) == pytest.approx(seconds(1.0))


def test_pico_speaks_all_its_languages_higher_and_louder(pico):
    assert len(pico.languages) == 6
    for language in pico.languages:
        assert list(pico.speak("Museum", Manner(language=language)))
    (normal,) = pico.speak("Museum", Manner())
    (loud,) = pico.speak("Museum", Manner(volume=1.5))
    assert np.abs(loud.samples).max() > 1.3 * np.abs(normal.samples).max()
    (high,) = pico.speak("Museum", Manner(pitch=1.8))
    assert not np.array_equal(high.samples[:5000], normal.samples[:5000])


@pytest.mark.parametrize(
    "text",
    ["<spell>abc</spell>", '<speed level="50">x', "a" * 40_000, "ä" * 400, "." * 3000,
        "1" * 400, "\x00Hallo", "\ud83d Hallo", "€" * 50],
)  # fmt: skip
def test_pico_survives_what_its_library_does_not(pico, text):
    sum(audio.seconds for audio in pico.speak(text, Manner()))
    assert list(pico.speak("Hallo", Manner()))


@pytest.mark.parametrize("text", ["[[ x ]] hello", "\x00 hello", "\ud83d hello", "a" * 500])
def test_piper_takes_every_text_as_words(joe, text):
    assert list(joe.speak(text, Manner()))


@pytest.mark.parametrize("text", ["", "…!?", "😀"])
@pytest.mark.parametrize("which", ["pico", "joe"])
def test_a_text_without_a_word_gives_nothing(which, text, request):
    assert list(request.getfixturevalue(which).speak(text, Manner())) == []


def test_long_sentences_reach_piper_in_breaths(joe):
    pieces = joe.speak("the large window in the main hall of the old museum " * 10, Manner())
    assert next(pieces).seconds < 20
    pieces.close()


def test_a_file_that_is_no_voice_is_a_sentence(tmp_path, joe):
    from models.engines.piper import PiperVoice

    for name, content in (("a.onnx", b"x"), ("a.onnx.json", b"{}")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ModelError, match=r"voice\.broken_model"):
            PiperVoice(tmp_path / "a.onnx", Fixed(1))
    config = file_of("piper-joe").with_name("en_US-joe-medium.onnx.json").read_bytes()
    (tmp_path / "a.onnx.json").write_bytes(config)
    with pytest.raises(ModelError, match=r"voice\.broken_model"):
        PiperVoice(tmp_path / "a.onnx", Fixed(1))
    assert joe.languages == ("en-US",)
