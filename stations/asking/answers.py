"""One answer of a chat model, watched while it grows."""

import re
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from models.engines.base import ChatModel, Message, Sampling, Tally
from stations.prose.repetition import looped

LOOP_CHECK_LETTERS, LOOP_CHECK_SHARE = 200, 0.2
"""An answer is looked at for loops when it has grown by that many letters and by that share."""
LONGEST_ANSWER = 30_000
"""Letters after which an engine that keeps to no number of tokens is stopped."""
_RUNAWAY = re.compile(r"([\w.+@-]{300}|\[{30})[\w.+@\[-]*")
"""A word that does not end. Looking for names and numbers in it would take minutes."""


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


def written(chat: ChatModel, one: Try, person: str = "") -> Generator[Answer, None, None]:
    """Yield an answer as it grows, several times a second; one that goes astray is stopped with ``end="length"``.

    Raises:
        ModelError: what the model raises (see ``ChatModel.reply``).
    """
    answer, look_at = Answer(), LOOP_CHECK_LETTERS
    with closing(chat.reply(one.messages, one.sampling, person=person)) as pieces:  # type: ignore[type-var]
        for piece in pieces:
            answer = Answer(answer.text + piece.text, piece.tally)
            if len(answer.text) > look_at:
                look_at = len(answer.text) + max(LOOP_CHECK_LETTERS, int(len(answer.text) * LOOP_CHECK_SHARE))
                if astray(answer.text):
                    yield Answer(bounded(answer.text), replace(answer.tally, end="length"))
                    return
            yield answer


def astray(text: str) -> bool:
    """Tell whether a model has stopped saying anything: it repeats itself, or a word or the text has no end."""
    return bounded(text) != text or looped(text)


def bounded(text: str) -> str:
    """Return the text without what follows the longest possible answer, and endless words cut short."""
    return _RUNAWAY.sub(r"\1", text[:LONGEST_ANSWER])
