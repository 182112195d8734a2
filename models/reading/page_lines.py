"""From the lines of printed pages to running text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

EDGE_LINES = 3
"""How far from the top and bottom headers are looked for (pdfium gives some files' footers first)."""
HEADER_LETTERS = 200
"""Longer lines are no headers; a hostile one would take for ever."""
RUNNING_SHARE = 0.4
"""On this share of the pages; left and right pages often differ, and chapters begin without a header."""
RUNNING_PAGES = 3
LONG_LINES = 0.9
"""The line that is longer than nine of ten tells how wide the text is."""
NARROW_LETTERS = 40
"""Narrower pages are lists, forms or slides: their lines stay."""
SLACK = 0.85
"""Letters differ in width, so a line is full when this much of the width is used."""
SENTENCE_ENDS = (".", "!", "?", ":")
"""After these a line must be quite full to go on: better one line end too many than two paragraphs in one."""
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
ITEM = re.compile(r"(?:[•▪◦–*-]|§+|\(?(?:\d+(?:\.\d+)*|[a-z])[.)]|\d+(?:\.\d+)+)\s")
"""How a point of a list begins, or a numbered paragraph."""


def without_running(pages: Sequence[Sequence[str]], labels: Sequence[str] = ()) -> list[list[str]]:
    """Return the pages' lines without headers and footers that repeat, and without their printed numbers.

    ``labels`` are those numbers. The first of what repeats stays unless it counts, so that nothing is lost that
    is said only there.
    """
    filled = [[line.strip() for line in page if line.strip()] for page in pages]
    count = Counter(pattern for at, page in enumerate(filled) for pattern in _edge_patterns(page, at))
    enough = max(RUNNING_PAGES, RUNNING_SHARE * len(filled))
    running = {pattern for pattern, times in count.items() if times >= enough}
    seen: set[str] = set()
    kept = [_kept(page, at, running, seen) for at, page in enumerate(filled)]
    return [_without_label(page, label) for page, label in zip_longest(kept, labels, fillvalue="")]


def _edge_patterns(page: Sequence[str], at: int) -> set[str]:
    edges = {*page[:EDGE_LINES], *page[-EDGE_LINES:]}
    return {pattern for line in edges for pattern in (line, *_counting(line, at))}


def _counting(line: str, at: int) -> Iterator[str]:
    """Yield ``line`` with each number as its distance from the page's own: on every page the same if it counts."""
    for number in _NUMBER.finditer(line) if len(line) <= HEADER_LETTERS else ():
        yield f"{line[: number.start()]}\0{int(number[0]) - at}{line[number.end() :]}"


def _kept(page: Sequence[str], at: int, running: set[str], seen: set[str]) -> list[str]:
    kept = []
    for place, line in enumerate(page):
        inside = min(place, len(page) - 1 - place) >= EDGE_LINES
        repeats = line in running and line in seen
        if inside or not (repeats or running.intersection(_counting(line, at))):
            kept.append(line)
    seen.update(page)
    return kept


def _without_label(page: Sequence[str], label: str) -> list[str]:
    first, last = 0, len(page) - 1
    return [line for at, line in enumerate(page) if at not in (first, last) or line != label]


def paragraphs(lines: Sequence[str], width: int | None = None) -> str:
    """Return lines joined to paragraphs; those of lists, tables and headings stay lines.

    ``width`` is how many letters a full line has; by default the lines themselves tell.
    """
    width = full_width(lines) if width is None else width
    blocks = [list(block) for block in _blocks(lines, width)]
    text = ""
    for before, block in zip([[], *blocks], blocks, strict=False):
        gap = "\n\n" if len(before) > 1 or len(block) > 1 else "\n"
        text += gap + _sentence(block)
    return text.strip("\n")


def full_width(lines: Sequence[str]) -> int:
    """Return how many letters a full line has."""
    lengths = sorted(map(len, lines))
    return lengths[int(LONG_LINES * (len(lengths) - 1))] if lengths else 0


def _blocks(lines: Sequence[str], width: int) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if block and not _goes_on(block[-1], line, width):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _goes_on(line: str, following: str, width: int) -> bool:
    """Tell whether a line was full: the next line's first word would not have fitted on it."""
    if width < NARROW_LETTERS or ITEM.match(following):
        return False
    first = following.split(maxsplit=1)[0]
    full = width if line.endswith(SENTENCE_ENDS) else SLACK * width
    return len(line) + 1 + len(first) >= full


def _sentence(block: Sequence[str]) -> str:
    """Join lines with spaces; after a hyphen the line end stays, for ``repair.joined`` to judge."""
    return "".join(line + ("\n" if line.endswith(("-", "\u2010")) else " ") for line in block).strip()
