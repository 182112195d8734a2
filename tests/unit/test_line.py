"""The line before the engine: its order, and the guess how long it takes."""

import random
from itertools import pairwise

import pytest

from models.line import FairLine, expected_wait_s


def line_of(*people):
    """A line of requests ``(person, number of the request)`` in the order of arrival."""
    line, asked = FairLine(), {}
    for person in people:
        asked[person] = asked.get(person, 0) + 1
        line.join((person, asked[person]), person)
    return line


def test_who_comes_first_is_served_first():
    assert line_of("c", "a", "b").order() == [("c", 1), ("a", 1), ("b", 1)]


def test_nobodys_second_request_comes_before_everybodys_first():
    assert line_of("a", "a", "a", "b", "c", "b").order() == [
        ("a", 1),
        ("b", 1),
        ("c", 1),
        ("a", 2),
        ("b", 2),
        ("a", 3),
    ]


def test_an_answer_being_written_counts_as_the_first():
    assert line_of("a", "b", "a").order(served=["a"]) == [("b", 1), ("a", 1), ("a", 2)]
    assert line_of("a", "b").order(served=["a", "a", "b"]) == [("b", 1), ("a", 1)]


def test_who_is_served_is_taken_from_anything_that_can_be_gone_through_once():
    assert line_of("a", "b").order(served=iter(["a"])) == [("b", 1), ("a", 1)]


def test_whoever_leaves_frees_the_place_and_leaves_only_once():
    line = line_of("a", "b", "c")
    assert line.leave(("b", 1))
    assert not line.leave(("b", 1))
    assert not line.leave(("z", 1))
    assert (line.order(), len(line)) == ([("a", 1), ("c", 1)], 2)


def test_when_the_first_request_goes_the_second_moves_up():
    line = line_of("a", "a", "b")
    line.leave(("a", 1))
    assert line.order() == [("a", 2), ("b", 1)]


@pytest.mark.parametrize("seed", range(50))
def test_whoever_waits_the_order_is_fair_and_complete(seed):
    dice = random.Random(seed)
    people = [dice.choice("abcd") for _ in range(dice.randint(0, 20))]
    served = [dice.choice("abcde") for _ in range(dice.randint(0, 5))]
    line = line_of(*people)
    order = line.order(served)
    assert sorted(order) == sorted(
        (person, number + 1) for person in "abcd" for number in range(people.count(person))
    )
    rounds = [served.count(person) + number for person, number in order]
    assert rounds == sorted(rounds)
    for one, other in pairwise(order):
        if rounds[order.index(one)] == rounds[order.index(other)]:
            assert arrival(people, one) < arrival(people, other)


def arrival(people, item):
    person, number = item
    return [place for place, each in enumerate(people) if each == person][number - 1]


@pytest.mark.parametrize("seed", range(20))
def test_serving_the_first_does_not_change_the_order_of_the_rest(seed):
    """The engine asks once and lets in several: nobody may be overtaken by that."""
    dice = random.Random(seed)
    line, served = line_of(*[dice.choice("abc") for _ in range(12)]), []
    order = line.order(served)
    while order:
        first, *rest = order
        line.leave(first)
        served.append(first[0])
        order = line.order(served)
        assert order == rest


# --- How long it takes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remaining", "places", "ahead", "expected"),
    [
        ([], 1, 0, 0.0),
        ([5.0], 2, 0, 0.0),
        ([5.0], 1, 0, 5.0),
        ([9.0, 4.0], 2, 0, 4.0),
        ([5.0], 1, 1, 15.0),
        ([5.0], 1, 3, 35.0),
        ([9.0, 4.0], 2, 1, 9.0),
        ([9.0, 4.0], 2, 2, 14.0),
        ([], 2, 1, 0.0),
        ([], 2, 2, 10.0),
        ([], 2, 5, 20.0),
        ([1.0, 2.0, 3.0], 3, 3, 11.0),
    ],
)
def test_the_wait_is_until_a_place_is_free_and_those_before_have_begun(remaining, places, ahead, expected):
    assert expected_wait_s(remaining, typical_s=10.0, places=places, ahead=ahead) == expected


@pytest.mark.parametrize("seed", range(50))
def test_more_people_ahead_never_make_the_wait_shorter(seed):
    dice = random.Random(seed)
    places = dice.randint(1, 8)
    remaining = [dice.uniform(0, 60) for _ in range(dice.randint(0, places))]
    waits = [expected_wait_s(remaining, 7.0, places, ahead) for ahead in range(20)]
    assert waits == sorted(waits)
    assert (waits[0] == 0) == (len(remaining) < places)


@pytest.mark.parametrize("seed", range(20))
def test_one_more_place_never_makes_the_wait_longer(seed):
    dice = random.Random(seed)
    remaining = [dice.uniform(0, 60) for _ in range(3)]
    waits = [expected_wait_s(remaining, 7.0, places, ahead=6) for places in range(3, 9)]
    assert waits == sorted(waits, reverse=True)
