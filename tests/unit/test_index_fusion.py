import numpy as np
import pytest

from models.index.base import Only
from models.index.fusion import FULL, Shared, full_weight, fused, idf, nearness
from models.index.ranking import MOST_SHARING, checked, ranked, storable, telling
from models.index.words import Term
from models.passages import Document

ROWS = np.arange(1, 301)
COSINES = np.linspace(0.7, 0.9, 300).astype(np.float32)


def test_the_best_counts_one_and_the_hundredth_nothing():
    best, lowest = nearness(COSINES)
    scores = fused({1: best, 2: lowest, 3: (best + lowest) / 2}, Shared({}, 0.0), (best, lowest), weight=0.6)
    assert scores == pytest.approx({1: 0.6, 2: 0.0, 3: 0.3})
    assert lowest == pytest.approx(float(np.sort(COSINES)[-100]))


def test_of_few_passages_the_last_counts_nothing():
    assert nearness(np.array([0.5, 0.9, 0.7], np.float32)) == pytest.approx((0.9, 0.5))


def test_words_count_by_the_heaviest():
    scores = fused({1: 0.0, 2: 0.0}, Shared({1: 8.0, 2: 4.0}, 2.0), (1.0, 0.0), weight=0.6)
    assert scores == pytest.approx({1: 0.4, 2: 0.2})


def test_where_few_of_the_words_are_known_they_count_less():
    scores = fused({1: 0.0}, Shared({1: 8.0}, 16.0), (1.0, 0.0), weight=0.6)
    assert scores[1] == pytest.approx(0.2)


def test_equal_cosines_do_not_divide_by_nothing():
    scores = fused({1: 0.8, 2: 0.8}, Shared({2: 1.0}, 0.0), (0.8, 0.8), weight=0.6)
    assert scores[2] > scores[1] == 0.0


def test_rarer_words_tell_more_and_common_ones_never_less_than_nothing():
    assert idf(100, 1) > idf(100, 10) > idf(100, 49) > idf(100, 90) > 0
    assert full_weight(100, [1, 10]) == pytest.approx(FULL * (idf(100, 1) + idf(100, 10)))


def test_the_order_does_not_depend_on_the_height_of_the_cosines():
    shared = Shared({5: 3.0, 290: 1.0, 150: 2.0}, 4.0)
    one = ranked((ROWS, COSINES), shared, 0.6, 20)
    other = ranked((ROWS, COSINES * 0.5 - 0.2), shared, 0.6, 20)
    assert [found.row for found in one] == [found.row for found in other]


def test_a_passage_found_by_words_alone_takes_part():
    found = ranked((ROWS, COSINES), Shared({150: 9.0}, 1.0), 0.6, 200)
    assert found[0].row == 300
    assert {each.row: each for each in found}[150].keyword == 9.0
    assert ranked((ROWS, COSINES), Shared({150: 9.0}, 1.0), 0.2, 5)[0].row == 150


def test_of_equals_the_first_comes_first():
    found = ranked((ROWS, np.full(300, 0.5, np.float32)), None, 0.6, 3)
    assert [each.score for each in found] == [0.5] * 3
    assert [each.row for each in found] == sorted(each.row for each in found)


def test_vectors_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="length 1"):
        checked([None], np.ones((1, 4)), 4)
    with pytest.raises(ValueError, match="2 passages with 1"):
        checked([None, None], np.eye(4)[:1], 4)
    assert checked([], np.empty((0, 4)), 4).shape == (0, 4)


def test_a_text_that_no_database_takes_keeps_its_length():
    text = "a\x00b\udc80c😀"
    assert len(storable(text)) == len(text)
    assert storable(text).encode()
    assert storable("Häuser 😀") == "Häuser 😀"


@pytest.mark.parametrize(
    ("only", "taken"),
    [
        (Only(), True),
        (Only(documents=("a",)), True),
        (Only(documents=("b",)), False),
        (Only(language="de"), True),
        (Only(language="en"), False),
        (Only(since="2026-03-01", until="2026-03-31"), True),
        (Only(until="2026-03"), True),
        (Only(until="2026"), True),
        (Only(until="2026-03-14"), False),
        (Only(since="2026-03-16"), False),
    ],
)
def test_limits(only, taken):
    assert only.takes(Document("a", "a.txt", "", "de", "2026-03-15T12:00", 1)) is taken


def test_rare_words_are_weighed_first_and_common_ones_only_while_there_is_time():
    terms = [Term("verein", True), Term("grunau", True), Term("haus", True), Term("quark", True)]
    assert telling(terms, [10, 1, 5, 0]) == terms[:3]
    assert telling(terms, [MOST_SHARING, 1, 5, 0]) == terms[1:3]
    assert telling(terms, [9 * MOST_SHARING, 0, 0, 0]) == terms[:1]
    assert telling(terms, [0, 0, 0, 0]) == []
