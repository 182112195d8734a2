"""What happens where a text is read aloud: each method is one event, with values in and values out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import gradio as gr

from models.library import Library
from models.voice.base import Manner
from stations.audio.speak_screen import SpeakScreen
from stations.audio.stage import Performing, title_of
from stations.audio.voices import VoiceChoice, borrowed, facts_text, voice_choices, voice_named
from stations.base import Workbench
from stations.messages import shown_to_visitor
from stations.speaking.pronunciation import Pronunciation, read_pronunciation
from stations.speaking.speaking import Spoken, spoken
from stations.texts import say

Update = dict[Any, Any]
Values = Mapping[Any, Any]


class SpeakDesk:
    """The events of this part. It holds no visitor's data: that comes in and goes out with each event."""

    def __init__(self, bench: Workbench, screen: SpeakScreen) -> None:
        self._bench, self._screen = bench, screen

    def welcome(self, request: gr.Request) -> Update:
        """Fill in the voices in the visitor's language."""
        screen, language = self._screen, self._bench.language(request)
        found = voice_choices(self._bench.library)
        first = next((each for each in found if each.language.startswith(language)), found[0])
        choices = [(each.label(language), each.id) for each in found]
        return {
            screen.voice: gr.Dropdown(choices, value=first.id),
            screen.facts: gr.Markdown(facts_text(first, language), visible=True),
        }

    def fill_example(self, request: gr.Request) -> str:
        """Fill in a text full of things that are hard to read aloud."""
        return say("audio.example_text", self._bench.language(request))

    def chosen(self, voice: str, request: gr.Request) -> Update:
        """Tell about the chosen voice and offer its speakers."""
        screen, language = self._screen, self._bench.language(request)
        with shown_to_visitor(self._bench, request):
            choice = voice_named(self._bench.library, voice or "")
            with self._bench.library.borrow_voice(choice.model.id) as engine:
                speakers = engine.speakers
        first = speakers[0] if speakers else None
        return {
            screen.facts: gr.Markdown(facts_text(choice, language), visible=True),
            screen.speaker: gr.Dropdown(list(speakers), value=first, visible=bool(speakers)),
        }

    def speak(self, values: Values, request: gr.Request) -> Iterator[Update]:
        """Read aloud; the player comes with the first sentence."""
        with shown_to_visitor(self._bench, request):
            text = str(values[self._screen.text] or "")
            choice = voice_named(self._bench.library, values[self._screen.voice] or "")
            speech = partial(reading_aloud, self._bench.library, choice, text, **self._manner(values))
            yield from Performing(self._bench, self._screen.stage).play(speech, title_of(text), request)

    def _manner(self, values: Values) -> dict[str, Any]:
        screen = self._screen
        manner = Manner(
            speed=values[screen.speed],
            pitch=values[screen.pitch],
            volume=values[screen.volume],
            pause_s=values[screen.pause],
            speaker=values[screen.speaker] or "",
        )
        return {"manner": manner, "dictionary": read_pronunciation(values[screen.dictionary] or "")}


@contextmanager
def reading_aloud(
    library: Library, choice: VoiceChoice, text: str, manner: Manner, dictionary: Pronunciation
) -> Iterator[Iterator[Spoken]]:
    """Borrow voices and give the pieces of a text (see ``spoken``)."""
    with borrowed(library, choice) as voices:
        yield spoken(text, voices, manner, dictionary)
