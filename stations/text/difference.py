"""What changed between two texts, word by word."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, groupby
from typing import Literal

Kind = Literal["same", "removed", "added"]
_Token = tuple[str, str]
"""A word or sign, and the space after it."""
_TOKEN = re.compile(r"(\w+(?:[-'’·]\w+)*|[^\w\s])(\s*)")
_SIGNS = ".!?,;:"
_ISLAND_WORDS = 2
_ISLAND_LETTERS = 6
"""Up to so many equal words, together of so few letters, between two changes are told as changed: less confetti."""

_SMALL, _HUGE = 10_000, 250_000
"""Pairs of words up to which difflib is quick, and from which it must leave out what is frequent."""


@dataclass(frozen=True)
class Change:
    """A piece of text that is in both texts, only in the first or only in the second."""

    kind: Kind
    text: str


def difference(before: str, after: str) -> list[Change]:
    """Return the pieces of both texts in reading order; between two equal ones, first what went, then what came.

    What is "same" or "removed" joins to ``before``, what is "same" or "added" joins to ``after``, to the letter.
    Neighbours differ in kind, and no piece is empty.
    """
    return list(_joined(_without_islands(list(_joined(_compared(before, after))))))


def _compared(before: str, after: str) -> Iterator[Change]:
    """Yield small pieces. Only words are compared: spaces are half of all tokens and would make it slow."""
    (old_lead, old), (new_lead, new) = _tokens(before), _tokens(after)
    yield from _pair(old_lead, new_lead)
    pairs = list(_equal([word for word, _ in old], [word for word, _ in new]))
    old_at = new_at = 0
    for old_next, new_next in [*_after_signs(pairs, old, new), (len(old), len(new))]:
        yield Change("removed", _text(old[old_at:old_next]))
        yield Change("added", _text(new[new_at:new_next]))
        if old_next < len(old):
            yield Change("same", old[old_next][0])
            yield from _pair(old[old_next][1], new[new_next][1])
        old_at, new_at = old_next + 1, new_next + 1


def _after_signs(
    pairs: list[tuple[int, int]], old: list[_Token], new: list[_Token]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs with a change that begins with a full stop or comma moved to begin after it: whole sentences."""
    last_old = last_new = -1
    for old_at, new_at in pairs:
        sign = old[old_at][0] in _SIGNS
        if sign and old_at == last_old + 1 and new[last_new + 1][0] == new[new_at][0]:
            new_at = last_new + 1  # noqa: PLW2901 - the same sign, earlier
        elif sign and new_at == last_new + 1 and old[last_old + 1][0] == old[old_at][0]:
            old_at = last_old + 1  # noqa: PLW2901
        yield old_at, new_at
        last_old, last_new = old_at, new_at


def _equal(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of equal words in order: first those that are in both texts only once, then between them.

    The idea of patience diff (Cohen, 2003): rare words are what people recognise a passage by, and the pieces
    between them are short enough for difflib, which alone takes many seconds for two long texts.
    """
    anchors = _anchors(old, new) if len(old) * len(new) > _SMALL else []
    if not anchors:
        junk = len(old) * len(new) > _HUGE
        for block in SequenceMatcher(None, old, new, autojunk=junk).get_matching_blocks():
            yield from ((block.a + step, block.b + step) for step in range(block.size))
        return
    from_old = from_new = 0
    for old_at, new_at in [*anchors, (len(old), len(new))]:
        between = _equal(old[from_old:old_at], new[from_new:new_at])
        yield from ((from_old + left, from_new + right) for left, right in between)
        if old_at < len(old):
            yield old_at, new_at
        from_old, from_new = old_at + 1, new_at + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest row of words that each text has once, in the same order in both."""
    once_old, once_new = _once(old), _once(new)
    pairs = [(at, once_new[word]) for word, at in once_old.items() if word in once_new]
    lasts: list[int] = []  # the place in ``new`` where the best row of each length ends (patience sorting)
    rows: list[tuple[int, int, int]] = []  # the pair, and the number of the one before it in its row
    ends: list[int] = []
    for old_at, new_at in pairs:
        length = bisect_left(lasts, new_at)
        rows.append((old_at, new_at, ends[length - 1] if length else -1))
        lasts[length : length + 1] = [new_at]
        ends[length : length + 1] = [len(rows) - 1]
    found, number = [], ends[-1] if ends else -1
    while number >= 0:
        old_at, new_at, number = rows[number]
        found.append((old_at, new_at))
    return found[::-1]


def _once(words: Sequence[str]) -> dict[str, int]:
    counts = Counter(words)
    return {word: at for at, word in enumerate(words) if counts[word] == 1}


def _tokens(text: str) -> tuple[str, list[_Token]]:
    """Return the space a text begins with, and its words and signs, each with the space after it."""
    lead = text[: len(text) - len(text.lstrip())]
    return lead, _TOKEN.findall(text, len(lead))


def _text(tokens: Sequence[_Token]) -> str:
    return "".join(chain.from_iterable(tokens))


def _pair(old: str, new: str) -> Iterator[Change]:
    if old == new:
        yield Change("same", old)
    else:
        yield Change("removed", old)
        yield Change("added", new)


def _without_islands(pieces: list[Change]) -> Iterator[Change]:
    """Yield the pieces with tiny equal ones between two changes told as removed and added again."""
    for number, piece in enumerate(pieces):
        inside = 0 < number < len(pieces) - 1
        if piece.kind == "same" and inside and _is_island(piece.text):
            yield Change("removed", piece.text)
            yield Change("added", piece.text)
        else:
            yield piece


def _is_island(text: str) -> bool:
    found = [word for word, _ in _TOKEN.findall(text)]
    paragraph_ends = "\n" in text
    return not paragraph_ends and len(found) <= _ISLAND_WORDS and sum(map(len, found)) <= _ISLAND_LETTERS


def _joined(pieces: Iterator[Change]) -> Iterator[Change]:
    """Yield neighbouring changes as one removed and one added piece, and neighbouring equal ones as one."""
    filled = (piece for piece in pieces if piece.text)
    for same, group in groupby(filled, key=lambda piece: piece.kind == "same"):
        run = list(group)
        kinds: tuple[Kind, ...] = ("same",) if same else ("removed", "added")
        for kind in kinds:
            text = "".join(piece.text for piece in run if piece.kind == kind)
            if text:
                yield Change(kind, text)
