"""Where a visitor searches: in which collection, and in which part of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from models.errors import ModelError
from models.index.base import Only
from stations.base import Workbench

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
DATE_LETTERS = 10


@dataclass(frozen=True)
class Scope:
    """The fields with which a visitor says where to search."""

    collection: gr.Dropdown
    narrowing: gr.Accordion
    documents: gr.Dropdown
    language: gr.Dropdown
    since: gr.Textbox
    until: gr.Textbox

    @property
    def fields(self) -> set[Any]:
        """The inputs of a search."""
        return {self.collection, self.documents, self.language, self.since, self.until}

    def only(self, values: Mapping[Any, Any]) -> Only:
        """Return the part of the collection that the fields name.

        Raises:
            ModelError: ``retrieval.bad_date``.
        """
        dates = [(values[field] or "").strip() for field in (self.since, self.until)]
        for date in filter(None, dates):
            if not _DATE.fullmatch(date):
                raise ModelError("retrieval.bad_date")
        return Only(tuple(values[self.documents] or ()), values[self.language] or "", *dates)


def draw_collection(bench: Workbench) -> gr.Dropdown:
    """Draw the choice of a collection."""
    return gr.Dropdown(
        [], label=bench.label("retrieval.collection"), filterable=False, elem_id="retrieval-collection"
    )


def draw_scope(bench: Workbench, collection: gr.Dropdown) -> Scope:
    """Draw the fields that narrow a search, folded away."""
    label = bench.label
    with gr.Accordion(
        label("retrieval.narrow"), open=False, visible=False, elem_id="retrieval-narrow"
    ) as narrowing:
        with gr.Row():
            documents = gr.Dropdown(
                [], multiselect=True, label=label("retrieval.only_documents"), elem_id="retrieval-only-documents"
            )  # fmt: skip
            language = gr.Dropdown(
                [], label=label("retrieval.only_language"), elem_id="retrieval-only-language"
            )
        with gr.Row():
            since, until = _date(bench, "since"), _date(bench, "until")
    return Scope(collection, narrowing, documents, language, since, until)


def _date(bench: Workbench, name: str) -> gr.Textbox:
    label = bench.label("retrieval.since" if name == "since" else "retrieval.until")
    info = bench.label("retrieval.date_info")
    return gr.Textbox(label=label, info=info, max_length=DATE_LETTERS, elem_id=f"retrieval-{name}")
