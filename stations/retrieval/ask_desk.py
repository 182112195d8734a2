"""What happens where a collection is asked: each method is one event, with values in and values out."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from models.catalog import Role
from models.errors import ModelError
from stations.base import Workbench
from stations.documents import Format
from stations.messages import shown_to_visitor
from stations.retrieval.answer import Answer, Turn
from stations.retrieval.answer_view import Talk, prompt_text, sources_block, talk_block
from stations.retrieval.answering import answered
from stations.retrieval.ask_screen import AskScreen
from stations.retrieval.chosen import chosen, searchable
from stations.retrieval.notes import Note, note_bibtex, note_file
from stations.retrieval.scope import Scope
from stations.retrieval.service import Service
from stations.retrieval.source_view import Looking, source_block
from stations.room.results import Wanted
from stations.texts import Language, say

Update = dict[Any, Any]
MOST_TURNS = 30


class AskDesk:
    """The events of this part. It holds no visitor's data: that comes in and goes out with each event."""

    def __init__(self, bench: Workbench, own: Service, screen: AskScreen, scope: Scope) -> None:
        self._bench, self._own, self._screen, self._scope = bench, own, screen, scope

    def answer(self, values: Mapping[Any, Any], request: gr.Request) -> Iterator[Update]:
        """Answer a question from a collection, as it is written."""
        talk: Talk = values[self._screen.state]
        with shown_to_visitor(self._bench, request):
            question = values[self._screen.question].strip()
            wanted = searchable(
                self._own, self._bench.folder(request), values[self._scope.collection], question
            )
            language, limits = self._bench.language(request), self._scope.only(values)
            history = tuple(Turn(asked, answer.text) for asked, answer in talk)
            kept = talk[-MOST_TURNS + 1 :]
            yield self._begun((*kept, (question, Answer(question))), language)
            model = self._bench.library.players(Role.CHAT)[0].title
            keeping = self._bench.keeping(request, Wanted(question, model))
            searcher_of = self._own.searcher(wanted, limits)
            with keeping as keep, searcher_of as searcher, self._bench.library.borrow_chat() as chat:
                person = self._bench.person(request)
                for state in answered(question, history, searcher, chat, language, person=person):
                    keep(partial(str, state.text))
                    yield self._written((*kept, (question, state)), language)

    def at_rest(self, talk: Talk, request: gr.Request) -> Update:
        """Show what can be done with what is there, however it ended."""
        screen, language = self._screen, self._bench.language(request)
        settled = tuple((asked, _settled(answer)) for asked, answer in talk)
        return {
            screen.go: gr.Button(interactive=True),
            screen.stop: gr.Button(visible=False),
            screen.talk: talk_block(settled, screen.source.facts, language),
            screen.tools: gr.Column(visible=bool(settled)),
            screen.sent: prompt_text(settled[-1][1]) if settled else "",
            screen.state: settled,
        }

    def open(self, wish: str, talk: Talk, key: str, request: gr.Request) -> str:
        """Show the source that was clicked."""
        with shown_to_visitor(self._bench, request):
            turn, number = _place(wish)
            try:
                _, answer = talk[turn]
                hit = answer.sources[number - 1]
            except IndexError:
                raise ModelError("retrieval.source_gone") from None
            wanted = chosen(self._own, self._bench.folder(request), key)
            said = next((each.text for each in answer.statements if number in each.sources), "")
            return source_block(hit, wanted, self._bench.language(request), Looking(answer.asked, said))

    def clear(self, request: gr.Request) -> Update:
        """Begin a new conversation."""
        screen = self._screen
        return {
            screen.sources: "",
            screen.source.block: "",
            screen.taken: gr.File(visible=False),
            **self.at_rest((), request),
        }

    def writer(self, kind: Format) -> Callable[[Talk, gr.Request], gr.File]:
        """Return the event that writes the conversation as a research note of this kind."""

        def take(talk: Talk, request: gr.Request) -> gr.File:
            with shown_to_visitor(self._bench, request):
                return _file(note_file(self._note(talk, request), kind))

        return take

    def bibtex(self, talk: Talk, request: gr.Request) -> gr.File:
        """Write the sources of the conversation for a reference manager."""
        with shown_to_visitor(self._bench, request):
            file = Path(tempfile.mkdtemp()) / say("retrieval.bibtex_name", self._bench.language(request))
            file.write_text(note_bibtex(self._note(talk, request)), encoding="utf-8")
            return _file(file)

    def _note(self, talk: Talk, request: gr.Request) -> Note:
        model = self._bench.library.players(Role.CHAT)[0].title
        return Note([answer for _, answer in talk], model, self._bench.language(request))

    def _begun(self, talk: Talk, language: Language) -> Update:
        screen = self._screen
        return {
            screen.question: "",
            screen.go: gr.Button(interactive=False),
            screen.stop: gr.Button(visible=True),
            screen.source.block: "",
            screen.sources: "",
            screen.taken: gr.File(visible=False),
            **self._written(talk, language),
        }

    def _written(self, talk: Talk, language: Language) -> Update:
        screen = self._screen
        return {
            screen.talk: talk_block(talk, screen.source.facts, language),
            screen.sources: sources_block(talk, screen.source.facts, language),
            screen.state: talk,
        }


def _settled(answer: Answer) -> Answer:
    return replace(answer, outcome="stopped") if answer.outcome == "writing" else answer


def _place(wish: str) -> tuple[int, int]:
    """Return turn and number of what a button wrote: ``2:1#7``."""
    turn, _, number = wish.partition("#")[0].partition(":")
    if not (turn.isdecimal() and number.isdecimal() and int(number)):
        raise ModelError("retrieval.source_gone")
    return int(turn), int(number)


def _file(made: Path) -> gr.File:
    return gr.File(value=str(made), visible=True)
