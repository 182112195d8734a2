"""What a passage looks like to the embedding model: the pieces it reads, which are seldom words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.passage_cutting import MOST_TOKENS
from models.passages import Passage

SPACE = "▁"
"""How the models' word pieces write a space."""


class Tokens(Protocol):
    """What an embedder must do (part of ``models.engines.embedder.Embedder``)."""

    def tokens(self, text: str) -> tuple[str, ...]:
        """Return the pieces in which the model reads ``text``."""
        ...


@dataclass(frozen=True)
class Token:
    """One piece; ``begins``: a word begins with it."""

    text: str
    begins: bool


@dataclass(frozen=True)
class Reading:
    """A passage as a model reads it, its headings in front; ``most`` is how many pieces a passage is cut to."""

    tokens: tuple[Token, ...]
    words: int
    most: int = MOST_TOKENS

    @property
    def words_in_pieces(self) -> int:
        """How many words the model knows in parts only."""
        parts = 0
        for token, after in zip(self.tokens, [*self.tokens[1:], Token("", begins=True)], strict=True):
            parts += token.begins and not after.begins and after.text.isalnum()
        return parts


def read_as_tokens(passage: Passage, embedder: Tokens) -> Reading:
    """Return the pieces in which a model reads a passage.

    Raises:
        ModelError: ``embed.engine_gone``.
    """
    pieces = embedder.tokens(passage.read_text)
    return Reading(tokens_of(pieces), len(passage.read_text.split()))


def tokens_of(pieces: Sequence[str]) -> tuple[Token, ...]:
    """Return pieces as they are shown; one that is only a space makes the next begin a word."""
    found: list[Token] = []
    begins = True
    for piece in pieces:
        text = piece.lstrip(SPACE)
        begins = begins or piece.startswith(SPACE)
        if text:
            found.append(Token(text.replace(SPACE, " "), begins))
            begins = False
    return tuple(found)
