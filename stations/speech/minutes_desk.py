"""What happens where recordings are summed up: each method is one event, with values in and values out."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import gradio as gr

from models.errors import ModelError
from stations.base import Workbench
from stations.documents import Format, write_document
from stations.messages import shown_to_visitor
from stations.model_choice import chosen_model
from stations.speech import board
from stations.speech.jobs import job_folder, jobs_in
from stations.speech.meeting.points import Occasion
from stations.speech.minutes_screen import SORTS, MinutesScreen
from stations.speech.reports import REPORTS, Report, ReportWish
from stations.speech.service import Service
from stations.texts import say
from stations.units import wait_text

Update = dict[Any, Any]
Values = Mapping[Any, Any]
UPDATE_S = 0.3


class MinutesDesk:
    """The events of this part. It holds no visitor's data: that comes in and goes out with each event."""

    def __init__(self, bench: Workbench, own: Service, screen: MinutesScreen) -> None:
        self._bench, self._own, self._screen = bench, own, screen

    def welcome(self, request: gr.Request) -> Update:
        """Fill in sorts and recordings when the page opens."""
        language = self._bench.language(request)
        sorts = [(say(f"speech.sort_{sort}", language), sort) for sort in SORTS]
        return {self._screen.sort: gr.Radio(sorts, value=SORTS[0]), **self.recordings(None, request)}

    def recordings(self, chosen: str | None, request: gr.Request) -> Update:
        """Offer the recordings that have a text by now; the newest one is chosen unless somebody has chosen."""
        language, screen = self._bench.language(request), self._screen
        with shown_to_visitor(self._bench, request):
            folder = self._bench.folder(request)
        works = board.newest_first([self._own.runner.work_on(each) for each in jobs_in(folder)])
        found = [
            (board.shown_name(each.job, language), each.job.id) for each in works if each.job.lines_heard
        ]
        ids = [job_id for _, job_id in found]
        value = chosen if chosen in ids else next(iter(ids), None)
        return {
            screen.recording: gr.Dropdown(found, value=value, visible=bool(found)),
            screen.nothing: gr.Markdown(visible=not found),
        }

    def sorted(self, sort: str | None) -> Update:
        """Ask about the meeting only where it matters."""
        return {
            self._screen.about: gr.Accordion(visible=sort in ("minutes", "press")),
            self._screen.plain: gr.Checkbox(visible=sort != "minutes"),
        }

    def write(self, values: Values, request: gr.Request) -> Iterator[Update]:
        """Sum up what was chosen, and show every state of it."""
        screen, model = self._screen, chosen_model(self._bench, values[self._screen.model])
        with shown_to_visitor(self._bench, request):
            wish, shown_at = self._wish(values, request), 0.0
            loaded = self._bench.library.is_loaded(model)
            yield self._begun("" if loaded else model.title, request)
            with self._bench.library.borrow_chat(model.id) as chat:
                for report in REPORTS[values[screen.sort] or SORTS[0]](chat, wish):
                    if report.done or time.monotonic() - shown_at > UPDATE_S:
                        shown_at = time.monotonic()
                        yield {**self._shown(report, request), screen.made: (report, model.title)}

    def at_rest(self, made: tuple[Report, str] | None, request: gr.Request) -> Update:
        """Show what is there, however it ended, and what can be done with it."""
        screen, language = self._screen, self._bench.language(request)
        idle: Update = {screen.go: gr.Button(interactive=True), screen.stop: gr.Button(visible=False)}
        if made is None:
            return {**idle, screen.state: gr.Markdown(visible=False), screen.empty: gr.Markdown(visible=True)}
        report, model = made
        told = say("speech.minutes_done" if report.done else "speech.minutes_stopped", language)
        by = say("speech.minutes_by", language, model=model)
        return {
            **idle,
            screen.state: gr.Markdown(f"{told} {by}", visible=True),
            screen.text: gr.Markdown(report.block(language), visible=True),
            screen.tools: gr.Column(visible=True),
        }

    def writer(self, kind: Format) -> Callable[[tuple[Report, str] | None, gr.Request], gr.File]:
        """Return the event that writes the result as a file of this kind."""

        def take_home(made: tuple[Report, str] | None, request: gr.Request) -> gr.File:
            language = self._bench.language(request)
            with shown_to_visitor(self._bench, request):
                if made is None:
                    raise ModelError("speech.choose_first")
                name = say("speech.minutes_name", language)
                file = write_document(made[0].markdown(language), kind, name, "", language)
            return gr.File(value=str(file), visible=True)

        return take_home

    def _wish(self, values: Values, request: gr.Request) -> ReportWish:
        screen = self._screen
        folder = job_folder(self._bench.folder(request), values[screen.recording] or "")
        if folder is None:
            raise ModelError("speech.choose_first")
        people = tuple(filter(None, (each.strip() for each in str(values[screen.people] or "").split(","))))
        occasion = Occasion(
            str(values[screen.title] or ""),
            str(values[screen.date] or ""),
            str(values[screen.place] or ""),
            people,
        )
        return ReportWish(
            job=folder.path.name,
            transcript=self._own.sheets.of(folder.path).read(),
            language=self._bench.language(request),
            occasion=occasion,
            plain=bool(values[screen.plain]),
            person=self._bench.person(request),
        )

    def _begun(self, loading: str, request: gr.Request) -> Update:
        screen, language = self._screen, self._bench.language(request)
        told = say("speech.translate_loading", language, model=loading) if loading else ""
        return {
            screen.go: gr.Button(interactive=False),
            screen.stop: gr.Button(visible=True),
            screen.empty: gr.Markdown(visible=False),
            screen.state: gr.Markdown(told, visible=True),
            screen.text: gr.Markdown("", visible=True),
            screen.tools: gr.Column(visible=False),
            screen.taken: gr.File(value=None, visible=False),
            screen.made: None,
        }

    def _shown(self, report: Report, request: gr.Request) -> Update:
        language = self._bench.language(request)
        told = say("speech.minutes_share", language, share=round(100 * report.state.share))
        if (left := report.state.seconds_left) is not None:
            told += " " + say("speech.stage_left", language, time=wait_text(left, language))
        return {
            self._screen.state: gr.Markdown(f"*{told}*", visible=True),
            self._screen.text: gr.Markdown(report.block(language), visible=True),
        }
