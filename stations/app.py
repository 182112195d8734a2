"""From settings to a page: engines, words, one tab per station."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import gradio as gr

from models.catalog import Catalog, Model, Role
from models.engines.base import Engine
from models.library import Library
from models.store import Store
from stations import casting
from stations.base import Station, Workbench
from stations.page import html_block
from stations.registry import station
from stations.room.loans import Loans
from stations.room.task_cards import cards
from stations.room.visitors import Visitors
from stations.settings import Workshop
from stations.texts import LANGUAGES, say, sentences
from stations.units import bytes_text

SPARE_THREADS = 40
"""Threads for everything that nobody waits long for; each request to an engine keeps one more."""
GRADIO_WORDS = "gradio."
"""Keys that begin so replace Gradio's own words and lose this beginning."""


def make_bench(
    workshop: Workshop,
    store: Store,
    open_engine: Callable[[Model, Path], Engine],
    visitors: Visitors,
    loans: Loans,
) -> Workbench:
    """Return what stations work with."""
    playing = partial(casting.players, workshop, store)
    library = Library(playing, store.file, open_engine, idle_s=60.0 * workshop.limits.idle_minutes)
    return Workbench(_words(), workshop, library, visitors, loans)


def build_page(bench: Workbench, catalog: Catalog) -> gr.Blocks:
    """Return the page with one tab for each enabled station; one without its model shows a card instead."""
    page: gr.Blocks = gr.Blocks(title="KI-Werkstatt", analytics_enabled=False, delete_cache=(60, 3600))
    page.max_threads = SPARE_THREADS + bench.workshop.chat.people + bench.workshop.limits.people_waiting
    with page:
        with gr.Tabs(elem_id="stations", selected=bench.workshop.stations[0]) as tabs:
            for name in bench.workshop.stations:
                with gr.Tab(bench.label(f"{name}.title"), id=name, elem_id=f"station-{name}"):
                    _draw_station(bench.of_station(name), station(name), catalog)
        gr.on(None, _chosen_station, None, [tabs], show_progress="hidden")
    page.queue(api_open=False)
    return page


def _draw_station(bench: Workbench, one: Station, catalog: Catalog) -> None:
    gr.Markdown(bench.label(f"page.level_{one.level}"), elem_classes="ki-level")
    gr.Markdown(bench.label(f"{one.id}.purpose"), elem_classes="ki-purpose")
    missing = [role for role in one.needs if not bench.library.players(role)]
    if not missing:
        if cards(one.id):
            place = html_block("task_place.html", station=one.id)
            gr.Markdown(place, sanitize_html=False, elem_id=f"{one.id}-tasks")
        one.build(bench)
        return
    players = catalog.players(missing[0], casting.profile_of(bench.workshop))
    card = _missing_card(bench, missing[0], players[0] if players else None)
    gr.Markdown(card, sanitize_html=False, elem_id=f"{one.id}-missing")


def _missing_card(bench: Workbench, role: Role, model: Model | None) -> str:
    """Say in both languages which model is missing, how big it is and how to get it."""
    blocks = [
        {
            "language": language,
            "title": say("page.missing_title", language),
            "text": say(
                "page.missing_text", language, model=model.title, size=bytes_text(model.bytes, language)
            )
            if model
            else say("page.missing_role", language, role=role.value),
        }
        for language in sorted(LANGUAGES, key=lambda each: each != bench.workshop.language)
    ]
    command = f"python3 launcher.py fetch {model.id}" if model else ""
    return html_block("missing.html", cards=blocks, command=command)


def _chosen_station(request: gr.Request) -> gr.Tabs:
    """Open the tab that the address asks for: ``/?station=chatbot``."""
    wish = dict(request.query_params).get("station")
    return gr.Tabs(selected=wish) if wish else gr.skip()


def _words() -> gr.I18n:
    tables = {
        language: {key.removeprefix(GRADIO_WORDS): text for key, text in sentences(language).items()}
        for language in LANGUAGES
    }
    return gr.I18n(**tables)
