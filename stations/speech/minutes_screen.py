"""The part of the tab that sums up a recording: what is drawn."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import gradio as gr

from stations.base import Workbench
from stations.documents import FORMATS, Format
from stations.model_choice import draw_model_choice

QUIET: dict[str, Any] = {"show_progress": "hidden"}
Sort = Literal["minutes", "summary", "faq", "press"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True)
class MinutesScreen:
    """Everything in this part that changes; ``made`` is the state of one visitor's page."""

    recording: gr.Dropdown
    nothing: gr.Markdown
    sort: gr.Radio
    about: gr.Accordion
    title: gr.Textbox
    date: gr.Textbox
    place: gr.Textbox
    people: gr.Textbox
    plain: gr.Checkbox
    model: gr.Dropdown
    go: gr.Button
    stop: gr.Button
    empty: gr.Markdown
    state: gr.Markdown
    text: gr.Markdown
    tools: gr.Column
    kinds: dict[Format, gr.Button]
    taken: gr.File
    made: gr.State

    @property
    def form(self) -> set[Any]:
        """The inputs of writing."""
        occasion = {self.title, self.date, self.place, self.people}
        return {self.recording, self.sort, self.plain, self.model} | occasion

    @property
    def shown(self) -> list[Any]:
        """The outputs of writing."""
        return [self.empty, self.state, self.text, self.tools, self.taken, self.made, self.go, self.stop]


def draw_minutes(bench: Workbench) -> MinutesScreen:
    """Draw this part in the surrounding layout."""
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=4, min_width=300):
            wanted = _draw_wanted(bench)
        with gr.Column(scale=7, min_width=320):
            shown = _draw_result(bench)
    return MinutesScreen(**wanted, **shown, made=gr.State(None))


def _draw_wanted(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    nothing = gr.Markdown(label("speech.minutes_nothing"), elem_id="speech-minutes-nothing")
    recording = gr.Dropdown(
        [], label=label("speech.minutes_recording"), visible=False, elem_id="speech-minutes-recording"
    )
    sort = gr.Radio([], label=label("speech.minutes_sort"), elem_id="speech-minutes-sort")
    with gr.Accordion(label("speech.occasion"), open=False, elem_id="speech-occasion") as about:
        title = gr.Textbox(label=label("speech.occasion_title"), max_lines=1, elem_id="speech-occasion-title")
        with gr.Row():
            date = gr.Textbox(
                label=label("speech.occasion_date"),
                max_lines=1,
                min_width=120,
                elem_id="speech-occasion-date",
            )
            place = gr.Textbox(
                label=label("speech.occasion_place"),
                max_lines=1,
                min_width=120,
                elem_id="speech-occasion-place",
            )
        people = gr.Textbox(
            label=label("speech.occasion_people"), info=label("speech.occasion_people_info"),
            elem_id="speech-occasion-people",
        )  # fmt: skip
    plain = gr.Checkbox(False, label=label("speech.plain_language"), elem_id="speech-plain-language")
    model = draw_model_choice(bench, "text.model", "speech-minutes-model")
    with gr.Row(elem_classes="ki-actions"):
        go = gr.Button(label("speech.minutes_go"), variant="primary", elem_id="speech-minutes-go")
        stop = gr.Button(label("speech.minutes_stop"), visible=False, elem_id="speech-minutes-stop")
    names = (
        "nothing",
        "recording",
        "sort",
        "about",
        "title",
        "date",
        "place",
        "people",
        "plain",
        "model",
        "go",
        "stop",
    )
    parts = (nothing, recording, sort, about, title, date, place, people, plain, model, go, stop)
    return dict(zip(names, parts, strict=True))


def _draw_result(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    empty = gr.Markdown(label("speech.minutes_empty"), elem_id="speech-minutes-empty")
    state = gr.Markdown(visible=False, sanitize_html=False, elem_id="speech-minutes-state")
    text = gr.Markdown(visible=False, sanitize_html=False, elem_id="speech-minutes-text")
    with gr.Column(visible=False, elem_id="speech-minutes-tools") as tools:
        with gr.Row():
            kinds = {
                kind: gr.Button(
                    label(f"text.take_{kind}"), size="sm", min_width=90, elem_id=f"speech-minutes-{kind}"
                )
                for kind in FORMATS
            }
        taken = gr.File(
            label=label("speech.take_file"), visible=False, interactive=False, elem_id="speech-minutes-file"
        )
    return {"empty": empty, "state": state, "text": text, "tools": tools, "kinds": kinds, "taken": taken}
