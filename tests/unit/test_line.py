"""The line before the engine: its order, and the guess how long it takes."""

import random
from collections import Counter

import pytest

from models.line import FairLine, expected_wait_s


def line_of(*people, served=()):
    """A line of requests ``(person, number of the request)`` in the order of arrival."""
    line, asked = FairLine(), Counter()
    for person in people:
        asked[person] += 1
        line.join((person, asked[person]), person, served)
    return line


def test_who_comes_first_is_served_first():
    assert line_of("c", "a", "b").order() == [("c", 1), ("a", 1), ("b", 1)]


def test_nobodys_second_request_comes_before_everybodys_first():
    order = line_of("a", "a", "a", "b", "c", "b").order()
    assert order == [("a", 1), ("b", 1), ("c", 1), ("a", 2), ("b", 2), ("a", 3)]


def test_an_answer_being_written_counts_as_the_first():
    assert line_of("a", "b", "a", served=["a"]).order() == [("b", 1), ("a", 1), ("a", 2)]
    assert line_of("a", "b", served=["a", "a", "b"]).order() == [("b", 1), ("a", 1)]


def test_a_second_request_does_not_become_a_first_when_the_first_is_answered():
    """Otherwise whoever asks twice overtakes a person who was already told to be next."""
    line = line_of("a", "b", served=["a"])
    assert line.order() == [("b", 1), ("a", 1)]
    line.join(("c", 1), "c", served=[])
    assert line.order() == [("b", 1), ("c", 1), ("a", 1)]


def test_who_asks_once_at_a_time_does_not_overtake_a_second_request_for_ever():
    line = line_of("a", "a", "b", "c")
    begun = []
    for number in range(2, 6):
        begun.append(line.order()[0])
        line.begin(begun[-1])
        person = begun[-1][0]
        if person != "a":
            line.join((person, number), person)
    assert begun == [("a", 1), ("b", 1), ("c", 1), ("a", 2)]


def test_whoever_comes_late_is_first_at_once_but_not_until_all_have_had_as_much():
    line = line_of(*"ab" * 10)
    for _ in range(12):
        line.begin(line.order()[0])
    places = []
    for number in range(3):
        line.join(("late", number), "late")
        places.append(line.order().index(("late", number)))
        line.begin(("late", number))
    assert places == [0, 0, 2]  # the round being answered, then the next: behind those that waited for it


def test_when_the_line_has_been_empty_everybody_is_new():
    line = line_of("a", "a", "a")
    for item in line.order():
        line.begin(item)
    line.join(("a", 4), "a", served=["c"])
    line.join(("b", 1), "b", served=["c"])
    assert line.order() == [("a", 4), ("b", 1)]


def test_whoever_leaves_frees_the_place_and_leaves_only_once():
    line = line_of("a", "b", "c")
    assert line.leave(("b", 1))
    assert not line.leave(("b", 1))
    assert not line.leave(("z", 1))
    assert (line.order(), len(line)) == ([("a", 1), ("c", 1)], 2)


def test_who_gives_up_waiting_and_asks_again_is_no_worse_off_than_a_newcomer():
    line = line_of("a", "b", "c")
    line.leave(("b", 1))
    line.join(("b", 2), "b")
    line.join(("d", 1), "d")
    assert line.order() == [("a", 1), ("c", 1), ("b", 2), ("d", 1)]


def test_who_gives_up_an_early_request_keeps_the_place_of_the_later_one():
    line = line_of("a", "a", "b")
    line.leave(("a", 1))
    line.join(("a", 3), "a")
    assert line.order() == [("b", 1), ("a", 2), ("a", 3)]


@pytest.mark.parametrize("seed", range(100))
def test_whatever_happens_nobodys_second_comes_before_anothers_first(seed):
    """Random people come, are served and give up; what is known of each is compared with the order at every step."""
    dice, line, numbers = random.Random(seed), FairLine(), Counter()
    before: dict = {}  # how many requests of the same person came before and were not given up, in this busy time
    new, came = set(), set()  # each person's very first
    had, answered = Counter(), []
    for _ in range(80):
        action = dice.choice(("join", "join", "begin", "leave"))
        order = line.order()
        if action == "join":
            person = dice.choice("abcde")
            numbers[person] += 1
            item = (person, numbers[person])
            if not order:
                had, came = Counter(answered), set(answered)
            line.join(item, person, served=answered)
            before[item], had[person] = had[person], had[person] + 1
            if person not in came:
                new.add(item)
            came.add(person)
            assert sorted(line.order()) == sorted([*order, item])
            assert [each for each in line.order() if each != item] == order  # all others keep their order
        elif order and action == "begin":
            line.begin(order[0])
            answered = [*answered[-2:], order[0][0]]
            assert line.order() == order[1:]
        elif order:
            item = dice.choice(order)
            line.leave(item)
            had[item[0]] -= 1
            assert line.order() == [each for each in order if each != item]
        places = {each: place for place, each in enumerate(line.order())}
        firsts = [places[each] for each in places if each in new]
        seconds = [places[each] for each in places if before[each]]
        assert max(firsts, default=-1) < min(seconds, default=len(places))
        for person in "abcde":
            own = [each for each in line.order() if each[0] == person]
            assert own == sorted(own)


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
