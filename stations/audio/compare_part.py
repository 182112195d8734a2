"""The part of the tab where voices are compared and told from people: what is drawn, and what happens there."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from models.errors import ModelError
from models.voice.base import Audio, Manner, first_language
from stations.audio.listening_game import Game, new_game, sounding
from stations.audio.seeing import Picture, spectrogram, waveform
from stations.audio.service import address_of, new_sound
from stations.audio.stage import Update
from stations.audio.voices import VoiceChoice, borrowed, facts_text, voice_choices, voice_named
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.page import html_block
from stations.speaking.files import RATE, write_speech
from stations.speaking.sound import resampled
from stations.speaking.speaking import spoken
from stations.texts import Language, say

LONGEST = 300
MOST_VOICES = 4


@dataclass(frozen=True)
class CompareScreen:
    """Everything in this part that changes."""

    text: gr.Textbox
    voices: gr.CheckboxGroup
    speed: gr.Slider
    go: gr.Button
    cards: gr.Markdown
    begin: gr.Button
    heard: gr.Markdown
    person: gr.Button
    machine: gr.Button
    told: gr.Markdown
    game: gr.State

    @property
    def playing(self) -> list[Any]:
        """The outputs of the game."""
        return [self.begin, self.heard, self.person, self.machine, self.told, self.game]


@dataclass(frozen=True)
class Card:
    """One voice with the sentence: where it is heard, how it looks, and what kind of voice it is."""

    name: str
    address: str
    facts: str
    pictures: Sequence[tuple[str, str]] = field(default_factory=tuple)


def draw_compare(bench: Workbench) -> CompareScreen:
    """Draw this part in the surrounding layout."""
    label = bench.label
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=5, min_width=300):
            text = gr.Textbox(
                label=label("audio.sentence"),
                lines=2,
                max_lines=4,
                max_length=LONGEST,
                elem_id="compare-text",
            )
            voices = gr.CheckboxGroup(
                [], label=label("audio.voices"), info=label("audio.voices_info"), elem_id="compare-voices"
            )
            speed = gr.Slider(
                0.5, 2.0, value=1.0, step=0.05, label=label("audio.speed"), elem_id="compare-speed"
            )
            go = gr.Button(label("audio.compare"), variant="primary", elem_id="compare-go")
            gr.Markdown(label("audio.game"), elem_classes="ki-heading")
            gr.Markdown(label("audio.game_how"), elem_id="game-how")
            begin = gr.Button(label("audio.game_begin"), elem_id="game-begin")
            heard = gr.Markdown(visible=False, sanitize_html=False, elem_id="game-heard")
            with gr.Row():
                person = gr.Button(label("audio.game_person"), visible=False, elem_id="game-person")
                machine = gr.Button(label("audio.game_machine"), visible=False, elem_id="game-machine")
            told = gr.Markdown(visible=False, elem_id="game-told")
        with gr.Column(scale=6, min_width=320):
            cards = gr.Markdown(label("audio.compare_empty"), sanitize_html=False, elem_id="compare-cards")
    return CompareScreen(text, voices, speed, go, cards, begin, heard, person, machine, told, gr.State(None))


class CompareDesk:
    """The events of this part."""

    def __init__(self, bench: Workbench, screen: CompareScreen) -> None:
        self._bench, self._screen = bench, screen

    def welcome(self, request: gr.Request) -> Update:
        """Offer the voices; one of each kind is chosen."""
        screen, language = self._screen, self._bench.language(request)
        found = voice_choices(self._bench.library)
        by_model = {each.model.id: each.id for each in reversed(found)}
        choices = [(each.label(language), each.id) for each in found]
        return {
            screen.text: say("audio.sentence_example", language),
            screen.voices: gr.CheckboxGroup(choices, value=list(by_model.values())[:MOST_VOICES]),
        }

    def compare(self, values: Mapping[Any, Any], request: gr.Request) -> Iterator[str]:
        """Let each voice say the sentence, and show it as soon as it is there."""
        screen, language, cards = self._screen, self._bench.language(request), []
        with shown_to_visitor(self._bench, request):
            chosen = [voice_named(self._bench.library, each) for each in values[screen.voices] or ()]
            if not chosen:
                raise ModelError("audio.choose_voice")
            if len(chosen) > MOST_VOICES:
                raise ModelError("audio.too_many_voices", most=MOST_VOICES)
            yield say("audio.begins", language)
            for choice in chosen:
                manner = Manner(speed=values[screen.speed])
                cards.append(self._card(choice, str(values[screen.text] or ""), manner, request))
                yield html_block("voice_cards.html", cards=cards, synthetic=say("voice.synthetic", language))

    def begin(self, request: gr.Request) -> Update:
        """Begin a new game."""
        spoken_here = {first_language(each.language) for each in voice_choices(self._bench.library)}
        return self._round(new_game(spoken_here), "", request)

    def guess(self, game: Game | None, *, real: bool, request: gr.Request) -> Update:
        """Take an answer, say what it was, and go on."""
        if game is None or game.clip is None or game.is_real is None:
            return {self._screen.game: game}
        language, was_real, clip = self._bench.language(request), game.is_real, game.clip
        right = say("audio.game_right" if game.guess(real) else "audio.game_wrong", language)
        what = say(
            "audio.game_was_person" if was_real else "audio.game_was_machine", language, source=clip.source
        )
        score = say("audio.game_score", language, right=game.right, rounds=game.rounds)
        return self._round(game, f"{right} {what} {score}", request)

    def _round(self, game: Game, told: str, request: gr.Request) -> Update:
        screen, language, goes_on = self._screen, self._bench.language(request), game.next()
        heard = ""
        if goes_on and game.clip:
            with shown_to_visitor(self._bench, request):
                sound = new_sound(self._bench.folder(request))
                choice = voice_named(self._bench.library, game.clip.language)
                sounding(game, partial(borrowed, self._bench.library, choice), sound)
            heard = _player(sound, game.clip.text, language)
        over = "" if goes_on else " " + say("audio.game_over", language)
        return {
            screen.begin: gr.Button(visible=not goes_on),
            screen.heard: gr.Markdown(heard, visible=goes_on),
            screen.person: gr.Button(visible=goes_on),
            screen.machine: gr.Button(visible=goes_on),
            screen.told: gr.Markdown(told + over, visible=bool(told)),
            screen.game: game,
        }

    def _card(self, choice: VoiceChoice, text: str, manner: Manner, request: gr.Request) -> Card:
        language, sound = self._bench.language(request), new_sound(self._bench.folder(request))
        with borrowed(self._bench.library, choice) as voices:
            own = {first_language(choice.language): voices[first_language(choice.language)]}
            pieces = [resampled(piece.audio, RATE) for piece in spoken(text, own, manner)]
        write_speech(pieces, sound, choice.name, language)
        whole = Audio(np.concatenate([piece.samples for piece in pieces]), RATE)
        pictures = tuple(
            _inline(picture) for picture in (waveform(whole, language), spectrogram(whole, language))
        )
        return Card(choice.label(language), address_of(sound), facts_text(choice, language), pictures)


def _inline(picture: Picture) -> tuple[str, str]:
    return "data:image/png;base64," + base64.b64encode(picture.png).decode(), picture.alt


def _player(sound: Path, text: str, language: Language) -> str:
    label = say("audio.player", language)
    return html_block("player.html", title=text, address=address_of(sound), label=label, synthetic="")
