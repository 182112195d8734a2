"""The part of the tab where a script is performed by several voices: what is drawn, and what happens there."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from models.catalog import Role
from models.errors import ModelError
from models.language import language_of
from models.library import Library
from models.voice.base import Manner
from stations.audio.dialogue import cast, performed
from stations.audio.podcast import LONGEST, conversation
from stations.audio.script import LONGEST_SCRIPT, Script, read_script
from stations.audio.stage import Performing, Stage, Update, draw_buttons, draw_stage, title_of
from stations.audio.voices import speaking
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.speaking.speaking import Spoken
from stations.texts import say

UPDATE_S = 0.2


@dataclass(frozen=True)
class DialogueScreen:
    """Everything in this part that changes."""

    source: gr.Textbox
    write: gr.Button
    check: gr.Markdown
    script: gr.Textbox
    example: gr.Button
    speed: gr.Slider
    stage: Stage

    @property
    def form(self) -> set[Any]:
        """The inputs of performing."""
        return {self.script, self.speed}


def draw_dialogue(bench: Workbench) -> DialogueScreen:
    """Draw this part in the surrounding layout."""
    label = bench.label
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=5, min_width=300):
            script = gr.Textbox(
                label=label("audio.script"), info=label("audio.script_info"), lines=9, max_lines=20,
                max_length=LONGEST_SCRIPT, elem_id="dialogue-script",
            )  # fmt: skip
            example = gr.Button(label("audio.example"), size="sm", elem_id="dialogue-example")
            source, write, check = _draw_source(bench)
            speed = gr.Slider(
                0.7, 1.4, value=1.0, step=0.05, label=label("audio.speed"), elem_id="dialogue-speed"
            )
            buttons = draw_buttons(bench, "dialogue", "audio.perform")
        with gr.Column(scale=6, min_width=320):
            stage = draw_stage(bench, "dialogue", "audio.dialogue_empty", buttons)
    return DialogueScreen(source, write, check, script, example, speed, stage)


def _draw_source(bench: Workbench) -> tuple[gr.Textbox, gr.Button, gr.Markdown]:
    label = bench.label
    with gr.Accordion(label("audio.podcast"), open=False, elem_id="dialogue-podcast"):
        source = gr.Textbox(
            label=label("audio.source"), info=label("audio.source_info"), lines=5, max_lines=12, max_length=LONGEST,
            elem_id="dialogue-source",
        )  # fmt: skip
        write = gr.Button(label("audio.write"), elem_id="dialogue-write")
        check = gr.Markdown(visible=False, elem_id="dialogue-check")
    return source, write, check


class DialogueDesk:
    """The events of this part."""

    def __init__(self, bench: Workbench, screen: DialogueScreen) -> None:
        self._bench, self._screen = bench, screen

    def fill_example(self, request: gr.Request) -> str:
        """Fill in a short scene."""
        return say("audio.script_example", self._bench.language(request))

    def write(self, source: str | None, request: gr.Request) -> Iterator[Update]:
        """Turn a text into a conversation, word by word; tell what in it should be checked."""
        screen, language, text = self._screen, self._bench.language(request), source or ""
        busy = gr.Markdown(say("audio.writing", language), visible=True)
        script, shown_at = "", 0.0
        with shown_to_visitor(self._bench, request):
            if not self._bench.library.players(Role.CHAT):
                raise ModelError("audio.nobody_writes")
            yield {screen.write: gr.Button(interactive=False), screen.check: busy}
            with self._bench.library.borrow_chat() as chat:
                for script in conversation(chat, text, language, self._bench.person(request)):
                    if time.monotonic() - shown_at > UPDATE_S:
                        shown_at = time.monotonic()
                        yield {screen.script: script}
        yield {
            screen.script: script,
            screen.check: gr.Markdown(say("audio.podcast_read", language), visible=True),
        }

    def written(self) -> Update:
        """Let another text be turned, however it ended."""
        return {self._screen.write: gr.Button(interactive=True)}

    def perform(self, values: Mapping[Any, Any], request: gr.Request) -> Iterator[Update]:
        """Perform the script; the player comes with the first sentence."""
        with shown_to_visitor(self._bench, request):
            text = str(values[self._screen.script] or "")
            script, manner = read_script(text), Manner(speed=values[self._screen.speed])
            language = language_of(text) or self._bench.language(request)
            speech = partial(dialogue, self._bench.library, script, language, manner)
            yield from Performing(self._bench, self._screen.stage).play(speech, title_of(text), request)


@contextmanager
def dialogue(
    library: Library, script: Script, language: str, manner: Manner | None = None
) -> Iterator[Iterator[Spoken]]:
    """Borrow voices, cast them and give the pieces of a script, each with its share of the whole."""
    with speaking(library, language) as voices:
        yield _pieces(script, cast(script.roles, voices, language, manner))


def _pieces(script: Script, actors: Mapping[str, Any]) -> Iterator[Spoken]:
    began, role = time.monotonic(), ""
    for line in performed(script, actors):
        left_s = (time.monotonic() - began) * (1 / line.share - 1) if line.share else 0.0
        said = line.piece.said if line.role == role else f"\n{line.role}: {line.piece.said}"
        role = line.role
        yield replace(line.piece, said=said, share=line.share, left_s=left_s)
