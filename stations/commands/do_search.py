"""``do search``: the passages that fit a question, as text or JSON."""

import json
from collections.abc import Sequence
from typing import cast

from models.errors import ModelError
from models.index.base import Mode
from models.passages import Hit
from models.reading.document import Source
from models.reading.plain import whole_text
from models.reading.reader import check_size
from models.reading.structuring import SEARCH_LIMITS
from stations.commandline import Options
from stations.commands.collected import known, tools
from stations.console import result
from stations.retrieval.citing import place
from stations.texts import Language

SHOWN_LETTERS = 240


def run(options: Options) -> int:
    """Print the best passages and return 0.

    Reads ``lang``, ``names`` (the question), ``collection``, ``count``, ``mode``, ``queries`` (a file; then each line
    of the result is the JSON list of a question), ``json`` and ``profile``.

    Raises:
        ModelError: ``command.no_question``, or what is wrong with the collection.
    """
    questions, wanted = _questions(options), known(options)
    with tools(options) as own, own.searcher(wanted) as searcher:
        for question in questions:
            hits = searcher.hits(question, cast(Mode, options.mode), options.count)
            if options.json or options.queries:
                result(json.dumps([as_json(hit) for hit in hits], ensure_ascii=False))
            else:
                result(_as_text(hits, options.lang))
    return 0


def as_json(hit: Hit) -> dict[str, object]:
    """Return a hit as what ``--json`` writes."""
    passage = hit.passage
    return {
        "document": hit.document.name,
        "page": passage.page,
        "heading": list(passage.heading),
        "text": passage.text,
        "score": round(hit.score, 4),
    }


def _as_text(hits: Sequence[Hit], language: Language) -> str:
    rows = []
    for number, hit in enumerate(hits, 1):
        text = " ".join(hit.passage.text.split())
        shown = f"{text[:SHOWN_LETTERS]} …" if len(text) > SHOWN_LETTERS else text
        rows.append(f"{number}. {place(hit.passage, hit.document, language)}  ({hit.score:.2f})\n   {shown}")
    return "\n\n".join(rows)


def _questions(options: Options) -> list[str]:
    if options.queries:
        source = Source(options.queries, options.queries.name, SEARCH_LIMITS)
        check_size(source)
        return [line for line in whole_text(source).splitlines() if line.strip()]
    if question := " ".join(options.names).strip():
        return [question]
    raise ModelError("command.no_question")
