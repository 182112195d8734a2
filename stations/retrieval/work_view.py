"""A timeline and a comparison of two documents as people read them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import get_args

from models.passages import Document, Passage
from stations.page import html_block
from stations.retrieval.answer_view import beginning
from stations.retrieval.citing import place
from stations.retrieval.comparing import Comparison, Pair
from stations.retrieval.source_view import passage_key
from stations.retrieval.timeline import Event
from stations.retrieval.who_where import Kind, Mention
from stations.texts import Language, say

MOST_EVENTS = 300
MOST_NAMES, MOST_PASSAGES = 100, 20
KINDS: tuple[Kind, ...] = get_args(Kind)


def times_block(
    events: Sequence[Event], documents: Sequence[Document], opening: Mapping[str, str], language: Language
) -> str:
    """Return dates in order of time as one line of HTML."""
    known = {document.id: document for document in documents}
    rows = [
        {
            "words": event.words,
            "sentence": event.sentence,
            "place": place(event.passage, known[event.passage.document], language),
            "key": passage_key(event.passage.document, event.passage.number),
        }
        for event in events[:MOST_EVENTS]
    ]
    return html_block(
        "retrieval_times.html",
        rows=rows,
        more=len(events) - len(rows),
        opening=opening,
        say=partial(say, language=language),
    )


def names_block(
    mentions: Sequence[Mention],
    documents: Sequence[Document],
    opening: Mapping[str, str],
    language: Language,
) -> str:
    """Return persons, places and organisations, each with the passages it stands in, as one line of HTML."""
    known = {document.id: document for document in documents}
    kinds = [
        {
            "title": say(f"retrieval.names_{kind}", language),
            "rows": [_named(each, known, language) for each in mentions if each.kind == kind][:MOST_NAMES],
        }
        for kind in KINDS
    ]
    return html_block(
        "retrieval_names.html", kinds=kinds, opening=opening, say=partial(say, language=language)
    )


def comparison_block(found: Comparison, opening: Mapping[str, str], language: Language) -> str:
    """Return what stands in both documents and what in one of them as one line of HTML."""
    return html_block(
        "retrieval_comparison.html",
        one=found.one.name,
        other=found.other.name,
        pairs=[_pair(pair, found, language) for pair in found.pairs],
        only_one=[_side(each, found.one, (), language) for each in found.only_one],
        only_other=[_side(each, found.other, (), language) for each in found.only_other],
        opening=opening,
        say=partial(say, language=language),
    )


def _named(mention: Mention, known: Mapping[str, Document], language: Language) -> dict[str, object]:
    passages = [
        {
            "place": place(each, known[each.document], language),
            "key": passage_key(each.document, each.number),
        }
        for each in mention.passages[:MOST_PASSAGES]
    ]
    return {"name": mention.name, "count": len(mention.passages), "passages": passages}


def _pair(pair: Pair, found: Comparison, language: Language) -> tuple[dict[str, object], dict[str, object]]:
    return (
        _side(pair.one, found.one, pair.numbers_of_one, language),
        _side(pair.other, found.other, pair.numbers_of_other, language),
    )


def _side(
    passage: Passage, document: Document, numbers: Sequence[str], language: Language
) -> dict[str, object]:
    return {
        "place": place(passage, document, language),
        "text": beginning(passage.text),
        "numbers": ", ".join(numbers),
        "key": passage_key(passage.document, passage.number),
    }
