"""A conversation with the voice bot: questions come from the microphone, and whoever speaks interrupts."""

from contextlib import contextmanager

import numpy as np
import pytest

from models.engines.base import SPEECH_RATE
from models.errors import ModelError
from models.voice.base import Audio
from stations.audio.bot import Done, Heard, Step, Voiced, Words
from stations.audio.bot_ear import Began, Ended
from stations.audio.bot_role import BotRole, Exchange
from stations.audio.talking import Talk, Turn, answered

SOUND = np.zeros(SPEECH_RATE, np.float32)


class Ear:
    """Tells what the test wants."""

    def __init__(self, *events, rest=()):
        self.events, self.rest = list(events), rest

    def hear(self, _piece, _rate):
        yield from self.events.pop(0)

    def finish(self):
        yield from self.rest


class Bot:
    """Answers with two sentences; remembers what it was told and whether it was ended."""

    role = BotRole("de")

    def __init__(self):
        self.history, self.ended = None, False

    def answer(self, _samples, _rate, history):
        self.history = list(history)
        try:
            yield Heard("Wann?", 1.0)
            yield Step("transcribing", 0.5)
            for text in ("Um zehn.", "Bis fünf."):
                yield Words(text)
                yield Voiced(Audio(SOUND, SPEECH_RATE), text)
            yield Words("", instead_of="Erfunden.")
            yield Done(Exchange("Wann?", "Um zehn. Bis fünf."), 2.0)
        finally:
            self.ended = True


@pytest.fixture
def bot():
    return Bot()


def answer(bot, talk, turn):
    @contextmanager
    def borrowed():
        yield bot

    with answered(borrowed, talk, turn) as pieces:
        yield from pieces


def test_an_answer_is_noted_and_spoken(bot):
    talk, turn = Talk(), Turn()
    talk.ask(SOUND)
    spoken = list(answer(bot, talk, turn))
    assert [piece.written for piece in spoken] == ["Um zehn.", "Bis fünf."]
    assert (turn.question, turn.answer, turn.steps) == (
        "Wann?",
        ["Um zehn.", "Bis fünf."],
        {"transcribing": 0.5},
    )
    assert turn.corrected
    assert not turn.interrupted


def test_whoever_speaks_ends_the_answer_and_what_was_said_stays(bot):
    talk, turn = Talk(ear=Ear([Began(0.0)])), Turn()
    talk.ask(SOUND)
    pieces = answer(bot, talk, turn)
    next(pieces)
    assert talk.hear(SPEECH_RATE, SOUND) == "began"
    assert list(pieces) == []
    assert bot.ended
    assert turn.interrupted
    assert turn.answer == ["Um zehn.", "Bis fünf."][: len(turn.answer)]


def test_a_question_is_answered_once(bot):
    talk = Talk()
    talk.ask(SOUND)
    list(answer(bot, talk, Turn()))
    with pytest.raises(ModelError, match="nothing_heard"):
        list(answer(bot, talk, Turn()))


def test_the_bot_remembers_this_conversation_only(bot):
    talk = Talk(turns=[Turn("Wo?", ["Hier."]), Turn()])
    talk.ask(SOUND)
    list(answer(bot, talk, Turn()))
    assert bot.history == [Exchange("Wo?", "Hier.")]
    Talk().ask(SOUND)
    other = Talk()
    other.ask(SOUND)
    list(answer(bot, other, Turn()))
    assert bot.history == []


def test_the_end_of_speech_is_a_question_and_so_is_a_closed_microphone():
    talk = Talk(ear=Ear([], [Ended(SOUND, 0.0, 1.0)], rest=[Ended(SOUND, 0.0, 1.0)]))
    assert talk.hear(SPEECH_RATE, SOUND) is None
    assert talk.hear(SPEECH_RATE, SOUND) == "ended"
    assert talk.asked == 1
    assert talk.closed()
    assert talk.asked == 2
    assert not talk.closed()
