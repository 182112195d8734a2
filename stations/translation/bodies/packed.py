"""DOCX and ODT as packed XML: opened with limits, paragraphs found, and packed again with nothing else changed."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from models.errors import ModelError
from models.reading.document import Source
from models.reading.packed import DAMAGED, Archive

Element = Any
"""lxml's elements; the package has no types."""
LARGEST_PART = 40_000_000
"""Bytes of XML; a thousand pages have about ten million."""
_DOCTYPE = b"<!DOCTYPE"
_HEAD_BYTES = 2_000


def parts_of(source: Source, wanted: Iterable[str]) -> dict[str, Element]:
    """Return the XML of those members of a packed file whose names begin with one of ``wanted``.

    Nothing is fetched, no entity is put in, and what is too big or nested too deeply is refused.

    Raises:
        ModelError: ``reading.broken``, ``reading.bomb``, ``reading.encrypted`` or ``reading.too_long``.
    """
    with Archive(source):  # whole, unlocked, of a sensible size
        pass
    try:
        with zipfile.ZipFile(source.file) as packed:
            names = [
                name for name in packed.namelist() if name.endswith(".xml") and name.startswith(tuple(wanted))
            ]
            if sum(packed.getinfo(name).file_size for name in names) > LARGEST_PART:
                raise ModelError("reading.too_long", name=source.name, millions=source.limits.letters / 1e6)
            return {name: _parsed(packed.read(name), source) for name in names}
    except DAMAGED as error:
        raise ModelError("reading.broken", name=source.name) from error


def packed_again(source: Source, parts: Mapping[str, Element]) -> bytes:
    """Return the file with ``parts`` in the place of its own; everything else and its order stay.

    Raises:
        ModelError: ``reading.broken``.
    """
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(source.file) as packed, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for member in packed.infolist():
                own = parts.get(member.filename)
                new.writestr(member, packed.read(member) if own is None else _written(own))
    except DAMAGED as error:
        raise ModelError("reading.broken", name=source.name) from error
    return made.getvalue()


def shell_of(element: Element) -> Element:
    """Return an element of the same name with the same attributes and nothing in it."""
    return etree.Element(element.tag, element.attrib, nsmap=element.nsmap)


def descendants(root: Element, tags: set[str], without: set[str]) -> Iterator[Element]:
    """Yield elements of these names in order, but none within those that are left out."""
    for element in root.iter(*tags):
        if not any(parent.tag in without for parent in element.iterancestors()):
            yield element


def _parsed(xml: bytes, source: Source) -> Element:
    if _DOCTYPE in xml[:_HEAD_BYTES]:  # no office program writes one; attacks need it
        raise ModelError("reading.broken", name=source.name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise ModelError("reading.broken", name=source.name) from error


def _written(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
