"""A look inside one step of an answer: how likely was what came, and what could have come instead."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from models.engines.base import Alternative, Token

LIKELY_RANGE = 10_000
"""How much less likely than the best a token may be and still be shown as a candidate without a full sort."""


def look_inside(
    scores: npt.NDArray[np.float32], chosen: int, candidates: int, piece: Callable[[int], bytes]
) -> tuple[Token, ...]:
    """Return the chosen token with its ``candidates`` likeliest rivals, or nothing if none are wanted.

    ``scores`` are those of the whole vocabulary, before any sampler; ``piece`` gives a token's bytes.
    """
    if not candidates:
        return ()
    chances = _softmax(scores)
    ranked = _likeliest(chances, candidates)
    found = tuple(Alternative(_shown(piece(each)), float(chances[each])) for each in ranked)
    return (Token(_shown(piece(chosen)), float(chances[chosen]), found),)


def _likeliest(chances: npt.NDArray[np.float32], count: int) -> list[int]:
    """Return the ``count`` likeliest tokens, best first; sorts only those that can be among them (0.2 ms, not 2)."""
    worth_a_look = np.flatnonzero(chances > chances.max() / LIKELY_RANGE)
    if len(worth_a_look) < count:
        worth_a_look = np.arange(len(chances))
    order = np.argsort(-chances[worth_a_look], kind="stable")[:count]
    return [int(token) for token in worth_a_look[order]]


def _softmax(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    chances: npt.NDArray[np.float32] = np.exp(scores - scores.max())
    chances /= chances.sum()
    return chances


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")
