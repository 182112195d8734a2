"""What nobody said is found, and what people really say again and again is left alone."""

from itertools import pairwise

import numpy as np
import pytest

from models.engines.base import Segment, Word
from stations.speech.doubts import Loop, cut_short, doubt, loops


def said(text, start_s=0.0, end_s=None, sure=0.9):
    """A segment at the speed at which people speak, unless its end is given."""
    parts = text.split()
    moments = np.linspace(start_s, start_s + len(parts) / 2.5 if end_s is None else end_s, len(parts) + 1)
    words = tuple(
        Word(f" {part}", float(a), float(b), sure)
        for part, (a, b) in zip(parts, pairwise(moments), strict=True)
    )
    return Segment(words[0].start_s, words[-1].end_s, words, "de")


def all_spoken(start_s, end_s):
    return end_s - start_s


def silence(start_s, end_s):
    return 0.0


def not_asked(start_s, end_s):
    raise AssertionError("listened for speech without need")


# --- Loops ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit",
    [
        "äh",
        "ja ja nein",
        "vielen Dank für",
        "und dann sind wir nach Hause gegangen",
        "a b c d e f g h i j k l",
    ],
)
def test_a_loop_of_any_length_is_found(unit):
    segment = said("Wir haben beschlossen: " + f"{unit} " * 14)
    (loop,) = loops([segment])
    assert (loop.first, loop.last) == (0, 0)
    kept = cut_short([segment], loop.repeats_at)
    assert [each.text for each in kept] == [f"Wir haben beschlossen: {unit}"]


def test_a_loop_over_several_segments_is_found():
    segments = [said("Guten Tag."), *[said("Das war es für heute.")] * 4, said("Bis bald.")]
    assert loops(segments) == (Loop(1, 4, 5),)


def test_a_loop_that_begins_inside_a_segment_keeps_what_came_before():
    segments = [said("Zuerst der Bericht. So weiter und"), *[said("so weiter und")] * 4]
    (loop,) = loops(segments)
    kept = cut_short(segments[loop.first : loop.last + 1], loop.repeats_at)
    assert " ".join(each.text for each in kept) == "Zuerst der Bericht. So weiter und"
    assert kept[-1].end_s == kept[-1].words[-1].end_s


def test_two_loops_are_both_found():
    segments = [said("ja " * 15), said("Und nun zum nächsten Punkt."), said("nein " * 15)]
    assert [(each.first, each.last) for each in loops(segments)] == [(0, 0), (2, 2)]


def test_upper_case_and_marks_do_not_hide_a_loop():
    assert loops([said("So weiter, so weiter. " * 6)])


@pytest.mark.parametrize(
    "text",
    [
        "Nein, nein, nein, nein, nein, das machen wir nicht.",
        "Bravo! Bravo! Bravo! Bravo!",
        "Rosen, Tulpen, Nelken, alle Blumen welken, nur die eine nicht, und die heißt Vergissmeinnicht.",
        "Wer reitet so spät durch Nacht und Wind? Es ist der Vater mit seinem Kind.",
        "Zum Geburtstag viel Glück, zum Geburtstag viel Glück, zum Geburtstag, liebe Anna, zum Geburtstag viel Glück.",
        "eins zwei drei vier eins zwei drei vier los",
    ],
)
def test_what_people_repeat_is_not_a_loop(text):
    assert not loops([said(text)])


def test_nothing_said_is_no_loop():
    assert loops([]) == ()


# --- Inventions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Untertitel der Amara.org-Community",
        "Untertitelung des ZDF, 2020",
        "Untertitel im Auftrag des ZDF für funk, 2017",
        "Untertitelung. BR 2018",
        "Copyright WDR 2021",
        "Vielen Dank fürs Zuschauen!",
        "Vielen Dank.",
        "Danke fürs Zuschauen.",
        "Bis zum nächsten Mal.",
        "Thank you for watching.",
        "Thanks for watching!",
        "Thank you.",
        "Sous-titrage Société Radio-Canada",
    ],
)
def test_the_words_of_films_are_doubted_where_nobody_speaks(text):
    assert doubt(said(text), silence) == "phrase"
    assert doubt(said(text, sure=0.3), all_spoken) == "phrase"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("Vielen Dank.", 0.6), ("Thank you for watching.", 1.1), ("Tschüss!", 0.4), ("Danke.", 0.35)],
)
def test_the_same_words_are_believed_when_somebody_says_them(text, seconds):
    assert doubt(said(text, 0.0, seconds), all_spoken) is None


def test_a_long_phrase_is_not_believed_for_a_click_that_sounds_like_speech():
    assert doubt(said("Vielen Dank fürs Zuschauen."), lambda *_: 0.4) == "phrase"


@pytest.mark.parametrize(
    "text",
    [
        "Vielen Dank für die Blumen auf dem Tisch.",
        "Untertitel brauchen wir für den Film noch.",
        "Thank you for watching the children yesterday.",
    ],
)
def test_sentences_that_only_begin_like_them_are_ordinary_text(text):
    assert doubt(said(text), not_asked) is None


def test_improbable_words_need_speech_as_a_witness():
    assert doubt(said("Der Hund lief weg.", sure=0.4), silence) == "silence"
    assert doubt(said("Der Hund lief weg.", sure=0.4), all_spoken) is None
    assert doubt(said("Der Hund lief weg.", sure=0.6), not_asked) is None


def test_a_guess_at_laughter_is_doubted_whoever_speaks():
    assert doubt(said("Hahaha.", sure=0.01), all_spoken) == "guess"


def test_nobody_speaks_thirty_letters_a_second():
    fast = "Der Vorstand hat in seiner Sitzung den Haushalt beschlossen."
    assert doubt(said(fast, 0.0, 1.5), not_asked) == "speed"
    assert doubt(said(fast, 0.0, 3.5), not_asked) is None


def test_a_short_word_in_no_time_is_only_a_rough_time():
    assert doubt(said("Ja.", 1.0, 1.02), not_asked) is None


def test_nobody_speaks_a_word_for_twenty_seconds():
    assert doubt(said("Also gut dann", 0.0, 70.0), not_asked) == "speed"
