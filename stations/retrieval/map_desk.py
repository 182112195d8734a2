"""What happens where a whole collection is seen: each method is one event, with values in and values out."""

from typing import Any

import gradio as gr

from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.retrieval.chosen import chosen, stocked
from stations.retrieval.map_screen import MapScreen
from stations.retrieval.map_view import map_block
from stations.retrieval.mapping import drawn_in, map_of
from stations.retrieval.service import Service
from stations.retrieval.source_view import Looking, passage_hit, source_block

Update = dict[Any, Any]


class MapDesk:
    """The events of this part. It holds no visitor's data."""

    def __init__(self, bench: Workbench, own: Service, screen: MapScreen) -> None:
        self._bench, self._own, self._screen = bench, own, screen

    def draw(self, question: str, key: str, request: gr.Request) -> Update:
        """Draw the map, and the question into it if there is one."""
        screen, language = self._screen, self._bench.language(request)
        with shown_to_visitor(self._bench, request):
            wanted = stocked(self._own, self._bench.folder(request), key)
            with self._own.searcher(wanted) as searcher:
                documents = searcher.index.documents()
                drawn = map_of(searcher.index.everything(), documents, language)
                asked = drawn_in(drawn, searcher.vector(question)) if question.strip() else None
        block = map_block(drawn, documents, asked, screen.source.facts, language)
        return {screen.map: block, screen.source.block: ""}

    def open(self, wish: str, question: str, key: str, request: gr.Request) -> str:
        """Show the passage that was clicked."""
        with shown_to_visitor(self._bench, request):
            wanted = chosen(self._own, self._bench.folder(request), key)
            with self._own.searcher(wanted) as searcher:
                hit = passage_hit(wish, searcher)
            return source_block(hit, wanted, self._bench.language(request), Looking(question))

    def clear(self) -> Update:
        """Forget the drawing of another collection."""
        return {self._screen.map: "", self._screen.source.block: ""}
