"""What happens where documents are evaluated: each method is one event, with values in and values out."""

from typing import Any

import gradio as gr

from models.errors import ModelError
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.retrieval.chosen import chosen, stocked
from stations.retrieval.comparing import compared
from stations.retrieval.service import Service
from stations.retrieval.source_view import Looking, passage_hit, source_block
from stations.retrieval.timeline import timeline
from stations.retrieval.who_where import who_where
from stations.retrieval.work_screen import WorkScreen
from stations.retrieval.work_view import comparison_block, names_block, times_block

Update = dict[Any, Any]


class WorkDesk:
    """The events of this part. It holds no visitor's data."""

    def __init__(self, bench: Workbench, own: Service, screen: WorkScreen) -> None:
        self._bench, self._own, self._screen = bench, own, screen

    def times(self, key: str, request: gr.Request) -> Update:
        """Show the dates that the documents mention, in order."""
        screen, language = self._screen, self._bench.language(request)
        with shown_to_visitor(self._bench, request):
            wanted = stocked(self._own, self._bench.folder(request), key)
            with self._own.searcher(wanted) as searcher:
                documents = searcher.index.documents()
                events = timeline(searcher.index.everything().passages, documents)
        return {
            screen.result: times_block(events, documents, screen.source.facts, language),
            screen.source.block: "",
        }

    def names(self, key: str, request: gr.Request) -> Update:
        """Show the persons, places and organisations that the documents name."""
        screen, language = self._screen, self._bench.language(request)
        with shown_to_visitor(self._bench, request):
            wanted = stocked(self._own, self._bench.folder(request), key)
            with self._own.searcher(wanted) as searcher:
                documents = searcher.index.documents()
                mentions = who_where(searcher.index.everything().passages)
        return {
            screen.result: names_block(mentions, documents, screen.source.facts, language),
            screen.source.block: "",
        }

    def compare(self, one: str | None, other: str | None, key: str, request: gr.Request) -> Update:
        """Show what stands in two documents and what only in one."""
        screen, language = self._screen, self._bench.language(request)
        with shown_to_visitor(self._bench, request):
            wanted = stocked(self._own, self._bench.folder(request), key)
            with self._own.searcher(wanted) as searcher:
                documents = {each.id: each for each in searcher.index.documents()}
                if one not in documents or other not in documents or one == other:
                    raise ModelError("retrieval.compare_two")
                found = compared(searcher.index.everything(), documents[str(one)], documents[str(other)])
        return {
            screen.result: comparison_block(found, screen.source.facts, language),
            screen.source.block: "",
        }

    def open(self, wish: str, key: str, request: gr.Request) -> str:
        """Show the passage that was clicked."""
        with shown_to_visitor(self._bench, request):
            wanted = chosen(self._own, self._bench.folder(request), key)
            with self._own.searcher(wanted) as searcher:
                hit = passage_hit(wish, searcher)
            return source_block(hit, wanted, self._bench.language(request), Looking())

    def offered(self, key: str, request: gr.Request) -> Update:
        """Offer the documents of a collection, and forget what was shown of another."""
        screen = self._screen
        try:
            documents, _ = self._own.contents(chosen(self._own, self._bench.folder(request), key))
        except ModelError:
            documents = ()
        names = [(each.name, each.id) for each in documents]
        first, second = ([each for _, each in names] + [None, None])[:2]
        return {
            screen.one: gr.Dropdown(names, value=first),
            screen.other: gr.Dropdown(names, value=second),
            screen.result: "",
            screen.source.block: "",
        }
