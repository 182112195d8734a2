"""Whole documents in another language: only the words change.

Headings, lists, tables, pictures, headers and page layout stay, bold words and links where the model keeps them. A
document is read twice, once for its sentences and once to put their translation in, so nothing is held meanwhile but
its sentences.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Protocol

from models.errors import ModelError
from models.reading.document import LIMITS, ReadingLimits, Source
from models.reading.kinds import Kind, kind_of
from stations.translation.bodies.markdown import MarkdownBody
from stations.translation.bodies.opened import OpenBody
from stations.translation.bodies.plain import PlainBody
from stations.translation.bodies.word import WordBody
from stations.translation.lines import Item, Line, line_units, rebuilt, unique
from stations.translation.results import Pair, Translation
from stations.translation.units import Unit

MOST_UNITS = 6_000
"""Sentences; a small model needs three hours for them."""
_REGIONS = {"de": "de-DE", "en": "en-GB", "pt": "pt-PT", "zh": "zh-CN"}


class Body(Protocol):
    """The words of a file, and the file with other words in it."""

    def lines(self) -> list[Line]:
        """Return paragraphs, headings, cells … in order."""
        ...

    def replace(self, number: int, items: Sequence[Item], /) -> None:
        """Put other words into a line."""
        ...

    def saved(self, language: str, /) -> bytes:
        """Return the whole file with its new words, which are in ``language`` (``de-DE``)."""
        ...


BODIES: Mapping[Kind, Callable[[Source], Body]] = {
    Kind.DOCX: WordBody,
    Kind.ODT: OpenBody,
    Kind.MARKDOWN: MarkdownBody,
    Kind.TEXT: PlainBody,
}


@dataclass(frozen=True)
class Paper:
    """A document to translate: its file, and its sentences. Lines that look alike are there once."""

    source: Source
    kind: Kind
    language: str
    units: tuple[Unit, ...]


def read_paper(file: Path, language: str, *, name: str = "", limits: ReadingLimits = LIMITS) -> Paper:
    """Return the sentences of a document in ``language``; ``translate`` takes its ``units``.

    The file must stay where it is until ``written_paper``. Blocks for some seconds with a long document.

    Raises:
        ModelError: ``translate.not_translatable`` for other formats, ``translate.nothing``, ``translate.too_long``, or
            what reading a file raises (``reading.broken``, ``bomb``, ``encrypted``, ``too_big``, ``empty`` …).
    """
    source = Source(file, name or file.name, limits)
    _check_size(source)
    kind = kind_of(source)
    if kind not in BODIES:
        raise ModelError("translate.not_translatable", name=source.name)
    found = _units(BODIES[kind](source).lines(), language)
    units = tuple(unit for group in found.values() for unit in group)
    if not any(unit.speaks for unit in units):
        raise ModelError("translate.nothing")
    if len(units) > MOST_UNITS:
        raise ModelError("translate.too_long", name=source.name, count=len(units), most=MOST_UNITS)
    return Paper(source, kind, language, units)


def written_paper(paper: Paper, translation: Translation, target: str) -> bytes:
    """Return the document with its translation, in its own format; sentences without one stay as they are.

    Raises:
        ModelError: ``reading.broken`` if the file is no longer what was read.
    """
    body = BODIES[paper.kind](paper.source)
    lines = body.lines()
    found = _units(lines, paper.language)
    if tuple(unit for group in found.values() for unit in group) != tuple(
        pair.unit for pair in translation.pairs
    ):
        raise ModelError("reading.broken", name=paper.source.name)
    ends = accumulate(len(group) for group in found.values())
    pairs = {
        first: translation.pairs[end - len(found[first]) : end]
        for first, end in zip(found, ends, strict=True)
    }
    for number, first in unique(lines).items():
        if any(_is_translated(pair) for pair in pairs[first]):
            body.replace(number, rebuilt(lines[number], pairs[first]))
    return body.saved(_REGIONS.get(target, f"{target}-{target.upper()}"))


def _check_size(source: Source) -> None:
    if not source.file.is_file():
        raise ModelError("reading.not_found", name=source.name)
    size, limit = source.file.stat().st_size, source.limits.file_bytes
    if size == 0:
        raise ModelError("reading.empty", name=source.name)
    if size > limit:
        raise ModelError("reading.too_big", name=source.name, size=size, bytes=limit)


def _units(lines: Sequence[Line], language: str) -> dict[int, tuple[Unit, ...]]:
    """Return the sentences of each line that speaks, once for those that look alike, by number."""
    found: dict[int, tuple[Unit, ...]] = {}
    paragraph = 0
    for first in dict.fromkeys(unique(lines).values()):
        found[first] = line_units(lines[first], language, paragraph)
        paragraph = found[first][-1].paragraph + 1
    return found


def _is_translated(pair: Pair) -> bool:
    return pair.done and bool(pair.text) and pair.unit.speaks
