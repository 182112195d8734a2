"""How a text was made, as facts for a line under it: which models, when, and how much people changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from stations.prose.sentences import words
from stations.text.difference import difference
from stations.text.manuscript import Manuscript, Version

Changed = Literal["none", "little", "much"]
MUCH = 0.2
"""Share of changed words from which a text counts as much changed: every fifth word is more than correcting."""


@dataclass(frozen=True)
class Making:
    """How the text that is shown came about.

    ``models`` in the order in which they first wrote; empty when none had a part in it. ``changed`` tells what people
    did to it; ``share`` is the part of words (0..1) that they changed after the last model.
    """

    models: tuple[str, ...]
    on: date
    changed: Changed
    share: float = 0.0


def making(manuscript: Manuscript, on: date) -> Making:
    """Return how the shown text of a manuscript was made, ``on`` which day; what was taken back does not count."""
    shown = manuscript.versions[: manuscript.at + 1]
    written = [each for each in shown if each.made_by == "model"]
    models = tuple(dict.fromkeys(each.model for each in written if each.model))
    if not written:
        return Making((), on, "much" if manuscript.text else "none", float(bool(manuscript.text)))
    share = changed_share(written[-1].text, manuscript.text)
    touched = _differ(written[-1].text, manuscript.text) or _changed_before(shown)
    return Making(models, on, "much" if share >= MUCH else "little" if touched else "none", share)


def changed_share(before: str, after: str) -> float:
    """Return how much of a text's words changed, 0 to 1: what went or what came, whichever is more."""
    counts: Counter[str] = Counter()
    for piece in difference(" ".join(before.split()), " ".join(after.split())):
        counts[piece.kind] += len(words(piece.text))
    changed = max(counts["removed"], counts["added"])
    return changed / (counts["same"] + changed) if changed else 0.0


def _changed_before(shown: Sequence[Version]) -> bool:
    """Tell whether a person changed what one model had written before another one wrote on.

    How much of that is left cannot be measured any more, but it must never be told as nothing.
    """
    by_model = ""
    for before, after in pairwise(shown):
        by_model = before.text if before.made_by == "model" else by_model
        reworked = before.made_by == "person" and after.made_by == "model"
        if reworked and by_model and _differ(by_model, before.text):
            return True
    return False


def _differ(one: str, other: str) -> bool:
    """Tell whether two texts differ in more than spaces and line breaks."""
    return one.split() != other.split()
