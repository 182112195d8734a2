"""The part of the tab where a collection is searched without a chatbot: what is drawn."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from stations.base import Workbench
from stations.retrieval.exports import KINDS, Kind
from stations.retrieval.source_view import SourceView, draw_source

PART = "retrieval-find"

MOST_LETTERS = 1000


@dataclass(frozen=True)
class FindScreen:
    """Everything in this part that changes."""

    question: gr.Textbox
    go: gr.Button
    ways: gr.Markdown
    source: SourceView
    like: gr.Button
    likes: gr.Markdown
    tools: gr.Column
    kinds: dict[Kind, gr.Button]
    taken: gr.File
    state: gr.State

    @property
    def shown(self) -> list[Any]:
        """The outputs of a search."""
        return [self.ways, self.source.block, self.like, self.likes, self.tools, self.taken, self.state]


def draw_find(bench: Workbench) -> FindScreen:
    """Draw this part in the surrounding layout."""
    label = bench.label
    question = gr.Textbox(
        label=label("retrieval.find"), info=label("retrieval.find_info"), max_length=MOST_LETTERS,
        elem_id=f"{PART}-question",
    )  # fmt: skip
    with gr.Row(elem_classes="ki-actions"):
        go = gr.Button(label("retrieval.find_go"), variant="primary", elem_id=f"{PART}-go")
    ways = gr.Markdown(label("retrieval.find_empty"), sanitize_html=False, elem_id=f"{PART}-ways")
    source = draw_source(bench, PART)
    like = gr.Button(label("retrieval.like"), visible=False, elem_id=f"{PART}-like")
    likes = gr.Markdown(sanitize_html=False, elem_id=f"{PART}-likes")
    with gr.Column(visible=False, elem_id=f"{PART}-tools") as tools:
        gr.Markdown(label("retrieval.take_hits"), elem_classes="ki-heading")
        with gr.Row():
            kinds = {
                kind: gr.Button(kind.upper(), size="sm", min_width=80, elem_id=f"{PART}-take-{kind}")
                for kind in KINDS
            }
        taken = gr.File(
            label=label("retrieval.file"), visible=False, interactive=False, elem_id=f"{PART}-file"
        )
    return FindScreen(question, go, ways, source, like, likes, tools, kinds, taken, gr.State(None))
