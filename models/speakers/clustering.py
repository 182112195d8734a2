"""Groups voice prints into people."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.speakers.embedding import Prints, unit

Labels = npt.NDArray[np.intp]
"""A group's number for each print, 0 to the number of groups less 1."""
Seconds = npt.NDArray[np.float64]

FIRM_S = 0.8
"""Shorter windows sound like nobody in particular: they are given to people, but do not make them."""
MANY = 1000
"""More prints than that are grouped by a sample of that size: a tree of n prints takes n² of memory and of time."""
SPARE = 4
"""So many more groups than people at first: rare voices and mixtures get their own before alike ones are joined."""
ALIKE = (0.5, 0.6)
"""Groups whose centres are more alike are taken for one person while there are more groups than people.

The first joins mixtures to people, the second keeps similar people apart; both are tried where the number is known.
"""
SURELY_ALIKE = 0.7
"""Groups whose centres are more alike are one person, whatever anybody counted.

Measured: centres of two people in one room were 0.1-0.5 alike, halves of one person's speech 0.7-0.95.
"""
MOST_GUESSED = 6
LEAST_S, LEAST_SHARE = 3.0, 0.03
"""When guessing, somebody who speaks less than both is a mixture or a noise more often than a person."""
ROUNDS = 5
"""How often centres and who belongs to them are worked out anew; nothing changed after three."""


def voices_in(prints: Prints, seconds: Seconds, count: int | None) -> Prints:
    """Return the print of each person, those who speak most first; at least one, at most ``count``.

    ``seconds`` are the lengths of the windows that the prints come from. Fewer than ``count`` come back where the rest
    cannot be told from them: a person who only says "hm", or one too many in ``count``. ``None`` makes a guess, at most
    ``MOST_GUESSED``; on meetings and joined dialogues it was right 5 times in 10 and one off 4 times in 10.
    """
    wanted = count or MOST_GUESSED
    firm = _firm(seconds, wanted)
    least_s = 0.0 if count else max(LEAST_S, LEAST_SHARE * float(seconds[firm].sum()))
    groups = _Groups(prints[firm], seconds[firm], _split(prints[firm], wanted + SPARE))
    tries = (
        groups.joined(alike, count or 1).heaviest(wanted, least_s).settled().joined(SURELY_ALIKE)
        for alike in (ALIKE if count else ALIKE[:1])
    )
    return max(tries, key=lambda people: people.fit).centres


@dataclass(frozen=True)
class _Groups:
    """Prints with the lengths of their windows and the group of each."""

    prints: Prints
    seconds: Seconds
    labels: Labels

    @property
    def centres(self) -> Prints:
        """The middle of each group, longer windows counting more."""
        sums = np.zeros((int(self.labels.max()) + 1, self.prints.shape[1]))
        np.add.at(sums, self.labels, self.prints * self.seconds[:, None])
        return unit(sums)

    @property
    def fit(self) -> float:
        """How alike the prints are to the middle of their groups, longer windows counting more."""
        own = np.einsum("ij,ij->i", self.prints, self.centres[self.labels])
        return float(np.average(own, weights=self.seconds))

    def joined(self, alike: float, down_to: int = 1) -> "_Groups":
        """Join the two groups that are most alike, until no two are more alike than ``alike`` or few are left."""
        groups = self
        while groups.labels.max() >= down_to and (pair := _most_alike(groups.centres, alike)) is not None:
            labels = np.where(groups.labels == pair[1], pair[0], groups.labels)
            groups = _Groups(self.prints, self.seconds, _renumbered(labels))
        return groups

    def heaviest(self, count: int, least_s: float) -> "_Groups":
        """Keep the ``count`` groups that speak longest, ``least_s`` at least; the others' prints go to the nearest."""
        spoken = np.bincount(self.labels, weights=self.seconds)
        ranked = np.argsort(-spoken, kind="stable")
        kept = [group for place, group in enumerate(ranked) if place == 0 or spoken[group] >= least_s]
        return self._nearest(self.centres[kept[:count]])

    def settled(self) -> "_Groups":
        """Give each print to the nearest centre, until the centres stay where they are."""
        groups = self
        for _ in range(ROUNDS):
            groups = groups._nearest(groups.centres)
        return groups

    def _nearest(self, centres: Prints) -> "_Groups":
        labels = np.argmax(self.prints @ centres.T, axis=1)
        return _Groups(self.prints, self.seconds, _renumbered(labels))


def _firm(seconds: Seconds, wanted: int) -> npt.NDArray[np.intp]:
    """Return which windows make people: the long ones, or the longest where few are long; a sample where many are."""
    firm = np.flatnonzero(seconds >= FIRM_S)
    if len(firm) < 2 * wanted:
        firm = np.sort(np.argsort(-seconds, kind="stable")[: 2 * wanted])
    places = np.linspace(0, len(firm) - 1, min(MANY, len(firm))).round().astype(np.intp)
    return firm[places]


def _split(prints: Prints, parts: int) -> Labels:
    """Return ``parts`` groups, each as narrow as can be (Ward 1963: join what widens the groups least)."""
    if len(prints) <= parts:
        return np.arange(len(prints))
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(prints.astype(np.float64), "ward")
    return _renumbered(np.asarray(fcluster(tree, parts, "maxclust")))


def _most_alike(centres: Prints, alike: float) -> tuple[int, int] | None:
    if len(centres) < 2:  # noqa: PLR2004 (a pair)
        return None
    likeness = centres @ centres.T
    np.fill_diagonal(likeness, -1.0)
    first, second = np.unravel_index(int(np.argmax(likeness)), likeness.shape)
    return (int(first), int(second)) if likeness[first, second] > alike else None


def _renumbered(labels: npt.NDArray[np.integer]) -> Labels:
    """Return labels without gaps."""
    return np.asarray(np.unique(labels, return_inverse=True)[1], np.intp)
