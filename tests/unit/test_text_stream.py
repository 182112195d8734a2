"""From bytes to text: the same text however the bytes are cut, and nothing from a stop text on."""

import random
from itertools import pairwise

import pytest

from models.engines.text_stream import TextStream

GERMAN = "Grüße aus dem 🏛️-Café: „Größe“ ist süß – 👩‍👩‍👧 sagt: Übung macht 🦄. 漢字\n\nUser: nein"


def streamed(raw, cuts, stops=()):
    """Feed ``raw`` cut at these places; return what came out of each piece, and last of the end."""
    stream = TextStream(stops)
    edges = [0, *sorted(cuts), len(raw)]
    out = [stream.feed(raw[one:two]) for one, two in pairwise(edges)]
    return [*out, stream.feed(b"", last=True)]


def text_of(raw, cuts, stops=()):
    return "".join(streamed(raw, cuts, stops))


def random_cuts(dice, length):
    return [dice.randint(0, length) for _ in range(dice.randint(0, length))]


# --- Whole characters -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(100))
def test_bytes_cut_anywhere_give_the_same_text(seed):
    raw = GERMAN.encode()
    assert text_of(raw, random_cuts(random.Random(seed), len(raw))) == GERMAN


def test_one_byte_at_a_time_gives_the_same_text_and_never_half_a_character():
    raw = GERMAN.encode()
    pieces = streamed(raw, range(1, len(raw)))
    assert "".join(pieces) == GERMAN
    assert all("\ufffd" not in piece for piece in pieces)


def test_every_whole_character_comes_at_once_where_nothing_can_stop():
    assert streamed("äö".encode(), [1, 3]) == ["", "ä", "ö", ""]


@pytest.mark.parametrize("raw", [b"gut \xe2\x82", b"gut \xf0\x9f\xa6", b"gut \xc3"])
def test_a_character_that_never_ends_shows_as_one_mark_in_the_end(raw):
    assert text_of(raw, [len(raw) - 1]) == "gut \ufffd"


def test_bytes_that_are_no_text_show_as_marks_and_do_not_hold_up_the_rest():
    assert text_of(b"a\xff\xfeb\xc3(c", [2, 5]) == "a\ufffd\ufffdb\ufffd(c"


# --- Stop texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(100))
def test_a_stop_text_split_anywhere_ends_the_text_before_it(seed):
    raw = GERMAN.encode()
    cuts = random_cuts(random.Random(seed), len(raw))
    assert text_of(raw, cuts, ["\nUser:"]) == GERMAN[: GERMAN.index("\nUser:")]
    assert text_of(raw, cuts, ["👩‍👧"]) == GERMAN[: GERMAN.index("👩‍👧")]


STOPS = ("ab", "abc", "bca", "cab", "aab", "b\n", "äa", "ä", "cabb", "bcaa")


def cut_where_stopped(text, stops):
    """The definition, letter by letter: once the text ends with a stop text it is over, before the longest."""
    for end in range(1, len(text) + 1):
        if found := [stop for stop in stops if text[:end].endswith(stop)]:
            return text[: end - max(map(len, found))]
    return text


@pytest.mark.parametrize("seed", range(300))
def test_stop_texts_that_overlap_end_the_text_in_the_same_place_however_it_is_cut(seed):
    dice = random.Random(seed)
    text = "".join(dice.choice("aabbcä\n") for _ in range(dice.randint(1, 12)))
    stops = dice.sample(STOPS, dice.randint(1, 3))
    raw = text.encode()
    expected = cut_where_stopped(text, stops)
    for _ in range(5):
        assert text_of(raw, random_cuts(dice, len(raw)), stops) == expected
    assert text_of(raw, range(1, len(raw)), stops) == expected


def test_of_two_stop_texts_the_one_that_is_complete_first_ends_the_text():
    for cuts in ([], [1], [2], [3], [1, 2, 3]):
        assert text_of(b"abcd", cuts, ["abcd", "bc"]) == "a"


def test_what_may_become_a_stop_text_is_held_back_until_it_is_certain():
    assert streamed(b"Hi\nUser: x", [2, 5, 8], ["\nUser:"]) == ["Hi", "", "", "", ""]
    assert streamed(b"Hi\nUse it", [2, 5, 7], ["\nUser:"]) == ["Hi", "", "\nUse ", "it", ""]


def test_what_looked_like_a_stop_text_comes_out_in_the_end():
    assert streamed(b"ja\nUse", [2, 4], ["\nUser:"]) == ["ja", "", "", "\nUse"]


def test_only_the_longest_possible_stop_text_is_held_back():
    assert streamed(b"aaaa", [], ["aab"]) == ["aa", "aa"]


def test_nothing_comes_after_a_stop_text():
    stream = TextStream(["###"])
    assert stream.feed(b"eins ### zwei") == "eins "
    assert stream.stopped
    assert stream.feed(b" drei") == ""
    assert stream.feed(b"", last=True) == ""


def test_no_stop_text_is_known_before_it_is_complete():
    stream = TextStream(["###"])
    stream.feed(b"eins ##")
    assert not stream.stopped
    stream.feed(b"#")
    assert stream.stopped


def test_an_empty_stop_text_stops_nothing():
    assert text_of(b"eins", [2], ["", "zwei"]) == "eins"


def test_without_stop_texts_everything_comes_at_once():
    assert streamed(b"abc", [1, 2]) == ["a", "b", "c", ""]
