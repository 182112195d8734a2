"""What an answer from documents is made of."""

from dataclasses import dataclass
from typing import Literal

from models.engines.base import Message
from models.passages import Hit

Check = Literal["supported", "unsupported", "open"]
"""Whether a source seems to say the same; ``open`` while the sentence is being written, and where it claims nothing."""
Outcome = Literal["writing", "answered", "not_found", "stopped"]


@dataclass(frozen=True)
class Turn:
    """One question of a conversation and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True)
class Statement:
    """A sentence of an answer; ``sources`` are places in ``Answer.sources``, counted from 1."""

    text: str
    sources: tuple[int, ...] = ()
    check: Check = "open"


@dataclass(frozen=True)
class Answer:
    """An answer as far as it is written.

    ``asked`` is the question as it was searched: a follow-up question with what it leans on. ``sources`` are the
    passages the model was given, in the order of their numbers. ``prompt`` is what the model was really sent, empty
    where it was not asked at all. ``outcome`` ``not_found``: the documents do not contain it.
    """

    asked: str
    statements: tuple[Statement, ...] = ()
    sources: tuple[Hit, ...] = ()
    prompt: tuple[Message, ...] = ()
    outcome: Outcome = "writing"

    @property
    def text(self) -> str:
        """The sentences, without the numbers of their sources."""
        return " ".join(statement.text for statement in self.statements)
