"""Marked words of a sentence on their way through a model: ``frei`` in bold becomes ``<b1>frei</b1>``."""

import re
from collections.abc import Sequence

from stations.translation.units import Mark, Unit

_TAG = re.compile(r"<(/?)b(\d{0,2})>")
_BEGUN = re.compile(r"</?(?:b\d{0,2})?$")
_SPACED = re.compile(r"(<b\d{0,2}>)(\s+)|(\s+)(</b\d{0,2}>)")
MOST_MARKS = 6
"""With more of them small models lose the sentence."""


def marked(unit: Unit) -> str:
    """Return a unit's text with tags around its marked places; without tags if there are too many of them."""
    text = unit.text
    if len(unit.marks) > MOST_MARKS or has_tags(text):
        return text
    for number, (start, end) in reversed(list(enumerate(unit.marks, start=1))):
        text = f"{text[:start]}<b{number}>{text[start:end]}</b{number}>{text[end:]}"
    return text


def has_tags(text: str) -> bool:
    """Tell whether there is a tag in the text."""
    return _TAG.search(text) is not None


def without_tags(text: str) -> str:
    """Return a text that is still being written without tags and without the beginning of one."""
    return _BEGUN.sub("", _TAG.sub("", text))


def unmarked(text: str, unit: Unit) -> tuple[str, tuple[Mark | None, ...]]:
    """Return a model's text without tags, and where each of the unit's marks is now; ``None`` for a lost one.

    A tag counts where it begins and ends once, in this order, around a word. Where tags were lost, the marked words are
    looked for as they are: names, numbers and addresses often stay.
    """
    text = _SPACED.sub(lambda match: (match[2] or "") + (match[1] or match[4]) + (match[3] or ""), text)
    plain, at = "", 0
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for tag in _TAG.finditer(text):
        plain += text[at : tag.start()]
        at = tag.end()
        (ends if tag[1] else begins).setdefault(int(tag[2] or 1), []).append(len(plain))
    plain += text[at:]
    numbers = range(1, len(unit.marks) + 1)
    found = [_place(begins.get(number, []), ends.get(number, []), plain) for number in numbers]
    again = [
        place or _again(unit.text[slice(*mark)], plain) for place, mark in zip(found, unit.marks, strict=True)
    ]
    return plain, _apart(again)


def _again(words: str, text: str) -> Mark | None:
    """Return where ``words`` stand in ``text``, if they stand there once."""
    at = text.find(words)
    return (at, at + len(words)) if text.count(words) == 1 else None


def _place(begins: list[int], ends: list[int], plain: str) -> Mark | None:
    if len(begins) != 1 or len(ends) != 1 or not plain[begins[0] : ends[0]].strip():
        return None
    return begins[0], ends[0]


def _apart(marks: Sequence[Mark | None]) -> tuple[Mark | None, ...]:
    """Return the marks without those that reach into one before them."""
    kept: list[Mark] = []
    found: list[Mark | None] = []
    for mark in marks:
        free = mark is not None and all(mark[1] <= start or end <= mark[0] for start, end in kept)
        kept += [mark] if free and mark else []
        found.append(mark if free else None)
    return tuple(found)
