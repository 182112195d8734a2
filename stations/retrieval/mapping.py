"""A map of a collection: a dot for each passage, groups with names, and where a question would lie."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from models.engines.embedder import Vectors, unit
from models.index.base import Everything
from models.passages import Document, Passage
from models.reading.repair import one_line
from stations.retrieval.citing import place
from stations.retrieval.layout import plane
from stations.retrieval.telling import telling_words
from stations.texts import Language

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_DOTS = 5000
"""More are drawn too slowly and cannot be told apart."""
BEGINNING_LETTERS = 160
NAME_WORDS = 3
FEWEST_IN_GROUPS = 8
"""Fewer passages are one group."""
MOST_GROUPS = 16
JUDGED = 1500
"""From so many dots is told how many groups fit."""
NEAREST = 5


@dataclass(frozen=True)
class Dot:
    """A passage on the map. ``x`` and ``y`` are within -1..1; ``group`` is a place in ``Map.groups``.

    ``document`` is the document's id and ``number`` the passage's in it; ``place`` and ``text`` (its beginning) are for
    people and untrusted.
    """

    x: float
    y: float
    group: int
    document: str
    number: int
    place: str
    text: str


@dataclass(frozen=True)
class Group:
    """Passages that lie together: their middle, how many there are, and words that tell them from the others."""

    x: float
    y: float
    count: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Map:
    """Dots in the order of the collection; ``total`` is how many passages it has: beyond 5,000 a sample is drawn.

    ``vectors`` has a row for each dot, for ``drawn_in``.
    """

    dots: tuple[Dot, ...]
    groups: tuple[Group, ...]
    total: int
    vectors: Vectors = field(repr=False)


def map_of(
    everything: Everything,
    documents: Sequence[Document],
    language: Language,
    *,
    seed: int = 0,
    most: int = MOST_DOTS,
) -> Map:
    """Return the map of a collection, the same each time; takes about 5 s for 5,000 passages.

    Args:
        everything: All passages with their vectors.
        documents: The documents they are from.
        language: In which places are named.
        seed: Another number gives another drawing of the same.
        most: How many passages are drawn; of more a sample by chance.
    """
    total = len(everything.passages)
    chosen = np.arange(total)
    if total > most:
        chosen = np.sort(np.random.default_rng(seed).choice(total, most, replace=False))
    vectors = unit(everything.vectors[chosen]) if total else np.empty((0, 0), np.float32)
    passages = [everything.passages[at] for at in chosen]
    known = {document.id: document for document in documents}
    dots = plane(vectors, seed)
    groups = _grouped(dots, seed)
    drawn = [_dot(*each, known, language) for each in zip(passages, dots, groups, strict=True)]
    return Map(tuple(drawn), tuple(_groups(passages, dots, groups, known)), total, vectors)


def drawn_in(drawn: Map, vector: Vectors) -> tuple[float, float]:
    """Return where a question lies on a map: among the nearest passages of the group that most of them are in.

    Only differences count, because even unlike texts have a cosine of about .8. ``(0, 0)`` on an empty map.
    """
    if not drawn.dots:
        return 0.0, 0.0
    like = drawn.vectors @ np.asarray(vector, np.float32)
    best = np.argsort(-like, kind="stable")[: NEAREST + 1]
    beyond = float(like[best[0]] - like[best[-1]])
    weights = ((like[best] - like[best[-1]]) / beyond if beyond > 0 else np.ones(len(best))) ** 2
    near = [drawn.dots[at] for at in best]
    together: defaultdict[int, float] = defaultdict(float)
    for dot, weight in zip(near, weights, strict=True):
        together[dot.group] += float(weight)
    group = max(together, key=lambda each: together[each])
    weights = np.where(
        [dot.group == group for dot in near], weights, 0
    )  # between two groups there is nothing
    x, y = np.average([(dot.x, dot.y) for dot in near], axis=0, weights=weights)
    return float(x), float(y)


def _dot(
    passage: Passage,
    dot: "NDArray[np.float64]",
    group: int,
    known: Mapping[str, Document],
    language: Language,
) -> Dot:
    text = one_line(passage.text[: 2 * BEGINNING_LETTERS])
    shown = text if len(text) <= BEGINNING_LETTERS else text[:BEGINNING_LETTERS].rsplit(" ", 1)[0] + " …"
    document = known.get(passage.document) or Document(passage.document, passage.document, "", "", "", 0)
    where = place(passage, document, language)
    return Dot(float(dot[0]), float(dot[1]), int(group), passage.document, passage.number, where, shown)


def _grouped(dots: "NDArray[np.float64]", seed: int) -> list[int]:
    """Return the group of each dot; of several numbers of groups the one that parts them best."""
    most = min(MOST_GROUPS, round(math.sqrt(len(dots) / 6)))
    if len(dots) < FEWEST_IN_GROUPS or most < 2 or len(np.unique(dots, axis=0)) <= most:  # noqa: PLR2004 - one group
        return [0] * len(dots)
    from sklearn.cluster import KMeans  # type: ignore[import-untyped]
    from sklearn.metrics import silhouette_score  # type: ignore[import-untyped]

    judged = np.random.default_rng(seed).permutation(len(dots))[:JUDGED]
    tried = {}
    for count in range(max(2, math.ceil(most * 0.6)), most + 1):
        means = KMeans(count, n_init=3, random_state=seed).fit(dots[judged])
        tried[float(silhouette_score(dots[judged], means.labels_))] = means
    return _numbered(tried[max(tried)].predict(dots))


def _numbered(groups: "NDArray[np.int32]") -> list[int]:
    """Return groups numbered in the order in which they come, with no number left out."""
    numbers: dict[int, int] = {}
    return [numbers.setdefault(int(group), len(numbers)) for group in groups]


def _groups(
    passages: Sequence[Passage],
    dots: "NDArray[np.float64]",
    groups: Sequence[int],
    known: Mapping[str, Document],
) -> list[Group]:
    spoken = {id_: document.language for id_, document in known.items()}
    texts = [
        ("\n".join((*each.heading[-1:], each.text)), spoken.get(each.document, "")) for each in passages
    ]  # headings further out stand over many passages
    words = telling_words(texts, groups, NAME_WORDS)
    found = []
    for group in range(max(groups, default=-1) + 1):
        members = dots[np.array(groups) == group]
        x, y = members.mean(axis=0)
        found.append(Group(float(x), float(y), len(members), words[group]))
    return found
