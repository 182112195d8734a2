"""The part of the tab where a text is read aloud: what is drawn."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from models.voice.base import BOUNDS
from stations.audio.stage import Stage, draw_buttons, draw_stage
from stations.base import Workbench

MOST_CHARACTERS = 100_000


@dataclass(frozen=True)
class SpeakScreen:
    """Everything in this part that changes."""

    text: gr.Textbox
    example: gr.Button
    voice: gr.Dropdown
    speaker: gr.Dropdown
    speed: gr.Slider
    pitch: gr.Slider
    pause: gr.Slider
    volume: gr.Slider
    dictionary: gr.Textbox
    facts: gr.Markdown
    stage: Stage

    @property
    def form(self) -> set[Any]:
        """The inputs of reading aloud."""
        manner = {self.speaker, self.speed, self.pitch, self.pause, self.volume}
        return {self.text, self.voice, self.dictionary, *manner}


def draw_speak(bench: Workbench) -> SpeakScreen:
    """Draw this part in the surrounding layout."""
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=5, min_width=300):
            given = _draw_given(bench)
            buttons = draw_buttons(bench, "audio", "audio.go")
        with gr.Column(scale=6, min_width=320):
            stage = draw_stage(bench, "audio", "audio.empty", buttons)
            facts = gr.Markdown(visible=False, elem_id="audio-facts")
    return SpeakScreen(**given, facts=facts, stage=stage)


def _draw_given(bench: Workbench) -> dict[str, Any]:
    label = bench.label
    text = gr.Textbox(
        label=label("audio.text"),
        info=label("audio.text_info"),
        lines=6,
        max_lines=18,
        max_length=MOST_CHARACTERS,
        elem_id="audio-text",
    )
    example = gr.Button(label("audio.example"), size="sm", elem_id="audio-example")
    voice = gr.Dropdown([], label=label("audio.voice"), elem_id="audio-voice")
    speaker = gr.Dropdown([], label=label("audio.speaker"), visible=False, elem_id="audio-speaker")
    speed = _slider(bench, "speed")
    with gr.Accordion(label("audio.more"), open=False, elem_id="audio-more"):
        pitch, volume, pause = _slider(bench, "pitch"), _slider(bench, "volume"), _pause(bench)
        dictionary = gr.Textbox(
            label=label("audio.dictionary"),
            info=label("audio.dictionary_info"),
            lines=3,
            elem_id="audio-dictionary",
        )
    return {
        "text": text, "example": example, "voice": voice, "speaker": speaker, "speed": speed, "pitch": pitch,
        "volume": volume, "pause": pause, "dictionary": dictionary,
    }  # fmt: skip


def _slider(bench: Workbench, name: str) -> gr.Slider:
    low, high = BOUNDS[name]
    return gr.Slider(
        low, high, value=1.0, step=0.05, label=bench.label(f"audio.{name}"), elem_id=f"audio-{name}"
    )


def _pause(bench: Workbench) -> gr.Slider:
    low, high = BOUNDS["pause_s"]
    return gr.Slider(
        low, high, value=0.35, step=0.05, label=bench.label("audio.pause"), elem_id="audio-pause"
    )
