"""Engines on loan: one copy for many, given back only when nobody has it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.catalog import Role, load_catalog
from models.errors import ModelError
from models.library import MEGABYTE, Library

LONG_S = 10.0
PLENTY = 1 << 50
SMALL = load_catalog().model("smollm2")
LARGE = load_catalog().model("qwen-1.5b")


class FakeEngine:
    def __init__(self, name):
        self.name, self.closed, self.broken = name, 0, False

    @property
    def is_open(self):
        return not (self.closed or self.broken)

    def reply(self, messages, sampling, *, person=""):
        yield from ()

    def close(self):
        self.closed += 1


class Cupboard:
    """Opens fake engines, remembers them, and says how much memory they leave."""

    def __init__(self, free=PLENTY):
        self.opened, self.free = [], free

    def open(self, model, file):
        self.opened.append(FakeEngine(model.id))
        return self.opened[-1]

    def available(self):
        return self.free - sum(MEGABYTE * SIZES[each.name] for each in self.opened if not each.closed)


SIZES = {model.id: model.memory_mb for model in (SMALL, LARGE)}


def library_of(cupboard, models=(SMALL, LARGE), idle_s=0.0):
    return Library(
        lambda role: models if role is Role.CHAT else (),
        lambda model: Path(model.id),
        cupboard.open,
        idle_s=idle_s,
        available=cupboard.available,
    )


def test_nothing_is_loaded_before_it_is_wanted():
    cupboard = Cupboard()
    library = library_of(cupboard)
    assert not library.is_loaded(SMALL)
    assert cupboard.opened == []


def test_who_names_no_model_gets_the_best_player():
    with library_of(Cupboard()).borrow_chat() as engine:
        assert engine.name == SMALL.id


def test_an_engine_stays_loaded_for_the_next():
    cupboard = Cupboard()
    library = library_of(cupboard)
    with library.borrow_chat() as first:
        pass
    with library.borrow_chat(SMALL.id) as second:
        pass
    assert first is second
    assert library.is_loaded(SMALL)
    assert first.closed == 0


def test_many_who_want_it_at_once_share_one_copy():
    slow_door = threading.Event()
    everybody_there = threading.Barrier(8)
    cupboard = Cupboard()

    def open_slowly(model, file):
        assert slow_door.wait(LONG_S)
        return cupboard.open(model, file)

    library = Library(lambda _: (SMALL,), lambda _: Path(), open_slowly, available=lambda: PLENTY)

    def borrow(_):
        if everybody_there.wait(LONG_S) == 0:
            slow_door.set()
        with library.borrow_chat() as engine:
            return engine

    with ThreadPoolExecutor(8) as people:
        engines = list(people.map(borrow, range(8)))
    assert len(cupboard.opened) == 1
    assert all(engine is cupboard.opened[0] for engine in engines)


@pytest.mark.parametrize(("models", "wish"), [((SMALL,), "no-such"), ((), None), ((), "smollm2")])
def test_a_model_that_is_not_there_is_named(models, wish):
    with pytest.raises(ModelError) as caught, library_of(Cupboard(), models).borrow_chat(wish):
        pass
    assert caught.value.key == "library.not_installed"
    assert caught.value.facts == {"model": wish or "chat"}


def test_too_little_memory_is_said_before_anything_is_loaded():
    needed = SMALL.memory_mb * MEGABYTE
    cupboard = Cupboard(free=needed - 1)
    with pytest.raises(ModelError) as caught, library_of(cupboard).borrow_chat():
        pass
    assert caught.value.key == "library.no_memory"
    assert caught.value.facts == {"model": SMALL.title, "needed": needed, "free": needed - 1}
    assert cupboard.opened == []


def test_exactly_enough_memory_is_enough():
    with library_of(Cupboard(free=SMALL.memory_mb * MEGABYTE)).borrow_chat() as engine:
        assert engine.closed == 0


def test_after_a_refusal_the_model_can_be_borrowed_when_there_is_memory_again():
    cupboard = Cupboard(free=0)
    library = library_of(cupboard)
    with pytest.raises(ModelError), library.borrow_chat():
        pass
    cupboard.free = PLENTY
    with library.borrow_chat() as engine:
        assert engine.closed == 0


def test_a_model_that_cannot_be_opened_does_not_block_the_next_try():
    tries = []

    def open_at_the_second_try(model, file):
        tries.append(model)
        if len(tries) == 1:
            raise ModelError("chat.cannot_load", file="x")
        return FakeEngine(model.id)

    library = Library(lambda _: (SMALL,), lambda _: Path(), open_at_the_second_try, available=lambda: PLENTY)
    with pytest.raises(ModelError), library.borrow_chat():
        pass
    assert not library.is_loaded(SMALL)
    with library.borrow_chat():
        assert library.is_loaded(SMALL)


def test_another_model_takes_the_place_of_an_idle_one_when_memory_is_needed():
    cupboard = Cupboard(free=LARGE.memory_mb * MEGABYTE)
    library = library_of(cupboard)
    with library.borrow_chat(SMALL.id) as small:
        pass
    with library.borrow_chat(LARGE.id) as large:
        assert small.closed == 1
        assert large.closed == 0
    assert not library.is_loaded(SMALL)
    with library.borrow_chat(SMALL.id) as again:
        assert again is not small
        assert large.closed == 1


def test_another_model_stays_beside_an_idle_one_when_there_is_room():
    library = library_of(Cupboard())
    with library.borrow_chat(SMALL.id) as small, library.borrow_chat(LARGE.id) as large:
        pass
    assert (small.closed, large.closed) == (0, 0)


def test_an_engine_on_loan_is_never_taken_away_for_another():
    cupboard = Cupboard(free=LARGE.memory_mb * MEGABYTE)
    library = library_of(cupboard)
    with library.borrow_chat(SMALL.id) as small:
        with pytest.raises(ModelError) as caught, library.borrow_chat(LARGE.id):
            pass
        assert caught.value.key == "library.no_memory"
        assert small.closed == 0
        assert library.is_loaded(SMALL)


def test_tidying_leaves_everything_while_there_is_memory():
    library = library_of(Cupboard())
    with library.borrow_chat():
        pass
    assert library.tidy() == []
    assert library.is_loaded(SMALL)


def test_tidying_puts_idle_engines_away_when_memory_is_short_but_none_on_loan():
    cupboard = Cupboard()
    library = library_of(cupboard)
    with library.borrow_chat(SMALL.id) as small:
        with library.borrow_chat(LARGE.id) as large:
            cupboard.free = 0
            assert library.tidy() == []
        assert library.tidy() == [LARGE.id]
        assert (small.closed, large.closed) == (0, 1)
    assert library.tidy() == [SMALL.id]
    assert library.tidy() == []
    assert small.closed == 1


def test_tidying_leaves_an_engine_that_was_just_used():
    cupboard = Cupboard()
    library = library_of(cupboard, idle_s=3600)
    with library.borrow_chat():
        cupboard.free = 0
    assert library.tidy() == []
    assert library.is_loaded(SMALL)


def test_an_engine_lent_twice_stays_until_both_have_brought_it_back():
    cupboard = Cupboard()
    library = library_of(cupboard)
    with library.borrow_chat() as engine:
        with library.borrow_chat():
            cupboard.free = 0
        assert library.tidy() == []
        assert engine.closed == 0
    assert library.tidy() == [SMALL.id]


def test_an_error_while_it_is_on_loan_brings_an_engine_back():
    cupboard = Cupboard()
    library = library_of(cupboard)
    with pytest.raises(ZeroDivisionError), library.borrow_chat():
        _ = 1 / 0
    cupboard.free = 0
    assert library.tidy() == [SMALL.id]


def test_closing_puts_away_what_is_not_on_loan():
    library = library_of(Cupboard(), idle_s=3600)
    with library.borrow_chat(SMALL.id) as small, library.borrow_chat(LARGE.id):
        pass
    with library.borrow_chat(LARGE.id) as large:
        library.close()
        assert (small.closed, large.closed) == (1, 0)


def test_while_one_model_is_loading_tidying_does_not_wait():
    loading, go_on = threading.Event(), threading.Event()

    def open_slowly(model, file):
        loading.set()
        assert go_on.wait(LONG_S)
        return FakeEngine(model.id)

    free = [PLENTY]
    library = Library(
        lambda _: (SMALL,), lambda _: Path(), open_slowly, idle_s=0.0, available=lambda: free[0]
    )

    def borrow():
        with library.borrow_chat():
            pass

    borrower = threading.Thread(target=borrow)
    borrower.start()
    assert loading.wait(LONG_S)
    free[0] = 0
    assert library.tidy() == []
    go_on.set()
    borrower.join(LONG_S)
    assert library.tidy() == [SMALL.id]


def test_an_engine_that_broke_down_is_opened_anew_for_the_next_one():
    cupboard = Cupboard()
    library = library_of(cupboard)
    with library.borrow_chat(SMALL.id) as first:
        first.broken = True
    assert not library.is_loaded(SMALL)
    with library.borrow_chat(SMALL.id) as second:
        assert second is not first
    assert library.is_loaded(SMALL)
