"""The place in the page where a sound is made and heard: what is drawn, and what happens there."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from models.errors import ModelError
from stations.audio.guide_files import file_name
from stations.audio.readings import Reading, Speech, begin, exported
from stations.audio.service import address_of, new_sound
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.page import html_block
from stations.room.results import Wanted
from stations.speaking.files import KINDS, Kind
from stations.texts import Language, say
from stations.units import clock_text, wait_text

Update = dict[Any, Any]
TITLE_WORDS = 6


@dataclass(eq=False)
class Made:
    """The sound that is on the screen."""

    file: Path
    title: str
    said: str
    seconds: float


@dataclass(frozen=True)
class Stage:
    """Everything on the stage, with the buttons that begin and stop."""

    go: gr.Button
    stop: gr.Button
    empty: gr.Markdown
    player: gr.Markdown
    state: gr.Markdown
    tools: gr.Column
    said: gr.Textbox
    kinds: dict[Kind, gr.Button]
    taken: gr.File
    made: gr.State

    @property
    def shown(self) -> list[Any]:
        """The outputs of making a sound."""
        result = [self.empty, self.player, self.state, self.tools, self.said, self.taken, self.made]
        return [self.go, self.stop, *result]


def draw_buttons(bench: Workbench, part: str, go_key: str) -> tuple[gr.Button, gr.Button]:
    """Draw the buttons that begin and stop."""
    with gr.Row(elem_classes="ki-actions"):
        go = gr.Button(bench.label(go_key), variant="primary", elem_id=f"{part}-go")
        stop = gr.Button(bench.label("audio.stop"), visible=False, elem_id=f"{part}-stop")
    return go, stop


def draw_stage(bench: Workbench, part: str, empty_key: str, buttons: tuple[gr.Button, gr.Button]) -> Stage:
    """Draw the rest; ``part`` begins the names of all elements."""
    label = bench.label
    empty = gr.Markdown(label(empty_key), elem_id=f"{part}-empty")
    player = gr.Markdown(visible=False, sanitize_html=False, elem_id=f"{part}-player")
    state = gr.Markdown(visible=False, elem_id=f"{part}-state")
    with gr.Column(visible=False, elem_id=f"{part}-tools") as tools:
        said = gr.Textbox(
            label=label("audio.said"), info=label("audio.said_info"), lines=4, max_lines=12, interactive=False,
            elem_id=f"{part}-said",
        )  # fmt: skip
        gr.Markdown(label("audio.take"), elem_classes="ki-heading")
        with gr.Row():
            kinds = {
                kind: gr.Button(kind.upper(), size="sm", min_width=90, elem_id=f"{part}-take-{kind}")
                for kind in KINDS
            }
        taken = gr.File(label=label("audio.file"), visible=False, interactive=False, elem_id=f"{part}-file")
    return Stage(*buttons, empty, player, state, tools, said, kinds, taken, gr.State(None))


class Performing:
    """The events of a stage. It holds no visitor's data: that comes in and goes out with each event."""

    def __init__(self, bench: Workbench, stage: Stage) -> None:
        self._bench, self._stage = bench, stage

    def play(self, speech: Speech, title: str, request: gr.Request) -> Iterator[Update]:
        """Make a sound and let it be heard from the first sentence on.

        Raises:
            ModelError: what the voice or the disk says.
        """
        language, sound = self._bench.language(request), new_sound(self._bench.folder(request))
        yield self._begun(language)
        is_heard = False
        with self._bench.keeping(request, Wanted(title, "", file=sound)) as keep:
            for reading in begin(sound, speech, title, language).states():
                if reading.latest is None:
                    continue
                made = Made(sound, title, " ".join(reading.said).strip(), reading.seconds)
                keep(partial(str, made.said))
                yield self._shown(reading, made, language, is_new=not is_heard)
                is_heard = True

    def at_rest(self, made: Made | None, request: gr.Request) -> Update:
        """Show what can be done with what is there, however it ended."""
        stage, language = self._stage, self._bench.language(request)
        idle: Update = {stage.go: gr.Button(interactive=True), stage.stop: gr.Button(visible=False)}
        if made is None:
            return {**idle, stage.state: gr.Markdown(visible=False), stage.empty: gr.Markdown(visible=True)}
        told = say("audio.done", language, length=clock_text(made.seconds))
        return {
            **idle,
            stage.state: gr.Markdown(told, visible=True),
            stage.tools: gr.Column(visible=True),
            stage.said: made.said,
        }

    def writer(self, kind: Kind) -> Callable[[Made | None, gr.Request], gr.File]:
        """Return the event that writes the sound as a file of this kind."""

        def take_home(made: Made | None, request: gr.Request) -> gr.File:
            with shown_to_visitor(self._bench, request):
                if made is None:
                    raise ModelError("audio.nothing_yet")
                file = Path(tempfile.mkdtemp()) / f"{file_name(made.title)}.{kind}"
                exported(made.file, file, made.title, self._bench.language(request))
            return gr.File(value=str(file), visible=True)

        return take_home

    def _begun(self, language: Language) -> Update:
        stage = self._stage
        return {
            stage.go: gr.Button(interactive=False),
            stage.stop: gr.Button(visible=True),
            stage.empty: gr.Markdown(visible=False),
            stage.player: gr.Markdown("", visible=False),
            stage.state: gr.Markdown(say("audio.begins", language), visible=True),
            stage.tools: gr.Column(visible=False),
            stage.taken: gr.File(value=None, visible=False),
            stage.made: None,
        }

    def _shown(self, reading: Reading, made: Made, language: Language, *, is_new: bool) -> Update:
        left = wait_text(reading.left_s, language)
        told = say("audio.working", language, length=clock_text(made.seconds), time=left)
        player = {self._stage.player: gr.Markdown(player_block(made, language), visible=True)}
        return {
            self._stage.state: gr.Markdown(told, visible=True),
            self._stage.made: made,
            **(player if is_new else {}),
        }


def player_block(made: Made, language: Language) -> str:
    """Return the player of a sound as one line of HTML."""
    return html_block(
        "player.html",
        title=made.title,
        address=address_of(made.file),
        label=say("audio.player", language),
        synthetic=say("voice.synthetic", language),
    )


def title_of(text: str) -> str:
    """Return the first words of a text."""
    words = text.split()
    return " ".join(words[:TITLE_WORDS]) + (" …" if len(words) > TITLE_WORDS else "")
