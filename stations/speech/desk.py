"""What happens where a recording becomes text: each method is one event, with values in and values out."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from models.audio.sound_file import look_into
from models.catalog import Role
from models.errors import ModelError
from stations.base import Workbench
from stations.messages import sentence, shown_to_visitor
from stations.page import html_block
from stations.speech import board, example
from stations.speech.editor_block import editor_block
from stations.speech.exports import Kind, export
from stations.speech.jobs import MOST_PEOPLE, Asked, JobFolder, Stage, Work, job_folder, jobs_in, new_job
from stations.speech.recordings import Screen
from stations.speech.service import Service
from stations.texts import Language, say
from stations.translation.languages import choices
from stations.units import clock_text

Update = dict[Any, Any]
MOST_JOBS = 12
"""So many recordings of one person may be unfinished at a time."""
MOST_NAMES, LONGEST_NAME = 40, 60
AUTO = ""


class Desk:
    """The events of one tab. It holds no visitor's data: that lies in the visitor's folder."""

    def __init__(self, bench: Workbench, own: Service, screen: Screen) -> None:
        self._bench, self._own, self._runner, self._screen = bench, own, own.runner, screen

    def welcome(self, request: gr.Request) -> Update:
        """Fill in the choices in the visitor's language, and show what the visitor left here."""
        screen, language = self._screen, self._bench.language(request)
        works = self._works(request)
        return {
            screen.people: gr.Dropdown(_people(language), value=0),
            screen.language: gr.Dropdown(self._languages(language), value=AUTO),
            screen.hour: _shown_if(board.hour_text(self._bench.library, self._own.speed, language)),
            **self._all(works, works[0].job.id if works else None, request),
        }

    def looked_at(self, files: Sequence[str] | None, request: gr.Request) -> Update:
        """Tell about each file how long it is or what is wrong with it, and how long writing it down takes."""
        language, screen = self._bench.language(request), self._screen
        if not files:
            return {screen.brought: gr.Markdown(visible=False)}
        lengths, told = self._lengths(files, language)
        rows = [*told, self._expected(lengths, language)] if lengths else told
        return {screen.brought: gr.Markdown(html_block("brought.html", rows=rows), visible=True)}

    def begin(self, values: Mapping[Any, Any], request: gr.Request) -> Update:
        """Put the files in the line and show the first of them."""
        screen = self._screen
        spoken_here = values[screen.microphone]
        with shown_to_visitor(self._bench, request):
            brought = [*(values[screen.files] or ()), *([spoken_here] if spoken_here else ())]
            if not brought:
                raise ModelError("speech.no_file")
            self._check_room(request, len(brought))
            asked = Asked(
                language=values[screen.language] or None,
                people=values[screen.people] or 0,
                names=_names(values[screen.names] or ""),
            )
            folders = [self._begun(Path(each), asked, each == spoken_here, request) for each in brought]
        return {
            screen.files: gr.File(value=None),
            screen.microphone: gr.Audio(value=None),
            screen.brought: gr.Markdown(visible=False),
            **self._all(self._works(request), folders[0].path.name, request),
        }

    def example(self, request: gr.Request) -> Update:
        """Put the example that comes with the kit in the line."""
        with shown_to_visitor(self._bench, request):
            self._check_room(request, 1)
            name = say("speech.example_name", self._bench.language(request))
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(shutil.copy(example.FILE, folder))
                asked = Asked(language=example.LANGUAGE, people=2)
                made = new_job(self._bench.folder(request), copy, asked, name)
            self._runner.add(made)
        return self._all(self._works(request), made.path.name, request)

    def choose(self, job_id: str | None, request: gr.Request) -> Update:
        """Show another recording."""
        return self._all(self._works(request), job_id, request)

    def look(self, job_id: str | None, seen: str, request: gr.Request) -> Update:
        """Show how far everything is; what did not change is not sent again."""
        works = self._works(request)
        if self._seen(works, job_id, request) == seen:
            return {self._screen.seen: gr.skip()}
        return self._all(works, job_id, request, fresh=False)

    def stop(self, job_id: str | None, request: gr.Request) -> Update:
        """Stop a recording; what is written down stays."""
        with shown_to_visitor(self._bench, request):
            self._runner.stop(self._folder(job_id, request))
        return self._all(self._works(request), job_id, request, fresh=False)

    def go_on(self, job_id: str | None, request: gr.Request) -> Update:
        """Go on with a recording that was stopped or failed."""
        with shown_to_visitor(self._bench, request):
            self._runner.add(self._folder(job_id, request))
        return self._all(self._works(request), job_id, request)

    def delete(self, job_id: str | None, request: gr.Request) -> Update:
        """Delete a recording with everything that was made of it."""
        with shown_to_visitor(self._bench, request):
            self._runner.delete(self._folder(job_id, request))
        works = self._works(request)
        return self._all(works, works[0].job.id if works else None, request)

    def ask_again(self) -> Update:
        """Ask once more before anything is deleted."""
        return {
            self._screen.delete: gr.Button(visible=False),
            self._screen.delete_sure: gr.Button(visible=True),
        }

    def writer(self, kind: Kind) -> Callable[[str | None, gr.Request], Update]:
        """Return the event that writes the transcript as a file of this kind."""

        def take_home(job_id: str | None, request: gr.Request) -> Update:
            with shown_to_visitor(self._bench, request):
                transcript = self._own.sheets.of(self._folder(job_id, request).path).read()
                if not transcript.lines:
                    raise ModelError("speech.nothing_yet")
                file = export(transcript, kind, self._bench.language(request))
            return {self._screen.taken: gr.File(value=str(file), visible=True)}

        return take_home

    def _works(self, request: gr.Request) -> list[Work]:
        with shown_to_visitor(self._bench, request):
            folder = self._bench.folder(request)
        return board.newest_first([self._runner.work_on(each) for each in jobs_in(folder)])

    def _folder(self, job_id: str | None, request: gr.Request) -> JobFolder:
        folder = job_folder(self._bench.folder(request), job_id or "")
        if folder is None:
            raise ModelError("speech.choose_first")
        return folder

    def _begun(self, path: Path, asked: Asked, spoken_here: bool, request: gr.Request) -> JobFolder:
        name = "" if spoken_here else path.stem
        asked = asked.model_copy(update={"together": not spoken_here})
        folder = new_job(self._bench.folder(request), path, asked, name)
        self._runner.add(folder)
        return folder

    def _check_room(self, request: gr.Request, more: int) -> None:
        unfinished = [each for each in self._works(request) if each.job.stage.unfinished]
        if len(unfinished) + more > MOST_JOBS:
            raise ModelError("speech.too_many", count=MOST_JOBS)

    def _all(
        self, works: list[Work], job_id: str | None, request: gr.Request, *, fresh: bool = True
    ) -> Update:
        """Return the updates for the list and the recording that is shown; a ``fresh`` one gets its editor anew."""
        screen, language = self._screen, self._bench.language(request)
        choices = [
            (board.choice(each, self._runner.place(each.job.id), language), each.job.id) for each in works
        ]
        shown = next((each for each in works if each.job.id == job_id), None)
        return {
            screen.recording: gr.Radio(choices, value=shown.job.id if shown else None, visible=bool(works)),
            screen.empty: gr.Markdown(visible=shown is None),
            screen.timer: gr.Timer(active=any(each.job.stage.unfinished for each in works)),
            screen.seen: self._seen(works, job_id, request),
            **self._one(shown, language, fresh=fresh),
        }

    def _one(self, work: Work | None, language: Language, *, fresh: bool) -> Update:
        screen, stage = self._screen, work.job.stage if work else Stage.WAITING
        state = board.state_block(work, self._runner.place(work.job.id), language) if work else ""
        has_text = bool(work and work.job.lines_heard)
        has_sheet = has_text or stage in (Stage.LISTENING, Stage.VOICES)
        updates: Update = {
            screen.state: gr.Markdown(state, visible=work is not None),
            screen.stop: gr.Button(visible=work is not None and stage.unfinished),
            screen.go_on: gr.Button(visible=stage in (Stage.STOPPED, Stage.FAILED)),
            screen.take: gr.Column(visible=has_text),
            screen.film: gr.Row(visible=bool(work and work.job.film and has_text)),
        }
        if fresh or (work and not stage.unfinished):
            updates[screen.delete] = gr.Button(visible=work is not None)
            updates[screen.delete_sure] = gr.Button(visible=False)
        if fresh:
            updates[screen.taken] = gr.File(value=None, visible=False)
        editor = editor_block(work.job.id, language) if work and has_sheet else ""
        return {**updates, screen.editor: gr.Markdown(editor, visible=has_sheet)}

    def _seen(self, works: list[Work], job_id: str | None, request: gr.Request) -> str:
        """Return what is on the screen as one text, to tell whether anything changed."""
        language = self._bench.language(request)
        marks = [board.choice(each, self._runner.place(each.job.id), language) for each in works]
        shown = next((each for each in works if each.job.id == job_id), None)
        state = board.state_block(shown, self._runner.place(shown.job.id), language) if shown else ""
        return "\n".join([*marks, job_id or "", state])

    def _lengths(self, files: Sequence[str], language: Language) -> tuple[list[float], list[str]]:
        lengths, told = [], []
        for path in map(Path, files):
            try:
                seconds = look_into(path).stated_s
            except ModelError as error:
                told.append(
                    say("speech.file_bad", language, name=path.name, problem=sentence(error, language))
                )
                continue
            lengths.append(seconds or 0.0)
            if seconds:
                told.append(say("speech.file_good", language, name=path.name, length=clock_text(seconds)))
        return lengths, told

    def _expected(self, lengths: Sequence[float], language: Language) -> str:
        model = self._bench.library.players(Role.TRANSCRIBE)[0]
        return board.expected_text(lengths, self._own.speed.of(model.title), language)

    def _languages(self, language: Language) -> list[tuple[str, str]]:
        known = self._bench.library.players(Role.TRANSCRIBE)[0].languages
        return [(say("speech.language_auto", language), AUTO), *choices(known, language)]


def _shown_if(text: str) -> gr.Markdown:
    return gr.Markdown(text, visible=bool(text))


def _people(language: Language) -> list[tuple[str, int]]:
    few = [(say(f"speech.people_{count}", language), count) for count in (0, 1)]
    return [
        *few,
        *((say("speech.people_more", language, count=count), count) for count in range(2, MOST_PEOPLE + 1)),
    ]


def _names(typed: str) -> tuple[str, ...]:
    """Return the names that somebody typed, as many as a model can keep in mind."""
    found = (each.strip()[:LONGEST_NAME] for each in typed.replace("\n", ",").split(","))
    return tuple(dict.fromkeys(each for each in found if each))[:MOST_NAMES]
