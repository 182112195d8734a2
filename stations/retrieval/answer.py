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

    Why it was thought to be there or not: ``covered`` is the share of the question's words that the sources have, 0..1,
    ``spread`` how far the best cosine lies from what is usual, ``yes`` how likely the model found it that the answer
    is in the sources, 0..1; ``None`` where nobody can tell or nobody was asked. ``missing`` are words of the question
    that no source has: often the half of it that stays without an answer, sometimes only other words for the same.
    """

    asked: str
    statements: tuple[Statement, ...] = ()
    sources: tuple[Hit, ...] = ()
    prompt: tuple[Message, ...] = ()
    outcome: Outcome = "writing"
    covered: float | None = None
    spread: float | None = None
    yes: float | None = None
    missing: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentences, without the numbers of their sources."""
        return " ".join(statement.text for statement in self.statements)
