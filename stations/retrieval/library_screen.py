"""The part of the tab where documents are brought: what is drawn."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from stations.base import Workbench

LOOK_EVERY_S, REST_S = 1.0, 6.0
"""How often the page asks how far the work is, and how often when nothing is being taken in."""
ENDINGS = [
    ".pdf", ".docx", ".odt", ".pptx", ".xlsx", ".ods", ".csv", ".txt", ".md", ".html", ".htm", ".epub", ".eml",
    ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".zip",
]  # fmt: skip


@dataclass(frozen=True)
class LibraryScreen:
    """Everything in this part that changes."""

    files: gr.File
    example: gr.Button
    own: gr.Column
    progress: gr.Markdown
    stop: gr.Button
    again: gr.Button
    documents: gr.Markdown
    manage: gr.Accordion
    document: gr.Dropdown
    remove: gr.Button
    delete: gr.Button
    delete_sure: gr.Button
    new_name: gr.Textbox
    new: gr.Button
    timer: gr.Timer
    seen: gr.State

    @property
    def shown(self) -> list[Any]:
        """The outputs of whatever changes a collection."""
        changing = [self.progress, self.stop, self.again, self.documents, self.document, self.seen]
        return [self.own, self.manage, self.delete, self.delete_sure, self.timer, *changing]


def draw_library(bench: Workbench) -> LibraryScreen:
    """Draw this part in the surrounding layout."""
    label = bench.label
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=5, min_width=300):
            with gr.Column(elem_id="retrieval-own") as own:
                files = gr.File(
                    label=label("retrieval.files"), file_count="multiple", file_types=ENDINGS, height=150,
                    elem_id="retrieval-files",
                )  # fmt: skip
                gr.Markdown(label("retrieval.files_info"), elem_id="retrieval-files-info")
                example = gr.Button(label("retrieval.example"), size="sm", elem_id="retrieval-example")
            manage = _draw_manage(bench)
        with gr.Column(scale=6, min_width=320):
            progress = gr.Markdown(visible=False, elem_id="retrieval-progress")
            with gr.Row(elem_classes="ki-actions"):
                stop = gr.Button(label("retrieval.stop"), visible=False, elem_id="retrieval-stop")
                again = gr.Button(
                    label("retrieval.again"), size="sm", visible=False, elem_id="retrieval-again"
                )
            documents = gr.Markdown(sanitize_html=False, elem_id="retrieval-documents")
    return LibraryScreen(
        files=files, example=example, own=own, progress=progress, stop=stop, again=again, documents=documents,
        **manage, timer=gr.Timer(REST_S), seen=gr.State(""),
    )  # fmt: skip


def _draw_manage(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    with gr.Accordion(label("retrieval.new_collection"), open=False, elem_id="retrieval-new-collection"):
        new_name = gr.Textbox(label=label("retrieval.new_name"), max_length=60, elem_id="retrieval-new-name")
        new = gr.Button(label("retrieval.new"), elem_id="retrieval-new")
    with gr.Accordion(
        label("retrieval.manage"), open=False, visible=False, elem_id="retrieval-manage"
    ) as manage:
        document = gr.Dropdown([], label=label("retrieval.document"), elem_id="retrieval-document")
        remove = gr.Button(label("retrieval.remove"), elem_id="retrieval-remove")
        delete = gr.Button(label("retrieval.delete"), elem_id="retrieval-delete")
        delete_sure = gr.Button(
            label("retrieval.delete_sure"), variant="stop", visible=False, elem_id="retrieval-delete-sure"
        )
    return {
        "manage": manage, "document": document, "remove": remove, "delete": delete, "delete_sure": delete_sure,
        "new_name": new_name, "new": new,
    }  # fmt: skip
