"""Marked passages: the right words, the letters unchanged, and HTML that nothing in a document can break."""

import html
import random
import re
from itertools import pairwise

import pytest

from stations.retrieval.marking import Piece, html_of, marked, place_of, supporting

pytest.importorskip("Stemmer")


def words(text, question, language="de"):
    return [piece.text for piece in marked(text, question, language) if piece.word]


@pytest.mark.parametrize(
    ("text", "question", "found"),
    [
        ("Die Höhe des Beitrages", "Beitrag", ["Beitrages"]),
        ("Alle Mitgliedsbeiträge sind fällig", "Wie hoch ist der Beitrag?", ["Mitgliedsbeiträge"]),
        ("Der Beitrag der Mitglieder", "Mitgliedsbeitrag", ["Beitrag", "Mitglieder"]),
        ("Muenchen und MÜNCHEN", "münchen", ["Muenchen", "MÜNCHEN"]),
        ("Straße, Strasse", "straße", ["Straße", "Strasse"]),
        ("Der Hund und die Katze", "Was ist der Hund?", ["Hund"]),
        ("E-Mail-Adresse", "Adresse", ["Adresse"]),
        ("Kassenqwertz", "Kasse", ["Kassenqwertz"]),  # in no dictionary
        ("Im Jahr 1874", "1874", ["1874"]),
        ("Nichts davon", "Zug", []),
        ("Nichts davon", "", []),
        ("", "Zug", []),
    ],
)
def test_stems_decide_which_words_are_marked(text, question, found):
    assert words(text, question) == found


def test_english_has_its_own_stems():
    assert words("The members paid their fees", "member fee", "en") == ["members", "fees"]


def test_stop_words_mark_nothing_unless_there_is_nothing_else():
    assert words("Wer ist der Vorstand?", "wer ist der Kassenwart") == []
    assert words("Wer ist das?", "wer ist") == ["Wer", "ist"]


def test_a_question_of_signs_marks_nothing():
    assert words("Ein Text.", "?!…") == []


def test_the_supporting_sentence_is_one_stretch_with_words_in_it():
    text = "Vorher. Der Beitrag ist 10 €. Danach."
    pieces = marked(text, "Beitrag", "de", "Der  Beitrag ist\n10 €.")
    assert "".join(piece.text for piece in pieces if piece.support) == "Der Beitrag ist 10"
    assert [piece.text for piece in pieces if piece.word] == ["Beitrag"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Schifffahrt ist schön", "Schiﬀ-\nfahrt ist schön."),
        ("SCHIFFFAHRT", "Schiﬀ-\nfahrt"),
        ("fehlt hier", ""),
        ("", ""),
        ("…!", ""),
    ],
)
def test_a_sentence_is_found_whatever_its_spaces_and_hyphens(sentence, found):
    text = "Die Schiﬀ-\nfahrt ist schön."
    assert text[slice(*place_of(sentence, text))] == found


def test_the_sentence_that_says_the_same_is_told():
    text = "Der Verein hat 200 Mitglieder. Der Beitrag beträgt im Jahr 48 Euro. Das Haus wurde 1874 gebaut."
    assert supporting(text, "Mitglieder zahlen einen Jahresbeitrag von 48 Euro.", "de") == (
        "Der Beitrag beträgt im Jahr 48 Euro."
    )
    assert supporting(text, "Elefanten schlafen im Stehen.", "de") == ""
    assert supporting("", "Etwas", "de") == supporting(text, "", "de") == ""


EVIL = "<script>alert('x')</script> & \"a\" <mark>Beitrag</mark> </mark>\n{{}} \u202e\x00"


def test_html_holds_nothing_of_the_text_but_its_letters():
    shown = html_of(marked(EVIL, "script Beitrag mark", "de", "alert('x')"))
    tags = set(re.findall(r"<[^>]*>", shown))
    assert tags <= {"<mark>", "</mark>", '<mark class="support">', "<br>"}
    bare = re.sub(r"<[^>]*>", "", shown.replace("<br>", "\n"))
    assert html.unescape(bare) == EVIL
    assert shown.count("<mark") == shown.count("</mark>")


def test_pieces_join_to_the_text_and_neighbours_differ():
    dice = random.Random(3)
    letters = "Beitrag beiträge <>& \n„“-ﬁ😀 Haus 12"
    for _ in range(200):
        text = "".join(dice.choice(letters) for _ in range(dice.randrange(60)))
        support = text[dice.randrange(30) :][: dice.randrange(20)]
        pieces = marked(text, "Beitrag Haus 12", "de", support)
        assert "".join(piece.text for piece in pieces) == text
        assert all(piece.text for piece in pieces)
        kinds = [(piece.word, piece.support) for piece in pieces]
        assert all(one != other for one, other in pairwise(kinds))


def test_marks_are_nested_never_crossed():
    pieces = [
        Piece("a"),
        Piece("b", word=True),
        Piece("c", word=True, support=True),
        Piece("d", support=True),
    ]
    assert html_of(pieces) == 'a<mark>b</mark><mark class="support"><mark>c</mark>d</mark>'
