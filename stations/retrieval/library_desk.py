"""What happens where documents are brought: each method is one event, with values in and values out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from models.errors import ModelError
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.retrieval import board
from stations.retrieval.bringing import bring, brought, take_away
from stations.retrieval.chosen import choices, chosen, key_of
from stations.retrieval.collection import Collection, collection, remove
from stations.retrieval.library_screen import LOOK_EVERY_S, REST_S, LibraryScreen
from stations.retrieval.service import Service

Update = dict[Any, Any]
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "host.md"
MOST_COLLECTIONS = 20


class LibraryDesk:
    """The events of this part. It holds no visitor's data: that lies in the visitor's folder."""

    def __init__(
        self, bench: Workbench, own: Service, screen: LibraryScreen, collections: gr.Dropdown
    ) -> None:
        self._bench, self._own, self._screen, self._collections = bench, own, screen, collections

    def bring(self, files: Sequence[str] | None, key: str, request: gr.Request) -> Update:
        """Take in what was just uploaded."""
        with shown_to_visitor(self._bench, request):
            wanted = self._changeable(key, request)
            bring([Path(each) for each in files or ()], wanted)
            self._own.takings.add(wanted)
        return {self._screen.files: gr.File(value=None), **self._all(wanted, request)}

    def example(self, key: str, request: gr.Request) -> Update:
        """Take in the guide that comes with the kit, to try the station with."""
        return self.bring([str(EXAMPLE)], key, request)

    def choose(self, key: str, request: gr.Request) -> Update:
        """Show another collection."""
        with shown_to_visitor(self._bench, request):
            return self._all(self._chosen(key, request), request)

    def look(self, key: str, seen: str, request: gr.Request) -> Update:
        """Show how far the work is; what did not change is not sent again."""
        try:
            wanted = self._chosen(key, request)
        except (
            ModelError
        ):  # a browser without cookies, a collection that is gone: told when something is wanted
            return {self._screen.seen: gr.skip()}
        if self._seen(wanted) == seen:
            return {self._screen.seen: gr.skip()}
        return self._all(wanted, request)

    def stop(self, key: str, request: gr.Request) -> Update:
        """Stop the work; what is taken in stays."""
        with shown_to_visitor(self._bench, request):
            wanted = self._changeable(key, request)
            if taking := self._own.takings.of(wanted):
                taking.stop()
        return self._all(wanted, request)

    def again(self, key: str, request: gr.Request) -> Update:
        """Go on with what was stopped, and read what has changed."""
        with shown_to_visitor(self._bench, request):
            wanted = self._changeable(key, request)
            self._own.takings.add(wanted)
        return self._all(wanted, request)

    def remove(self, document: str | None, key: str, request: gr.Request) -> Update:
        """Take one document out."""
        with shown_to_visitor(self._bench, request):
            wanted = self._changeable(key, request)
            if not document:
                raise ModelError("retrieval.no_document")
            take_away(wanted, document)
            self._own.takings.add(wanted)
        return self._all(wanted, request)

    def ask_again(self) -> Update:
        """Ask once more before a collection is deleted."""
        screen = self._screen
        return {screen.delete: gr.Button(visible=False), screen.delete_sure: gr.Button(visible=True)}

    def delete(self, key: str, request: gr.Request) -> Update:
        """Delete a collection with everything in it."""
        with shown_to_visitor(self._bench, request):
            wanted = self._changeable(key, request)
            self._own.takings.end(wanted)
            self._own.indexes.close_one(wanted)
            remove(wanted)
        return self._moved_to(None, request)

    def new(self, name: str, request: gr.Request) -> Update:
        """Begin another collection."""
        with shown_to_visitor(self._bench, request):
            home = self._bench.folder(request)
            wanted = collection(home, name)
            if len(self._own.collections(home)) >= MOST_COLLECTIONS:
                raise ModelError("retrieval.too_many", most=MOST_COLLECTIONS)
            wanted.files.mkdir(mode=0o700, exist_ok=True)
        return {self._screen.new_name: "", **self._moved_to(key_of(wanted), request)}

    def _moved_to(self, key: str | None, request: gr.Request) -> Update:
        choice = choices(self._bench, self._own, request, key)
        wanted = self._chosen(str(choice.value), request)
        return {self._collections: choice, **self._all(wanted, request)}

    def _chosen(self, key: str | None, request: gr.Request) -> Collection:
        return chosen(self._own, self._bench.folder(request), key)

    def _changeable(self, key: str, request: gr.Request) -> Collection:
        wanted = self._chosen(key, request)
        if wanted.shared:
            raise ModelError("retrieval.of_the_room")
        return wanted

    def _seen(self, wanted: Collection) -> str:
        taking = self._own.takings.of(wanted)
        return f"{wanted.file} {taking and (id(taking), taking.step, taking.is_over, taking.was_stopped)}"

    def _all(self, wanted: Collection, request: gr.Request) -> Update:
        """Show everything about a collection; an empty one is not opened, so that no model is loaded for it."""
        screen, language = self._screen, self._bench.language(request)
        taking = self._own.takings.of(wanted)
        documents, sizes = self._own.contents(wanted)
        busy = taking is not None and not taking.is_over
        return {
            screen.own: gr.Column(visible=not wanted.shared),
            screen.manage: gr.Accordion(visible=not wanted.shared),
            screen.progress: gr.Markdown(
                board.progress_block(taking, language) if taking else "", visible=taking is not None
            ),
            screen.stop: gr.Button(visible=busy),
            screen.again: gr.Button(visible=bool(documents) and not busy and not wanted.shared),
            screen.documents: board.documents_block(
                documents, sizes, taking.refused if taking else {}, language
            ),
            screen.document: gr.Dropdown(brought(wanted), value=None),
            screen.delete: gr.Button(visible=True),
            screen.delete_sure: gr.Button(visible=False),
            screen.timer: gr.Timer(LOOK_EVERY_S if busy else REST_S),
            screen.seen: self._seen(wanted),
        }
