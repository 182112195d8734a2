"""The audio station's tab: its parts, and what is wired to what."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from stations.afterwards import afterwards
from stations.audio.bot_part import LONGEST_STREAM_S, PIECE_S, BotDesk, BotScreen, draw_bot
from stations.audio.compare_part import CompareDesk, CompareScreen, draw_compare
from stations.audio.dialogue_part import DialogueDesk, DialogueScreen, draw_dialogue
from stations.audio.guide_desk import GuideDesk
from stations.audio.guide_screen import GuideScreen, draw_guide
from stations.audio.listening_game import Game
from stations.audio.speak_desk import SpeakDesk
from stations.audio.speak_screen import SpeakScreen, draw_speak
from stations.audio.stage import Performing, Stage, Update
from stations.base import Workbench
from stations.texts import say

QUIET: dict[str, Any] = {"show_progress": "hidden"}
TOGETHER: dict[str, Any] = {"concurrency_limit": None, **QUIET}
PARTS = ("speak", "bot", "guide", "dialogue", "compare")
FIRST = PARTS[0]


def build(bench: Workbench) -> None:
    """Draw the station and wire it."""
    part = gr.Radio([], label=bench.label("audio.part"), elem_id="audio-part", elem_classes="ki-grid")
    with gr.Column(elem_id="audio-part-speak") as first:
        speak = draw_speak(bench)
    with gr.Column(visible=False, elem_id="audio-part-bot") as second:
        bot = draw_bot(bench)
    with gr.Column(visible=False, elem_id="audio-part-guide") as third:
        guide = draw_guide(bench)
    with gr.Column(visible=False, elem_id="audio-part-dialogue") as fourth:
        dialogue = draw_dialogue(bench)
    with gr.Column(visible=False, elem_id="audio-part-compare") as fifth:
        compare = draw_compare(bench)
    desk = BotDesk(bench, bot)
    _wire_parts(bench, part, (first, second, third, fourth, fifth), bot, desk)
    _wire_speak(bench, speak, SpeakDesk(bench, speak))
    _wire_bot(bot, desk)
    _wire_guide(guide, GuideDesk(bench, guide))
    _wire_dialogue(bench, dialogue, DialogueDesk(bench, dialogue))
    _wire_compare(compare, CompareDesk(bench, compare))


def _wire_parts(
    bench: Workbench, part: gr.Radio, columns: Sequence[gr.Column], screen: BotScreen, bot: BotDesk
) -> None:
    def named(request: gr.Request) -> gr.Radio:
        language = bench.language(request)
        return gr.Radio([(say(f"audio.part_{each}", language), each) for each in PARTS], value=FIRST)

    def chosen(wish: str) -> list[gr.Column]:
        return [gr.Column(visible=each == wish) for each in PARTS]

    gr.on(None, named, None, [part], **QUIET)
    opened: Any = part.input(chosen, [part], list(columns), **QUIET)
    opened.then(bot.warm, [part, screen.facts], None, **TOGETHER)


def _wire_speak(bench: Workbench, screen: SpeakScreen, desk: SpeakDesk) -> None:
    gr.on(None, desk.welcome, None, [screen.voice, screen.facts], **QUIET)
    screen.example.click(desk.fill_example, None, [screen.text], **QUIET)
    screen.voice.input(desk.chosen, [screen.voice], [screen.facts, screen.speaker], **QUIET)
    reading: Any = screen.stage.go.click(desk.speak, screen.form, screen.stage.shown, **TOGETHER)
    _wire_stage(bench, screen.stage, reading)


def _wire_bot(screen: BotScreen, desk: BotDesk) -> None:
    gr.on(None, desk.welcome, None, [screen.facts], **QUIET)
    heard = [screen.own, screen.asked, screen.player, screen.state]
    screen.microphone.stream(
        desk.hear, [screen.microphone, screen.own], heard,
        stream_every=PIECE_S, time_limit=LONGEST_STREAM_S, **TOGETHER,
    )  # fmt: skip
    screen.microphone.stop_recording(desk.switched_off, [screen.own], [screen.own, screen.asked], **QUIET)
    answer: Any = screen.asked.change(desk.answer, [screen.facts, screen.own], screen.shown, **TOGETHER)
    afterwards(answer, desk.at_rest, [screen.own], screen.shown)
    gr.on(
        [screen.again.click, screen.talk.clear],
        desk.start_again,
        [screen.own],
        [screen.own, *screen.shown],
        **QUIET,
    )


def _wire_dialogue(bench: Workbench, screen: DialogueScreen, desk: DialogueDesk) -> None:
    screen.example.click(desk.fill_example, None, [screen.script], **QUIET)
    writing: Any = screen.write.click(
        desk.write, [screen.source], [screen.script, screen.write, screen.check], **TOGETHER
    )
    afterwards(writing, desk.written, [], [screen.write])
    playing: Any = screen.stage.go.click(desk.perform, screen.form, screen.stage.shown, **TOGETHER)
    _wire_stage(bench, screen.stage, playing)


def _wire_stage(bench: Workbench, stage: Stage, playing: Any) -> None:  # noqa: ANN401 - Gradio names no type
    performing = Performing(bench, stage)
    rest = (performing.at_rest, [stage.made], stage.shown)
    afterwards(playing, *rest)
    stage.stop.click(None, cancels=playing).then(*rest, **QUIET)
    for kind, button in stage.kinds.items():
        button.click(performing.writer(kind), [stage.made], [stage.taken])


def _wire_guide(screen: GuideScreen, desk: GuideDesk) -> None:
    looked_at = [screen.stops, screen.empty]
    gr.on(None, desk.welcome, None, [screen.languages], **QUIET)
    brought: Any = gr.on([screen.table.upload, screen.table.clear], None)
    brought.then(desk.looked_at, [screen.table], looked_at, **QUIET)
    screen.example.click(desk.fill_example, None, [screen.table, screen.title, *looked_at], **QUIET)
    making: Any = screen.go.click(desk.make, screen.form, screen.shown, **TOGETHER)
    afterwards(making, desk.at_rest, [], [screen.go, screen.stop])
    screen.stop.click(None, cancels=making).then(desk.at_rest, None, [screen.go, screen.stop], **QUIET)


def _wire_compare(screen: CompareScreen, desk: CompareDesk) -> None:
    gr.on(None, desk.welcome, None, [screen.text, screen.voices], **QUIET)
    screen.go.click(desk.compare, {screen.text, screen.voices, screen.speed}, [screen.cards], **TOGETHER)
    screen.begin.click(desk.begin, None, screen.playing, **TOGETHER)
    for button, real in ((screen.person, True), (screen.machine, False)):
        button.click(_guess(desk, real=real), [screen.game], screen.playing, **TOGETHER)


def _guess(desk: CompareDesk, *, real: bool) -> Callable[[Game | None, gr.Request], Update]:
    def guessed(game: Game | None, request: gr.Request) -> Update:
        return desk.guess(game, real=real, request=request)

    return guessed
