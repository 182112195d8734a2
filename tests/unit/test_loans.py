"""Engines on loan: seen by the host, called back by the host, refused while a station pauses."""

import threading
from contextlib import contextmanager

import pytest

from models.catalog import Role
from models.engines.base import Piece, Tally
from models.errors import ModelError
from stations.room.loans import Loans, StationLibrary


class Writer:
    is_open = True
    languages = ("de",)

    def __init__(self):
        self.ended = False

    def reply(self, *_messages, **_more):
        try:
            for place in (2, 1, 0, 0):
                yield Piece("Wort ", (), Tally(place=place))
        finally:
            self.ended = True

    def embed(self, texts):
        return [len(text) for text in texts]


class Shared:
    def __init__(self):
        self.engine = Writer()

    def players(self, role):
        return (role,)

    def is_loaded(self, model):
        return model == "loaded"

    @contextmanager
    def borrow(self, role, model_id=None):
        yield self.engine


@pytest.fixture
def loans():
    return Loans()


@pytest.fixture
def library(loans):
    return StationLibrary(Shared(), loans, "text")


def test_a_loan_is_seen_while_it_lasts(library, loans):
    with library.borrow_chat():
        assert [(loan.station, loan.role) for loan in loans.current] == [("text", Role.CHAT)]
        assert loans.current[0].seconds >= 0
    assert loans.current == ()


def test_a_loan_ends_with_its_work_even_if_that_fails(library, loans):
    with pytest.raises(ZeroDivisionError), library.borrow_chat():
        raise ZeroDivisionError
    assert loans.current == ()


def test_the_place_in_the_line_is_known(library, loans):
    with library.borrow_chat() as chat:
        places = [loans.current[0].place for _ in chat.reply([])]
    assert places == [2, 1, 0, 0]


def test_called_back_work_ends_between_two_steps_and_the_engine_is_told(library, loans):
    with library.borrow_chat() as chat:
        answer = chat.reply([])
        assert next(answer).text == "Wort "
        assert loans.call_back(loans.current[0].number)
        with pytest.raises(ModelError, match="called_back"):
            next(answer)
    assert library._shared.engine.ended


def test_calling_one_back_leaves_the_others_alone(library, loans):
    with library.borrow_chat() as one, library.borrow_chat() as other:
        loans.call_back(loans.current[0].number)
        with pytest.raises(ModelError):
            list(one.reply([]))
        assert len(list(other.reply([]))) == 4


def test_what_is_not_done_in_steps_is_not_begun_after_the_call(library, loans):
    with library.borrow_embedder() as embedder:
        assert embedder.embed(["ab"]) == [2]
        loans.call_back(loans.current[0].number)
        with pytest.raises(ModelError):
            embedder.embed(["ab"])


def test_a_loan_that_has_ended_cannot_be_called_back(library, loans):
    with library.borrow_chat():
        number = loans.current[0].number
    assert not loans.call_back(number)


def test_a_reader_who_leaves_ends_the_work(library):
    with library.borrow_chat() as chat:
        answer = chat.reply([])
        next(answer)
        answer.close()
    assert library._shared.engine.ended


def test_a_pausing_station_begins_nothing_and_others_do(library, loans):
    loans.pause(["text"])
    with pytest.raises(ModelError, match="paused"), library.borrow_chat():
        pass
    with StationLibrary(Shared(), loans, "audio").borrow_voice():
        assert loans.paused == {"text"}
    loans.pause([])
    with library.borrow_chat():
        assert loans.paused == frozenset()


def test_what_is_at_work_goes_on_through_a_pause(library, loans):
    with library.borrow_chat() as chat:
        loans.pause(["text"])
        assert len(list(chat.reply([]))) == 4


def test_work_beside_the_page_waits_for_the_end_of_the_pause(library, loans):
    loans.pause(["text"])
    begun = threading.Event()

    def work():
        with library.patient().borrow_transcriber():
            begun.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert not begun.wait(0.1)
    loans.pause([])
    assert begun.wait(5)
    thread.join(5)


def test_everything_else_passes_through(library):
    assert library.players(Role.CHAT) == (Role.CHAT,)
    assert library.is_loaded("loaded")
    with library.borrow_chat() as chat:
        assert (chat.is_open, chat.languages) == (True, ("de",))
