"""What happens in the chatbot's tab: each method is one event, with values in and values out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from models.engines.base import Sampling
from models.errors import ModelError
from stations.base import Workbench
from stations.chatbot import view, work
from stations.chatbot.controls import Controls, about_model, chosen_persona, first_persona
from stations.chatbot.personas import personas
from stations.chatbot.work import Conversation
from stations.documents import Format, write_document
from stations.messages import shown_to_visitor
from stations.model_choice import chosen_model
from stations.room.results import Wanted
from stations.texts import Language

Values = Mapping[Any, Any]
Update = dict[Any, Any]


@dataclass(frozen=True)
class Screen:
    """Everything on the tab that changes."""

    conversation: gr.State
    chat: gr.Chatbot
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    new: gr.Button
    starters: gr.Column
    starter_buttons: tuple[gr.Button, ...]
    inside: gr.Markdown
    controls: Controls

    @property
    def wishes(self) -> set[Any]:
        """The inputs of every question."""
        own = self.controls
        settings = {own.persona, own.model, own.role, own.temperature, own.length, own.seed}
        return {self.question, self.conversation, *settings}

    @property
    def shown(self) -> list[Any]:
        """The outputs of every answer."""
        return [self.question, self.conversation, self.chat, self.send, self.stop, self.starters]


class Talk:
    """The events of one tab. It holds no visitor's data: that comes in and goes out with each event."""

    def __init__(self, bench: Workbench, screen: Screen) -> None:
        self._bench, self._screen = bench, screen

    def ask(self, values: Values, request: gr.Request) -> Iterator[Update]:
        """Answer what stands in the question box."""
        yield from self._answer(
            values[self._screen.conversation], values[self._screen.question], values, request
        )

    def starter(self, number: int) -> Callable[[Values, gr.Request], Iterator[Update]]:
        """Return the event that answers one of the chosen role's example questions."""

        def ask_starter(values: Values, request: gr.Request) -> Iterator[Update]:
            starters = chosen_persona(values[self._screen.controls.persona]).starters
            text = starters[self._bench.language(request)][number]
            yield from self._answer(values[self._screen.conversation], text, values, request)

        return ask_starter

    def ask_again(self, values: Values, event: gr.RetryData, request: gr.Request) -> Iterator[Update]:
        """Answer the question before the chosen answer anew; what came after it is dropped."""
        conversation: Conversation = values[self._screen.conversation]
        place = self._place(event.index)
        yield from self._answer(
            conversation.until(place), conversation.exchanges[place].question, values, request
        )

    def ask_changed(self, values: Values, event: gr.EditData, request: gr.Request) -> Iterator[Update]:
        """Answer a question that was changed in place; what came after it is dropped."""
        before = values[self._screen.conversation].until(self._place(event.index))
        yield from self._answer(before, str(event.value), values, request)

    def stop(self, conversation: Conversation, request: gr.Request) -> Update:
        """Keep what was written so far; a question without a word of an answer goes back into its box."""
        screen = self._screen
        question: Any = gr.skip()
        if conversation.exchanges and conversation.last.tally.end is None:
            if conversation.last.answer:
                conversation = conversation.with_last(stopped=True)
            else:
                question, conversation = conversation.last.question, conversation.until(-1)
        return {screen.question: question, **self._whole(conversation, request)}

    def start_again(self, request: gr.Request) -> Update:
        """Forget the conversation."""
        return {self._screen.question: "", **self._whole(Conversation(), request)}

    def at_rest(self, conversation: Conversation, request: gr.Request) -> Update:
        """Show the buttons and the inside of the latest answer once nothing is being written."""
        screen = self._screen
        last = conversation.last if conversation.exchanges else None
        return {
            screen.inside: view.inside(last, self._bench.language(request)),
            screen.send: gr.Button(interactive=True),
            screen.stop: gr.Button(interactive=False),
            screen.starters: gr.Column(visible=not conversation.exchanges),
        }

    def choose_persona(self, name: str | None, request: gr.Request) -> Update:
        """Put the role's instruction and example questions in place, in the visitor's language."""
        language, persona = self._bench.language(request), chosen_persona(name)
        starters = zip(self._screen.starter_buttons, persona.starters[language], strict=True)
        return {
            self._screen.controls.role: persona.prompt[language],
            **{button: gr.Button(value=text) for button, text in starters},
        }

    def welcome(self, request: gr.Request) -> Update:
        """Put everything in the visitor's language when the page opens."""
        language, name = self._bench.language(request), first_persona()
        choices = [(persona.title[language], each) for each, persona in personas().items()]
        return {
            self._screen.controls.persona: gr.Radio(choices=choices, value=name),
            self._screen.inside: view.inside(None, language),
            self._screen.controls.about: self.choose_model(None, request),
            **self.choose_persona(name, request),
        }

    def choose_model(self, name: str | None, request: gr.Request) -> str:
        """Say where the chosen model comes from."""
        return about_model(chosen_model(self._bench, name), self._bench.language(request))

    def writer(self, kind: Format) -> Callable[[Conversation, gr.Request], Update]:
        """Return the event that writes the conversation as a file of this kind."""

        def take_home(conversation: Conversation, request: gr.Request) -> Update:
            with shown_to_visitor(self._bench, request):
                file = self._write(conversation, kind, self._bench.language(request))
            return {self._screen.controls.file: gr.File(value=str(file), visible=True)}

        return take_home

    def _write(self, conversation: Conversation, kind: Format, language: Language) -> Path:
        if not conversation.exchanges:
            raise ModelError("chatbot.nothing_to_take")
        text = view.document(conversation, language, date.today())
        return write_document(text, kind, view.document_name(language), view.document_title(language))

    def _answer(
        self, before: Conversation, text: str, values: Values, request: gr.Request
    ) -> Iterator[Update]:
        screen, latest = self._screen, before
        with shown_to_visitor(self._bench, request):
            try:
                for update in self._written(before, text, values, request):
                    latest = update[screen.conversation]
                    yield update
            except ModelError:
                kept = work.without_loss(before, latest)
                question = "" if kept is not before else text
                yield {screen.question: question, **self._whole(kept, request)}
                raise

    def _written(
        self, before: Conversation, text: str, values: Values, request: gr.Request
    ) -> Iterator[Update]:
        screen, bench, language = self._screen, self._bench, self._bench.language(request)
        question = work.checked_question(text, bench.workshop.limits.message_characters)
        model = chosen_model(bench, values[screen.controls.model])
        wanted = work.wanted_language(question, view.other_languages(language), language)
        current = before.asked(question, model.title, wanted)
        busy = "" if bench.library.is_loaded(model) else view.loading(model.title, language)
        yield self._begun(current, language, busy or view.state_of(current.last, language))
        thread = f"{request.session_hash} {current.exchanges[0].question}"
        keeping = bench.keeping(request, Wanted(current.exchanges[0].question, model.title, thread))
        with keeping as keep, bench.library.borrow_chat(model.id) as chat:
            wish = self._wish(values, current, request)
            for current in work.answer(chat, current, wish):  # noqa: B020 - each is the next state
                keep(partial(view.talk, current, language))
                yield self._view(current, language, view.state_of(current.last, language))

    def _begun(self, conversation: Conversation, language: Language, busy: str) -> Update:
        screen = self._screen
        return {
            screen.question: "",
            screen.conversation: conversation,
            screen.chat: gr.Chatbot(view.messages(conversation, language, busy), visible=True),
            screen.starters: gr.Column(visible=False),
            screen.send: gr.Button(interactive=False),
            screen.stop: gr.Button(interactive=True),
        }

    def _wish(self, values: Values, conversation: Conversation, request: gr.Request) -> work.Wish:
        controls, limits = self._screen.controls, self._bench.workshop.limits
        sampling = Sampling(
            temperature=float(values[controls.temperature]),
            seed=work.checked_seed(values[controls.seed]),
            max_tokens=min(int(values[controls.length]), limits.answer_tokens),
            max_seconds=limits.answer_seconds,
            candidates=work.CANDIDATES,
        )
        reminder = view.reminder(conversation.last.wanted or self._bench.language(request))
        return work.Wish(values[controls.role] or "", sampling, reminder, self._bench.person(request))

    def _whole(self, conversation: Conversation, request: gr.Request) -> Update:
        """Show a conversation that nothing is being added to; ``at_rest`` follows and sets the buttons."""
        messages = view.messages(conversation, self._bench.language(request))
        return {
            self._screen.conversation: conversation,
            self._screen.chat: gr.Chatbot(messages, visible=bool(messages)),
        }

    def _view(self, conversation: Conversation, language: Language, busy: str = "") -> Update:
        return {
            self._screen.conversation: conversation,
            self._screen.chat: view.messages(conversation, language, busy),
        }

    @staticmethod
    def _place(index: int | tuple[int, int]) -> int:
        """Return the exchange that a message of the page belongs to: question and answer alternate."""
        return (index if isinstance(index, int) else index[0]) // 2
