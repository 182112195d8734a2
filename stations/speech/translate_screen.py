"""The part of the tab that translates: what is drawn, and what is wired to what."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from stations.base import Workbench
from stations.documents import FORMATS, Format

QUIET: dict[str, Any] = {"show_progress": "hidden"}
ENDINGS = [".docx", ".odt", ".md", ".txt", ".srt", ".vtt"]


@dataclass(frozen=True)
class TranslateScreen:
    """Everything in this part that changes. ``given`` and ``made`` are states of one visitor's page."""

    text: gr.Textbox
    file: gr.File
    recording: gr.Dropdown
    source: gr.Dropdown
    target: gr.Dropdown
    glossary: gr.Textbox
    go: gr.Button
    stop: gr.Button
    empty: gr.Markdown
    state: gr.Markdown
    pairs: gr.Markdown
    tools: gr.Column
    check: gr.Button
    back: gr.Markdown
    plain: gr.Textbox
    kinds: dict[Format, gr.Button]
    same: gr.Button
    taken: gr.File
    made: gr.State

    @property
    def form(self) -> set[Any]:
        """The inputs of translating."""
        return {self.text, self.file, self.recording, self.source, self.target, self.glossary}

    @property
    def shown(self) -> list[Any]:
        """The outputs of translating."""
        buttons = [self.go, self.stop, self.check, self.same]
        return [
            self.empty,
            self.state,
            self.pairs,
            self.tools,
            self.back,
            self.plain,
            self.taken,
            self.made,
            *buttons,
        ]


def draw_translate(bench: Workbench) -> TranslateScreen:
    """Draw this part in the surrounding layout."""
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=4, min_width=300):
            given = _draw_given(bench)
        with gr.Column(scale=7, min_width=320):
            shown = _draw_result(bench)
    return TranslateScreen(**given, **shown, made=gr.State(None))


def _draw_given(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    text = gr.Textbox(
        label=label("speech.translate_text"), lines=7, max_lines=18, elem_id="speech-translate-text"
    )
    file = gr.File(
        label=label("speech.translate_file"), file_types=ENDINGS, height=150, elem_id="speech-translate-file"
    )
    recording = gr.Dropdown(
        [], label=label("speech.translate_recording"), visible=False, elem_id="speech-translate-recording"
    )
    with gr.Row():
        source = gr.Dropdown([], label=label("speech.source"), min_width=130, elem_id="speech-source")
        target = gr.Dropdown([], label=label("speech.target"), min_width=130, elem_id="speech-target")
    with gr.Accordion(label("speech.glossary"), open=False, elem_id="speech-glossary-box"):
        glossary = gr.Textbox(
            label=label("speech.glossary_words"),
            info=label("speech.glossary_info"),
            lines=4,
            elem_id="speech-glossary",
        )
    with gr.Row(elem_classes="ki-actions"):
        go = gr.Button(label("speech.translate"), variant="primary", elem_id="speech-translate")
        stop = gr.Button(label("speech.translate_stop"), visible=False, elem_id="speech-translate-stop")
    return {
        "text": text,
        "file": file,
        "recording": recording,
        "source": source,
        "target": target,
        "glossary": glossary,
        "go": go,
        "stop": stop,
    }


def _draw_result(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    empty = gr.Markdown(label("speech.translate_empty"), elem_id="speech-translate-empty")
    state = gr.Markdown(visible=False, sanitize_html=False, elem_id="speech-translate-state")
    pairs = gr.Markdown(visible=False, sanitize_html=False, elem_id="speech-pairs")
    with gr.Column(visible=False, elem_id="speech-translate-tools") as tools:
        check = gr.Button(label("speech.back"), size="sm", elem_id="speech-back")
        back = gr.Markdown(visible=False, sanitize_html=False, elem_id="speech-back-text")
        plain = gr.Textbox(
            label=label("speech.translate_plain"), lines=4, max_lines=10, interactive=False, buttons=["copy"],
            elem_id="speech-plain",
        )  # fmt: skip
        with gr.Row():
            same = gr.Button(label("speech.take_same"), size="sm", visible=False, elem_id="speech-take-same")
            kinds = {
                kind: gr.Button(
                    label(f"text.take_{kind}"), size="sm", min_width=130, elem_id=f"speech-paper-{kind}"
                )
                for kind in FORMATS
            }
        taken = gr.File(
            label=label("speech.take_file"), visible=False, interactive=False, elem_id="speech-paper"
        )
    return {
        "empty": empty,
        "state": state,
        "pairs": pairs,
        "tools": tools,
        "check": check,
        "back": back,
        "plain": plain,
        "kinds": kinds,
        "same": same,
        "taken": taken,
    }
