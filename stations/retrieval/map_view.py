"""The map of a collection as a drawing: dots in the colours of their documents, groups with their words."""

from collections.abc import Mapping, Sequence
from functools import partial

from models.passages import Document
from stations.page import html_block
from stations.retrieval.mapping import Map
from stations.retrieval.source_view import passage_key
from stations.texts import Language, say

WIDTH, HEIGHT, MARGIN = 1000, 640, 40
COLOURS = 8
"""So many documents have a colour of their own; the others share a grey."""
WORDS, LISTED = 3, 8
EDGE = 0.5
LABEL = 26
"""So far above its middle a group's words stand."""


def map_block(
    drawn: Map,
    documents: Sequence[Document],
    asked: tuple[float, float] | None,
    opening: Mapping[str, str],
    language: Language,
) -> str:
    """Return the map as one line of HTML; ``asked`` is where the question lies, ``opening`` see ``SourceView``."""
    colours = _colours(drawn, documents)
    dots = _dots(drawn, colours)
    names = {document.id: document.name for document in documents}
    return html_block(
        "retrieval_map.html",
        width=WIDTH,
        height=HEIGHT,
        dots=dots,
        groups=_groups(drawn, dots),
        legend=[(names[each], colour) for each, colour in colours.items()],
        others=len({dot.document for dot in drawn.dots}) - len(colours),
        grey=COLOURS,
        asked=(_across(asked[0]), _down(asked[1])) if asked else None,
        sample=len(drawn.dots) < drawn.total,
        total=drawn.total,
        opening=opening,
        say=partial(say, language=language),
    )


def _dots(drawn: Map, colours: Mapping[str, int]) -> list[dict[str, object]]:
    return [
        {
            "x": _across(dot.x),
            "y": _down(dot.y),
            "colour": colours.get(dot.document, COLOURS),
            "key": passage_key(dot.document, dot.number),
            "place": dot.place,
            "text": dot.text,
        }
        for dot in drawn.dots
    ]


def _groups(drawn: Map, dots: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the groups with their words and their first dots."""
    return [
        {
            "x": _across(group.x),
            "y": max(LABEL, _down(group.y) - LABEL),
            "anchor": _anchor(group.x),
            "words": ", ".join(group.words[:WORDS]),
            "count": group.count,
            "dots": [dot for dot, known in zip(dots, drawn.dots, strict=True) if known.group == at][:LISTED],
        }
        for at, group in enumerate(drawn.groups)
    ]


def _colours(drawn: Map, documents: Sequence[Document]) -> dict[str, int]:
    """Give the documents with most dots a colour each."""
    counts = {document.id: 0 for document in documents}
    for dot in drawn.dots:
        counts[dot.document] += 1
    largest = sorted((each for each in counts if counts[each]), key=lambda each: -counts[each])
    return {document: colour for colour, document in enumerate(largest[:COLOURS])}


def _anchor(x: float) -> str:
    """Return to which side words grow, so that they stay within the map."""
    return "start" if x < -EDGE else "end" if x > EDGE else "middle"


def _across(x: float) -> int:
    return round(MARGIN + (x + 1) / 2 * (WIDTH - 2 * MARGIN))


def _down(y: float) -> int:
    return round(MARGIN + (1 - y) / 2 * (HEIGHT - 2 * MARGIN))
