"""One visitor's conversation with the voice bot: what was said, what is being answered, and the microphone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field

from models.engines.base import SPEECH_RATE, Samples
from models.errors import ModelError
from stations.audio.bot import Bot, Done, Heard, Step, StepName, Voiced, Words
from stations.audio.bot_ear import Began, BotEar, Ended
from stations.audio.bot_role import Exchange
from stations.speaking.speaking import Spoken

LONGEST_TALK = 20
"""Exchanges that are kept; the model sees fewer."""


@dataclass(eq=False)
class Turn:
    """One question and its answer, as far as they are known; ``steps`` are seconds since the question ended."""

    question: str = ""
    answer: list[str] = field(default_factory=list)
    corrected: bool = False
    steps: dict[StepName, float] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def exchange(self) -> Exchange:
        """The turn as the model remembers it."""
        return Exchange(self.question, " ".join(self.answer))


@dataclass(eq=False)
class Talk:
    """A conversation. It belongs to one page and is forgotten with it."""

    turns: list[Turn] = field(default_factory=list)
    ear: BotEar | None = None
    question: Samples | None = None
    asked: int = 0
    answering: threading.Event = field(default_factory=threading.Event)
    unwanted: threading.Event = field(default_factory=threading.Event)

    def hear(self, rate: int, piece: Samples) -> "str | None":
        """Take the next moment of the microphone; return ``began``, ``ended`` or ``None``."""
        self.ear = self.ear or BotEar()
        told = None
        for event in self.ear.hear(piece, rate):
            if isinstance(event, Began):
                self.interrupt()
                told = "began"
            elif isinstance(event, Ended):
                self.ask(event.samples)
                told = "ended"
        return told

    def closed(self) -> bool:
        """The microphone was switched off; return whether something had been said that is to be answered."""
        ear, self.ear = self.ear, None
        ended = list(ear.finish()) if ear else []
        for event in ended:
            self.ask(event.samples)
        return bool(ended)

    def ask(self, samples: Samples) -> None:
        """Keep a question (one channel, ``SPEECH_RATE``) until it is answered."""
        self.question = samples
        self.asked += 1

    def interrupt(self) -> None:
        """End the answer under way; what was said of it stays."""
        self.unwanted.set()

    def history(self) -> list[Exchange]:
        """Return what was said before, oldest first."""
        return [turn.exchange for turn in self.turns if turn.question][-LONGEST_TALK:]


Borrowed = Callable[[], AbstractContextManager[Bot]]


@contextmanager
def answered(borrowed: Borrowed, talk: Talk, turn: Turn) -> Iterator[Iterator[Spoken]]:
    """Borrow a bot and give the sound of its answer; what else happens is noted in ``turn``.

    Raises:
        ModelError: ``bot.nothing_heard``, or what the engines raise.
    """
    question, talk.question = talk.question, None
    if question is None:
        raise ModelError("bot.nothing_heard")
    with borrowed() as bot:
        yield _pieces(bot, question, talk, turn)


def _pieces(bot: Bot, question: Samples, talk: Talk, turn: Turn) -> Iterator[Spoken]:
    with closing(bot.answer(question, SPEECH_RATE, talk.history())) as events:  # type: ignore[type-var]
        for event in events:
            if isinstance(event, Heard):
                turn.question = event.text
            elif isinstance(event, Words):
                turn.answer += [event.text] if event.text else []
                turn.corrected = turn.corrected or bool(event.instead_of)
            elif isinstance(event, Step):
                turn.steps[event.name] = event.seconds
            elif isinstance(event, Voiced):
                yield Spoken(event.written, event.written, bot.role.language, event.audio, 0.0, 0.0)
            elif isinstance(event, Done):
                return
            if talk.unwanted.is_set():
                turn.interrupted = True
                return
