"""The part of the tab where a collection is asked: what is drawn."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from stations.base import Workbench
from stations.documents import Format
from stations.retrieval.source_view import SourceView, draw_source

PART = "retrieval-ask"
NOTE_KINDS: tuple[Format, ...] = ("docx", "odt", "md", "txt")
MOST_LETTERS = 1000


@dataclass(frozen=True)
class AskScreen:
    """Everything in this part that changes."""

    question: gr.Textbox
    go: gr.Button
    stop: gr.Button
    talk: gr.Markdown
    sources: gr.Markdown
    source: SourceView
    tools: gr.Column
    kinds: dict[Format, gr.Button]
    bibtex: gr.Button
    taken: gr.File
    sent: gr.Textbox
    clear: gr.Button
    state: gr.State

    @property
    def shown(self) -> list[Any]:
        """The outputs of an answer."""
        return [
            self.question, self.go, self.stop, self.talk, self.sources, self.source.block, self.tools, self.taken,
            self.sent, self.state,
        ]  # fmt: skip


def draw_ask(bench: Workbench) -> AskScreen:
    """Draw this part in the surrounding layout."""
    label = bench.label
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=6, min_width=300):
            talk = gr.Markdown(sanitize_html=False, elem_id=f"{PART}-talk")
            question = gr.Textbox(
                label=label("retrieval.question"), info=label("retrieval.question_info"), lines=2, max_lines=6,
                max_length=MOST_LETTERS, elem_id=f"{PART}-question",
            )  # fmt: skip
            with gr.Row(elem_classes="ki-actions"):
                go = gr.Button(label("retrieval.ask"), variant="primary", elem_id=f"{PART}-go")
                stop = gr.Button(label("retrieval.stop"), visible=False, elem_id=f"{PART}-stop")
            tools = _draw_tools(bench)
        with gr.Column(scale=5, min_width=320):
            sources = gr.Markdown(sanitize_html=False, elem_id=f"{PART}-sources")
            source = draw_source(bench, PART)
    return AskScreen(
        question=question, go=go, stop=stop, talk=talk, sources=sources, source=source, **tools, state=gr.State(())
    )  # fmt: skip


def _draw_tools(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    with gr.Column(visible=False, elem_id=f"{PART}-tools") as tools:
        gr.Markdown(label("retrieval.take"), elem_classes="ki-heading")
        with gr.Row():
            kinds = {
                kind: gr.Button(kind.upper(), size="sm", min_width=80, elem_id=f"{PART}-take-{kind}")
                for kind in NOTE_KINDS
            }
            bibtex = gr.Button("BibTeX", size="sm", min_width=80, elem_id=f"{PART}-take-bib")
        taken = gr.File(
            label=label("retrieval.file"), visible=False, interactive=False, elem_id=f"{PART}-file"
        )
        with gr.Accordion(label("retrieval.sent"), open=False, elem_id=f"{PART}-sent-more"):
            sent = gr.Textbox(
                label=label("retrieval.sent_text"), info=label("retrieval.sent_info"), lines=8, max_lines=20,
                interactive=False, elem_id=f"{PART}-sent",
            )  # fmt: skip
        clear = gr.Button(label("retrieval.clear"), size="sm", elem_id=f"{PART}-clear")
    return {"tools": tools, "kinds": kinds, "bibtex": bibtex, "taken": taken, "sent": sent, "clear": clear}
