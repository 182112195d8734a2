"""The same point said twice becomes one: people repeat at the end what was decided."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from stations.prose.numbers import new_numbers
from stations.speech.meeting.evidence import alike
from stations.speech.meeting.points import Point, Task
from stations.texts import Language

SAME = 0.8
"""Share of the words of the shorter of two points that the longer one has."""
AnyPoint = TypeVar("AnyPoint", bound=Point)


def merged(points: Iterable[AnyPoint], language: Language) -> tuple[AnyPoint, ...]:
    """Return points in order of time; one that says the same as an earlier one adds its links and nothing else."""
    kept: list[AnyPoint] = []
    for point in sorted(points, key=lambda each: each.start_s):
        same = next((at for at, each in enumerate(kept) if _same(each, point, language)), None)
        if same is None:
            kept.append(point)
        else:
            kept[same] = _both(kept[same], point)
    return tuple(kept)


def _same(one: Point, other: Point, language: Language) -> bool:
    """Tell whether two points are one: nearly the same words, no other numbers, and the same person for tasks."""
    if set(one.said) & set(other.said) and one.text == other.text:
        return True
    if isinstance(one, Task) and isinstance(other, Task) and one.who != other.who:
        return False
    longer, shorter = sorted((one.text, other.text), key=len, reverse=True)
    return alike(longer, shorter, language) >= SAME and not new_numbers(longer, shorter, language)


def _both(first: AnyPoint, again: AnyPoint) -> AnyPoint:
    links = tuple(sorted({*first.said, *again.said}, key=lambda each: (each.start_s, each.line)))
    both = replace(first, said=links)
    if isinstance(both, Task) and isinstance(again, Task):
        return replace(both, until=again.until or both.until)
    return both
