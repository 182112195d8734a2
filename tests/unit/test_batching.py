"""Several answers at once, with a fake model whose answers follow from every token that its cache really holds."""

import importlib.util
import random
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.engines import batching
from models.engines import clock as clocks
from models.engines.base import BEAT_S, Sampling
from models.engines.batching import TOGETHER_BEATS, WORTH_WAITING, Batch
from models.engines.llama_native import MOST_ROWS
from models.engines.prompt import Prompt
from models.engines.request import Request
from models.errors import ModelError

_place = Path(__file__).resolve().parents[1] / "fake_llama.py"
_spec = importlib.util.spec_from_file_location("fake_llama", _place)
fake_llama = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fake_llama)
FakeNative, answer_to, word = fake_llama.FakeNative, fake_llama.answer_to, fake_llama.word


class Room:
    """A batch with its fake model, and the requests that were made."""

    def __init__(self, *, cells=4096, places=4, **kind):
        self.native = FakeNative(cells, **kind)
        self.batch = Batch(self.native, places=places, tracks=3 * places)

    def ask(self, prompt, tokens=5, **sampling):
        """Admit a request for that many tokens; the prompt is a list of tokens."""
        asked = wish(prompt, tokens, **sampling)
        assert self.batch.admit(asked)
        return asked

    def finish(self):
        steps = 0
        while self.batch.active:
            self.batch.step()
            steps += 1
            assert steps < 5000, "nobody comes to an end"
        return steps

    def rows_of(self, asked):
        """How many rows each read had for one request."""
        return [sum(row.track == asked.track.number for row in rows) for rows in self.native.reads]

    @property
    def used(self):
        return self.batch._tracks._total - self.batch._tracks.free


def wish(prompt, tokens=5, **sampling):
    return Request(Prompt(list(prompt), 0), Sampling(**sampling), tokens, "somebody")


def heard(asked):
    """The pieces that wait for a visitor, without waiting; an error at the end is returned as the last."""
    pieces = []
    while not asked._pieces.empty():
        pieces.append(asked._pieces.get())
    return pieces


def text_of(asked):
    return "".join(piece.text for piece in heard(asked))


def prompt(seed, length):
    dice = random.Random(seed)
    return [dice.randrange(fake_llama.FIRST, fake_llama.WORDS) for _ in range(length)]


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_follows_from_its_question():
    room = Room()
    asked = room.ask(prompt(1, 20), 12)
    room.finish()
    assert text_of(asked) == answer_to(prompt(1, 20), 12)


def test_the_pieces_tell_how_far_it_is():
    room = Room()
    asked = room.ask(prompt(1, 40), 3)
    room.finish()
    tallies = [piece.tally for piece in heard(asked)]
    assert tallies[0].prompt_read == 0
    assert [each.new_tokens for each in tallies][-4:] == [1, 2, 3, 3]
    assert {each.prompt_tokens for each in tallies} == {40}
    assert tallies[-1].prompt_read == 40
    assert [each.end for each in tallies] == [None] * (len(tallies) - 1) + ["length"]
    assert [each.seconds for each in tallies] == sorted(each.seconds for each in tallies)


@pytest.mark.parametrize("seed", range(12))
def test_many_at_once_each_get_the_answer_they_would_get_alone(seed):
    """Random prompts, many with the same beginning, coming, going and being let in at random."""
    dice = random.Random(seed)
    room = Room(cells=1200, places=4)
    common = [prompt(number, dice.choice((10, 40, 150))) for number in range(3)]
    waiting = [
        wish(dice.choice(common) + prompt(number, dice.randint(1, 60)), dice.randint(1, 20))
        for number in range(100, 125)
    ]
    begun, gone, left = [], set(), list(waiting)
    while left or room.batch.active:
        if left and dice.random() < 0.5 and room.batch.admit(left[0]):
            begun.append(left.pop(0))
        if room.batch.active and dice.random() < 0.05:
            gone.add(dice.choice(room.batch.active))
            for each in gone:
                each.withdrawn = True
        room.batch.drop_withdrawn()
        if room.batch.active:
            room.batch.step()
    assert len(begun) == len(waiting)
    for each in waiting:
        expected = answer_to(each.prompt.tokens, each.most_tokens)
        text = text_of(each)
        assert expected.startswith(text) if each in gone else text == expected
    assert all(sampler.closed == 1 for sampler in room.native.samplers)
    assert room.batch.free_places == 4


# --- Joining, reading, sharing ----------------------------------------------------------------------------------------


def test_a_new_request_joins_between_two_tokens_of_a_running_one():
    room = Room()
    first = room.ask(prompt(1, 10), 30)
    for _ in range(5):
        room.batch.step()
    second = room.ask(prompt(2, 10), 3)
    room.batch.step()
    assert 0 < first.tally.new_tokens < 30
    assert second.tally.prompt_read == 10
    while second.tally.end is None:
        room.batch.step()
    assert first.tally.end is None
    room.finish()
    assert text_of(first) == answer_to(prompt(1, 10), 30)
    assert text_of(second) == answer_to(prompt(2, 10), 3)


def test_a_long_question_is_read_in_bites_while_every_running_answer_goes_on():
    room = Room()
    running = [room.ask(prompt(number, 5), 400) for number in range(3)]
    while not all(each.tally.new_tokens for each in running):
        room.batch.step()
    before = [each.tally.new_tokens for each in running]
    long = room.ask(prompt(9, 2000), 2)
    steps = 0
    while not long.tally.new_tokens:
        room.batch.step()
        steps += 1
        assert [each.tally.new_tokens for each in running] == [count + steps for count in before]
    assert steps >= 2000 / MOST_ROWS
    assert max(map(len, room.native.reads)) <= MOST_ROWS


class SlowMachine:
    """A clock that reading moves on, by so many seconds a row."""

    def __init__(self, monkeypatch, native, seconds_per_row):
        self.now, self._seconds, self._read = 100.0, seconds_per_row, native.read
        native.read = self.read
        for module in (batching, clocks):
            monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.now))

    def read(self, rows):
        self.now += 0.02 + self._seconds * len(rows)
        self._read(rows)


@pytest.mark.parametrize("seconds_per_row", [0.002, 0.005, 0.01])
def test_on_a_slow_machine_a_bite_takes_about_a_beat_while_others_write(monkeypatch, seconds_per_row):
    room = Room()
    clock = SlowMachine(monkeypatch, room.native, seconds_per_row)
    running = room.ask(prompt(1, 5), 300, max_seconds=1e9)
    while not running.tally.new_tokens:
        room.batch.step()
    long, took = room.ask(prompt(9, 2000), 1, max_seconds=1e9), []
    while long.left_to_read:
        began = clock.now
        room.batch.step()
        took.append(clock.now - began)
    assert max(took) <= 1.5 * BEAT_S
    assert sum(took[2:-1]) / len(took[2:-1]) >= 0.3 * BEAT_S  # and not in crumbs either


def test_who_has_just_begun_waits_for_those_who_came_together_but_not_for_ever(monkeypatch):
    room = Room(cells=10_000, places=30)
    clock = SlowMachine(monkeypatch, room.native, 0.01)
    first = room.ask(prompt(0, 5), 50, max_seconds=1e9)
    while not first.tally.new_tokens:
        room.batch.step()
    began, waited = clock.now, 0.0
    for number in range(1, 30):  # somebody comes at every step
        room.ask(prompt(number, 60), 50, max_seconds=1e9)
        room.batch.step()
        if first.tally.new_tokens == 1:
            waited = clock.now - began
    assert waited <= (TOGETHER_BEATS + 2) * BEAT_S
    assert first.tally.new_tokens > 1


def test_the_shortest_question_is_read_first():
    room = Room(places=4)
    long, short, middle = (room.ask(prompt(length, length), 1) for length in (1500, 30, 700))
    order = []
    while room.batch.active:
        room.batch.step()
        order += [each for each in (long, short, middle) if each.tally.end and each not in order]
    assert order == [short, middle, long]


def test_a_common_beginning_is_read_once_for_all_who_come_together():
    room = Room(places=4)
    common = prompt(1, 600)
    asked = [room.ask(common + prompt(number, 20), 4) for number in range(2, 6)]
    room.finish()
    for each in asked:
        assert text_of(each) == answer_to(each.prompt.tokens, 4)
    rows = sum(map(len, room.native.reads))
    assert rows <= 600 + 4 * (20 + 4) + 3 * WORTH_WAITING
    assert room.used <= rows


def test_a_common_beginning_takes_room_once():
    room = Room(places=4)
    common = prompt(1, 300)
    for number in range(2, 6):
        room.ask(common + prompt(number, 10), 2)
        room.finish()
    assert room.used <= 300 + 4 * (10 + 2)


def test_a_follow_up_question_reads_only_what_is_new():
    room = Room()
    first = prompt(1, 200)
    room.ask(first, 10)
    room.finish()
    written = [int(each) for each in answer_to(first, 10).split()]
    follow_up = room.ask(first + written + prompt(2, 15), 3)
    assert heard(follow_up)[0].tally.prompt_read == 200 + 9  # the last token of an answer is never read
    before = len(room.native.reads)
    room.finish()
    assert sum(map(len, room.native.reads[before:])) == 1 + 15 + 2


def test_who_has_little_in_common_does_not_wait():
    room = Room()
    one = room.ask(prompt(1, 5) + prompt(2, 10), 3)
    other = room.ask(prompt(1, 5) + prompt(3, 10), 3)
    room.batch.step()
    assert one.tally.prompt_read == other.tally.prompt_read == 15


@pytest.mark.parametrize("kind", [{"shares": False}, {"shares": False, "forgets_parts": False}])
def test_where_a_model_cannot_share_all_come_to_an_end_all_the_same(kind):
    room = Room(**kind)
    common = prompt(1, 400)
    asked = [room.ask(common + prompt(number, 30), 4) for number in range(2, 6)]
    room.finish()
    late = room.ask(common + prompt(7, 30), 4)
    room.finish()
    for each in (*asked, late):
        assert text_of(each) == answer_to(each.prompt.tokens, 4)


def test_whoever_waits_for_a_beginning_goes_on_when_its_reader_leaves():
    room = Room()
    common = prompt(1, 900)
    first = room.ask(common + prompt(2, 5), 3)
    second = room.ask(common + prompt(3, 6), 3)
    room.batch.step()
    first.withdrawn = True
    room.batch.drop_withdrawn()
    room.finish()
    assert text_of(second) == answer_to(second.prompt.tokens, 3)


# --- Ends -------------------------------------------------------------------------------------------------------------


def test_a_model_that_wants_to_stop_ends_with_done():
    room = Room()
    asked = room.ask(prompt(1, 5), 20, grammar="end:4")
    room.finish()
    assert asked.tally.end == "done"
    assert text_of(asked) == answer_to(prompt(1, 5), 3)


def test_a_stop_text_ends_with_done_and_what_was_held_back_is_not_lost():
    expected = answer_to(prompt(1, 5), 20)
    stop = expected.split()[4] + " " + expected.split()[5][:1]
    room = Room()
    stopped = room.ask(prompt(1, 5), 20, stop=(stop,))
    almost = room.ask(prompt(1, 5), 5, stop=(expected[: expected.index(stop) + 3][-3:] + "never",))
    room.finish()
    assert stopped.tally.end == "done"
    assert text_of(stopped) == expected[: expected.index(stop)]
    assert almost.tally.end == "length"
    assert text_of(almost) == answer_to(prompt(1, 5), 5)


def test_the_most_tokens_end_with_length():
    room = Room()
    asked = room.ask(prompt(1, 5), 1)
    room.finish()
    assert (asked.tally.end, asked.tally.new_tokens) == ("length", 1)


def test_the_time_of_writing_ends_with_time_and_reading_costs_none(monkeypatch):
    room = Room()
    clock = SlowMachine(monkeypatch, room.native, 0.1)
    asked = room.ask(prompt(1, 500), 100, max_seconds=1.0)
    asked.started = clock.now
    room.finish()
    assert asked.tally.end == "time"
    assert asked.tally.first_token_s > 40
    assert 5 <= asked.tally.new_tokens <= 12
    assert asked.tally.tokens_per_s == pytest.approx(1 / 0.12, rel=0.01)


def test_a_step_names_those_whose_answers_it_ended():
    room = Room()
    one, two = room.ask(prompt(1, 5), 1), room.ask(prompt(2, 5), 2)
    bug = room.ask(prompt(3, 5), 2, grammar="bug:1")
    assert room.batch.step().ended == (one,)
    assert room.batch.step().ended == (two,)
    assert bug.tally.end is None


def test_candidates_come_only_when_asked_for():
    room = Room()
    asked, not_asked = room.ask(prompt(1, 5), 3, candidates=4), room.ask(prompt(2, 5), 3)
    room.finish()
    tokens = [token for piece in heard(asked) for token in piece.tokens]
    assert [token.text for token in tokens] == [
        word(int(each)) for each in answer_to(prompt(1, 5), 3).split()
    ]
    assert [len(token.candidates) for token in tokens] == [4] * 3
    assert all(token.candidates[0].text == token.text for token in tokens)
    assert all(piece.tokens == () for piece in heard(not_asked))


@pytest.mark.parametrize("script", ["", "end:3", "bug:3"])
def test_whoever_hears_the_end_finds_the_place_free(script):
    """The next question may come at once; it must not be told that everything is full."""
    room = Room(places=1)
    asked = room.ask(prompt(1, 5), 4, grammar=script)
    free = []
    asked._pieces = SimpleNamespace(put=lambda piece: free.append(room.batch.free_places))
    room.finish()
    assert free[-1] == 1
    assert set(free[:-1]) == {0}


# --- Leaving ----------------------------------------------------------------------------------------------------------


def test_who_leaves_frees_the_place_the_chooser_and_the_room():
    room = Room(cells=100, places=2)
    asked = room.ask(prompt(1, 10), 80)
    other = room.ask(prompt(2, 4), 3)
    room.batch.step()
    assert not room.batch.admit(wish(prompt(3, 10), 80))
    asked.withdrawn = True
    room.batch.drop_withdrawn()
    assert room.batch.active == [other]
    assert room.native.samplers[0].closed == 1
    late = room.ask(prompt(3, 10), 80)
    room.finish()
    assert text_of(late) == answer_to(prompt(3, 10), 80)
    assert text_of(other) == answer_to(prompt(2, 4), 3)
    assert not any(piece.tally.end for piece in heard(asked))


def test_leaving_does_not_change_the_answers_of_others():
    room = Room()
    common = prompt(1, 100)
    asked = [room.ask(common + prompt(number, 5), 20) for number in range(2, 6)]
    for number, each in enumerate(asked[:3]):
        for _ in range(3 * number + 1):
            room.batch.step()
        each.withdrawn = True
        room.batch.drop_withdrawn()
    room.finish()
    assert text_of(asked[3]) == answer_to(asked[3].prompt.tokens, 20)


# --- Not enough room --------------------------------------------------------------------------------------------------


def test_no_more_are_let_in_than_there_are_places():
    room = Room(places=2)
    room.ask(prompt(1, 5), 2)
    room.ask(prompt(2, 5), 2)
    assert room.batch.free_places == 0
    assert not room.batch.admit(wish(prompt(3, 5)))
    room.finish()
    assert room.batch.admit(wish(prompt(3, 5)))


def test_nobody_is_let_in_whose_answer_might_not_fit_and_later_they_are():
    room = Room(cells=100, places=4)
    first = room.ask(prompt(1, 20), 50)
    second = wish(prompt(2, 20), 20)
    assert not room.batch.admit(second)
    assert room.batch.active == [first]
    assert heard(second) == []
    while not room.batch.admit(second):
        room.batch.step()
    room.finish()
    assert text_of(first) == answer_to(prompt(1, 20), 50)
    assert text_of(second) == answer_to(prompt(2, 20), 20)


def test_what_has_a_common_beginning_needs_room_only_for_the_rest():
    room = Room(cells=100)
    common = prompt(1, 60)
    room.ask([*common, 5], 9)
    room.batch.step()
    other = wish([*common, 6], 9)
    while other not in room.batch.active and room.batch.active:
        room.batch.admit(other)
        room.batch.step()
    assert len(room.batch.active) == 2
    room.finish()
    assert text_of(other) == answer_to([*common, 6], 9)


def test_a_request_that_must_wait_does_not_make_others_forget():
    room = Room(cells=200, places=2)
    remembered = prompt(1, 50)
    room.ask([*remembered, 5], 2)
    room.finish()
    room.ask(prompt(2, 20), 100)
    room.batch.step()
    for _ in range(5):
        assert not room.batch.admit(wish(prompt(3, 80), 50))
    assert len(room.batch._tracks.begin([*remembered, 6]).tokens) == 50


@pytest.mark.parametrize("seed", range(6))
def test_whoever_is_let_in_never_runs_out_of_room(seed):
    """The fake cache would fail an assertion; the books must promise each its longest answer."""
    dice = random.Random(seed)
    room = Room(cells=160, places=5)
    left = [wish(prompt(dice.randint(0, 3), dice.randint(1, 60)), dice.randint(1, 90)) for _ in range(30)]
    waiting = list(left)
    while waiting or room.batch.active:
        while waiting and room.batch.admit(waiting[0]):
            waiting.pop(0)
        room.batch.step()
    for each in left:
        assert text_of(each) == answer_to(each.prompt.tokens, each.most_tokens)


# --- Failing alone ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("bug:1", ZeroDivisionError),
        ("bug:4", ZeroDivisionError),
        ("refuse:1", ModelError),
        ("refuse:3", ModelError),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_whose_chooser_fails_fails_alone(script, error, place):
    room = Room()
    scripts = ["", ""]
    scripts.insert(place, script)
    asked = [room.ask(prompt(number, 10), 8, grammar=each) for number, each in enumerate(scripts)]
    room.finish()
    for number, each in enumerate(asked):
        if number == place:
            assert isinstance(heard(each)[-1], error)
        else:
            assert text_of(each) == answer_to(prompt(number, 10), 8)
    assert [sampler.closed for sampler in room.native.samplers] == [1, 1, 1]


def test_whose_form_is_nonsense_fails_alone_and_takes_no_place():
    room = Room()
    good = room.ask(prompt(1, 10), 8)
    bad = room.ask(prompt(2, 10), 8, grammar="refuse:0")
    assert room.batch.active == [good]
    (error,) = heard(bad)
    assert error.key == "chat.bad_schema"
    room.finish()
    assert text_of(good) == answer_to(prompt(1, 10), 8)


def fails_for(room, guilty, times=10_000):
    """Let every read fail that has rows of ``guilty``."""
    left = [times]

    def check(rows):
        if left[0] and any(row.track == guilty.track.number for row in rows):
            left[0] -= 1
            raise ModelError("chat.decode_failed", code=-3)

    room.native.before_read = check


@pytest.mark.parametrize("spoils", [0, 1, 3, 7])
@pytest.mark.parametrize("after", [0, 3])
def test_when_reading_together_fails_only_the_guilty_one_fails(spoils, after):
    """llama.cpp may have taken some rows in before it failed; they must not stay."""
    room = Room()
    asked = [room.ask(prompt(number, 10), 8) for number in range(3)]
    for _ in range(after):
        room.batch.step()
    room.native.spoils = spoils
    fails_for(room, asked[1])
    room.finish()
    assert heard(asked[1])[-1].key == "chat.decode_failed"
    for number in (0, 2):
        assert text_of(asked[number]) == answer_to(prompt(number, 10), 8)
    late = room.ask(prompt(1, 10) + prompt(5, 5), 3)
    room.native.before_read = lambda rows: None
    room.finish()
    assert text_of(late) == answer_to(late.prompt.tokens, 3)


def test_a_read_that_fails_once_costs_nobody_the_answer():
    room = Room()
    asked = [room.ask(prompt(number, 10), 8) for number in range(3)]
    room.batch.step()
    room.native.spoils = 2
    fails_for(room, asked[1], times=1)
    room.finish()
    for number, each in enumerate(asked):
        assert text_of(each) == answer_to(prompt(number, 10), 8)


def test_where_a_failed_read_cannot_be_taken_back_nobody_gets_a_wrong_answer():
    """A running state that has taken in half of something is lost: better an error than nonsense."""
    room = Room(forgets_parts=False, shares=False)
    asked = [room.ask(prompt(number, 10), 8) for number in range(3)]
    for _ in range(3):
        room.batch.step()
    room.native.spoils = 1
    fails_for(room, asked[1])
    room.finish()
    assert heard(asked[0])[-1].key == heard(asked[1])[-1].key == "chat.decode_failed"
    assert text_of(asked[2]) == answer_to(prompt(2, 10), 8)
    again = room.ask(prompt(0, 10), 4)
    room.native.before_read = lambda rows: None
    room.finish()
    assert text_of(again) == answer_to(prompt(0, 10), 4)


def test_one_alone_whose_read_fails_is_told_so():
    room = Room()
    asked = room.ask(prompt(1, 10), 8)
    fails_for(room, asked)
    room.finish()
    assert heard(asked)[-1].facts == {"code": -3}
    assert room.batch.free_places == 4


def test_after_a_bug_in_a_step_all_in_progress_can_be_failed_and_the_next_begins_afresh():
    room = Room()
    asked = [room.ask(prompt(number, 10), 8) for number in range(3)]
    room.batch.step()
    room.native.before_read = lambda rows: 1 // 0
    room.native.spoils = 2
    with suppress(ZeroDivisionError):
        room.batch.step()
    room.batch.give_up()
    assert [heard(each)[-1].key for each in asked] == ["chat.engine_gone"] * 3
    assert (room.batch.active, room.used, room.native.cache.cells) == ([], 0, [])
    assert [sampler.closed for sampler in room.native.samplers] == [1, 1, 1]
    room.native.before_read = lambda rows: None
    late = room.ask(prompt(1, 10), 8)
    room.finish()
    assert text_of(late) == answer_to(prompt(1, 10), 8)
