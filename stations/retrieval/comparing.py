"""Two documents side by side: what both say, what only one says, and where their numbers differ.

Passages are paired by meaning and by words. A cosine alone means nothing (unlike German texts have .8), so it is
compared with those of other pairs. Measured with multilingual-e5-small on chapters of the GnuCash guide, about 105
passages a side: German and English of the same chapters: 30 pairs; the whole guide and an administrator's handbook, 959
and 560 passages: none.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from models.engines.embedder import Vectors
from models.index.base import Everything
from models.index.words import WordMaker
from models.passages import Document, Passage
from stations.prose.numbers import new_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Table = NDArray[np.float64]

STANDS_OUT = 3.0
"""Two passages that are nearest to each other are a pair if they are so many spreads more alike than most are."""
STANDS_OUT_ABROAD = 3.3
"""The same between two languages, where no words can confirm it."""
ABOVE_USUAL = 1.0
"""Two that share words must be so much more alike than most: an address alone shares all of its words with a list."""
SOME_WORDS, MOST_WORDS, CONTAINED = 0.2, 0.6, 0.75
"""Shares of words that both have: what a pair of one language has at least, what makes a pair by itself, and what of
the shorter passage must be in the longer one."""
FEWEST_WORDS = 5
FEWEST_PAIRS = 30
"""With fewer cosines nobody can say which stand out; then words decide alone."""
OTHERS = 300
"""So many passages of other documents help to tell how alike texts of this collection are."""


@dataclass(frozen=True)
class Pair:
    """Two passages that say much the same.

    ``similarity`` is 0 for two that are as alike as any and 1 for the same text. ``numbers_of_one`` are numbers, dates
    and times, as they are written, that the other document does not have at that place, and the other way round.
    """

    one: Passage
    other: Passage
    similarity: float
    numbers_of_one: tuple[str, ...] = ()
    numbers_of_other: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Pairs in the order of the first document, and what has no counterpart, each in the order of its document."""

    one: Document
    other: Document
    pairs: tuple[Pair, ...]
    only_one: tuple[Passage, ...]
    only_other: tuple[Passage, ...]


@dataclass(frozen=True)
class _Side:
    document: Document
    passages: tuple[Passage, ...]
    vectors: Vectors


def compared(everything: Everything, one: Document, other: Document) -> Comparison:
    """Return how two documents of a collection compare; a passage may be in several pairs.

    It is a help for reading and no proof: what is said in quite other words may count as missing.
    """
    left, right = _side(everything, one), _side(everything, other)
    if not left.passages or not right.passages:
        return Comparison(one, other, (), left.passages, right.passages)
    cosines, middle, far = _alikeness(everything, left, right)
    found = np.argwhere(_paired(left, right, cosines, far))
    likeness = np.clip((cosines - middle) / max(1 - middle, 1e-6), 0, 1)
    of_one = {
        row: _numbers(left, row, right, found[found[:, 0] == row, 1].tolist())
        for row in set(found[:, 0].tolist())
    }
    of_other = {
        at: _numbers(right, at, left, found[found[:, 1] == at, 0].tolist())
        for at in set(found[:, 1].tolist())
    }
    pairs = tuple(
        Pair(left.passages[row], right.passages[at], float(likeness[row, at]), of_one[row], of_other[at])
        for row, at in found.tolist()
    )
    return Comparison(one, other, pairs, _without(left, of_one), _without(right, of_other))


def _side(everything: Everything, document: Document) -> _Side:
    places = [at for at, each in enumerate(everything.passages) if each.document == document.id]
    return _Side(document, tuple(everything.passages[at] for at in places), everything.vectors[places])


def _without(side: _Side, paired: Container[int]) -> tuple[Passage, ...]:
    return tuple(each for at, each in enumerate(side.passages) if at not in paired)


def _alikeness(everything: Everything, left: _Side, right: _Side) -> "tuple[Table, float, Table]":
    """Return the cosines of all pairs, what is usual, and by how many spreads each is above it.

    Middle and spread are medians, which a few pairs do not move. They are those of the two documents, whatever their
    languages, because texts of one language are all more alike; short documents borrow from the others.
    """
    cosines = np.asarray(left.vectors @ right.vectors.T, np.float64)
    usual = cosines.ravel()
    if usual.size < FEWEST_PAIRS:
        ids = {left.document.id, right.document.id}
        others = [at for at, each in enumerate(everything.passages) if each.document not in ids][:OTHERS]
        around = [(side.vectors @ everything.vectors[others].T).ravel() for side in (left, right)]
        usual = np.concatenate([usual, *around]).astype(np.float64)
    if usual.size < FEWEST_PAIRS:
        return cosines, 0.0, np.zeros(cosines.shape)
    middle = float(np.median(usual))
    spread = 1.4826 * float(np.median(np.abs(usual - middle)))
    return cosines, middle, (cosines - middle) / max(spread, 1e-6)


def _paired(left: _Side, right: _Side, cosines: "Table", far: "Table") -> "NDArray[np.bool_]":
    nearest = _nearest(cosines)
    if left.document.language[:2] != right.document.language[:2]:
        return nearest & (far >= STANDS_OUT_ABROAD)
    shares, contained = _shared_words(left, right)
    by_meaning = nearest & (far >= STANDS_OUT) & (shares >= SOME_WORDS)
    score = shares + contained + 0.01 * cosines - 0.01 * _way_apart(cosines)
    best = (score == score.max(axis=1, keepdims=True)) | (score == score.max(axis=0))
    likely = (far >= ABOVE_USUAL) | (not far.any())
    by_words = ((shares >= MOST_WORDS) | (contained >= CONTAINED)) & best & likely
    return np.asarray(by_meaning | by_words)


def _way_apart(cosines: "Table") -> "Table":
    """Return how far the two of a pair are from standing at the same place of their documents, 0..1."""
    rows, columns = (np.linspace(0, 1, count) for count in cosines.shape)
    return np.abs(rows[:, None] - columns)


def _nearest(alike: "Table") -> "NDArray[np.bool_]":
    """Tell of which pairs each side is the nearest to the other."""
    found = np.zeros(alike.shape, bool)
    rows = np.arange(len(alike))
    columns = alike.argmax(axis=1)
    found[rows, columns] = alike.argmax(axis=0)[columns] == rows
    return found


def _shared_words(left: _Side, right: _Side) -> "tuple[Table, Table]":
    """Return of each pair the share of words that both have, and what share of the shorter one is in the longer."""
    words = [[_stems(each, side.document.language) for each in side.passages] for side in (left, right)]
    numbers = {stem: at for at, stem in enumerate(sorted(set().union(*words[0], *words[1])))}
    one, other = (_marked(each, numbers) for each in words)
    both = np.asarray((one @ other.T).todense(), np.float64)
    sizes = (
        np.asarray(one.sum(axis=1), np.float64).reshape(-1, 1),
        np.asarray(other.sum(axis=1), np.float64).reshape(1, -1),
    )
    smaller = np.minimum(*sizes)
    contained = np.where(smaller >= FEWEST_WORDS, both / np.maximum(smaller, 1), 0)
    return 2 * both / np.maximum(sizes[0] + sizes[1], 1), contained


def _stems(passage: Passage, language: str) -> frozenset[str]:
    return frozenset(_word_maker().of_passage(passage.text, language or "de"))


def _marked(words: Sequence[frozenset[str]], numbers: dict[str, int]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from scipy.sparse import csr_array

    columns = [numbers[stem] for stems in words for stem in stems]
    ends = np.cumsum([0, *map(len, words)])
    return csr_array((np.ones(len(columns)), columns, ends), shape=(len(words), len(numbers)))


def _numbers(side: _Side, at: int, others: _Side, partners: Sequence[int]) -> tuple[str, ...]:
    """Return the numbers of a passage that none of its partners has, nor what stands beside them.

    Two versions of a text are not cut at the same places.
    """
    text = side.passages[at].text
    if any(text in others.passages[each].text for each in partners):
        return ()
    near = sorted(
        {place for each in partners for place in (each - 1, each, each + 1)}
        & set(range(len(others.passages)))
    )
    source = "\n".join(others.passages[place].text for place in near)
    return new_numbers(source, text, _language(side))


def _language(side: _Side) -> str:
    return "en" if side.document.language.startswith("en") else "de"


@cache
def _word_maker() -> WordMaker:
    return WordMaker()
