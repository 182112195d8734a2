"""The words of a Markdown file, read and written again by pandoc in a process of its own."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from models.errors import ModelError
from models.reading.document import Source
from models.reading.leashed import run_limited
from models.reading.office import HEAP_OVERFLOW, KILLED, MEGABYTE, SAFE, SPARE_BYTES
from models.reading.plain import BYTES_PER_LETTER, whole_text
from stations.translation.lines import Atom, Item, Line, Run

Node = Any
"""Part of pandoc's syntax tree: objects with a type ``t`` and a content ``c``, and lists of them."""
_FORMAT = "gfm+yaml_metadata_block"
_AST_BYTES = 40
"""Bytes of JSON for each letter, at most; pandoc writes every word as an object."""
_LETTERS = {"Space": " ", "SoftBreak": " ", "LineBreak": "\n"}
_AROUND = {
    "Emph": 0, "Strong": 0, "Underline": 0, "Strikeout": 0, "Superscript": 0, "Subscript": 0, "SmallCaps": 0,
    "Link": 1, "Span": 1, "Quoted": 1, "Cite": 1,
}  # fmt: skip
"""Inlines that have inlines in them, with the place of these: 0 where they are all there is."""


class MarkdownBody:
    """Paragraphs, headings, list items and cells of a Markdown file, with bold words, links and the like."""

    def __init__(self, source: Source) -> None:
        self._source = source
        text = whole_text(source)
        self._tree = json.loads(_pandoc(source, text, _FORMAT, "json", ()))
        self._places = list(_inline_lists(self._tree["blocks"]))
        self._looks: dict[str, tuple[Node, ...]] = {}

    def lines(self) -> list[Line]:
        """Return what can be read on a line of its own."""
        return [Line(tuple(self._items(inlines, ()))) for inlines in self._places]

    def replace(self, number: int, items: Sequence[Item], /) -> None:
        """Put other words into a line; what kind of line it is stays."""
        inlines: list[Node] = []
        for item in items:
            inlines += [item.thing] if isinstance(item, Atom) else self._made(item)
        self._places[number][:] = inlines

    def saved(self, _language: str, /) -> bytes:
        """Return the file in UTF-8; Markdown does not say its language."""
        tree = json.dumps(self._tree, ensure_ascii=False)
        front = ("-s",) if self._tree["meta"] else ()
        return _pandoc(self._source, tree, "json", _FORMAT, front)

    def _items(self, inlines: Sequence[Node], around: tuple[Node, ...]) -> Iterator[Item]:
        style = self._style(around)
        for node in inlines:
            kind = node["t"]
            if kind == "Str" or kind in _LETTERS:
                yield Run(_LETTERS.get(kind) or node["c"], style)
            elif kind in _AROUND:
                yield from self._items(_inside(node), (*around, node))
            else:
                yield Atom(_wrapped(around, [node])[0])

    def _style(self, around: tuple[Node, ...]) -> str:
        shells = tuple(_with_inside(node, []) for node in around)
        style = json.dumps(shells)
        self._looks.setdefault(style, shells)
        return style

    def _made(self, run: Run) -> list[Node]:
        """Return a run's words as inlines in their look; space around them stays outside, as Markdown wants it."""
        words = run.text.strip()
        start = run.text.find(words) if words else len(run.text)
        inside = _wrapped(self._looks[str(run.style)], _inlines(words)) if words else []
        return [*_inlines(run.text[:start]), *inside, *_inlines(run.text[start + len(words) :])]


def _inlines(text: str) -> list[Node]:
    """Return words, spaces and line breaks as pandoc has them."""
    found: list[Node] = []
    for number, line in enumerate(text.split("\n")):
        found += [{"t": "LineBreak"}] if number else []
        for at, word in enumerate(line.split(" ")):
            found += [{"t": "Space"}] if at else []
            found += [{"t": "Str", "c": word}] if word else []
    return found


def _inside(node: Node) -> list[Node]:
    at = _AROUND[node["t"]]
    return list(node["c"][at] if at else node["c"])


def _with_inside(node: Node, inlines: list[Node]) -> Node:
    """Return a copy of an inline with other inlines in it."""
    at = _AROUND[node["t"]]
    content = [inlines if place == at else part for place, part in enumerate(node["c"])] if at else inlines
    return {"t": node["t"], "c": content}


def _wrapped(around: Sequence[Node], inlines: list[Node]) -> list[Node]:
    for node in reversed(around):
        inlines = [_with_inside(node, inlines)]
    return inlines


def _inline_lists(node: Node) -> Iterator[list[Node]]:
    """Yield every list of inlines in order of reading, footnotes after the line that has them."""
    if isinstance(node, dict) and node.get("t") in ("Para", "Plain", "Header"):
        inlines = node["c"][2] if node["t"] == "Header" else node["c"]
        yield inlines
        yield from (found for note in _notes(inlines) for found in _inline_lists(note))
    elif isinstance(node, dict) and node.get("t") not in ("CodeBlock", "RawBlock"):
        yield from _inline_lists(node.get("c"))
    elif isinstance(node, list):
        for each in node:
            yield from _inline_lists(each)


def _notes(node: Node) -> Iterator[Node]:
    """Yield the blocks of the footnotes in a list of inlines."""
    if isinstance(node, dict):
        yield from [node["c"]] if node.get("t") == "Note" else _notes(node.get("c"))
    elif isinstance(node, list):
        for each in node:
            yield from _notes(each)


def _pandoc(source: Source, text: str, reads: str, writes: str, wishes: tuple[str, ...]) -> bytes:
    """Return what pandoc makes of a text, within the limits of its file."""
    import pypandoc

    memory = ["+RTS", f"-M{source.limits.memory_bytes // MEGABYTE}m", "-RTS"]
    command = [pypandoc.get_pandoc_path(), *memory, "-f", reads, "-t", writes, *SAFE, *wishes]
    most = _AST_BYTES * BYTES_PER_LETTER * max(len(text), SPARE_BYTES)
    with tempfile.TemporaryFile() as given:
        given.write(text.encode("utf-8", errors="replace"))
        given.seek(0)
        ended = run_limited(command, source, given, most)
    if ended.code in (HEAP_OVERFLOW, KILLED):
        raise ModelError("reading.bomb", name=source.name)
    if ended.code != 0:
        raise ModelError("reading.broken", name=source.name)
    return ended.output
