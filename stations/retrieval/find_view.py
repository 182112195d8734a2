"""What a search found, as people read it: three ways beside each other, and why they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from models.index.base import Mode
from models.passages import Hit
from stations.page import html_block
from stations.retrieval.answer_view import beginning
from stations.retrieval.citing import place
from stations.texts import Language, say
from stations.units import decimal

ORDER: tuple[Mode, ...] = ("keyword", "dense", "hybrid")


@dataclass(frozen=True)
class Search:
    """One search: the question, what each way found, and the passage that was opened (way and place from 1)."""

    question: str
    ways: Mapping[str, Sequence[Hit]]
    opened: tuple[str, int] | None = None

    @property
    def hit(self) -> Hit | None:
        """The passage that was opened."""
        if self.opened is None:
            return None
        way, number = self.opened
        found = self.ways.get(way, ())
        return found[number - 1] if 0 < number <= len(found) else None


def ways_block(search: Search, opening: Mapping[str, str], language: Language) -> str:
    """Return the three lists as one line of HTML."""
    columns = [
        {
            "title": say(f"retrieval.way_{way}", language),
            "about": say(f"retrieval.way_{way}_about", language),
            "rows": rows(search, way, language),
        }
        for way in ORDER
    ]
    alone = {way: _only_here(search.ways, way) for way in ("keyword", "dense")}
    return html_block(
        "retrieval_ways.html",
        columns=columns,
        opening=opening,
        differ=say("retrieval.differ", language, keyword=alone["keyword"], dense=alone["dense"]),
        say=partial(say, language=language),
    )


def likes_block(search: Search, opening: Mapping[str, str], language: Language) -> str:
    """Return the passages that resemble the opened one as one line of HTML."""
    return html_block(
        "retrieval_sources.html",
        title=say("retrieval.likes", language),
        rows=rows(search, "like", language),
        opening=opening,
        say=partial(say, language=language),
    )


def rows(search: Search, way: str, language: Language) -> list[dict[str, object]]:
    """Return the hits of one way as the template wants them."""
    return [
        {
            "number": number,
            "key": f"{way}:{number}",
            "place": place(hit.passage, hit.document, language),
            "text": beginning(hit.passage.text),
            "score": decimal(hit.score, language, 2),
            "cited": False,
        }
        for number, hit in enumerate(search.ways.get(way, ()), 1)
    ]


def _only_here(ways: Mapping[str, Sequence[Hit]], way: str) -> int:
    """Return how many passages one way found and the other did not."""
    other = "dense" if way == "keyword" else "keyword"
    there = {(hit.passage.document, hit.passage.number) for hit in ways.get(other, ())}
    return sum((hit.passage.document, hit.passage.number) not in there for hit in ways.get(way, ()))
