"""Several short requests to a model, shown several times a second with the share of the work that is done."""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TypeVar

from models.engines.base import ChatModel, Message, Sampling
from stations.asking.abreast import abreast
from stations.asking.answers import Answer, Try
from stations.asking.pace import Pace

UPDATE_S = 0.15
State = TypeVar("State")


def short_try(messages: Sequence[Message], sampling: Sampling, tokens: int, schema: str = "") -> Try:
    """Return a request for one line of at most so many tokens, or for a form where there is a schema.

    Repetition costs nothing: the answer is to have the names and things of the excerpt.
    """
    stop = () if schema else ("\n",)
    tokens = min(tokens, sampling.max_tokens)
    return Try(messages, replace(sampling, max_tokens=tokens, repetition=1.0, stop=stop, json_schema=schema))


class Asking:
    """Asks in the name of one person and keeps the pace of all the work."""

    def __init__(self, chat: ChatModel, person: str, work: float) -> None:
        self._chat, self._person = chat, person
        self._shown_at = 0.0
        self.pace = Pace(work)

    def each(
        self, tries: Sequence[Try], work: float, shown: Callable[[Sequence[Answer], float], State]
    ) -> Generator[State, None, tuple[Answer, ...]]:
        """Yield what is ``shown`` of the answers so far and the share of all the work; return the answers.

        ``work`` is how much each of them is. Closing stops them all.
        """
        answers: tuple[Answer, ...] = ()
        with closing(abreast(self._chat, tries, self._person)) as states:
            for answers in states:
                if time.monotonic() - self._shown_at > UPDATE_S:
                    self._shown_at = time.monotonic()
                    yield shown(answers, self.pace.share(answers, work))
        self.pace.add(work * len(tries))
        yield shown(answers, self.pace.share())
        return answers
