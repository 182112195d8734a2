"""The words of an ODT file: paragraphs and headings of the text, its headers, footers, notes and frames."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from models.reading.document import Source
from stations.translation.bodies.packed import Element, descendants, packed_again, parts_of, shell_of
from stations.translation.lines import Atom, Item, Line, Run

PARTS = ("content.xml", "styles.xml")
_TEXT_NS = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def _t(name: str) -> str:
    return f"{{{_TEXT_NS}}}{name}"


_PARAGRAPHS = {_t("p"), _t("h")}
_AROUND = frozenset({_t("span"), _t("a")})
_NOT_THE_TEXT = {_t("tracked-changes"), f"{{{_OFFICE}}}annotation"}
_LETTERS = {_t("tab"): "\t", _t("line-break"): "\n"}
_SIGNS = {"\t": "tab", "\n": "line-break"}
_SPACES = re.compile(r"(\n|\t|(?<= ) +|^ +)")
"""Line breaks, tabs, and spaces after a space or at the beginning: each is an element of its own."""


class OpenBody:
    """The paragraphs of an ODT file, in order, with what looks different in them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._parts = parts_of(source, PARTS)
        self._paragraphs = [
            each for root in self._parts.values() for each in descendants(root, _PARAGRAPHS, _NOT_THE_TEXT)
        ]
        self._looks: dict[str, tuple[Element, ...]] = {}

    def lines(self) -> list[Line]:
        """Return the paragraphs."""
        return [Line(tuple(self._items(each, ()))) for each in self._paragraphs]

    def replace(self, number: int, items: Sequence[Item], /) -> None:
        """Put other words into a paragraph; its own style and place stay."""
        paragraph = self._paragraphs[number]
        paragraph.text = None
        for child in list(paragraph):
            paragraph.remove(child)
        for item in items:
            if isinstance(item, Atom):
                paragraph.append(item.thing.put())
            else:
                self._write(paragraph, item)

    def saved(self, language: str, /) -> bytes:
        """Return the whole file; its words are marked to be in ``language``, for the spelling checker."""
        code, _, country = language.partition("-")
        for root in self._parts.values():
            for element in root.iter("{*}text-properties"):
                if element.get(f"{{{_FO}}}language") not in (None, "zxx", "none"):
                    element.set(f"{{{_FO}}}language", code)
                    element.set(f"{{{_FO}}}country", country or "none")
        return packed_again(self._source, self._parts)

    def _items(self, parent: Element, around: tuple[Element, ...]) -> Iterator[Item]:
        style = self._style(around)
        if parent.text:
            yield Run(_collapsed(parent.text), style)
        for child in parent:
            letters = _letters(child)
            if letters is not None:
                yield Run(letters, style)
            elif child.tag in _AROUND:
                yield from self._items(child, (*around, child))
            else:
                yield Atom(_Kept(child, around))
            if child.tail:
                yield Run(_collapsed(child.tail), style)

    def _style(self, around: tuple[Element, ...]) -> str:
        """Return what tells words within these elements from others, and keep a pattern of it."""
        pattern = tuple(shell_of(each) for each in around)
        style = b"".join(etree.tostring(each, method="c14n") for each in pattern).decode()
        self._looks.setdefault(style, pattern)
        return style

    def _write(self, paragraph: Element, run: Run) -> None:
        """Append a run's words in its look."""
        at = paragraph
        for shell in self._looks[str(run.style)]:
            at.append(deepcopy(shell))
            at = at[-1]
        for piece in filter(None, _SPACES.split(run.text)):
            if piece in _SIGNS:
                etree.SubElement(at, _t(_SIGNS[piece]))
            elif not piece.strip(" ") and _SPACES.match(piece):
                etree.SubElement(at, _t("s"), {_t("c"): str(len(piece))})
            else:
                _append(at, piece)


@dataclass(frozen=True)
class _Kept:
    """Something that is no word, and what stands around it; moved, not copied, for a frame has words inside."""

    element: Element
    around: tuple[Element, ...]

    def put(self) -> Element:
        """Return it within copies of what stood around it."""
        element = self.element
        element.tail = None
        for shell in map(shell_of, reversed(self.around)):
            shell.append(element)
            element = shell
        return element


def _letters(element: Element) -> str | None:
    if element.tag == _t("s"):
        count = element.get(_t("c"), "1")
        return " " * min(int(count), 1000) if count.isdigit() else " "
    return _LETTERS.get(element.tag)


def _collapsed(text: str) -> str:
    """Return text as an office program reads it: line breaks and rows of spaces in the file are one space."""
    return re.sub(r"[ \t\r\n]+", " ", text)


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
