"""Several answers to one request, written together by the shared engine."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace

from models.engines.base import ChatModel, Message, Sampling, Tally
from stations.text.facts import looped

LOOP_CHECK_LETTERS = 200
"""After that many more letters an answer is looked at for loops."""


@dataclass(frozen=True)
class Answer:
    """What a model has written so far; one that went round in circles was stopped."""

    text: str = ""
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True)
class Try:
    """One request to a model."""

    messages: Sequence[Message]
    sampling: Sampling


def answers(chat: ChatModel, tries: Sequence[Try], person: str = "") -> Iterator[tuple[Answer, ...]]:
    """Yield all answers so far, several times a second, until each is over; closing stops them all.

    Raises:
        ModelError: what the model raises (see ``ChatModel.reply``).
    """
    with ExitStack() as stack:
        streams = [stack.enter_context(closing(_written(chat, one, person))) for one in tries]
        latest = dict.fromkeys(range(len(tries)), Answer())
        writing = dict(enumerate(streams))
        while writing:
            for place, stream in tuple(writing.items()):
                answer = next(stream, None)
                if answer is None:
                    del writing[place]
                else:
                    latest[place] = answer
            yield tuple(latest.values())


def _written(chat: ChatModel, one: Try, person: str) -> Generator[Answer, None, None]:
    answer, looked_at = Answer(), 0
    with closing(chat.reply(one.messages, one.sampling, person=person)) as pieces:  # type: ignore[type-var]
        for piece in pieces:
            answer = Answer(answer.text + piece.text, piece.tally)
            if len(answer.text) > looked_at + LOOP_CHECK_LETTERS:
                looked_at = len(answer.text)
                if looped(answer.text):
                    yield replace(answer, tally=replace(answer.tally, end="length"))
                    return
            yield answer
