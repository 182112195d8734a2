"""What happens where an audio guide is made: each method is one event, with values in and values out."""

import csv
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from models.catalog import Role
from models.errors import ModelError
from models.voice.base import first_language
from stations.audio.guide import GuideProgress
from stations.audio.guide_making import guide_made
from stations.audio.guide_plan import GuideWish
from stations.audio.guide_screen import GuideScreen
from stations.audio.guide_store import Told
from stations.audio.guide_table import Stop, read_stops
from stations.audio.voices import voice_choices
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.page import html_block
from stations.speaking.pronunciation import read_pronunciation
from stations.texts import Language, say
from stations.translation.languages import language_name
from stations.units import clock_text, wait_text

Update = dict[Any, Any]
Values = Mapping[Any, Any]
FOLDER = "guide"
SHOWN_STOPS = 12


class GuideDesk:
    """The events of this part. It holds no visitor's data: what is made lies in the visitor's folder."""

    def __init__(self, bench: Workbench, screen: GuideScreen) -> None:
        self._bench, self._screen = bench, screen

    def welcome(self, request: gr.Request) -> gr.CheckboxGroup:
        """Offer the languages for which there are voices."""
        language = self._bench.language(request)
        codes = dict.fromkeys(first_language(each.language) for each in voice_choices(self._bench.library))
        usual = [code for code in ("de", "en") if code in codes]
        return gr.CheckboxGroup([(language_name(code, language), code) for code in codes], value=usual)

    def looked_at(self, file: str | None, request: gr.Request) -> Update:
        """Show what the table says, or what is wrong with it."""
        screen, language = self._screen, self._bench.language(request)
        if not file:
            return {screen.stops: gr.Markdown(visible=False), screen.empty: gr.Markdown(visible=True)}
        with shown_to_visitor(self._bench, request):
            stops = read_stops(Path(file), name=Path(file).name, language=language)
        return {
            screen.stops: gr.Markdown(_stops_block(stops, language), visible=True),
            screen.empty: gr.Markdown(visible=False),
        }

    def fill_example(self, request: gr.Request) -> Update:
        """Bring a small table along."""
        language = self._bench.language(request)
        file = Path(tempfile.mkdtemp()) / say("audio.table_name", language)
        rows = [row.split(" | ") for row in say("audio.table_rows", language).strip().splitlines()]
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter=";").writerows(rows)
        return {
            self._screen.table: gr.File(value=str(file)),
            self._screen.title: say("audio.guide_example_title", language),
            **self.looked_at(str(file), request),
        }

    def make(self, values: Values, request: gr.Request) -> Iterator[Update]:
        """Make the guide, and show every state of it; what is finished stays when it is stopped."""
        screen, language = self._screen, self._bench.language(request)
        with shown_to_visitor(self._bench, request):
            if not values[screen.table]:
                raise ModelError("audio.no_table_yet")
            file = Path(values[screen.table])
            stops = read_stops(file, name=file.name, language=language)
            wish = self._wish(values, language, request)
            folder = self._bench.folder(request) / FOLDER
            yield self._begun(language)
            with guide_made(self._bench.library, stops, wish, folder) as states:
                for state in states:
                    yield self._shown(state, language)

    def at_rest(self) -> Update:
        """Let another one be made, however it ended."""
        screen = self._screen
        return {screen.go: gr.Button(interactive=True), screen.stop: gr.Button(visible=False)}

    def _wish(self, values: Values, language: Language, request: gr.Request) -> GuideWish:
        screen, players = self._screen, self._bench.library.players(Role.TRANSLATE)
        return GuideWish(
            title=(values[screen.title] or "").strip(),
            languages=tuple(values[screen.languages] or ()),
            address=(values[screen.address] or "").strip(),
            dictionary=read_pronunciation(values[screen.dictionary] or ""),
            language=language,
            translator=players[0].title if players else "",
            person=self._bench.person(request),
        )

    def _begun(self, language: Language) -> Update:
        screen = self._screen
        return {
            screen.go: gr.Button(interactive=False),
            screen.stop: gr.Button(visible=True),
            screen.empty: gr.Markdown(visible=False),
            screen.state: gr.Markdown(say("audio.guide_begins", language), visible=True),
            screen.sounds: gr.Markdown(visible=False),
            screen.archive: gr.File(value=None, visible=False),
        }

    def _shown(self, state: GuideProgress, language: Language) -> Update:
        screen = self._screen
        updates: Update = {screen.state: gr.Markdown(_state_text(state, language), visible=True)}
        if state.finished:
            updates[screen.sounds] = gr.Markdown(_sounds_block(state.finished, language), visible=True)
            updates[screen.stops] = gr.Markdown(visible=False)
        if state.archive:
            copy = shutil.copy(state.archive, tempfile.mkdtemp())
            updates[screen.archive] = gr.File(value=str(copy), visible=True)
        return updates


def _state_text(state: GuideProgress, language: Language) -> str:
    if state.stage == "done":
        return say("audio.guide_done", language, count=state.total)
    step = say(
        f"audio.guide_{state.stage}",
        language,
        number=state.number,
        spoken=language_name(state.language, language) if state.language else "",
        done=state.done,
        total=state.total,
    )
    if state.left_s is None:
        return step
    return step + " " + say("audio.guide_left", language, time=wait_text(state.left_s, language))


def _stops_block(stops: Sequence[Stop], language: Language) -> str:
    rows = [(stop.number, stop.title, language_name(stop.language, language)) for stop in stops]
    more = say("audio.guide_more_stops", language, count=len(rows) - SHOWN_STOPS)
    return html_block("stops.html", rows=rows[:SHOWN_STOPS], more=more if len(rows) > SHOWN_STOPS else "")


def _sounds_block(finished: Sequence[Told], language: Language) -> str:
    rows = [
        (
            each.planned.stop.number,
            each.made.title,
            f"{language_name(each.planned.language, language)}, {clock_text(each.made.seconds)}",
        )
        for each in finished
    ]
    doubts = sum(each.made.doubts for each in finished)
    told = say("audio.guide_doubts", language, count=doubts) if doubts else ""
    return html_block("stops.html", rows=rows, more=told)
