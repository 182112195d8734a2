"""The part of the tab where a whole collection is seen: what is drawn."""

from dataclasses import dataclass

import gradio as gr

from stations.base import Workbench
from stations.retrieval.source_view import SourceView, draw_source

PART = "retrieval-map"
MOST_LETTERS = 1000


@dataclass(frozen=True)
class MapScreen:
    """Everything in this part that changes."""

    question: gr.Textbox
    go: gr.Button
    map: gr.Markdown
    source: SourceView


def draw_map(bench: Workbench) -> MapScreen:
    """Draw this part in the surrounding layout."""
    label = bench.label
    gr.Markdown(label("retrieval.map_info"), elem_id=f"{PART}-info")
    with gr.Row(elem_classes="ki-columns"):
        question = gr.Textbox(
            label=label("retrieval.map_question"), info=label("retrieval.map_question_info"), scale=3, min_width=280,
            max_length=MOST_LETTERS, elem_id=f"{PART}-question",
        )  # fmt: skip
        go = gr.Button(
            label("retrieval.map_go"), variant="primary", scale=1, min_width=160, elem_id=f"{PART}-go"
        )
    drawn = gr.Markdown(sanitize_html=False, elem_id=f"{PART}-drawing")
    return MapScreen(question, go, drawn, draw_source(bench, PART))
