"""Groups voice prints into people."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.speakers.embedding import Prints, unit

Labels = npt.NDArray[np.intp]
MANY = 2000
"""More prints than that are grouped by a sample of that size: the tree of n prints takes n² of memory and time."""
ROUNDS = 5
"""How often people's centres and who belongs to them are worked out anew; three rounds were always enough."""


def centres_of(prints: Prints, count: int, smallest: int = 2) -> Prints:
    sample = prints[np.linspace(0, len(prints) - 1, min(MANY, len(prints))).round().astype(int)]
    labels = grouped(sample, count, smallest)
    centres = _means(sample, labels)
    for _ in range(ROUNDS):
        labels = np.argmax(prints @ centres.T, axis=1)
        centres = _means(prints, labels, centres)
    return centres


def grouped(prints: Prints, count: int, smallest: int) -> Labels:
    from scipy.cluster.hierarchy import fcluster, linkage

    if count <= 1 or len(prints) <= count:
        return np.arange(len(prints)) if len(prints) <= count else np.zeros(len(prints), np.intp)
    tree = linkage(prints, "average", metric="cosine")
    for parts in range(count, len(prints) + 1):
        labels = fcluster(tree, parts, "maxclust") - 1
        sizes = np.bincount(labels)
        if (sizes >= smallest).sum() >= count or parts > 4 * count + 8:
            break
    else:
        labels = fcluster(tree, count, "maxclust") - 1
    if (np.bincount(labels) >= smallest).sum() < count:
        labels = fcluster(tree, count, "maxclust") - 1
    biggest = np.argsort(-np.bincount(labels), kind="stable")[:count]
    centres = unit(np.stack([prints[labels == each].mean(axis=0) for each in biggest]))
    return np.argmax(prints @ centres.T, axis=1)


def _means(prints, labels, before=None):
    count = len(before) if before is not None else labels.max() + 1
    return unit(np.stack([prints[labels == k].mean(axis=0) if (labels == k).any() else before[k] for k in range(count)]))
