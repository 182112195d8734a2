"""Running text in lines as blocks: paragraphs that a program has broken into lines become whole again."""

from collections.abc import Iterator, Sequence

from models.reading.page_lines import ITEM, NARROW_LETTERS, full_width, paragraphs
from models.reading.repair import cleaned
from models.reading.structure import Block

WRAPPED_LETTERS = 120
"""Old programs and mail break lines at 60 to 100 letters; where nine of ten are shorter than this, lines are broken."""


def text_blocks(text: str) -> Iterator[Block]:
    """Yield the paragraphs and points of a plain text; blank lines are between them."""
    clean = cleaned(text)
    width = full_width([line for line in clean.split("\n") if line.strip()])
    for part in clean.split("\n\n"):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        yield from line_blocks(lines, width if NARROW_LETTERS <= width <= WRAPPED_LETTERS else 0)


def line_blocks(
    lines: Sequence[str], width: int, page: int | None = None, label: str = ""
) -> Iterator[Block]:
    """Yield lines as paragraphs and points; ``width`` is how many letters a full line has, 0: no line goes on."""
    for text in paragraphs(lines, width).split("\n\n"):
        if all(map(ITEM.match, text.split("\n"))):
            yield from (Block("item", line, 1, page, label) for line in text.split("\n"))
        else:
            yield Block("paragraph", text, 0, page, label)
