"""First come, first served: places, numbers, and a place that is always given back."""

import threading

import pytest

from models.waiting_line import WaitingLine

LONG_S = 10.0
"""Never waited for when all is well."""


def test_who_comes_alone_is_served_at_once():
    with WaitingLine().join() as place:
        assert place.ahead == 0
        assert place.wait(0)


def test_each_is_told_how_many_are_ahead():
    line = WaitingLine()
    with line.join() as first, line.join() as second, line.join() as third:
        assert [first.ahead, second.ahead, third.ahead] == [0, 1, 2]
        assert first.wait(0)
        assert not second.wait(0)
        assert not third.wait(0)


def test_leaving_moves_everybody_behind_up_by_one():
    line = WaitingLine()
    with line.join() as first:
        middle = line.join()
        middle.__enter__()
        with line.join() as last:
            assert last.ahead == 2
            middle.__exit__(None, None, None)
            assert last.ahead == 1
            assert first.ahead == 0
            assert not last.wait(0)


def test_an_error_while_being_served_frees_the_place():
    line = WaitingLine()
    with pytest.raises(ZeroDivisionError), line.join():
        _ = 1 / 0
    with line.join() as place:
        assert place.wait(0)


def test_an_error_while_waiting_frees_the_place():
    line = WaitingLine()
    with line.join():
        with pytest.raises(ZeroDivisionError), line.join():
            _ = 1 / 0
        with line.join() as next_one:
            assert next_one.ahead == 1


def test_a_caller_who_goes_away_wakes_the_next():
    line = WaitingLine()
    served = threading.Event()
    first = line.join()
    first.__enter__()

    with line.join() as second:
        waiting = threading.Thread(target=lambda: second.wait(LONG_S) and served.set())
        waiting.start()
        assert not served.is_set()
        first.__exit__(None, None, None)
        assert served.wait(LONG_S / 2)  # woken, not come of age
        waiting.join(LONG_S)


def test_a_closed_generator_gives_its_place_back():
    line = WaitingLine()

    def answering():
        with line.join() as place:
            while not place.wait(0):
                yield "waiting"
            yield "served"

    first, second = answering(), answering()
    assert next(first) == "served"
    assert next(second) == "waiting"
    first.close()
    assert next(second) == "served"


def test_twenty_threads_are_served_one_at_a_time_in_the_order_they_came():
    line, served, together = WaitingLine(), [], []
    inside = threading.Semaphore(1)
    threads = []

    def serve(number, place_taken):
        with line.join() as place:
            place_taken.set()
            assert place.wait(LONG_S)
            together.append(inside.acquire(blocking=False))
            served.append(number)
            inside.release()

    with line.join():  # holds the door until all twenty stand in line
        for number in range(20):
            place_taken = threading.Event()
            threads.append(threading.Thread(target=serve, args=(number, place_taken)))
            threads[-1].start()
            assert place_taken.wait(LONG_S)
        assert served == []
    for thread in threads:
        thread.join(LONG_S)
    assert served == list(range(20))
    assert all(together)
