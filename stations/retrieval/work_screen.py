"""The part of the tab where documents are evaluated: what is drawn."""

from dataclasses import dataclass

import gradio as gr

from stations.base import Workbench
from stations.retrieval.source_view import SourceView, draw_source

PART = "retrieval-work"


@dataclass(frozen=True)
class WorkScreen:
    """Everything in this part that changes."""

    times: gr.Button
    names: gr.Button
    one: gr.Dropdown
    other: gr.Dropdown
    compare: gr.Button
    result: gr.Markdown
    source: SourceView


def draw_work(bench: Workbench) -> WorkScreen:
    """Draw this part in the surrounding layout."""
    label = bench.label
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=4, min_width=300):
            gr.Markdown(label("retrieval.times_info"), elem_id=f"{PART}-times-info")
            times = gr.Button(label("retrieval.times"), variant="primary", elem_id=f"{PART}-times")
            gr.Markdown(label("retrieval.names_info"), elem_id=f"{PART}-names-info")
            names = gr.Button(label("retrieval.names"), variant="primary", elem_id=f"{PART}-names")
            gr.Markdown(label("retrieval.compare_info"), elem_id=f"{PART}-compare-info")
            one = gr.Dropdown([], label=label("retrieval.compare_one"), elem_id=f"{PART}-one")
            other = gr.Dropdown([], label=label("retrieval.compare_other"), elem_id=f"{PART}-other")
            compare = gr.Button(label("retrieval.compare"), variant="primary", elem_id=f"{PART}-compare")
        with gr.Column(scale=7, min_width=320):
            result = gr.Markdown(sanitize_html=False, elem_id=f"{PART}-result")
            source = draw_source(bench, PART)
    return WorkScreen(times, names, one, other, compare, result, source)
