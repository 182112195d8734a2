"""A paragraph with its bold words, links and pictures, as sentences and back."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stations.translation.results import Pair
from stations.translation.units import Mark, Unit, units_of


@dataclass(frozen=True)
class Run:
    """Words in one style; a line break is one letter. Equal ``style`` means that they look alike."""

    text: str
    style: Hashable = None


@dataclass(frozen=True)
class Atom:
    """What stands between words and is kept as it is: a picture, a footnote's number, a field."""

    thing: Any


Item = Run | Atom


@dataclass(frozen=True)
class Line:
    """A paragraph, a heading or a cell: what is in it, in order."""

    items: tuple[Item, ...]

    @property
    def text(self) -> str:
        """Its words without styles and pictures."""
        return "".join(item.text for item in self.items if isinstance(item, Run))

    @property
    def looks(self) -> tuple[tuple[str, Hashable], ...]:
        """Its words with their styles: lines that look alike are translated once."""
        return tuple((item.text, item.style) for item in self.items if isinstance(item, Run))


def line_units(line: Line, language: str, paragraph: int) -> tuple[Unit, ...]:
    """Return the sentences of a line; words that look different from the rest of their sentence are marked."""
    units = units_of(line.text, language, paragraph)
    return tuple(
        replace(unit, marks=tuple(mark for mark, _ in _styled(line, begin, begin + len(unit.text))))
        for unit, begin in zip(units, _begins(units), strict=True)
    )


def rebuilt(line: Line, pairs: Sequence[Pair]) -> list[Item]:
    """Return what is in the line with the translation in the place of its sentences.

    Pictures and the like that stand within a sentence come after it. A sentence that is not translated stays.
    """
    items: list[Item] = []
    atoms = _atoms(line)
    units = [pair.unit for pair in pairs]
    for pair, begin in zip(pairs, _begins(units), strict=True):
        end = begin + len(pair.unit.text)
        items += [atom for at, atom in atoms if at <= begin]
        items += _runs(line, begin - len(pair.unit.before), begin)
        items += _translated(line, pair, begin, end) if pair.done and pair.text else _runs(line, begin, end)
        items += [atom for at, atom in atoms if begin < at <= end]
        items += _runs(line, end, end + len(pair.unit.after))
        atoms = [(at, atom) for at, atom in atoms if at > end]
    return [*items, *(atom for _, atom in atoms)]


def _translated(line: Line, pair: Pair, begin: int, end: int) -> list[Item]:
    """Return a translation with its marked words in their styles; where a mark was lost they look like the rest."""
    base = _base(line, begin, end)
    styles = [style for _, style in _styled(line, begin, end)]
    placed = sorted(
        (mark, style) for mark, style in zip(pair.marks, styles, strict=False) if mark is not None
    )
    items: list[Item] = []
    at = 0
    for (start, stop), style in placed:
        items += [Run(pair.text[at:start], base), Run(pair.text[start:stop], style)]
        at = stop
    return [each for each in [*items, Run(pair.text[at:], base)] if not isinstance(each, Run) or each.text]


def _begins(units: Sequence[Unit]) -> Iterator[int]:
    """Yield where the text of each unit begins in its line."""
    at = 0
    for unit in units:
        yield at + len(unit.before)
        at += len(unit.before) + len(unit.text) + len(unit.after)


def _runs(line: Line, begin: int, end: int) -> list[Item]:
    """Return the words between two places in their styles."""
    found: list[Item] = []
    at = 0
    for item in line.items:
        if isinstance(item, Run):
            text = item.text[max(0, begin - at) : max(0, end - at)]
            found += [Run(text, item.style)] if text else []
            at += len(item.text)
    return found


def _atoms(line: Line) -> list[tuple[int, Atom]]:
    found = []
    at = 0
    for item in line.items:
        if isinstance(item, Atom):
            found.append((at, item))
        else:
            at += len(item.text)
    return found


def _base(line: Line, begin: int, end: int) -> Hashable:
    """Return the style that most letters of a sentence have."""
    letters: Counter[Hashable] = Counter()
    for run in _runs(line, begin, end):
        if isinstance(run, Run):
            letters[run.style] += len(run.text)
    return letters.most_common(1)[0][0] if letters else None


def _styled(line: Line, begin: int, end: int) -> list[tuple[Mark, Hashable]]:
    """Return the places of words in another style than most of the sentence, without space around them."""
    base, at = _base(line, begin, end), 0
    found: list[tuple[Mark, Hashable]] = []
    for run in _merged(_runs(line, begin, end)):
        words = run.text.strip()
        start = at + run.text.find(words) if words else at
        if run.style != base and any(map(str.isalnum, words)):
            found.append(((start, start + len(words)), run.style))
        at += len(run.text)
    return found


def _merged(items: Sequence[Item]) -> Iterator[Run]:
    """Yield runs with neighbours of one style joined."""
    last: Run | None = None
    for item in items:
        if isinstance(item, Run):
            if last and last.style == item.style:
                last = Run(last.text + item.text, last.style)
            else:
                if last:
                    yield last
                last = item
    if last:
        yield last


def unique(lines: Sequence[Line]) -> Mapping[int, int]:
    """Return for each line that speaks the number of the first line that looks like it."""
    first: dict[Hashable, int] = {}
    speaking = (number for number, line in enumerate(lines) if any(map(str.isalpha, line.text)))
    return {number: first.setdefault(lines[number].looks, number) for number in speaking}
