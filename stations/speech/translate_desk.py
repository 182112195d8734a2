"""What happens where texts are translated: each method is one event, with values in and values out."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from models.catalog import Model, Role
from models.engines.base import ChatModel, Translator
from models.errors import ModelError
from stations.base import Workbench
from stations.documents import Format, write_document
from stations.messages import shown_to_visitor
from stations.speech import board, translate_view
from stations.speech.given import Given, GivenText, GivenTranscript, given_file, source_of
from stations.speech.jobs import job_folder, jobs_in
from stations.speech.service import Service
from stations.speech.translate_screen import TranslateScreen
from stations.texts import Language, say
from stations.translation.glossary import parsed
from stations.translation.languages import choices
from stations.translation.results import Translation, Wish
from stations.translation.returning import translate_back
from stations.untrusted import defused

Update = dict[Any, Any]
Values = Mapping[Any, Any]
AUTO = ""
UPDATE_S = 0.3
WEAK_MB = 3000
"""Chat models that need less memory translate into other languages than English badly."""
SHOWN_WHILE_WORKING = 60
"""So many sentences are sent again and again while a long text is being translated: the last ones."""


@dataclass(eq=False)
class Made:
    """The translation that is on the screen, and what was wanted."""

    translation: Translation
    wish: Wish
    given: Given


class TranslateDesk:
    """The events of this part. It holds no visitor's data: that comes in and goes out with each event."""

    def __init__(self, bench: Workbench, own: Service, screen: TranslateScreen) -> None:
        self._bench, self._own, self._screen = bench, own, screen

    def welcome(self, request: gr.Request) -> Update:
        """Fill in languages and recordings when the page opens or this part is shown."""
        screen, language = self._screen, self._bench.language(request)
        known = choices(self._model().languages, language)
        recordings = self._recordings(request)
        return {
            screen.source: gr.Dropdown([(say("speech.source_auto", language), AUTO), *known], value=AUTO),
            screen.target: gr.Dropdown(known, value="en" if language == "de" else "de"),
            screen.recording: gr.Dropdown(recordings, value=None, visible=bool(recordings)),
        }

    def recordings(self, request: gr.Request) -> gr.Dropdown:
        """Offer the recordings that have a text by now."""
        found = self._recordings(request)
        return gr.Dropdown(found, visible=bool(found))

    def translate(self, values: Values, request: gr.Request) -> Iterator[Update]:
        """Translate what was given, and show every state of it."""
        with shown_to_visitor(self._bench, request):
            given = self._given(values, request)
            wish = self._wish(given, values, request)
            yield self._begun(request)
            with self._bench.library.borrow(Role.TRANSLATE) as by:
                shown_at = 0.0
                for state in given.translated(wish, _able(by)):
                    if state.stage == "done" or time.monotonic() - shown_at > UPDATE_S:
                        shown_at = time.monotonic()
                        yield self._shown(Made(state, wish, given), request)

    def back(self, made: Made | None, request: gr.Request) -> Iterator[Update]:
        """Translate back, as a check for people who do not read the other language."""
        language, screen = self._bench.language(request), self._screen
        with shown_to_visitor(self._bench, request):
            if made is None:
                raise ModelError("speech.translate_nothing")
            with self._bench.library.borrow(Role.TRANSLATE) as by:
                for state in translate_back(made.translation, made.wish, _able(by)):
                    if state.stage != "done":
                        yield {screen.back: gr.Markdown(_plain_state(state, language), visible=True)}
        shown = translate_view.back_block(made.translation, state, made.wish, language)
        yield {screen.back: gr.Markdown(shown, visible=True)}

    def at_rest(self, made: Made | None, request: gr.Request) -> Update:
        """Show what can be done with what is there, however it ended."""
        screen = self._screen
        idle: Update = {screen.go: gr.Button(interactive=True), screen.stop: gr.Button(visible=False)}
        if made is None:
            return {**idle, screen.state: gr.Markdown(visible=False), screen.empty: gr.Markdown(visible=True)}
        over, is_file = made.translation.stage == "done", not isinstance(made.given, GivenText)
        return {
            **idle,
            screen.tools: gr.Column(visible=True),
            screen.check: gr.Button(visible=over),
            screen.same: gr.Button(visible=over and is_file),
            **self._told(made, self._bench.language(request)),
        }

    def writer(self, kind: Format) -> Callable[[Made | None, gr.Request], gr.File]:
        """Return the event that writes the translation as a file of this kind."""

        def take_home(made: Made | None, request: gr.Request) -> gr.File:
            language = self._bench.language(request)
            with shown_to_visitor(self._bench, request):
                if made is None:
                    raise ModelError("speech.translate_nothing")
                name = say("speech.translate_name", language)
                file = write_document(defused(made.translation.text), kind, name, "", language)
            return gr.File(value=str(file), visible=True)

        return take_home

    def _shown(self, made: Made, request: gr.Request) -> Update:
        """Show a translation on its way; what it is in the end is shown at rest."""
        screen, language = self._screen, self._bench.language(request)
        written = [pair for pair in made.translation.pairs if pair.text][-SHOWN_WHILE_WORKING:]
        block = translate_view.pairs_block(written, made.wish, language)
        return {
            screen.state: gr.Markdown(_plain_state(made.translation, language), visible=True),
            screen.pairs: gr.Markdown(block, visible=True),
            screen.made: made,
        }

    def _told(self, made: Made, language: Language) -> Update:
        """Show the translation as it is left, and what a person should know about it."""
        screen = self._screen
        told = say("speech.translate_stopped", language)
        if made.translation.stage == "done":
            told = translate_view.state_text(made.translation, language)
        by = say("speech.translate_by", language, model=self._model().title)
        if self._is_weak(made.wish):
            by += " " + say("speech.translate_weak", language)
        return {
            screen.state: gr.Markdown(f"{told} {by}", visible=True),
            screen.pairs: translate_view.pairs_block(made.translation.pairs, made.wish, language),
            screen.plain: made.translation.text,
        }

    def _begun(self, request: gr.Request) -> Update:
        screen, language = self._screen, self._bench.language(request)
        model = self._model()
        told = (
            ""
            if self._bench.library.is_loaded(model)
            else say("speech.translate_loading", language, model=model.title)
        )
        return {
            screen.go: gr.Button(interactive=False),
            screen.stop: gr.Button(visible=True),
            screen.empty: gr.Markdown(visible=False),
            screen.state: gr.Markdown(told, visible=True),
            screen.pairs: gr.Markdown("", visible=True),
            screen.back: gr.Markdown("", visible=False),
            screen.tools: gr.Column(visible=False),
            screen.taken: gr.File(value=None, visible=False),
            screen.made: None,
        }

    def _given(self, values: Values, request: gr.Request) -> Given:
        """Return what is to be translated: a file before a recording before a text."""
        screen = self._screen
        if values[screen.file]:
            return given_file(Path(values[screen.file]))
        if job_id := values[screen.recording]:
            folder = job_folder(self._bench.folder(request), job_id)
            if folder is None:
                raise ModelError("speech.choose_first")
            return GivenTranscript(self._own.sheets.of(folder.path).read())
        text = str(values[screen.text] or "").strip()
        if not text:
            raise ModelError("speech.translate_nothing")
        return GivenText(text)

    def _wish(self, given: Given, values: Values, request: gr.Request) -> Wish:
        source = source_of(given, values[self._screen.source] or AUTO)
        glossary = parsed(values[self._screen.glossary] or "")
        return Wish(source, values[self._screen.target], glossary, self._bench.person(request))

    def same(self, made: Made | None, request: gr.Request) -> gr.File:
        """Write the translation as what was given: the document with its layout, subtitles with their times."""
        with shown_to_visitor(self._bench, request):
            language = self._bench.language(request)
            file = made.given.same(made.translation, made.wish, language) if made else None
            if file is None:
                raise ModelError("speech.translate_nothing")
        return gr.File(value=str(file), visible=True)

    def _is_weak(self, wish: Wish) -> bool:
        """Tell whether a small chat model writes in a language other than English (see ``docs/decisions.md``)."""
        model = self._model()
        return model.engine == "llama" and model.memory_mb < WEAK_MB and wish.target != "en"

    def _model(self) -> Model:
        return self._bench.library.players(Role.TRANSLATE)[0]

    def _recordings(self, request: gr.Request) -> list[tuple[str, str]]:
        with shown_to_visitor(self._bench, request):
            folder = self._bench.folder(request)
        works = board.newest_first([self._own.runner.work_on(each) for each in jobs_in(folder)])
        language = self._bench.language(request)
        return [(board.shown_name(each.job, language), each.job.id) for each in works if each.job.lines_heard]


def _able(engine: Any) -> Translator | ChatModel:  # noqa: ANN401 - whoever plays the role is one of both
    able: Translator | ChatModel = engine
    return able


def _plain_state(state: Translation, language: Language) -> str:
    return f"*{translate_view.state_text(state, language)}*"
