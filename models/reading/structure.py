"""A document as search needs it: blocks that know their kind, page and place in one running text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from models.language import language_of
from models.reading.repair import joined, one_line, repaired

Kind = Literal["heading", "paragraph", "item", "table"]
GAP = "\n\n"
SAMPLES, SAMPLE_LETTERS = 5, 1000
"""The language is told from so many pieces spread over the text."""


@dataclass(frozen=True)
class Block:
    """A stretch of a document that belongs together: a heading, a paragraph, a point of a list, a table.

    ``level`` is the depth of a heading or a point, from 1; 0 for the rest. ``page`` counts from 1 (slides count as
    pages), ``None`` where the format has none; ``label`` is what is printed on that page. ``begin`` is where the block
    stands in ``Structured.text``. A table has one row on each line.
    """

    kind: Kind
    text: str
    level: int = 0
    page: int | None = None
    label: str = ""
    begin: int = 0

    @property
    def end(self) -> int:
        """Where the block ends in ``Structured.text``, the first character behind it."""
        return self.begin + len(self.text)


@dataclass(frozen=True)
class Structured:
    """A document's blocks in reading order; ``text[block.begin:block.end] == block.text`` for each of them.

    ``pages`` is 0 where the format has none, ``language`` a code such as ``de`` or ``""`` if nobody can tell.
    ``recognised`` says that text was read from pictures (OCR), which makes mistakes.
    """

    blocks: tuple[Block, ...]
    text: str
    pages: int
    language: str
    recognised: bool = False


def laid_out(blocks: Iterable[Block], pages: int = 0, *, recognised: bool = False) -> Structured:
    """Return the blocks, mended (see ``repair``) and each at its place in one text; empty ones are left out.

    A sentence that a page break cuts becomes one again: its halves stay two blocks, but only a space is between them.
    """
    placed: list[Block] = []
    parts: list[str] = []
    at = 0
    for gap, block in _with_gaps([each for each in map(_mended, blocks) if each.text]):
        placed.append(replace(block, begin=at + len(gap)))
        parts += [gap, block.text]
        at += len(gap) + len(block.text)
    text = "".join(parts)
    return Structured(tuple(placed), text, pages, told_language(text), recognised)


def told_language(text: str) -> str:
    """Return the language code of most of ``text``, or ``""``."""
    step = max(1, len(text) // SAMPLES)
    sample = " ".join(text[at : at + SAMPLE_LETTERS] for at in range(0, len(text), step))
    return language_of(sample) or ""


def _mended(block: Block) -> Block:
    text = one_line(block.text) if block.kind == "heading" else repaired(block.text).strip()
    return replace(block, text=text)


def _with_gaps(blocks: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    """Yield each block with what is between it and the one before."""
    gap = ""
    for at, block in enumerate(blocks):
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        if after is None or not _goes_on(block, after):
            yield gap, block
            gap = "\n" if after and block.kind == after.kind == "item" else GAP
        elif _word_goes_on(block.text, after.text):
            yield gap, replace(block, text=block.text[:-1])
            gap = ""
        else:
            yield gap, block
            gap = " "


def _goes_on(before: Block, after: Block) -> bool:
    """Tell whether a page break lies within a sentence."""
    if before.page is None or after.page != before.page + 1 or after.kind != "paragraph":
        return False
    return before.kind in ("paragraph", "item") and _is_open(before.text) and after.text[:1].islower()


def _is_open(text: str) -> bool:
    return text[-1:].isalpha() or text.endswith((",", ";", "–", "-", "\u2010"))


def _word_goes_on(before: str, after: str) -> bool:
    """Tell whether a hyphen at the end only cut a word: not that of „Vor- und Nachteile“."""
    if not before.endswith(("-", "\u2010")):
        return False
    first, second = before.rsplit(maxsplit=1)[-1], after.split(maxsplit=1)[0]
    return joined(f"{first}\n{second}") == first[:-1] + second
