"""Which lines of printed pages are headings: told by the table of contents, else guessed by size and weight."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.reading.page_lines import full_width
from models.reading.repair import one_line

LARGER = 1.15
"""So much higher than the letters of the running text."""
MOST_LETTERS, MOST_LINES = 150, 3
BOLD_LETTERS = 80
DEEPEST = 6
FULL_LINE = 0.6
"""A bold line without a number is a heading only if running text follows, not the rows of a table."""
_NUMBERED = re.compile(
    r"(?:§+\s*\d|\d+(?:\.\d+)*\.?\s+[A-ZÄÖÜ]|[IVX]+\.\s|(?:Abschnitt|Anhang|Anlage|Kapitel|Teil|TOP)\s+\w)"
)
_NOT_LETTERS = re.compile(r"^[\W\d_]+")


@dataclass(frozen=True)
class Look:
    """How a line is printed: the height of its letters in points, and whether they are bold."""

    height: float = 0.0
    bold: bool = False


@dataclass(frozen=True)
class PageLine:
    """A line of a page with its look and the level of the heading it is (part of), 0 for running text."""

    text: str
    look: Look
    level: int = 0


class Headings:
    """Knows the headings of one document.

    Args:
        looks: How each line of the document is printed, with its number of letters.
        outline: ``(page, title, level)`` of the table of contents that the file carries.
    """

    def __init__(
        self, looks: Iterable[tuple[Look, int]], outline: Iterable[tuple[int, str, int]] = ()
    ) -> None:
        self._titles = {(page, _bare(title)): level for page, title, level in outline if _bare(title)}
        heights: Counter[float] = Counter()
        bold = 0
        for look, letters in looks:
            heights[look.height] += letters
            bold += letters * look.bold
        self._body = max(heights, key=lambda each: heights[each], default=0.0)
        self._bold_counts = bold < sum(heights.values()) / 2
        self._above = max(self._titles.values(), default=0)
        larger = sorted((each for each in heights if self._is_larger(each)), reverse=True)
        self._ranks = {height: rank for rank, height in enumerate(_distinct(larger), start=1)}

    def marked(self, page: int, lines: Sequence[tuple[str, Look]]) -> list[list[PageLine]]:
        """Return the lines of a page in runs: each heading is one (of up to three lines), and so is what follows."""
        width = full_width([text for text, _ in lines])
        found = [
            PageLine(text, look, self._level(page, lines, at, width)) for at, (text, look) in enumerate(lines)
        ]
        runs = [
            list(run) for _, run in groupby(found, key=lambda line: (line.level, line.level and line.look))
        ]
        return _joined([self._kept(page, run) for run in runs])

    def _kept(self, page: int, run: list[PageLine]) -> list[PageLine]:
        """Return a run with the level that the table of contents gives it; large text that goes on is none."""
        if not run[0].level:
            return run
        if level := self._titles.get((page, _bare(" ".join(line.text for line in run)))):
            return [PageLine(line.text, line.look, level) for line in run]
        letters = sum(len(line.text) for line in run)
        if len(run) > MOST_LINES or letters > MOST_LETTERS or not any(map(str.isalpha, run[0].text)):
            return [PageLine(line.text, line.look) for line in run]
        return run

    def _level(self, page: int, lines: Sequence[tuple[str, Look]], at: int, width: int) -> int:
        text, look = lines[at]
        if level := self._titles.get((page, _bare(text))):
            return level
        if self._is_larger(look.height):
            return min(DEEPEST, self._above + self._rank(look.height))
        if self._bold_counts and look.bold and _stands_alone(lines, at, width):
            return min(DEEPEST, self._above + len(set(self._ranks.values())) + 1)
        return 0

    def _is_larger(self, height: float) -> bool:
        return 0 < self._body * LARGER <= height

    def _rank(self, height: float) -> int:
        return next(rank for known, rank in self._ranks.items() if known <= height * 1.03)


def _distinct(heights: Sequence[float]) -> list[float]:
    """Return the heights without those that differ by rounding only."""
    kept: list[float] = []
    for height in heights:
        if not kept or height < kept[-1] * 0.97:
            kept.append(height)
    return kept


def _stands_alone(lines: Sequence[tuple[str, Look]], at: int, width: int) -> bool:
    text, _ = lines[at]
    if len(text) > BOLD_LETTERS or text.endswith((".", ",", ";", ":", "?", "!")):
        return False
    if _NUMBERED.match(text):
        return True
    alone = not (at and lines[at - 1][1].bold)
    after = lines[at + 1] if at + 1 < len(lines) else ("", Look(bold=True))
    return alone and not after[1].bold and len(after[0]) >= FULL_LINE * width


def _joined(runs: Sequence[list[PageLine]]) -> list[list[PageLine]]:
    """Return runs of running text that have become neighbours as one."""
    joined: list[list[PageLine]] = []
    for run in runs:
        if joined and not run[0].level and not joined[-1][0].level:
            joined[-1] = [*joined[-1], *run]
        else:
            joined.append(run)
    return joined


def _bare(title: str) -> str:
    """Return a title for comparing: without its number, in small letters."""
    return _NOT_LETTERS.sub("", one_line(title)).casefold()


def looks_of(page: Mapping[str, object]) -> dict[str, Look]:
    """Return how each line of a page looks, by its mended text; ``page`` is what ``pdf_child`` says of it."""
    said = page.get("looks")
    rows = said if isinstance(said, list) else []
    return {one_line(str(text)): Look(float(height), bool(bold)) for text, height, bold in rows}
