"""A text as sentences that are translated one by one, and several of them together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stations.prose.sentences import spans

LONGEST_UNIT = 600
"""Letters; what is longer (a list without full stops, speech without punctuation) is cut at a comma or a space."""
GROUP_SENTENCES, GROUP_LETTERS = 4, 500
"""So many sentences a model translates together: measured in bench/translate.py."""
_CUT = re.compile(r"(?<=[;:,–])\s+")
_MARK = re.compile(r"(?:[ \t>]*(?:#{1,6}|[-*+•–]|\d{1,3}[.)])[ \t]+|[ \t>|]+)?")
"""What stands before the words of a line: a heading, a list item, a quotation of Markdown. It is not translated."""


Mark = tuple[int, int]
"""Where marked words begin and end in a text."""


@dataclass(frozen=True)
class Unit:
    """What is translated at once: about a sentence.

    ``before`` and ``after`` are kept as they are: signs of lists, space, line breaks. ``paragraph`` counts from 0; only
    units of one paragraph, or of neighbouring short ones, are given to a model together. ``marks`` are words of a
    document that look different from the rest of their sentence, in order and apart.
    """

    text: str
    before: str = ""
    after: str = ""
    paragraph: int = 0
    marks: tuple[Mark, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether there is a word to translate: an empty line, a rule or a bare number has none."""
        return any(map(str.isalpha, self.text))


@dataclass(frozen=True)
class Group:
    """Units that a model sees together; ``places`` are their places in the whole text."""

    places: tuple[int, ...]
    units: tuple[Unit, ...]

    @property
    def letters(self) -> int:
        """Length of its sentences."""
        return sum(len(unit.text) for unit in self.units)


def units_of(text: str, language: str, paragraph: int = 0) -> tuple[Unit, ...]:
    """Return the sentences of ``text``; joined with what stands before and after them they are the text again.

    Every line is a paragraph of its own; ``paragraph`` is the number of the first. A tab ends a sentence too.
    """
    found = [place for span in spans(text.replace("\t", "\n"), language) for place in _short(text, *span)]
    starts = [0, *(begin for begin, _ in found[1:]), len(text)]
    units: list[Unit] = []
    line = paragraph
    for (begin, end), (start, stop) in zip(found, pairwise(starts), strict=False):
        if units and "\n" in units[-1].after:
            line += 1
        words = begin + _mark(text, begin, end)
        units.append(Unit(text[words:end], text[start:words], text[end:stop], line))
    return tuple(units)


def joined(units: Sequence[Unit], texts: Sequence[str]) -> str:
    """Return the whole text with ``texts`` in the place of the units' own."""
    return "".join(f"{unit.before}{text}{unit.after}" for unit, text in zip(units, texts, strict=True))


def groups_of(
    units: Sequence[Unit], sentences: int = GROUP_SENTENCES, letters: int = GROUP_LETTERS
) -> list[Group]:
    """Return the units that speak in groups of at most so many sentences and letters, in order.

    A group ends with its paragraph, except where a short paragraph (a heading, a list item) would be alone.
    """
    groups: list[list[int]] = []
    for place, unit in enumerate(units):
        if not unit.speaks:
            continue
        group = groups[-1] if groups else []
        size = sum(len(units[each].text) for each in group) + len(unit.text)
        if (
            group
            and len(group) < sentences
            and size <= letters
            and not _parted(units, group, unit, sentences)
        ):
            group.append(place)
        else:
            groups.append([place])
    return [Group(tuple(each), tuple(units[place] for place in each)) for each in groups]


def _parted(units: Sequence[Unit], group: list[int], unit: Unit, sentences: int) -> bool:
    """Tell whether a paragraph's beginning parts it from a group that is already half full."""
    return units[group[-1]].paragraph != unit.paragraph and 2 * len(group) >= sentences


def _mark(text: str, begin: int, end: int) -> int:
    found = _MARK.match(text, begin, end)
    length = found.end() - begin if found else 0
    return 0 if begin + length >= end else length


def _short(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Return a sentence's place, or the places of its pieces where it is too long."""
    found = []
    while end - begin > LONGEST_UNIT:
        cut = _cut(text, begin, begin + LONGEST_UNIT)
        found.append((begin, begin + len(text[begin:cut].rstrip())))
        begin = cut
    return [*found, (begin, end)] if begin < end else found


def _cut(text: str, begin: int, end: int) -> int:
    """Return where to cut: after the last comma in the second half, else after the last space, else right there."""
    half = begin + (end - begin) // 2
    cuts = [match.end() for match in _CUT.finditer(text, half, end)]
    space = text.rfind(" ", half, end) + 1
    return cuts[-1] if cuts else space or end
