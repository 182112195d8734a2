"""A document cut into passages: whole sentences and rows, of much the same size, each under its headings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from models.passages import Passage
from models.reading.structure import Block, Structured

MOST_TOKENS = 256
"""Of the embedding model. Longer passages are found less well; overlap gained nothing."""
LEAST_SHARE = 0.5
"""So much is left for the text however long the headings above it are."""
ENOUGH = 0.7
"""From this share of a passage's size on, it rather ends with its paragraph than takes in half of the next."""
LANGUAGE = "de"
"""Whose sentences are looked for where nobody can tell the language."""

Spans = Callable[[str, str], Sequence[tuple[int, int]]]
"""Where the sentences of a text begin and end, by text and language; a line break ends a sentence."""
Tokens = Callable[[str], int]


@dataclass(frozen=True)
class Section:
    """What stands under one heading; ``path`` leads there, outermost heading first."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Piece:
    """What is not cut if it can be helped: a sentence, or a row of a table."""

    begin: int
    end: int
    tokens: int
    opens: bool
    """Whether a paragraph, a point or a table begins with it."""


def passages(
    read: Structured, document: str, tokens: Tokens, spans: Spans, most: int = MOST_TOKENS
) -> Iterator[Passage]:
    """Yield the passages of a document in order, lazily.

    None reaches across a heading. Together they hold every character of the document but its headings (which are in
    ``heading``) and space; ``read.text[begin:end] == text``.

    Args:
        read: The document.
        document: Its id, which the passages bear.
        tokens: How many tokens a text has for the embedding model.
        spans: The sentences (``stations.prose.sentences.spans``).
        most: How many tokens a passage may have, its headings included.
    """
    cutter = _Cutter(read, tokens, spans, most)
    for number, (section, begin, end) in enumerate(cutter.cuts()):
        first = next(block for block in section.blocks if block.end > begin)
        place = (first.page, first.label, section.path)
        yield Passage(document, number, *place, read.text[begin:end], begin, end)


def sections(blocks: Sequence[Block]) -> Iterator[Section]:
    """Yield what stands under each heading; a heading with nothing and no smaller heading under it is text itself."""
    path: list[Block] = []
    body: list[Block] = []
    for block, after in zip(blocks, [*blocks, None][1:], strict=True):
        if block.kind == "heading":
            path = [*(above for above in path if above.level < block.level), block]
            if not after or (after.kind == "heading" and after.level <= block.level):
                yield Section(_titles(path[:-1]), (block,))
            continue
        body.append(block)
        if not after or after.kind == "heading":
            yield Section(_titles(path), tuple(body))
            body = []


def _titles(path: Sequence[Block]) -> tuple[str, ...]:
    return tuple(heading.text for heading in path)


class _Cutter:
    """Cuts one document."""

    def __init__(self, read: Structured, tokens: Tokens, spans: Spans, most: int) -> None:
        self._text = read.text
        self._blocks = read.blocks
        self._language = read.language or LANGUAGE
        self._tokens, self._spans, self._most = tokens, spans, most

    def cuts(self) -> Iterator[tuple[Section, int, int]]:
        """Yield where each passage begins and ends, with the section it is from."""
        for section in sections(self._blocks):
            above = self._tokens("\n".join(section.path)) if section.path else 0
            room = max(int(LEAST_SHARE * self._most), self._most - above)
            for run in _packed(self._pieces(section, room), room):
                yield section, run[0].begin, run[-1].end

    def _pieces(self, section: Section, room: int) -> list[Piece]:
        """Return sentences and rows; those that are longer than a passage in parts."""
        opening = {block.begin for block in section.blocks}
        found: list[Piece] = []
        for begin, end in self._sentences(section):
            piece = Piece(begin, end, self._tokens(self._text[begin:end]), begin in opening)
            found += [piece] if piece.tokens <= room else self._parts(piece, room)
        return found

    def _sentences(self, section: Section) -> Iterator[tuple[int, int]]:
        for is_table, run in groupby(section.blocks, key=lambda block: block.kind == "table"):
            blocks = list(run)
            if is_table:
                yield from chain.from_iterable(map(_rows, blocks))
                continue
            begin, end = blocks[0].begin, blocks[-1].end
            for first, last in self._spans(self._text[begin:end], self._language):
                yield begin + first, begin + last

    def _parts(self, piece: Piece, room: int) -> Iterator[Piece]:
        from semantic_text_splitter import TextSplitter

        splitter = TextSplitter.from_callback(self._tokens, room)
        for at, part in splitter.chunk_indices(self._text[piece.begin : piece.end]):
            begin = piece.begin + at
            yield Piece(begin, begin + len(part), self._tokens(part), piece.opens and begin == piece.begin)


def _rows(table: Block) -> Iterator[tuple[int, int]]:
    at = table.begin
    for row in table.text.split("\n"):
        if row.strip():
            yield at, at + len(row)
        at += len(row) + 1


def _packed(pieces: Sequence[Piece], room: int) -> Iterator[list[Piece]]:
    """Yield runs of pieces that fit, none much smaller than the others."""
    left = sum(piece.tokens for piece in pieces)
    run: list[Piece] = []
    held = 0
    for piece in pieces:
        if run and _is_full(held, piece, left / max(1, -(-left // room)), room):
            yield run
            left -= held
            run, held = [], 0
        run.append(piece)
        held += piece.tokens
    if run:
        yield run


def _is_full(held: int, piece: Piece, size: float, room: int) -> bool:
    """Tell whether a passage ends before ``piece``; ``size`` is what all that are left would have if alike."""
    return held + piece.tokens > room or held >= size or (piece.opens and held >= ENOUGH * size)
