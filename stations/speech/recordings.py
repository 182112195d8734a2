"""The part of the tab where a recording becomes text: what is drawn, and what is wired to what."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from stations.base import Workbench
from stations.speech.exports import KINDS, Kind

LOOK_EVERY_S = 1.0
QUIET: dict[str, Any] = {"show_progress": "hidden"}


@dataclass(frozen=True)
class Screen:
    """Everything in this part that changes."""

    files: gr.File
    microphone: gr.Audio
    people: gr.Dropdown
    language: gr.Dropdown
    names: gr.Textbox
    begin: gr.Button
    example: gr.Button
    hour: gr.Markdown
    brought: gr.Markdown
    recording: gr.Radio
    empty: gr.Markdown
    state: gr.Markdown
    stop: gr.Button
    go_on: gr.Button
    delete: gr.Button
    delete_sure: gr.Button
    editor: gr.Markdown
    take: gr.Column
    kinds: dict[Kind, gr.Button]
    taken: gr.File
    film: gr.Row
    film_attached: gr.Button
    film_burned: gr.Button
    film_state: gr.Markdown
    timer: gr.Timer
    seen: gr.State

    @property
    def brought_along(self) -> set[Any]:
        """The inputs of beginning."""
        return {self.files, self.microphone, self.people, self.language, self.names}

    @property
    def shown(self) -> list[Any]:
        """The outputs of whatever changes the list or the recording that is shown."""
        actions = [self.stop, self.go_on, self.delete, self.delete_sure]
        return [
            self.recording,
            self.empty,
            self.state,
            *actions,
            self.editor,
            self.take,
            self.film,
            self.taken,
            *self.watching,
        ]

    @property
    def watching(self) -> list[Any]:
        """What every look at the state may change."""
        return [self.timer, self.seen]


def draw_recordings(bench: Workbench) -> Screen:
    """Draw this part in the surrounding layout."""
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=4, min_width=300):
            brought = _draw_brought(bench)
        with gr.Column(scale=7, min_width=320):
            shown = _draw_shown(bench)
    return Screen(**brought, **shown, timer=gr.Timer(LOOK_EVERY_S, active=False), seen=gr.State(""))


def _draw_brought(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    files = gr.File(label=label("speech.files"), file_count="multiple", height=150, elem_id="speech-files")
    microphone = gr.Audio(
        label=label("speech.microphone"), sources=["microphone"], type="filepath", format="wav",
        elem_id="speech-microphone", buttons=[],
    )  # fmt: skip
    people = gr.Dropdown(
        [], label=label("speech.people"), info=label("speech.people_info"), elem_id="speech-people"
    )
    language = gr.Dropdown([], label=label("speech.language"), elem_id="speech-language")
    with gr.Accordion(label("speech.more"), open=False, elem_id="speech-more"):
        names = gr.Textbox(
            label=label("speech.names"), info=label("speech.names_info"), elem_id="speech-names", max_lines=3
        )
    brought = gr.Markdown(visible=False, sanitize_html=False, elem_id="speech-brought")
    begin = gr.Button(label("speech.begin"), variant="primary", elem_id="speech-begin")
    example = gr.Button(label("speech.example"), size="sm", elem_id="speech-example")
    hour = gr.Markdown(visible=False, elem_id="speech-hour")
    return {
        "files": files,
        "microphone": microphone,
        "people": people,
        "language": language,
        "names": names,
        "begin": begin,
        "example": example,
        "hour": hour,
        "brought": brought,
    }


def _draw_shown(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    recording = gr.Radio(
        [], label=label("speech.own"), visible=False, elem_id="speech-own", elem_classes="ki-grid"
    )
    empty = gr.Markdown(label("speech.empty"), elem_id="speech-empty")
    state = gr.Markdown(visible=False, sanitize_html=False, elem_id="speech-state")
    with gr.Row(elem_classes="ki-actions"):
        stop, go_on, delete, delete_sure = (
            gr.Button(
                label(f"speech.{name}"),
                visible=False,
                size="sm",
                scale=0,
                elem_id=f"speech-{name}",
                min_width=170,
            )
            for name in ("stop", "go_on", "delete", "delete_sure")
        )
    editor = gr.Markdown(visible=False, sanitize_html=False, elem_id="speech-editor")
    with gr.Column(visible=False, elem_id="speech-take") as take:
        gr.Markdown(label("speech.take"), elem_classes="ki-heading")
        with gr.Row():
            kinds = {
                kind: gr.Button(
                    label(f"speech.take_{kind}"), size="sm", min_width=120, elem_id=f"speech-take-{kind}"
                )
                for kind in KINDS
            }
        with gr.Row(visible=False) as film:
            film_attached = gr.Button(
                label("speech.film_attached"), size="sm", elem_id="speech-film-attached"
            )
            film_burned = gr.Button(label("speech.film_burned"), size="sm", elem_id="speech-film-burned")
        film_state = gr.Markdown(visible=False, elem_id="speech-film-state")
        taken = gr.File(
            label=label("speech.take_file"), visible=False, interactive=False, elem_id="speech-file"
        )
    return {
        "recording": recording,
        "empty": empty,
        "state": state,
        "stop": stop,
        "go_on": go_on,
        "delete": delete,
        "delete_sure": delete_sure,
        "editor": editor,
        "take": take,
        "kinds": kinds,
        "taken": taken,
        "film": film,
        "film_attached": film_attached,
        "film_burned": film_burned,
        "film_state": film_state,
    }
