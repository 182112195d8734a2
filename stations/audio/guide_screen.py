"""The part of the tab where an audio guide is made: what is drawn."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from stations.audio.stage import draw_buttons
from stations.base import Workbench

ENDINGS = [".docx", ".odt", ".csv", ".tsv", ".xlsx"]


@dataclass(frozen=True)
class GuideScreen:
    """Everything in this part that changes."""

    table: gr.File
    example: gr.Button
    stops: gr.Markdown
    title: gr.Textbox
    languages: gr.CheckboxGroup
    address: gr.Textbox
    dictionary: gr.Textbox
    go: gr.Button
    stop: gr.Button
    empty: gr.Markdown
    state: gr.Markdown
    sounds: gr.Markdown
    archive: gr.File

    @property
    def form(self) -> set[Any]:
        """The inputs of making a guide."""
        return {self.table, self.title, self.languages, self.address, self.dictionary}

    @property
    def shown(self) -> list[Any]:
        """The outputs of making a guide."""
        return [self.go, self.stop, self.empty, self.state, self.stops, self.sounds, self.archive]


def draw_guide(bench: Workbench) -> GuideScreen:
    """Draw this part in the surrounding layout."""
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=5, min_width=300):
            given = _draw_given(bench)
        with gr.Column(scale=6, min_width=320):
            shown = _draw_result(bench)
    return GuideScreen(**given, **shown)


def _draw_given(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    table = gr.File(label=label("audio.table"), file_types=ENDINGS, height=150, elem_id="guide-table")
    example = gr.Button(label("audio.table_example"), size="sm", elem_id="guide-example")
    title = gr.Textbox(label=label("audio.guide_title"), max_length=80, elem_id="guide-title")
    languages = gr.CheckboxGroup([], label=label("audio.guide_languages"), elem_id="guide-languages")
    with gr.Accordion(label("audio.guide_more"), open=False, elem_id="guide-more"):
        address = gr.Textbox(
            label=label("audio.guide_address"),
            info=label("audio.guide_address_info"),
            elem_id="guide-address",
        )
        dictionary = gr.Textbox(
            label=label("audio.dictionary"), info=label("audio.dictionary_info"), lines=3,
            elem_id="guide-dictionary",
        )  # fmt: skip
    go, stop = draw_buttons(bench, "guide", "audio.guide_go")
    return {
        "table": table, "example": example, "title": title, "languages": languages, "address": address,
        "dictionary": dictionary, "go": go, "stop": stop,
    }  # fmt: skip


def _draw_result(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    empty = gr.Markdown(label("audio.guide_empty"), elem_id="guide-empty")
    state = gr.Markdown(visible=False, elem_id="guide-state")
    archive = gr.File(
        label=label("audio.guide_archive"), visible=False, interactive=False, elem_id="guide-archive"
    )
    stops = gr.Markdown(visible=False, sanitize_html=False, elem_id="guide-stops")
    sounds = gr.Markdown(visible=False, sanitize_html=False, elem_id="guide-sounds")
    return {"empty": empty, "state": state, "archive": archive, "stops": stops, "sounds": sounds}
