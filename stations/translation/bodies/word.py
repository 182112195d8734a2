"""The words of a Word file: paragraphs of the text, its headers, footers, notes and text boxes."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from models.reading.document import Source
from stations.translation.bodies.packed import Element, descendants, packed_again, parts_of, shell_of
from stations.translation.lines import Atom, Item, Line, Run

PARTS = (
    "word/document.xml",
    "word/footnotes.xml",
    "word/endnotes.xml",
    "word/header",
    "word/footer",
    "word/styles.xml",
)
_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SPLIT = re.compile(r"([\n\t])")


def _w(name: str) -> str:
    return f"{{{_NS}}}{name}"


_PARAGRAPH, _RUN, _LOOK, _TEXT = _w("p"), _w("r"), _w("rPr"), _w("t")
_AROUND = frozenset(map(_w, ("hyperlink", "ins", "smartTag", "bdo", "dir")))
"""What may stand around runs: a link, text that was added while changes were tracked."""
_LETTERS = {_w("tab"): "\t", _w("cr"): "\n", _w("noBreakHyphen"): "\u2011", _w("softHyphen"): "\u00ad"}
_SIGNS = {"\n": "br", "\t": "tab"}
_LEFT_OUT = frozenset(map(_w, ("proofErr", "lastRenderedPageBreak")))
"""Notes of the program to itself that fit the old words only."""
_NO_LOOK = tuple(map(_w, ("lang", "noProof")))
_FIELD, _FIELD_CHANGES = _w("fldChar"), {"begin": 1, "end": -1}
_DELETED = {_w("del"), _w("moveFrom")}


class WordBody:
    """The paragraphs of a DOCX file, in order, with what looks different in them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._parts = parts_of(source, PARTS)
        roots = [root for name, root in self._parts.items() if name != "word/styles.xml"]
        self._paragraphs = [each for root in roots for each in descendants(root, {_PARAGRAPH}, _DELETED)]
        self._looks: dict[str, tuple[Element, ...]] = {}

    def lines(self) -> list[Line]:
        """Return the paragraphs; one with a field that goes on in the next (a table of contents) is empty."""
        return [Line(tuple(self._items(each))) for each in self._paragraphs]

    def replace(self, number: int, items: Sequence[Item], /) -> None:
        """Put other words into a paragraph; its own style, numbering and place stay."""
        paragraph = self._paragraphs[number]
        for child in [child for child in paragraph if child.tag != _w("pPr")]:
            paragraph.remove(child)
        for item in items:
            pieces = item.thing if isinstance(item, Atom) else [item]
            paragraph.extend(self._made(each) if isinstance(each, Run) else each.put() for each in pieces)

    def saved(self, language: str, /) -> bytes:
        """Return the whole file; its words are marked to be in ``language``, for the spelling checker."""
        for root in self._parts.values():
            for mark in root.iter(_w("lang")):
                mark.set(_w("val"), language)
        return packed_again(self._source, self._parts)

    def _items(self, paragraph: Element) -> list[Item]:
        """Return words and other things in order; a field with all its parts is one thing."""
        items: list[Item] = []
        field: list[Run | _Kept] = []
        depth = 0
        for piece in self._pieces(paragraph, ()):
            change = piece.change if isinstance(piece, _Kept) else 0
            depth += change
            if depth or change:
                field.append(piece)
            else:
                items.append(piece if isinstance(piece, Run) else Atom([piece]))
            if change and not depth:
                items.append(Atom(field))
                field = []
            if depth < 0:
                break
        return [] if depth else items

    def _pieces(self, parent: Element, around: tuple[Element, ...]) -> Iterator["Run | _Kept"]:
        for child in parent:
            if child.tag == _RUN:
                yield from self._of_run(child, around)
            elif child.tag in _AROUND:
                yield from self._pieces(child, (*around, child))
            elif child.tag != _w("pPr") and child.tag not in _LEFT_OUT:
                yield _Kept(child, around)

    def _of_run(self, run: Element, around: tuple[Element, ...]) -> Iterator["Run | _Kept"]:
        look = run.find(_LOOK)
        style = self._style(look, around)
        for child in run:
            letters = _letters(child)
            if letters is not None:
                yield Run(letters, style)
            elif child.tag != _LOOK and child.tag not in _LEFT_OUT:
                yield _Kept(child, (*around, run))

    def _style(self, look: Element | None, around: tuple[Element, ...]) -> str:
        """Return what tells a run's look from others, and keep a pattern of it."""
        pattern = [shell_of(each) for each in around]
        kept = [deepcopy(each) for each in look if each.tag not in _NO_LOOK] if look is not None else []
        if kept:
            pattern.append(etree.Element(_LOOK))
            pattern[-1].extend(kept)
        style = b"".join(etree.tostring(each, method="c14n") for each in pattern).decode()
        self._looks.setdefault(style, tuple(pattern))
        return style

    def _made(self, run: Run) -> Element:
        """Return an element with a run's words in its look."""
        pattern = self._looks[str(run.style)]
        made = etree.Element(_RUN)
        made.extend(deepcopy(each) for each in pattern if each.tag == _LOOK)
        for piece in filter(None, _SPLIT.split(run.text)):
            if piece in _SIGNS:
                etree.SubElement(made, _w(_SIGNS[piece]))
            else:
                etree.SubElement(made, _TEXT, {_XML_SPACE: "preserve"}).text = piece
        return _within([each for each in pattern if each.tag != _LOOK], made)


@dataclass(frozen=True)
class _Kept:
    """Something that is no word, and what stands around it; moved, not copied, for a text box has words inside."""

    element: Element
    around: tuple[Element, ...]

    @property
    def change(self) -> int:
        """1 where a field begins, -1 where one ends."""
        return _FIELD_CHANGES.get(self.element.get(_w("fldCharType")), 0) if self.element.tag == _FIELD else 0

    def put(self) -> Element:
        """Return it within copies of what stood around it."""
        runs = [each for each in self.around if each.tag == _RUN]
        shells = [shell_of(each) for each in self.around]
        for run, shell in zip(runs, shells[-len(runs) :], strict=False):
            shell.extend(deepcopy(run.findall(_LOOK)))
        return _within(shells, self.element)


def _letters(element: Element) -> str | None:
    """Return what an element of a run says in letters; ``None`` if it is something else."""
    if element.tag == _TEXT:
        return element.text or ""
    if element.tag == _w("br") and element.get(_w("type"), "textWrapping") == "textWrapping":
        return "\n"
    return _LETTERS.get(element.tag)


def _within(shells: Sequence[Element], element: Element) -> Element:
    """Return the element inside fresh copies of the shells, the first one outermost."""
    for shell in reversed(shells):
        outer = deepcopy(shell)
        outer.append(element)
        element = outer
    return element
