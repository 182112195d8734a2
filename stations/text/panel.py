"""The text station's tab: what is drawn, and what is wired to what."""

from typing import Any

import gradio as gr

from stations.afterwards import afterwards
from stations.base import Workbench
from stations.model_choice import draw_model_choice
from stations.text import view
from stations.text.chooser import draw_chooser
from stations.text.desk import Desk, Screen
from stations.text.paper import draw_paper
from stations.text.recipes import cookbook
from stations.text.rivals import Referee, Ring, draw_ring
from stations.text.slots import draw_slots

QUIET: dict[str, Any] = {"show_progress": "hidden"}
FROM_RECIPE = -0.1
"""The slider's place that leaves the temperature to the recipe."""


def build(bench: Workbench) -> None:
    """Draw the station and wire it."""
    book, label = cookbook(), bench.label
    chooser = draw_chooser(bench)
    if book.broken:
        gr.Markdown(view.hidden_recipes(book.broken, bench.workshop.language), elem_id="text-broken-recipes")
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=5, min_width=320):
            card = gr.Markdown(visible=False, sanitize_html=False, elem_id="text-card")
            file = gr.File(label=label("text.file"), visible=False, height=150, elem_id="text-upload")
            document, read = gr.State(None), gr.Markdown(visible=False, elem_id="text-read")
            slots = draw_slots(bench)
            with gr.Row(elem_classes="ki-actions"):
                write = gr.Button(label("text.write"), variant="primary", visible=False, elem_id="text-write")
                stop = gr.Button(label("text.stop"), visible=False, elem_id="text-stop")
                example = gr.Button(label("text.example"), visible=False, elem_id="text-example")
            with gr.Accordion(label("text.more"), open=False, visible=False, elem_id="text-more") as more:
                model, temperature = _draw_settings(bench)
        with gr.Column(scale=6, min_width=320):
            paper = draw_paper(bench)
    screen = Screen(
        chooser, card, slots, file, document, read, example, write, stop, more, model, temperature, paper
    )
    desk = Desk(bench, book, screen)
    _wire_form(screen, desk)
    _wire_writing(screen, desk)
    _wire_paper(screen, desk)
    ring = draw_ring(bench)
    _wire_ring(screen, ring, Referee(bench, desk, screen, ring))


def _draw_settings(bench: Workbench) -> tuple[gr.Dropdown, gr.Slider]:
    model = draw_model_choice(bench, "text.model", "text-model")
    temperature = gr.Slider(
        FROM_RECIPE,
        1.5,
        FROM_RECIPE,
        step=0.1,
        label=bench.label("text.temperature"),
        info=bench.label("text.temperature_info"),
        elem_id="text-temperature",
    )
    return model, temperature


def _wire_form(screen: Screen, desk: Desk) -> None:
    chooser = screen.chooser
    listed = [chooser.recipe, chooser.nothing]
    gr.on(None, desk.welcome, None, [chooser.group, screen.paper.rework, *listed], **QUIET)
    searched = gr.on([chooser.search.change, chooser.group.input], None)
    searched.then(desk.find, [chooser.search, chooser.group], listed, **QUIET)
    chooser.recipe.input(desk.choose, [chooser.recipe], screen.shape, **QUIET)
    screen.example.click(desk.fill_example, [chooser.recipe], screen.shape, **QUIET)
    boxes = [slot.text for slot in screen.slots]
    got = [screen.file, screen.document, screen.read, *boxes]
    screen.file.upload(desk.read, [screen.file, chooser.recipe], got)
    screen.file.clear(
        lambda: (None, gr.Markdown(visible=False)), None, [screen.document, screen.read], **QUIET
    )


def _wire_writing(screen: Screen, desk: Desk) -> None:
    paper = screen.paper
    # no limit here: the engine's own line is the one that tells people their place
    together: dict[str, Any] = {"concurrency_limit": None, "show_progress": "hidden"}
    writings: list[Any] = [
        screen.write.click(desk.write, screen.form, screen.shown, **together),
        paper.go.click(desk.rework, screen.form, screen.shown, **together),
    ]
    rest = (desk.at_rest, [paper.manuscript], screen.shown)
    for writing in writings:
        afterwards(writing, *rest)
    stopped = screen.stop.click(None, cancels=writings)
    stopped.then(*rest, show_progress="hidden")


def _wire_paper(screen: Screen, desk: Desk) -> None:
    paper = screen.paper
    paper.undo.click(desk.turned("undo"), [paper.manuscript], screen.shown, **QUIET)
    paper.redo.click(desk.turned("redo"), [paper.manuscript], screen.shown, **QUIET)
    paper.rework.input(
        lambda action: gr.Textbox(visible=action == "shorter"), [paper.rework], [paper.characters], **QUIET
    )
    paper.take_over.click(desk.edited, [paper.manuscript, paper.hand], screen.shown, **QUIET)
    paper.mediopunkt.click(desk.divided, [paper.manuscript], screen.shown, **QUIET)
    paper.other.input(desk.compared, [paper.manuscript, paper.other], [paper.changes], **QUIET)
    for kind, button in paper.files.items():
        button.click(desk.writer(kind), [paper.manuscript, paper.told], [paper.taken])


def _wire_ring(screen: Screen, ring: Ring, referee: Referee) -> None:
    wishes = screen.form | {ring.model, ring.temperature, ring.blind}
    bout: Any = ring.go.click(referee.begin, wishes, ring.outputs, concurrency_limit=None, **QUIET)
    rest = (referee.at_rest, [ring.bout], ring.outputs)
    afterwards(bout, *rest)
    ring.stop.click(None, cancels=bout).then(*rest, **QUIET)
    for choice, button in ring.votes.items():
        button.click(referee.voted(choice), [ring.bout], ring.outputs, **QUIET)
    for side, button in enumerate(ring.take):
        button.click(referee.taken(side), [ring.bout, screen.paper.manuscript], screen.shown, **QUIET)
