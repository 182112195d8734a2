"""Two texts side by side: both grow, either may fail, and a Stop stops both."""

import random
from collections import Counter

import pytest

from models.engines.base import Piece, Sampling, Tally
from models.errors import ModelError
from stations.text import work
from stations.text.comparing import Contender, Pair, Side, paired, write_both
from stations.text.prompting import task
from stations.text.recipes import Recipe
from stations.text.work import Draft, Wish

QWEN, GEMMA = Contender("qwen", "Qwen", 0.3), Contender("gemma", "Gemma", 0.3)
WORDS = {"de": "Text", "en": "Text"}
RECIPE = Recipe.model_validate(
    {
        "id": "probe",
        "group": "texte",
        "title": WORDS,
        "purpose": WORDS,
        "fields": [{"id": "text", "kind": "text", "label": WORDS}],
        "prompt": {"de": {"role": "Sie schreiben.", "ask": "Schreiben Sie über {text}."}},
        "example": {"de": {"text": "ein Fest"}, "en": {"text": "a feast"}},
    }
)
TASK = task(RECIPE, {"text": "ein Fest"}, "de")


class FakeChat:
    """Writes one prepared text, word by word, or fails after so many words; knows whether it is writing."""

    def __init__(self, text, fails_after=None):
        self.text, self.fails_after = text, fails_after
        self.samplings, self.people, self.open = [], [], 0

    def reply(self, messages, sampling, *, person=""):
        self.samplings.append(sampling)
        self.people.append(person)
        self.open += 1
        try:
            for count, word in enumerate(self.text.split()):
                if count == self.fails_after:
                    raise ModelError("chat.decode_failed", code=-1)
                yield Piece(f"{word} ", (), Tally(new_tokens=count + 1))
            yield Piece("", (), Tally(new_tokens=len(self.text.split()), end="done"))
        finally:
            self.open -= 1

    def close(self):
        raise AssertionError("who borrows an engine does not close it")


@pytest.fixture
def every_draft(monkeypatch):
    """Show every draft, however fast they come."""
    monkeypatch.setattr(work, "UPDATE_S", -1.0)


def wishes(left=0.1, right=0.9):
    return tuple(Wish(Sampling(temperature=each), tries=0, person="anna") for each in (left, right))


def both(left, right):
    return list(write_both((left, right), TASK, wishes()))


# --- Sides ------------------------------------------------------------------------------------------------------------


def test_a_blind_pair_is_shuffled_evenly_and_the_same_dice_shuffle_the_same_way():
    dice = random.Random(1)
    lefts = Counter(paired(QWEN, GEMMA, dice, blind=True).left.model_id for _ in range(1000))
    assert lefts.keys() == {"qwen", "gemma"}
    assert 420 < lefts["qwen"] < 580
    again = [paired(QWEN, GEMMA, random.Random(5), blind=True) for _ in range(2)]
    assert again[0] == again[1]


@pytest.mark.parametrize("seed", range(20))
def test_a_pair_has_both_contenders_and_stays_in_order_when_everybody_sees_it(seed):
    pair = paired(QWEN, GEMMA, random.Random(seed), blind=True)
    assert {pair.left, pair.right} == {QWEN, GEMMA}
    assert paired(QWEN, GEMMA, random.Random(seed), blind=False) == Pair(QWEN, GEMMA, blind=False)


def test_contenders_are_told_apart_by_model_and_temperature_alone():
    assert Contender("qwen", "Qwen", 0.3) == Contender("qwen", "Anders", 0.3)
    assert Contender("qwen", "Qwen", 0.3) != Contender("qwen", "Qwen", 0.9)
    assert hash(Side(error=ModelError("chat.full"))) == hash(Side())


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_both_texts_grow_alternately_and_end_done(every_draft):
    left, right = FakeChat("Ein Fest im Garten."), FakeChat("Wir feiern heute zusammen im großen Saal.")
    states = both(left, right)
    assert (states[-1][0].draft.text, states[-1][1].draft.text) == (left.text, right.text)
    assert all(side.draft.stage == "done" and side.error is None and side.over for side in states[-1])
    first = states[0]
    assert (first[0].draft.text, first[1].draft.text) == ("Ein", "Wir")
    assert (left.samplings[0].temperature, right.samplings[0].temperature) == (0.1, 0.9)
    assert left.people == right.people == ["anna"]
    assert left.open == right.open == 0


def test_a_side_that_is_done_stays_as_it_is_while_the_other_goes_on(every_draft):
    states = both(FakeChat("Kurz."), FakeChat("Ein sehr viel längerer Text über das Fest im Garten."))
    done = [state[0].draft for state in states if state[0].over]
    assert len(done) > 5
    assert len(set(map(id, done))) == 1


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("after", [0, 2])
def test_a_side_that_fails_keeps_its_words_and_leaves_the_other_going(every_draft, side, after):
    chats = [FakeChat("Ein Fest im großen Garten."), FakeChat("Ein Fest im kleinen Saal.")]
    chats[side].fails_after = after
    last = both(*chats)[-1]
    assert last[side].error.key == "chat.decode_failed"
    assert last[side].draft.text == " ".join(chats[side].text.split()[:after])
    assert last[side].over
    assert (last[1 - side].draft.text, last[1 - side].error) == (chats[1 - side].text, None)


def test_both_sides_may_fail():
    last = both(FakeChat("Ein Fest.", 1), FakeChat("Ein Fest.", 0))[-1]
    assert [side.error.key for side in last] == ["chat.decode_failed"] * 2


def test_a_bug_is_not_taken_for_a_failure_and_stops_both(every_draft):
    class Wrong(FakeChat):
        def reply(self, messages, sampling, *, person=""):
            yield Piece("Ein ", (), Tally())
            raise ZeroDivisionError

    other = FakeChat("Ein Fest im Garten mit Musik.")
    with pytest.raises(ZeroDivisionError):
        both(Wrong("x"), other)
    assert other.open == 0


def test_closing_stops_both_at_once(every_draft):
    left, right = FakeChat("Ein Fest im Garten."), FakeChat("Ein Fest im Saal.")
    states = write_both((left, right), TASK, wishes())
    next(states)
    assert (left.open, right.open) == (1, 1)
    states.close()
    assert (left.open, right.open) == (0, 0)


def test_closing_stops_the_texts_even_where_somebody_still_holds_them(every_draft, monkeypatch):
    held, write = [], work.write
    monkeypatch.setattr(work, "write", lambda *given: held.append(write(*given)) or held[-1])
    chats = FakeChat("Ein Fest im Garten."), FakeChat("Ein Fest im Saal.")
    states = write_both(chats, TASK, wishes())
    next(states)
    states.close()
    assert [chat.open for chat in chats] == [0, 0]


def test_one_model_may_write_both_sides(every_draft):
    chat = FakeChat("Ein Fest im Garten.")
    last = both(chat, chat)[-1]
    assert [side.draft.text for side in last] == [chat.text] * 2
    assert [each.temperature for each in chat.samplings] == [0.1, 0.9]


def test_before_anything_is_written_a_side_is_not_over():
    assert Side() == Side(Draft())
    assert not Side().over
