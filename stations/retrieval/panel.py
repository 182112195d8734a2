"""The retrieval station's tab: its parts, and what is wired to what."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from stations.afterwards import afterwards
from stations.base import Workbench
from stations.retrieval.ask_desk import AskDesk
from stations.retrieval.ask_screen import AskScreen, draw_ask
from stations.retrieval.find_desk import FindDesk
from stations.retrieval.find_screen import FindScreen, draw_find
from stations.retrieval.front import FrontDesk
from stations.retrieval.library_desk import LibraryDesk
from stations.retrieval.library_screen import LibraryScreen, draw_library
from stations.retrieval.map_desk import MapDesk
from stations.retrieval.map_screen import MapScreen, draw_map
from stations.retrieval.scope import Scope, draw_collection, draw_scope
from stations.retrieval.service import service
from stations.retrieval.work_desk import WorkDesk
from stations.retrieval.work_screen import WorkScreen, draw_work

QUIET: dict[str, Any] = {"show_progress": "hidden"}
TOGETHER: dict[str, Any] = {"concurrency_limit": None, **QUIET}


def build(bench: Workbench) -> None:
    """Draw the station and wire it."""
    own = service(bench)
    collection = draw_collection(bench)
    part = gr.Radio([], label=bench.label("retrieval.part"), elem_id="retrieval-part", elem_classes="ki-grid")
    scope = draw_scope(bench, collection)
    with gr.Column(elem_id="retrieval-part-documents") as first:
        library = draw_library(bench)
    with gr.Column(visible=False, elem_id="retrieval-part-ask") as second:
        ask = draw_ask(bench)
    with gr.Column(visible=False, elem_id="retrieval-part-find") as third:
        find = draw_find(bench)
    with gr.Column(visible=False, elem_id="retrieval-part-map") as fourth:
        drawing = draw_map(bench)
    with gr.Column(visible=False, elem_id="retrieval-part-work") as fifth:
        work = draw_work(bench)
    desk = LibraryDesk(bench, own, library, collection)
    _wire_front(FrontDesk(bench, own, scope), (part, (first, second, third, fourth, fifth)), scope)
    _wire_library(collection, library, desk)
    _wire_ask(ask, AskDesk(bench, own, ask, scope), scope)
    _wire_find(find, FindDesk(bench, own, find, scope), scope)
    _wire_map(drawing, MapDesk(bench, own, drawing), collection)
    _wire_work(work, WorkDesk(bench, own, work), (collection, part))


def _wire_front(desk: FrontDesk, parts: tuple[gr.Radio, Sequence[gr.Column]], scope: Scope) -> None:
    part, columns = parts
    gr.on(None, desk.welcome, None, [part, scope.collection, *columns], **QUIET)
    narrowing = [scope.narrowing, scope.documents, scope.language]
    opened: Any = part.input(desk.chosen, [part], list(columns), **QUIET)
    opened.then(desk.narrowing, [part, scope.collection], narrowing, **QUIET)
    opened.then(desk.warm, [part], None, **TOGETHER)


def _wire_library(collection: gr.Dropdown, screen: LibraryScreen, desk: LibraryDesk) -> None:
    key, shown = [collection], screen.shown
    collection.change(desk.choose, key, shown, **QUIET)
    screen.files.upload(desk.bring, [screen.files, collection], [screen.files, *shown], **QUIET)
    screen.example.click(desk.example, key, [screen.files, *shown], **QUIET)
    screen.timer.tick(desk.look, [collection, screen.seen], shown, **QUIET)
    screen.stop.click(desk.stop, key, shown, **QUIET)
    screen.again.click(desk.again, key, shown, **QUIET)
    screen.remove.click(desk.remove, [screen.document, collection], shown, **QUIET)
    screen.delete.click(desk.ask_again, None, [screen.delete, screen.delete_sure], **QUIET)
    screen.delete_sure.click(desk.delete, key, [collection, *shown], **QUIET)
    screen.new.click(desk.new, [screen.new_name], [screen.new_name, collection, *shown], **QUIET)


def _wire_ask(screen: AskScreen, desk: AskDesk, scope: Scope) -> None:
    form = {screen.question, screen.state, *scope.fields}
    asking: Any = gr.on(
        [screen.go.click, screen.question.submit], desk.answer, form, screen.shown, **TOGETHER
    )
    rest = (desk.at_rest, [screen.state], screen.shown)
    afterwards(asking, *rest)
    screen.stop.click(None, cancels=asking).then(*rest, **QUIET)
    asked = [screen.source.wish, screen.state, scope.collection]
    screen.source.wish.change(desk.open, asked, [screen.source.block], **QUIET)
    gr.on([screen.clear.click, scope.collection.change], desk.clear, None, screen.shown, **QUIET)
    screen.bibtex.click(desk.bibtex, [screen.state], [screen.taken])
    for kind, button in screen.kinds.items():
        button.click(desk.writer(kind), [screen.state], [screen.taken])


def _wire_find(screen: FindScreen, desk: FindDesk, scope: Scope) -> None:
    form = {screen.question, *scope.fields}
    gr.on([screen.go.click, screen.question.submit], desk.find, form, screen.shown, **TOGETHER)
    opened = [screen.source.block, screen.like, screen.state]
    screen.source.wish.change(
        desk.open, [screen.source.wish, screen.state, scope.collection], opened, **QUIET
    )
    screen.like.click(desk.like, [screen.state, scope.collection], [screen.likes, screen.state], **QUIET)
    for kind, button in screen.kinds.items():
        button.click(desk.writer(kind), [screen.state], [screen.taken])


def _wire_map(screen: MapScreen, desk: MapDesk, collection: gr.Dropdown) -> None:
    shown = [screen.map, screen.source.block]
    given = [screen.question, collection]
    gr.on([screen.go.click, screen.question.submit], desk.draw, given, shown, concurrency_limit=None)
    wished = [screen.source.wish, *given]
    screen.source.wish.change(desk.open, wished, [screen.source.block], **QUIET)
    collection.change(desk.clear, None, shown, **QUIET)


def _wire_work(screen: WorkScreen, desk: WorkDesk, front: tuple[gr.Dropdown, gr.Radio]) -> None:
    collection, part = front
    shown = [screen.result, screen.source.block]
    screen.times.click(desk.times, [collection], shown, concurrency_limit=None)
    screen.names.click(desk.names, [collection], shown, concurrency_limit=None)
    compared = [screen.one, screen.other, collection]
    screen.compare.click(desk.compare, compared, shown, concurrency_limit=None)
    wished = [screen.source.wish, collection]
    screen.source.wish.change(desk.open, wished, [screen.source.block], **QUIET)
    offered = [screen.one, screen.other, *shown]
    gr.on([collection.change, part.input], desk.offered, [collection], offered, **QUIET)
