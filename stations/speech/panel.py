"""The speech station's tab: its parts, and what is wired to what."""

from typing import Any

import gradio as gr

from stations.afterwards import afterwards
from stations.base import Workbench
from stations.speech.desk import Desk
from stations.speech.film_desk import FilmDesk
from stations.speech.minutes_desk import MinutesDesk
from stations.speech.minutes_screen import MinutesScreen, draw_minutes
from stations.speech.recordings import QUIET, Screen, draw_recordings
from stations.speech.service import service
from stations.speech.translate_desk import TranslateDesk
from stations.speech.translate_screen import TranslateScreen, draw_translate


def build(bench: Workbench) -> None:
    """Draw the station and wire it."""
    own = service(bench)
    with gr.Tabs(elem_id="speech-parts"):
        with gr.Tab(bench.label("speech.tab_recordings"), elem_id="speech-tab-recordings"):
            screen = draw_recordings(bench)
        with gr.Tab(bench.label("speech.tab_minutes"), elem_id="speech-tab-minutes") as minutes_tab:
            minutes = draw_minutes(bench)
        with gr.Tab(bench.label("speech.tab_translate"), elem_id="speech-tab-translate") as tab:
            translation = draw_translate(bench)
    _wire_recordings(screen, Desk(bench, own, screen), FilmDesk(bench, own, screen))
    _wire_minutes(minutes, MinutesDesk(bench, own, minutes), minutes_tab)
    _wire_translate(translation, TranslateDesk(bench, own, translation), tab)


def _wire_recordings(screen: Screen, desk: Desk, film: FilmDesk) -> None:
    gr.on(None, desk.welcome, None, [screen.people, screen.language, screen.hour, *screen.shown], **QUIET)
    told: Any = gr.on([screen.files.upload, screen.files.clear], None)
    told.then(desk.looked_at, [screen.files], [screen.brought], **QUIET)
    brought = [screen.files, screen.microphone, screen.brought]
    screen.begin.click(desk.begin, screen.brought_along, [*brought, *screen.shown])
    screen.example.click(desk.example, None, screen.shown, **QUIET)
    one: dict[str, Any] = {"outputs": screen.shown, **QUIET}
    screen.recording.input(desk.choose, [screen.recording], **one)
    screen.timer.tick(desk.look, [screen.recording, screen.seen], **one)
    screen.stop.click(desk.stop, [screen.recording], **one)
    screen.go_on.click(desk.go_on, [screen.recording], **one)
    screen.delete.click(desk.ask_again, None, [screen.delete, screen.delete_sure], **QUIET)
    screen.delete_sure.click(desk.delete, [screen.recording], **one)
    for kind, button in screen.kinds.items():
        button.click(desk.writer(kind), [screen.recording], [screen.taken])
    filmed = [screen.film_state, screen.taken]
    screen.film_attached.click(film.maker("attached"), [screen.recording], filmed, **QUIET)
    screen.film_burned.click(film.maker("burned"), [screen.recording], filmed, **QUIET)


def _wire_minutes(screen: MinutesScreen, desk: MinutesDesk, tab: gr.Tab) -> None:
    listed = [screen.recording, screen.nothing]
    gr.on(None, desk.welcome, None, [screen.sort, *listed], **QUIET)
    tab.select(desk.recordings, [screen.recording], listed, **QUIET)
    screen.sort.input(desk.sorted, [screen.sort], [screen.about, screen.plain], **QUIET)
    rest = (desk.at_rest, [screen.made], screen.shown)
    going: Any = screen.go.click(desk.write, screen.form, screen.shown, concurrency_limit=None, **QUIET)
    afterwards(going, *rest)
    screen.stop.click(None, cancels=going).then(*rest, **QUIET)
    for kind, button in screen.kinds.items():
        button.click(desk.writer(kind), [screen.made], [screen.taken])


def _wire_translate(screen: TranslateScreen, desk: TranslateDesk, tab: gr.Tab) -> None:
    gr.on(None, desk.welcome, None, [screen.source, screen.target, screen.recording], **QUIET)
    tab.select(desk.recordings, None, [screen.recording], **QUIET)
    together: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    rest = (desk.at_rest, [screen.made], screen.shown)
    going: Any = screen.go.click(desk.translate, screen.form, screen.shown, **together)
    afterwards(going, *rest)
    screen.stop.click(None, cancels=going).then(*rest, **QUIET)
    screen.check.click(desk.back, [screen.made], [screen.back], **together)
    screen.same.click(desk.same, [screen.made], [screen.taken])
    for kind, button in screen.kinds.items():
        button.click(desk.writer(kind), [screen.made], [screen.taken])
