"""The difference of two texts: it joins to both of them, and it is told in pieces that people can read."""

import random

import pytest

from stations.text.difference import Change, difference

WORDS = [
    "Das",
    "Museum",
    "öffnet",
    "am",
    "Sonntag",
    "die",
    "der",
    ",",
    ".",
    "und",
    "z. B.",
    "Heimat·museum",
    "_x_",
    "😀",
]
SPACES = [" ", " ", " ", " ", "\n", "\n\n", "  ", "\t", ""]


def random_text(rng, longest):
    lead = rng.choice(["", "", " ", "\n"])
    return lead + "".join(rng.choice(WORDS) + rng.choice(SPACES) for _ in range(rng.randrange(longest)))


def before_of(changes):
    return "".join(each.text for each in changes if each.kind != "added")


def after_of(changes):
    return "".join(each.text for each in changes if each.kind != "removed")


def test_a_changed_word_is_removed_and_added():
    assert difference("Das alte Museum der Stadt öffnet.", "Das neue Museum der Stadt öffnet.") == [
        Change("same", "Das "),
        Change("removed", "alte "),
        Change("added", "neue "),
        Change("same", "Museum der Stadt öffnet."),
    ]


def test_an_added_sentence_leaves_the_others_as_they_are():
    assert difference("Eins ist da. Drei ist da.", "Eins ist da. Zwei kommt. Drei ist da.") == [
        Change("same", "Eins ist da. "),
        Change("added", "Zwei kommt. "),
        Change("same", "Drei ist da."),
    ]


def test_equal_texts_have_one_piece_and_empty_ones_none():
    assert difference("Ein Text.\n", "Ein Text.\n") == [Change("same", "Ein Text.\n")]
    assert difference("", "") == []
    assert difference("", "Neu") == [Change("added", "Neu")]
    assert difference("Alt", "") == [Change("removed", "Alt")]


def test_tiny_equal_words_between_two_changes_are_no_islands():
    changes = difference("Wir laden Kinder am Sonntag ein", "Alle bitten Eltern am Montag her")
    assert [each.kind for each in changes] == ["removed", "added"]


def test_a_long_equal_word_between_two_changes_stays():
    changes = difference("alte Museumsnacht hier", "neue Museumsnacht dort")
    assert Change("same", "Museumsnacht ") in changes


def test_a_new_line_break_changes_no_word():
    changes = difference("Eins zwei drei vier fünf.", "Eins zwei drei\nvier fünf.")
    assert [each.text for each in changes if each.kind != "same"] == [" ", "\n"]


def test_the_pieces_join_to_both_texts():
    rng = random.Random(8)
    for _ in range(1500):
        before, after = random_text(rng, 40), random_text(rng, 40)
        changes = difference(before, after)
        assert before_of(changes) == before
        assert after_of(changes) == after


def test_neighbours_differ_in_kind_and_no_piece_is_empty():
    rng = random.Random(9)
    for _ in range(500):
        changes = difference(random_text(rng, 40), random_text(rng, 40))
        assert all(each.text for each in changes)
        kinds = "".join(each.kind[0] for each in changes)
        assert not any(pair in kinds for pair in ("ss", "rr", "aa", "ar"))


def test_long_texts_join_too_where_rare_words_lead():
    rng = random.Random(10)
    before = " ".join(f"wort{rng.randrange(3000)}" for _ in range(2000))
    after = " ".join(word for word in before.split() if rng.random() > 0.2)
    changes = difference(before, after)
    assert (before_of(changes), after_of(changes)) == (before, after)
    assert not [each for each in changes if each.kind == "added" and each.text.strip() not in before]


@pytest.mark.parametrize("vocabulary", [2, 50, 5000])
def test_five_thousand_words_join_too_however_few_differ(vocabulary):
    rng = random.Random(11)
    before, after = (" ".join(f"w{rng.randrange(vocabulary)}" for _ in range(5000)) for _ in range(2))
    changes = difference(before, after)
    assert (before_of(changes), after_of(changes)) == (before, after)
