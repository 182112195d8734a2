"""Cutting texts into breaths, with pauses and languages; the association's dictionary; without a voice."""

import random

import pytest

from models.errors import ModelError
from models.voice.base import BOUNDS, Manner, chosen
from models.voice.breath import LONGEST, LONGEST_WORD, breaths
from stations.speaking.normalising import said
from stations.speaking.pronunciation import Pronunciation, read_pronunciation
from stations.speaking.splitting import FIRST, LINE, PARAGRAPH, parts

LONG = "Das Museum zeigt im großen Saal Bilder aus drei Jahrhunderten, die lange im Keller lagen, und "
GERMAN = "Der Eintritt in unser Museum ist für alle Kinder und Jugendlichen frei."
ENGLISH = "Admission to our museum is free for all children and young people."


def cut(text, languages=("de",), pause_s=1.0):
    return list(parts(text, said, languages, pause_s))


@pytest.mark.parametrize("seed", range(20))
def test_breaths_are_short_and_lose_no_sign(seed):
    dice = random.Random(seed)
    text = "".join(
        dice.choice(["a", "ä", " ", ", ", ". ", " und ", "wort" * 40, "\n", "–", "1", "?"])
        for _ in range(900)
    )
    found = list(breaths(text))
    assert all(0 < len(piece) <= LONGEST for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(len(word) <= 2 * LONGEST_WORD for piece in found for word in piece.split())


def test_a_breath_ends_where_a_sentence_does_or_else_a_clause():
    assert next(breaths("Kurz. " * 30 + "Dann " * 50, 100)).endswith("Kurz.")
    assert next(breaths(LONG * 3, 120)).endswith("lagen,")
    assert next(breaths("und eins " * 40, 100)).endswith("eins")


def test_a_word_without_end_is_cut():
    assert max(map(len, breaths("a" * 40_000))) <= LONGEST


def test_each_sentence_is_a_part_and_long_ones_are_several():
    found = cut(f"Erster Satz. {LONG * 4}Schluss.")
    assert [part.written for part in found if part.written] == [
        "Erster Satz.",
        (LONG * 4 + "Schluss.").strip(),
    ]
    assert all(len(part.said) <= LONGEST + 1 for part in found)
    assert found[-1].share == pytest.approx(1.0)
    assert [part.share for part in found] == sorted(part.share for part in found)


def test_the_first_breath_is_shorter_so_that_it_is_soon_heard():
    assert len(cut(LONG * 4)[0].said) <= FIRST < len(cut(LONG * 4)[1].said)


def test_every_breath_tells_the_voice_how_it_ends():
    assert all(part.said[-1] in ".,;:!?" for part in cut(f"Titel\n\n{LONG * 4}"))


def test_pauses_grow_from_breath_to_paragraph():
    found = cut(f"Titel\n{LONG * 3}Ende. Noch ein Satz.\n\nNeuer Absatz.")
    pauses = {part.written.split(" ")[0]: part.pause_s for part in found if part.written}
    assert pauses["Titel"] == pytest.approx(LINE)
    assert pauses["Das"] < 1.0
    assert pauses["Noch"] == pytest.approx(PARAGRAPH)


@pytest.mark.parametrize(
    ("mark", "seconds"),
    [
        ("[Pause 2 s]", 2.0), ("[pause: 1,5 s]", 1.5), ("[Pause 500 ms]", 0.5), ("[Pause]", 1.0),
        ("[Pause 9999 s]", 10.0), ('<break time="2s"/>', 2.0), ("<break time='250ms' />", 0.25),
        ("[Pause 3 Sekunden]", 3.0),
    ],
)  # fmt: skip
def test_break_marks_are_silence_of_that_length(mark, seconds):
    found = cut(f"Vorher. {mark} Nachher.")
    assert [part.said for part in found] == ["Vorher.", "Nachher."]
    assert found[0].pause_s == pytest.approx(seconds)


def test_a_break_mark_at_the_beginning_is_a_part_of_its_own():
    assert next((part.said, part.pause_s) for part in cut("[Pause 2 s] Los.")) == ("", 2.0)


def test_each_paragraph_has_its_language():
    found = cut(f"{GERMAN}\n\n{ENGLISH}\n\n{GERMAN}", ("de", "en"))
    assert [part.language for part in found] == ["de", "en", "de"]


def test_a_heading_is_in_the_language_of_what_follows():
    found = cut(f"{GERMAN}\n\nAdmission\n\n{ENGLISH}", ("de", "en-GB"))
    assert [part.language for part in found] == ["de", "en-GB", "en-GB"]


def test_a_language_without_a_voice_is_read_by_the_last_one():
    french = "Le musée est ouvert tous les jours sauf le lundi, de dix heures à dix-huit heures."
    assert [part.language for part in cut(f"{GERMAN}\n\n{french}", ("de", "en"))] == ["de", "de"]


def test_lines_broken_by_a_margin_are_one_sentence():
    text = "Dies ist eine Zeile, die am Rand des Fensters umbro-\nchen wurde und erst hier endet."
    assert next(part.said for part in cut(text)).count("umbrochen") == 1
    assert len(cut("Ein Titel\nund eine Zeile darunter")) == 2


def test_nothing_to_say_gives_no_parts():
    assert [part.said for part in cut("---\n\n😀 ...\n\n") if part.said] == []


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Goethe und Goethes Haus", "Göte und Goethes Haus"),
        ("GOETHE, Goethe!", "Göte, Göte!"),
        ("in Wiek, nicht Wiekstraße, HausWiek", "in Wieck, nicht Wiekstraße, HausWiek"),
        ("Café der Cafés", "Kaffee der Cafés"),
        ("Museum of Modern Art", "Em o em a"),
    ],
)
def test_the_dictionary_knows_whole_words_as_they_are_written(text, heard):
    book = read_pronunciation(
        "# Namen\nGoethe = Göte\n\nWiek=Wieck\ncafé = Kaffee\nMuseum = Muhseum\nMuseum of Modern Art = Em o em a"
    )
    assert book.applied(text) == heard


def test_what_the_dictionary_says_is_not_looked_up_again():
    assert Pronunciation({"a": "b", "b": "a"}).applied("a b") == "b a"


@pytest.mark.parametrize("line", ["Goethe", "= Göte", "Goethe =", "x" * 100 + " = x"])
def test_a_line_that_is_no_entry_is_named(line):
    with pytest.raises(ModelError) as caught:
        read_pronunciation(f"Wiek = Wieck\n{line}")
    assert (caught.value.key, caught.value.facts) == ("voice.dictionary_line", {"line": 2})


def test_a_dictionary_without_end_is_refused():
    with pytest.raises(ModelError, match=r"voice\.dictionary_full"):
        read_pronunciation("\n".join(f"w{n} = x" for n in range(3000)))


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("value", [-1.0, 100.0, float("nan")])
def test_a_manner_out_of_bounds_is_refused(name, value):
    with pytest.raises(ModelError, match=r"voice\.manner"):
        Manner(**{name: value})


def test_a_language_is_chosen_with_or_without_its_country():
    names = ("de-DE", "en-GB", "en-US")
    assert [chosen(wish, names, "voice.language") for wish in ("", "en", "en-US")] == [
        "de-DE",
        "en-GB",
        "en-US",
    ]
    with pytest.raises(ModelError, match=r"voice\.language"):
        chosen("fr", names, "voice.language")
