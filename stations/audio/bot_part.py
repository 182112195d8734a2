"""The part of the tab where people talk with a voice bot: what is drawn, and what happens there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from models.catalog import Role
from models.errors import ModelError
from models.library import Library
from models.voice.base import Voice, first_language
from stations.audio.bot import Bot
from stations.audio.bot_role import LONGEST_FACTS, BotRole
from stations.audio.readings import begin
from stations.audio.service import new_sound
from stations.audio.stage import Made, Update, player_block
from stations.audio.talking import Talk, Turn, answered
from stations.audio.voices import borrowed, voice_named
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.texts import Language, say
from stations.units import decimal

PART = "bot"
NEEDS = (Role.TRANSCRIBE, Role.CHAT)
PIECE_S = 0.3
"""How often the browser sends what the microphone heard."""
LONGEST_STREAM_S = 3600
STEPS = ("transcribing", "first_token", "first_audio")


@dataclass(frozen=True)
class BotScreen:
    """Everything in this part that changes."""

    facts: gr.Textbox
    microphone: gr.Audio
    state: gr.Markdown
    talk: gr.Chatbot
    player: gr.Markdown
    steps: gr.Markdown
    again: gr.Button
    own: gr.State
    asked: gr.State

    @property
    def shown(self) -> list[Any]:
        """The outputs of an answer."""
        return [self.state, self.talk, self.player, self.steps]


def draw_bot(bench: Workbench) -> BotScreen:
    """Draw this part in the surrounding layout."""
    label = bench.label
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=5, min_width=300):
            microphone = gr.Audio(
                label=label("audio.microphone"), sources=["microphone"], type="numpy", streaming=True,
                elem_id="bot-microphone", buttons=[],
            )  # fmt: skip
            gr.Markdown(label("audio.bot_how"), elem_id="bot-how")
            facts = gr.Textbox(
                label=label("audio.bot_facts"), info=label("audio.bot_facts_info"), lines=7, max_lines=14,
                max_length=LONGEST_FACTS, elem_id="bot-facts",
            )  # fmt: skip
        with gr.Column(scale=6, min_width=320):
            state = gr.Markdown(label("audio.bot_empty"), elem_id="bot-state")
            player = gr.Markdown(visible=False, sanitize_html=False, elem_id="bot-player")
            talk = gr.Chatbot(
                label=label("audio.bot_talk"),
                height=340,
                render_markdown=False,
                buttons=[],
                elem_id="bot-talk",
            )
            steps = gr.Markdown(visible=False, elem_id="bot-steps")
            again = gr.Button(label("audio.bot_again"), size="sm", elem_id="bot-again")
    return BotScreen(facts, microphone, state, talk, player, steps, again, gr.State(None), gr.State(0))


class BotDesk:
    """The events of this part. The conversation belongs to the page and comes in and goes out with each event."""

    def __init__(self, bench: Workbench, screen: BotScreen) -> None:
        self._bench, self._screen = bench, screen

    def welcome(self, request: gr.Request) -> str:
        """Fill in the facts of an invented museum."""
        return say("audio.bot_facts_example", self._bench.language(request))

    def warm(self, part: str, facts: str, request: gr.Request) -> None:
        """Load what the bot needs when this part is opened: nobody should wait for that with a question asked."""
        if part != PART or not all(self._bench.library.players(each) for each in NEEDS):
            return
        language = self._bench.language(request)
        with suppress(ModelError), bot_here(self._bench.library, BotRole(language, facts or ""), "") as bot:
            bot.warm()

    def hear(self, heard: tuple[int, Any] | None, talk: Talk | None, request: gr.Request) -> Update:
        """Take the next moment of the microphone; who begins to speak interrupts the bot."""
        screen, language, talk = self._screen, self._bench.language(request), talk or Talk()
        if heard is None:
            return {screen.own: talk}
        match talk.hear(*heard):
            case "began":
                silent = {screen.player: gr.Markdown("", visible=False)}
                return {screen.own: talk, **silent, screen.state: say("audio.bot_listens", language)}
            case "ended":
                return {screen.own: talk, screen.asked: talk.asked}
        return {screen.own: talk}

    def switched_off(self, talk: Talk | None) -> Update:
        """Answer what was said before the microphone was switched off."""
        talk = talk or Talk()
        return {self._screen.own: talk, **({self._screen.asked: talk.asked} if talk.closed() else {})}

    def start_again(self, talk: Talk | None, request: gr.Request) -> Update:
        """Forget the conversation."""
        if talk:
            talk.interrupt()
        screen = self._screen
        empty = say("audio.bot_empty", self._bench.language(request))
        hidden = gr.Markdown("", visible=False)
        return {
            screen.own: Talk(),
            screen.talk: [],
            screen.player: hidden,
            screen.state: empty,
            screen.steps: hidden,
        }

    def answer(self, facts: str, talk: Talk | None, request: gr.Request) -> Iterator[Update]:
        """Answer what was said last; the first sentence is heard while the next one is being written."""
        if talk is None or talk.question is None:
            return
        screen, language, turn = self._screen, self._bench.language(request), Turn()
        talk.unwanted.clear()
        talk.turns.append(turn)
        yield {screen.state: say("audio.bot_thinks", language), screen.player: gr.Markdown("", visible=False)}
        with shown_to_visitor(self._bench, request):
            sound = new_sound(self._bench.folder(request))
            bot = partial(
                bot_here, self._bench.library, BotRole(language, facts or ""), self._bench.person(request)
            )
            reading, is_heard = (
                begin(sound, partial(answered, bot, talk, turn), self._title(language), language),
                False,
            )
            for state in reading.states():
                is_new = state.latest is not None and not is_heard
                is_heard = is_heard or is_new
                made = Made(sound, self._title(language), "", state.seconds)
                yield self._shown(talk, made if is_new and not talk.unwanted.is_set() else None, language)
                if talk.unwanted.is_set():
                    return

    def at_rest(self, talk: Talk | None, request: gr.Request) -> Update:
        """Show the whole conversation, and that the bot listens."""
        language = self._bench.language(request)
        if talk is None:
            return {self._screen.state: say("audio.bot_empty", language)}
        shown = self._shown(talk, None, language)
        return {**shown, self._screen.state: say("audio.bot_ready", language)}

    def _shown(self, talk: Talk, made: Made | None, language: Language) -> Update:
        screen = self._screen
        updates: Update = {screen.talk: messages(talk, language)}
        if talk.turns and talk.turns[-1].steps:
            updates[screen.steps] = gr.Markdown(steps_text(talk.turns[-1], language), visible=True)
        if made:
            updates[screen.player] = gr.Markdown(player_block(made, language), visible=True)
        return updates

    def _title(self, language: Language) -> str:
        return say("audio.bot_answer", language)


@contextmanager
def bot_here(library: Library, role: BotRole, person: str) -> Iterator[Bot]:
    """Borrow everything a bot needs.

    Raises:
        ModelError: ``audio.bot_missing`` where somebody for a part of it is not installed, or what the library says.
    """
    if not all(library.players(each) for each in NEEDS):
        raise ModelError("audio.bot_missing")
    choice = voice_named(library, role.language)
    with (
        library.borrow_transcriber() as ear,
        library.borrow_chat() as chat,
        borrowed(library, choice) as voices,
    ):
        own: Mapping[str, Voice] = {role.language: voices[first_language(choice.language)]}
        yield Bot(ear, chat, own, role, person=person)


def messages(talk: Talk, language: Language) -> list[dict[str, str]]:
    """Return the conversation as a chat shows it."""
    shown = []
    for turn in talk.turns:
        if turn.question:
            shown.append({"role": "user", "content": turn.question})
        if turn.answer:
            more = " " + say("audio.bot_broken_off", language) if turn.interrupted else ""
            shown.append({"role": "assistant", "content": " ".join(turn.answer) + more})
    return shown


def steps_text(turn: Turn, language: Language) -> str:
    """Return how long each step took: this is a workshop."""
    told = [
        say(f"audio.step_{name}", language, seconds=decimal(turn.steps[name], language))
        for name in STEPS
        if name in turn.steps
    ]
    note = [say("audio.bot_corrected", language)] if turn.corrected else []
    return " · ".join([*told, *note])
