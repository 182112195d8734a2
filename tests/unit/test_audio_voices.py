"""Which voice speaks which language."""

from contextlib import contextmanager

import numpy as np
import pytest

from models.catalog import load_catalog
from models.errors import ModelError
from models.voice.base import Audio, Manner
from stations.audio.voices import borrowed, speaking, voice_choices, voice_named


class Voice:
    """Remembers in which language it was to speak."""

    speakers, can, is_open = (), frozenset({"pitch"}), True

    def __init__(self):
        self.asked = []

    def speak(self, _text, manner):
        self.asked.append(manner.language)
        yield Audio(np.zeros(10, np.float32), 16_000)


class Library:
    def __init__(self, *ids):
        catalog = load_catalog()
        self.models = tuple(catalog.model(each) for each in ids)
        self.lent = {each: Voice() for each in ids}

    def players(self, _role):
        return self.models

    @contextmanager
    def borrow_voice(self, model_id):
        yield self.lent[model_id]


def test_german_comes_first_and_a_neural_voice_before_another():
    found = [each.id for each in voice_choices(Library("pico", "piper-joe"))]
    assert found[:3] == ["pico/de-DE", "piper-joe/en-US", "pico/en-GB"]
    assert next(each.id for each in voice_choices(Library("pico", "piper-thorsten-medium"))) == (
        "piper-thorsten-medium/de-DE"
    )


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("", "pico/de-DE"),
        ("de", "pico/de-DE"),
        ("en", "piper-joe/en-US"),
        ("en-GB", "pico/en-GB"),
        ("pico", "pico/de-DE"),
        ("pico/fr-FR", "pico/fr-FR"),
    ],
)
def test_a_voice_is_found_by_its_id_its_model_or_a_language(wish, found):
    assert voice_named(Library("pico", "piper-joe"), wish).id == found


def test_an_unknown_voice_and_no_voice_get_their_sentences():
    with pytest.raises(ModelError, match="no_such_voice"):
        voice_named(Library("pico"), "hugo")
    with pytest.raises(ModelError, match="no_voice"):
        voice_named(Library(), "de")
    with pytest.raises(ModelError, match="no_voice"), speaking(Library("piper-joe"), "de"):
        pass


def test_a_voice_of_several_countries_speaks_the_chosen_one():
    library = Library("pico", "piper-joe")
    with borrowed(library, voice_named(library, "pico/en-US")) as voices:
        assert next(iter(voices)) == "en"
        list(voices["en"].speak("Hello", Manner(language="en")))
        list(voices["de"].speak("Hallo", Manner(language="de")))
    assert library.lent["pico"].asked == ["en-US", "de-DE"]


def test_all_voices_of_a_language_are_lent_once_each():
    with speaking(Library("pico", "piper-joe"), "en") as voices:
        assert [voice.languages for voice in voices] == [("en-US",), ("en-GB",)]
