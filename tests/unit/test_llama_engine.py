"""The engine that many share: its line, its ends and its mishaps, with a fake model instead of llama.cpp."""

import importlib.util
import queue
import sys
import threading
from pathlib import Path

import pytest

from models.engines import llama
from models.engines.base import ChatSize, Message, Sampling
from models.engines.prompt import Prompt
from models.engines.request import Request
from models.errors import ModelError
from models.turns import Fixed

_place = Path(__file__).resolve().parents[1] / "fake_llama.py"
_spec = importlib.util.spec_from_file_location("fake_llama", _place)
fake_llama = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fake_llama)
FakeNative, answer_to = fake_llama.FakeNative, fake_llama.answer_to

LONG_S = 30.0
"""A backstop; nothing here takes that long unless it hangs."""


def render(messages):
    return "".join(f"{message.speaker}: {message.text}\n" for message in messages)


class Engine(llama.LlamaChat):
    """The real engine around a fake model; ``gate`` holds up every read while it is shut."""

    def __init__(self, native, **size):
        self.native, self.gate = native, Gate()
        native.before_read = self.gate.pass_through
        super().__init__(
            Path("fake.gguf"), Fixed(1), ChatSize(**({"context_tokens": 600, "people": 1} | size))
        )


class Gate:
    """A door in the middle of a step; ``reached`` counts the steps that came to it."""

    def __init__(self):
        self._changed, self._open, self.reached = threading.Condition(), True, 0
        self.error = None

    def shut(self):
        with self._changed:
            self._open, self.reached = False, 0

    def open(self):
        with self._changed:
            self._open = True
            self._changed.notify_all()

    def one(self):
        """Let one step pass and wait until the next has come."""
        with self._changed:
            self._open, self.reached = 1, 0
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self.reached, LONG_S)

    def wait(self):
        with self._changed:
            assert self._changed.wait_for(lambda: self.reached, LONG_S)

    def pass_through(self, _rows):
        with self._changed:
            self.reached += 1
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._open, LONG_S)
            if self._open is not True:
                self._open = False
        if self.error:
            raise self.error


class Visitor(threading.Thread):
    """Asks in a thread of their own and keeps what comes."""

    def __init__(self, engine, text, person="", **sampling):
        super().__init__(daemon=True)
        self.heard, self.error, self._changed = [], None, threading.Condition()
        wished = Sampling(**({"max_tokens": 6} | sampling))
        self._reply = engine.reply([Message("user", text)], wished, person=person)
        self.start()

    def run(self):
        try:
            for piece in self._reply:
                with self._changed:
                    self.heard.append(piece)
                    self._changed.notify_all()
        except BaseException as error:  # noqa: BLE001 - shown to the test
            self.error = error

    def wait_for(self, what):
        """Wait until a piece says so, and return it."""
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(what, self.heard)), LONG_S)
            return next(piece for piece in self.heard if what(piece))

    def told(self, place):
        return self.wait_for(lambda piece: piece.tally.place == place)

    def finish(self):
        self.join(LONG_S)
        assert not self.is_alive()
        return self

    @property
    def text(self):
        return "".join(piece.text for piece in self.heard)


def expected(engine, text, tokens=6):
    return answer_to(engine.native.tokens(render([Message("user", text)]), special=False), tokens)


@pytest.fixture(autouse=True)
def fake_runtime(monkeypatch):
    """No template of a real model, quick heartbeats."""
    monkeypatch.setattr(llama, "_template", lambda native: render)
    monkeypatch.setattr(llama, "BEAT_S", 0.01)


@pytest.fixture
def engine_with(monkeypatch):
    engines = []

    def make(native=None, **size):
        native = native or FakeNative(size.pop("cells", 2000))
        monkeypatch.setattr(llama, "NativeModel", lambda *_, **__: native)
        engines.append(Engine(native, **size))
        return engines[-1]

    yield make
    for engine in engines:
        engine.gate.error = None
        engine.gate.open()
        engine.close()


# --- The line ---------------------------------------------------------------------------------------------------------


def one_answered_one_waiting(engine):
    """With the gate shut: the first is being answered, the second knows that it is next."""
    engine.gate.shut()
    first = Visitor(engine, "eins")
    engine.gate.wait()
    second = Visitor(engine, "zwei")
    second.told(1)
    return first, second


def test_each_gets_the_own_answer(engine_with):
    engine = engine_with(people=3)
    visitors = [Visitor(engine, f"Frage {number}") for number in range(6)]
    for number, visitor in enumerate(visitors):
        assert visitor.finish().text == expected(engine, f"Frage {number}")
        assert visitor.heard[-1].tally.end == "length"


def test_who_waits_is_told_the_place_and_the_places_go_down(engine_with):
    engine = engine_with()
    first, second = one_answered_one_waiting(engine)
    third = Visitor(engine, "drei")
    third.told(2)
    engine.gate.open()
    for visitor in (first, second, third):
        visitor.finish()
    places = [[piece.tally.place for piece in visitor.heard] for visitor in (first, second, third)]
    assert set(places[0]) == {0}
    for each in places:
        assert each == sorted(each, reverse=True)
    assert set(places[2]) >= {2, 0}


def test_who_waits_is_told_how_long_and_it_grows_with_the_place(engine_with):
    engine = engine_with()
    engine.gate.shut()
    Visitor(engine, "eins", max_tokens=50)
    engine.gate.wait()
    second = Visitor(engine, "zwei")
    early = second.told(1).tally
    behind = Visitor(engine, "drei").told(2).tally
    assert 0 < early.expected_s < behind.expected_s
    for _ in range(20):
        engine.gate.one()
    seen = len(second.heard)
    later = second.wait_for(lambda piece: piece in second.heard[seen:]).tally
    assert later.expected_s < early.expected_s


def test_who_has_begun_waits_for_nothing(engine_with):
    engine = engine_with()
    visitor = Visitor(engine, "eins").finish()
    assert {(piece.tally.place, piece.tally.expected_s) for piece in visitor.heard} <= {(0, None), (1, 0.0)}
    assert visitor.heard[-1].tally.expected_s is None


def test_too_many_are_refused_and_told_the_limit(engine_with):
    engine = engine_with(people_waiting=1)
    first, second = one_answered_one_waiting(engine)
    third = Visitor(engine, "drei").finish()
    assert (third.error.key, third.error.facts) == ("chat.full", {"limit": 1})
    engine.gate.open()
    assert first.finish().text == expected(engine, "eins")
    assert second.finish().text == expected(engine, "zwei")
    assert Visitor(engine, "drei").finish().text == expected(engine, "drei")


def test_a_free_place_is_no_waiting(engine_with):
    engine = engine_with(people=2, people_waiting=0)
    engine.gate.shut()
    first = Visitor(engine, "eins")
    engine.gate.wait()
    second = Visitor(engine, "zwei")
    engine.gate.open()
    assert first.finish().error is second.finish().error is None


def test_who_closes_while_waiting_leaves_the_line(engine_with):
    engine = engine_with(people_waiting=2)
    engine.gate.shut()
    first = Visitor(engine, "eins")
    engine.gate.wait()
    gone = engine.reply([Message("user", "zwei")], Sampling())
    assert next(gone).tally.place == 1
    third = Visitor(engine, "drei")
    third.told(2)
    gone.close()
    engine.gate.one()
    third.told(1)
    engine.gate.open()
    assert third.finish().text == expected(engine, "drei")
    first.finish()
    assert engine.native.samplers[-1].chosen == 6
    assert len(engine.native.samplers) == 2  # the one who left was never begun


def test_who_closes_while_being_answered_frees_the_place(engine_with):
    engine = engine_with()
    engine.gate.shut()
    reply = engine.reply([Message("user", "eins")], Sampling(max_tokens=400))
    next(reply)
    engine.gate.wait()
    second = Visitor(engine, "zwei")
    second.told(1)
    reply.close()
    engine.gate.open()
    assert second.finish().text == expected(engine, "zwei")
    assert engine.native.samplers[0].chosen < 3
    assert engine.native.samplers[0].closed == 1


def test_a_second_request_begins_after_everybodys_first(engine_with):
    engine = engine_with()
    engine.gate.shut()
    first = Visitor(engine, "A eins", person="A", seed=1)
    engine.gate.wait()
    again = Visitor(engine, "A zwei", person="A", seed=2)
    again.told(1)
    other = Visitor(engine, "B eins", person="B", seed=3)
    other.told(1)
    again.told(2)
    engine.gate.open()
    for visitor in (first, again, other):
        assert visitor.finish().error is None
    assert [sampler.sampling.seed for sampler in engine.native.samplers] == [1, 3, 2]


def test_nameless_visitors_are_all_different_people(engine_with):
    engine = engine_with()
    engine.gate.shut()
    Visitor(engine, "eins")
    engine.gate.wait()
    second = Visitor(engine, "zwei")
    second.told(1)
    third = Visitor(engine, "drei", person="C")
    third.told(2)
    assert {piece.tally.place for piece in second.heard} == {1}


def test_whoever_needs_more_room_than_is_free_waits_and_is_not_overtaken(engine_with):
    engine = engine_with(cells=600, people=4)
    engine.gate.shut()
    first = Visitor(engine, "x" * 200, max_tokens=100)
    engine.gate.wait()
    large = Visitor(engine, "y" * 300, max_tokens=100)
    large.told(1)
    small = Visitor(engine, "z")
    small.told(2)
    engine.gate.one()
    engine.gate.one()
    assert len(engine.native.samplers) == 1
    engine.gate.open()
    for visitor in (first, large, small):
        assert visitor.finish().error is None


def test_a_heartbeat_comes_while_nothing_happens(engine_with):
    engine = engine_with()
    engine.gate.shut()
    visitor = Visitor(engine, "eins")
    engine.gate.wait()
    count = len(visitor.heard)
    visitor.wait_for(lambda piece: len(visitor.heard) > count + 3)
    engine.gate.open()
    assert visitor.finish().text == expected(engine, "eins")


def test_what_comes_just_after_a_heartbeat_is_not_lost():
    """The clock of a heartbeat runs out; before it is written, the engine ends the answer."""
    asked = Request(Prompt([1, 2], 0), Sampling(), 5, "somebody")
    pieces = asked._pieces

    class LateQueue:
        late = True

        def get(self, timeout):
            if self.late:
                self.late = False
                asked.wrote(1, b"ja ", ())
                asked.wrote(2, b"doch", ())
                asked.end("done")
                raise queue.Empty
            return pieces.get(timeout=timeout)

        put = pieces.put

    asked._pieces = LateQueue()
    heard = list(asked.answer(0.01))
    assert "".join(piece.text for piece in heard) == "ja doch"
    assert [piece.tally.end for piece in heard] == [None, None, None, "done"]


# --- Not for this engine ----------------------------------------------------------------------------------------------


def test_a_question_that_does_not_fit_is_refused_before_the_line(engine_with):
    engine = engine_with(context_tokens=100)
    visitor = Visitor(engine, "x" * 200).finish()
    assert visitor.error.key == "chat.too_long"
    assert Visitor(engine, "kurz").finish().text == expected(engine, "kurz")


def test_a_model_without_a_template_is_given_back_at_once(engine_with, monkeypatch):
    def no_template(native):
        raise ModelError("chat.no_template")

    monkeypatch.setattr(llama, "_template", no_template)
    native = FakeNative()
    with pytest.raises(ModelError):
        engine_with(native)
    assert native.closed == 1


# --- The end of an engine ---------------------------------------------------------------------------------------------


def test_closing_tells_all_who_are_answered_or_wait(engine_with):
    engine = engine_with()
    engine.gate.shut()
    first = Visitor(engine, "eins", max_tokens=400)
    engine.gate.wait()
    second = Visitor(engine, "zwei")
    second.told(1)
    closer = threading.Thread(target=engine.close, daemon=True)
    closer.start()
    engine.gate.open()
    closer.join(LONG_S)
    assert first.finish().error.key == second.finish().error.key == "chat.engine_gone"
    assert engine.native.closed == 1


def test_after_closing_everybody_is_refused_and_the_freed_model_is_not_touched(engine_with):
    engine = engine_with()
    Visitor(engine, "eins").finish()
    engine.close()
    engine.close()
    assert Visitor(engine, "zwei").finish().error.key == "chat.engine_gone"
    assert engine.native.closed == 1


def test_a_model_is_not_freed_while_a_question_is_counted(engine_with):
    """Counting tokens happens in the visitor's thread; on a freed model it would end the program."""
    native = FakeNative()
    engine = engine_with(native)
    counting, go_on, count = threading.Event(), threading.Event(), native.tokens

    def slowly(text, *, special):
        counting.set()
        assert go_on.wait(LONG_S)
        return count(text, special=special)

    native.tokens = slowly
    visitor = Visitor(engine, "eins")
    assert counting.wait(LONG_S)
    closer = threading.Thread(target=engine.close, daemon=True)
    closer.start()
    with engine._changed:  # closing has begun, and waits
        engine._changed.notify()
        assert engine._changed.wait_for(lambda: engine._closing, LONG_S)
    assert native.closed == 0
    go_on.set()
    closer.join(LONG_S)
    assert visitor.finish().error.key == "chat.engine_gone"
    assert native.closed == 1


# --- Bugs -------------------------------------------------------------------------------------------------------------


def test_a_bug_in_a_step_fails_those_in_progress_and_the_others_are_answered(engine_with, caplog):
    engine = engine_with(people=2)
    engine.gate.shut()
    first = Visitor(engine, "eins")
    engine.gate.wait()
    second = Visitor(engine, "zwei")
    second.told(1)  # else the third might come first
    engine.gate.one()
    third = Visitor(engine, "drei")
    third.told(1)
    engine.gate.error = RuntimeError("a bug")
    engine.gate.one()
    engine.gate.error = None
    engine.gate.open()
    assert first.finish().error.key == second.finish().error.key == "chat.engine_gone"
    assert third.finish().text == expected(engine, "drei")
    assert Visitor(engine, "vier").finish().text == expected(engine, "vier")
    assert "a bug" in caplog.text


def test_a_bug_in_every_step_leaves_nobody_hanging(engine_with, caplog):
    engine = engine_with(people=2)
    engine.gate.error = RuntimeError("a bug")
    visitors = [Visitor(engine, f"Frage {number}") for number in range(5)]
    for visitor in visitors:
        assert visitor.finish().error.key == "chat.engine_gone"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_when_the_engine_itself_dies_nobody_hangs_and_the_next_are_refused(engine_with, monkeypatch):
    engine = engine_with()
    first, second = one_answered_one_waiting(engine)
    monkeypatch.setattr(engine._batch, "drop_withdrawn", lambda: 1 // 0)
    engine.gate.open()
    assert first.finish().error.key == second.finish().error.key == "chat.engine_gone"
    assert Visitor(engine, "drei").finish().error.key == "chat.engine_gone"
    assert engine.native.closed == 1


def test_the_threads_that_a_turn_allows_are_used_at_each_step(engine_with, monkeypatch):
    engine, used = engine_with(), []
    monkeypatch.setattr(engine.native, "use_threads", used.append)
    turn = CountingTurn()
    monkeypatch.setattr(engine, "_turn", turn)
    Visitor(engine, "eins", max_tokens=4).finish()
    engine.close()
    assert used == list(range(1, len(used) + 1))
    assert len(used) >= 4
    assert turn.inside == 0


class CountingTurn:
    """Allows one thread more at each step."""

    def __init__(self):
        self.asked = self.inside = 0

    @property
    def threads(self):
        assert self.inside == 1
        self.asked += 1
        return self.asked

    def __enter__(self):
        self.inside += 1
        return self

    def __exit__(self, *_):
        self.inside -= 1


def test_many_at_once_come_and_go_and_nothing_is_left(engine_with):
    """Threads of visitors that ask, read on, and go away in the middle; in the end all places are free."""
    before, interval = threading.active_count(), sys.getswitchinterval()
    engine = engine_with(people=3, people_waiting=40)
    sys.setswitchinterval(1e-5)
    try:
        visitors = [
            Visitor(engine, f"Frage {number}", person=str(number % 4), max_tokens=8) for number in range(24)
        ]
        leaving = [
            threading.Thread(target=leave_after, args=(engine, number % 5), daemon=True)
            for number in range(12)
        ]
        for thread in leaving:
            thread.start()
        for thread in (*leaving, *visitors):
            thread.join(LONG_S)
    finally:
        sys.setswitchinterval(interval)
    for number, visitor in enumerate(visitors):
        assert visitor.finish().text == expected(engine, f"Frage {number}", 8)
    engine.close()
    assert threading.active_count() <= before
    assert len(engine._line) == 0
    assert all(sampler.closed == 1 for sampler in engine.native.samplers)


def leave_after(engine, pieces):
    reply = engine.reply([Message("user", "Ich gehe gleich")], Sampling(max_tokens=50))
    for _ in range(pieces):
        next(reply, None)
    reply.close()
