"""Names in documents: persons, places and organisations as rules tell them, each with the passages it stands in."""

import random
import time

import pytest

from models.passages import Passage
from stations.retrieval.who_where import names, who_where

pytest.importorskip("faker")
pytest.importorskip("simplemma")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Frau Weiß eröffnet die Sitzung.", [("person", "Weiß")]),
        ("Herr Dr. Karl Müller kam.", [("person", "Karl Müller")]),
        ("Dr. h. c. Anna von Lauenstein sprach.", [("person", "Anna von Lauenstein")]),
        ("Bürgermeisterin Petra Schulze kam.", [("person", "Petra Schulze")]),
        ("Anna Weiß und Peter Krause singen.", [("person", "Anna Weiß"), ("person", "Peter Krause")]),
        ("Wir fuhren nach Leipzig und Bad Muskau.", [("place", "Leipzig")]),
        ("Er lebte in Frankfurt am Main.", [("place", "Frankfurt am Main")]),
        ("Er lebte in Kiel.", [("place", "Kiel")]),
        ("Wir treffen uns in der Bahnhofstraße 12.", [("place", "Bahnhofstraße 12")]),
        ("Der Heimatverein Löbau lädt ein.", [("organisation", "Heimatverein Löbau")]),
        ("Das Stadtmuseum Görlitz zeigt Bilder.", [("organisation", "Stadtmuseum Görlitz")]),
        ("Der Kunstfreunde Nord e. V. tagt.", [("organisation", "Kunstfreunde Nord e. V.")]),
        ("Die Müller & Söhne GmbH liefert.", [("organisation", "Müller & Söhne GmbH")]),
        ("Der Verein „Freunde der Burg“ e. V. hilft.", [("organisation", "Verein „Freunde der Burg“ e. V.")]),
        ("An der Universität Leipzig lehrte er.", [("organisation", "Universität Leipzig")]),
        ("Mr Smith lives in London.", [("person", "Smith"), ("place", "London")]),
    ],
)
def test_names_are_found_with_their_kinds(text, found):
    assert sorted(names(text)) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "Der Vorstand wählt die Kassenprüferin.", "Der Verein fördert die Kunst.", "Der Kiel des Bootes ist rot.",
        "Das Museum der Stadt ist offen.", "Die Stiftung für Kinder hilft.", "Frau Bürgermeisterin, guten Tag!",
        "Mark und Pfennig", "Im August beginnt das Fest.", "Der Förderverein sammelt Spenden.",
        "Schreiben Sie an anna@leipzig.de", "Regen und Sonne", "Die Mitgliederversammlung am Montag",
        "Rosa Kleid", "Jan kam gestern.", "",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_names(text):
    assert list(names(text)) == []


def passage(text, number=0, document="a.pdf"):
    return Passage(document, number, 1, "", (), text, 0, len(text))


def test_each_name_has_the_passages_it_stands_in_and_the_frequent_come_first():
    first = passage("Anna Weiß und Karl Müller waren in Leipzig.")
    second = passage("Karl Müller, Karl Müller.", 1)
    third = passage("Nichts.", 2)
    found = who_where([first, second, third])
    assert [(each.kind, each.name, each.passages) for each in found] == [
        ("person", "Karl Müller", (first, second)),
        ("person", "Anna Weiß", (first,)),
        ("place", "Leipzig", (first,)),
    ]


def test_a_genitive_is_the_same_name():
    first, second = passage("Das Rathaus Leipzigs."), passage("Wir sind in Leipzig.", 1)
    (found,) = who_where([first, second])
    assert (found.name, found.passages) == ("Leipzig", (first, second))


def test_a_name_does_not_go_on_in_the_next_line():
    assert list(names("Karl Müller\nAnschrift Xyz")) == [("person", "Karl Müller")]


@pytest.mark.parametrize(
    "text", ["Anna " * 5000, "A" * 50_000, "Verein " * 5000, "Dr. " * 9000, "Aa-" * 9000, "von " * 9000]
)
def test_patterns_do_not_choke(text):
    begin = time.monotonic()
    list(names(text))
    assert time.monotonic() - begin < 5


def test_whatever_a_text_is_a_name_is_one_line_of_it():
    dice = random.Random(6)
    pieces = [
        "Anna",
        "Weiß",
        " ",
        "Verein",
        "„",
        "“",
        "e. V.",
        "\n",
        "von",
        "Leipzig",
        "GmbH",
        "12",
        "straße",
        "Dr.",
        "<b>",
    ]
    for _ in range(300):
        text = "".join(dice.choice(pieces) for _ in range(14))
        for _, name in names(text):
            assert name
            assert "\n" not in name
