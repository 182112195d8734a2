"""What happens where a collection is searched: each method is one event, with values in and values out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from models.errors import ModelError
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.retrieval.chosen import chosen, searchable
from stations.retrieval.exports import Kind, hits_table
from stations.retrieval.find_screen import FindScreen
from stations.retrieval.find_view import Search, likes_block, ways_block
from stations.retrieval.scope import Scope
from stations.retrieval.service import Service
from stations.retrieval.source_view import Looking, source_block
from stations.retrieval.tokens import read_as_tokens

Update = dict[Any, Any]
COUNT = 10


class FindDesk:
    """The events of this part. It holds no visitor's data: that comes in and goes out with each event."""

    def __init__(self, bench: Workbench, own: Service, screen: FindScreen, scope: Scope) -> None:
        self._bench, self._own, self._screen, self._scope = bench, own, screen, scope

    def find(self, values: Mapping[Any, Any], request: gr.Request) -> Update:
        """Search by words, by meaning and by both."""
        screen, language = self._screen, self._bench.language(request)
        with shown_to_visitor(self._bench, request):
            question = values[screen.question].strip()
            wanted = searchable(
                self._own, self._bench.folder(request), values[self._scope.collection], question
            )
            with self._own.searcher(wanted, self._scope.only(values)) as searcher:
                search = Search(question, searcher.ways(question, COUNT))
        return {
            screen.ways: ways_block(search, screen.source.facts, language),
            screen.source.block: "",
            screen.like: gr.Button(visible=False),
            screen.likes: "",
            screen.tools: gr.Column(visible=True),
            screen.taken: gr.File(visible=False),
            screen.state: search,
        }

    def open(self, wish: str, search: Search | None, key: str, request: gr.Request) -> Update:
        """Show the passage that was clicked."""
        screen = self._screen
        with shown_to_visitor(self._bench, request):
            way, _, number = wish.partition("#")[0].partition(":")
            if search is None or not number.isdecimal():
                raise ModelError("retrieval.source_gone")
            opened = replace(search, opened=(way, int(number)))
            if opened.hit is None:
                raise ModelError("retrieval.source_gone")
            wanted = chosen(self._own, self._bench.folder(request), key)
            with self._own.searcher(wanted) as searcher:
                reading = read_as_tokens(opened.hit.passage, searcher.embedder)
            looking = Looking(search.question, reading=reading)
            block = source_block(opened.hit, wanted, self._bench.language(request), looking)
        return {screen.source.block: block, screen.like: gr.Button(visible=True), screen.state: opened}

    def like(self, search: Search | None, key: str, request: gr.Request) -> Update:
        """Find passages that resemble the opened one."""
        screen = self._screen
        with shown_to_visitor(self._bench, request):
            if search is None or search.hit is None:
                raise ModelError("retrieval.source_gone")
            wanted = chosen(self._own, self._bench.folder(request), key)
            with self._own.searcher(wanted) as searcher:
                found = replace(search, ways={**search.ways, "like": searcher.like(search.hit, COUNT)})
        block = likes_block(found, screen.source.facts, self._bench.language(request))
        return {screen.likes: block, screen.state: found}

    def writer(self, kind: Kind) -> Callable[[Search | None, gr.Request], gr.File]:
        """Return the event that writes what was found by both ways as a table of this kind."""

        def take(search: Search | None, request: gr.Request) -> gr.File:
            with shown_to_visitor(self._bench, request):
                if search is None:
                    raise ModelError("retrieval.source_gone")
                language = self._bench.language(request)
                file = hits_table(search.ways["hybrid"], search.question, kind, language)
            return gr.File(value=str(file), visible=True)

        return take
