"""Subtitles into the film that somebody brought: two buttons, and how far it is."""

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import gradio as gr

from models.errors import ModelError
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.speech.board import shown_name
from stations.speech.film import attached, burned_in, film_ending, film_facts
from stations.speech.jobs import job_folder
from stations.speech.recordings import Screen
from stations.speech.service import Service
from stations.speech.subtitles import cues
from stations.texts import say

Update = dict[Any, Any]
Way = Literal["attached", "burned"]
_NO_NAME = re.compile(r"[^\w.() +-]+")


class FilmDesk:
    """The events of these buttons. It holds no visitor's data."""

    def __init__(self, bench: Workbench, own: Service, screen: Screen) -> None:
        self._bench, self._own, self._screen = bench, own, screen

    def maker(self, way: Way) -> Callable[[str | None, gr.Request], Iterator[Update]]:
        """Return the event that writes the film with its subtitles as a track or in the picture."""

        def make(job_id: str | None, request: gr.Request) -> Iterator[Update]:
            language = self._bench.language(request)
            with shown_to_visitor(self._bench, request):
                for done in self._made(job_id, way, request):
                    if isinstance(done, Path):
                        yield {self._screen.taken: gr.File(value=str(done), visible=True), **self._told("")}
                    else:
                        yield self._told(say("speech.film_working", language, share=round(100 * done)))

        return make

    def _made(self, job_id: str | None, way: Way, request: gr.Request) -> Iterator[float | Path]:
        folder = job_folder(self._bench.folder(request), job_id or "")
        if folder is None:
            raise ModelError("speech.choose_first")
        job, transcript = folder.load(), self._own.sheets.of(folder.path).read()
        film, name = folder.upload(job), shown_name(job, self._bench.language(request))
        stem = _NO_NAME.sub("_", name)[:60]
        shown = cues(transcript, transcript.language)
        if way == "burned":
            out = Path(tempfile.mkdtemp()) / f"{stem}.mp4"
            yield from burned_in(film, shown, out, name=name)
        else:
            out = Path(tempfile.mkdtemp()) / f"{stem}{film_ending(film_facts(film, name))}"
            yield from attached(film, shown, out, transcript.language, name=name)
        yield out

    def _told(self, text: str) -> Update:
        return {self._screen.film_state: gr.Markdown(text, visible=bool(text))}
