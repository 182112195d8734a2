"""Word lists: how they are read, and how their words are found in sentences."""

import pytest

from models.errors import ModelError
from stations.translation.glossary import (
    LONGEST_TERM,
    LONGEST_TEXT,
    MOST_TERMS,
    parsed,
    place_of,
    terms_in,
    turned_round,
)


@pytest.mark.parametrize(
    "text",
    [
        "Ehrenamt = volunteering\nVorstand=board",
        "Ehrenamt → volunteering\nVorstand → board",
        "Ehrenamt;volunteering\nVorstand;board;a third column is a note",
        "Deutsch,Englisch\nEhrenamt,volunteering\nVorstand,board",
        '"Ehrenamt","volunteering"\n"Vorstand","board"',
        "\ufeffEhrenamt\tvolunteering\r\n\r\n# a note\r\nVorstand\tboard",
        "Ehrenamt = charity\nEhrenamt = volunteering\n  Vorstand  =  board  ",
    ],
)
def test_lines_and_tables_give_the_same_glossary(text):
    assert parsed(text) == {"Ehrenamt": "volunteering", "Vorstand": "board"}


def test_a_term_alone_stays_as_it_is():
    assert parsed("Stadthalle Löbau") == {"Stadthalle Löbau": "Stadthalle Löbau"}


def test_an_empty_glossary_is_one():
    assert parsed("") == parsed("\n  \n# nothing\n") == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = b\n= c", 2), ("a =", 1), (f"{'x' * (LONGEST_TERM + 1)} = b", 1), ("a = b\n;;", 2)],
)
def test_a_line_that_is_none_is_named_by_its_number(text, line):
    with pytest.raises(ModelError) as caught:
        parsed(text)
    assert caught.value.key == "translate.glossary_line"
    assert caught.value.facts == {"line": line}


@pytest.mark.parametrize(
    "text", ["x" * (LONGEST_TEXT + 1), "\n".join(f"w{n} = t" for n in range(MOST_TERMS + 1))]
)
def test_a_glossary_has_a_longest_length(text):
    with pytest.raises(ModelError, match=r"translate\.glossary_long"):
        parsed(text)


def test_the_other_direction_has_the_first_of_two_terms():
    assert turned_round({"Vorstand": "board", "Tafel": "board", "Amt": "office"}) == {
        "board": "Vorstand",
        "office": "Amt",
    }


@pytest.mark.parametrize(
    ("term", "text", "language"),
    [
        ("Ehrenamt", "Dank des Ehrenamtes geht es.", "de"),
        ("Ehrenamtliche", "Wir suchen Ehrenamtlichen.", "de"),
        ("volunteer", "Two Volunteers came.", "en"),
        ("Band", "Die Bände sind versichert.", "de"),
        ("child", "The children sang.", "en"),
        ("friends' association", "The friends' association meets.", "en"),
        ("circle of friends", "two circles of friends", "en"),
        ("board members", "Each board member votes.", "en"),
        ("Amt für Kultur", "beim Amt für Kultur", "de"),
        ("städtisches Museum", "im städtischen Museum", "de"),
        ("C++", "in C++ geschrieben", "de"),
    ],
)
def test_a_term_is_found_whatever_its_ending(term, text, language):
    assert place_of(term, text, language)


@pytest.mark.parametrize(
    ("term", "text"),
    [("Amt", "Das Ehrenamt lebt."), ("Band", "Er bandelt an."), ("Rat", "Die Ratte schläft."), ("", "x")],
)
def test_a_part_of_another_word_is_no_term(term, text):
    assert place_of(term, text, "de") is None


def test_of_terms_within_each_other_the_longer_one_counts():
    glossary = {"Amt": "office", "Amt für Kultur": "department of culture"}
    assert terms_in("Beim Amt für Kultur fragen.", glossary, "de") == {
        "Amt für Kultur": "department of culture"
    }
    both = "Das Amt für Kultur ist ein Amt."
    assert terms_in(both, glossary, "de") == glossary


def test_a_language_without_a_word_list_is_searched_by_endings_only():
    assert place_of("ghar", "ghar hai", "xx")
    assert place_of("Band", "Bände", "xx") is None
