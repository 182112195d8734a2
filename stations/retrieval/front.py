"""What happens at the top of the tab: which collection, which part, and where to search in it."""

from contextlib import suppress

import gradio as gr

from models.errors import ModelError
from stations.base import Workbench
from stations.retrieval.chosen import choices, chosen
from stations.retrieval.scope import Scope
from stations.retrieval.service import Service
from stations.texts import say

PARTS = ("documents", "ask", "find", "map", "work")
SEARCHING = ("ask", "find")
MEANING = (*SEARCHING, "map")


class FrontDesk:
    """The events of the top. It holds no visitor's data."""

    def __init__(self, bench: Workbench, own: Service, scope: Scope) -> None:
        self._bench, self._own, self._scope = bench, own, scope

    def welcome(self, request: gr.Request) -> tuple[object, ...]:
        """Name the parts and the collections; whoever has documents begins with asking."""
        language = self._bench.language(request)
        try:
            collection = choices(self._bench, self._own, request)
        except ModelError:  # a browser without cookies: it is told when something is brought
            collection = gr.Dropdown([])
        parts = [(say(f"retrieval.part_{each}", language), each) for each in PARTS]
        return gr.Radio(parts, value=PARTS[0]), collection, *self.chosen(PARTS[0])

    def chosen(self, part: str) -> list[gr.Column]:
        """Show one part."""
        return [gr.Column(visible=each == part) for each in PARTS]

    def narrowing(self, part: str, key: str, request: gr.Request) -> tuple[object, ...]:
        """Offer what a search can be narrowed to, where there is a search."""
        if part not in SEARCHING:
            return gr.Accordion(visible=False), gr.skip(), gr.skip()
        try:
            documents, _ = self._own.contents(chosen(self._own, self._bench.folder(request), key))
        except ModelError:
            documents = ()
        language = self._bench.language(request)
        codes = sorted({each.language for each in documents if each.language})
        names = [(say("retrieval.any_language", language), ""), *((code, code) for code in codes)]
        return (
            gr.Accordion(visible=len(documents) > 0),
            gr.Dropdown([(each.name, each.id) for each in documents], value=[]),
            gr.Dropdown(names, value=""),
        )

    def warm(self, part: str) -> None:
        """Load the model of this part while somebody still types their question."""
        if part in MEANING:
            with suppress(ModelError), self._own.library.borrow_embedder():  # told when a question is asked
                pass
