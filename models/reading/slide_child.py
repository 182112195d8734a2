"""A program of its own that reads one presentation (PPTX): the file comes on standard input, blocks go out.

Started with ``python -I``; knows nothing of the kit. Arguments: how many letters, bytes of memory and seconds it may
take. Writes one JSON object per line as ``models.reading.structure.Block`` has it (the page is the slide), or
``{"error"}`` and stops.
"""

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

EXTRA_S = 10
DEEPEST_GROUP = 20
FOOTERS = {13, 15, 16}
"""Slide number, footer and date: PowerPoint's own numbers for these placeholders."""

Line = dict[str, object]
Presentation = Any
Slide = Any
Shape = Any
"""python-pptx's own; which of its shapes have what is known at run time only."""


def main(letters: int, memory_bytes: int, seconds: int) -> None:
    """Write the blocks of every slide."""
    _lock_in(memory_bytes, seconds)
    import pptx
    from lxml.etree import LxmlError

    try:
        _write(_all_blocks(pptx.Presentation(sys.stdin.buffer)), letters)
    except MemoryError:
        _put({"error": "bomb"})
    except (zipfile.BadZipFile, LxmlError, LookupError, ValueError, AttributeError, TypeError, OSError):
        _put(
            {"error": "broken"}
        )  # python-pptx has one error of its own and meets half files with all of these


def _all_blocks(slides: Presentation) -> Iterator[Line]:
    for number, slide in enumerate(slides.slides, start=1):
        for block in _slide_blocks(slide):
            yield {"level": 0, **block, "page": number}


def _slide_blocks(slide: Slide) -> Iterator[Line]:
    title = slide.shapes.title
    if title is not None:
        yield {"kind": "heading", "text": title.text_frame.text, "level": 1}
    for shape in _in_groups(slide.shapes, DEEPEST_GROUP):
        if not (title is not None and shape.shape_id == title.shape_id) and not _is_footer(shape):
            yield from _shape_blocks(shape)
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
        yield {"kind": "paragraph", "text": notes.text}


def _in_groups(shapes: Iterable[Shape], depth: int) -> Iterator[Shape]:
    for shape in shapes:
        inside = getattr(shape, "shapes", None)
        if inside is None:
            yield shape
        elif depth:
            yield from _in_groups(inside, depth - 1)


def _is_footer(shape: Shape) -> bool:
    return shape.is_placeholder and int(shape.placeholder_format.type or 0) in FOOTERS


def _shape_blocks(shape: Shape) -> Iterator[Line]:
    if getattr(shape, "has_table", False):
        rows = ([" ".join(cell.text.split()) for cell in row.cells] for row in shape.table.rows)
        yield {"kind": "table", "text": "\n".join(" | ".join(row) for row in rows if any(row))}
    elif shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            kind = "item" if shape.is_placeholder else "paragraph"
            yield {
                "kind": kind,
                "text": paragraph.text,
                "level": paragraph.level + 1 if kind == "item" else 0,
            }


def _write(blocks: Iterable[Line], letters: int) -> None:
    written = 0
    for block in blocks:
        written += len(str(block["text"]))
        if written > letters:
            _put({"error": "too_long"})
            return
        _put(block)


def _put(said: Line) -> None:
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")


def _lock_in(memory_bytes: int, seconds: int) -> None:
    """Let the system itself enforce the limits, where it can; the parent watches everywhere."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + EXTRA_S, seconds + EXTRA_S))
    except (ImportError, ValueError, OSError):  # Windows has none of it, macOS not the first
        return


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
