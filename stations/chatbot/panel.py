"""The chatbot's tab: what is drawn, and what is wired to what."""

from typing import Any

import gradio as gr

from stations.afterwards import afterwards
from stations.base import Workbench
from stations.chatbot.controls import draw_controls
from stations.chatbot.talk import Screen, Talk
from stations.chatbot.work import Conversation

HEIGHT = "62vh"
STARTERS = 3


def build(bench: Workbench) -> None:
    """Draw the station and wire it."""
    with gr.Row(elem_classes="ki-columns"):
        with gr.Column(scale=7, min_width=320):
            chat = _draw_chat(bench)
            starters, buttons = _draw_starters(bench)
            question, send, stop, new = _draw_question(bench)
            with gr.Accordion(bench.label("chatbot.inside"), open=False, elem_id="chatbot-inside"):
                inside = gr.Markdown(sanitize_html=False, elem_id="chatbot-tokens")
        with gr.Column(scale=4, min_width=280):
            controls = draw_controls(bench)
    screen = Screen(
        gr.State(Conversation()), chat, question, send, stop, new, starters, buttons, inside, controls
    )
    _wire(screen, Talk(bench, screen))


def _draw_chat(bench: Workbench) -> gr.Chatbot:
    return gr.Chatbot(
        label=bench.label("chatbot.conversation"),
        elem_id="chatbot-conversation",
        height=HEIGHT,
        visible=False,
        editable="user",
        buttons=["copy"],
        latex_delimiters=[],
        feedback_options=None,
        allow_tags=False,
        layout="bubble",
        group_consecutive_messages=False,
    )


def _draw_starters(bench: Workbench) -> tuple[gr.Column, tuple[gr.Button, ...]]:
    with gr.Column(elem_classes="ki-starters") as starters:
        gr.Markdown(bench.label("chatbot.starters"))
        buttons = tuple(
            gr.Button("…", elem_id=f"chatbot-starter-{number}", size="sm") for number in range(STARTERS)
        )
    return starters, buttons


def _draw_question(bench: Workbench) -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Button]:
    label = bench.label
    question = gr.Textbox(
        label=label("chatbot.question"),
        placeholder=label("chatbot.question_hint"),
        elem_id="chatbot-question",
        lines=2,
        max_lines=8,
    )
    with gr.Row(elem_classes="ki-actions"):
        send = gr.Button(label("chatbot.send"), elem_id="chatbot-send", variant="primary", min_width=120)
        stop = gr.Button(label("chatbot.stop"), elem_id="chatbot-stop", interactive=False, min_width=90)
        new = gr.Button(label("chatbot.new"), elem_id="chatbot-new", min_width=150)
    return question, send, stop, new


def _wire(screen: Screen, talk: Talk) -> None:
    wishes, shown, controls = screen.wishes, screen.shown, screen.controls
    # no limit here: the engine's own line is the one that tells people their place
    together: dict[str, Any] = {"concurrency_limit": None, "show_progress": "hidden"}
    answers = [
        gr.on([screen.send.click, screen.question.submit], talk.ask, wishes, shown, **together),
        screen.chat.retry(talk.ask_again, wishes, shown, **together),
        screen.chat.edit(talk.ask_changed, wishes, shown, **together),
    ]
    for number, button in enumerate(screen.starter_buttons):
        answers.append(button.click(talk.starter(number), wishes, shown, **together))

    rest = (talk.at_rest, [screen.conversation], [screen.inside, screen.send, screen.stop, screen.starters])
    for answer in answers:
        afterwards(answer, *rest)
    # Cancelling comes first and alone: a last piece still under way would otherwise overwrite what is shown then.
    stopped = screen.stop.click(None, cancels=answers)
    emptied = gr.on([screen.new.click, screen.chat.clear], None, cancels=answers)
    for cancelled, event, given in (
        (stopped, talk.stop, [screen.conversation]),
        (emptied, talk.start_again, None),
    ):
        done = cancelled.then(event, given, shown, show_progress="hidden")
        done.then(*rest, show_progress="hidden")

    persona = [controls.role, *screen.starter_buttons]
    gr.on(
        None,
        talk.welcome,
        None,
        [controls.persona, controls.about, screen.inside, *persona],
        show_progress="hidden",
    )
    controls.persona.input(talk.choose_persona, [controls.persona], persona, show_progress="hidden")
    controls.model.input(talk.choose_model, [controls.model], [controls.about], show_progress="hidden")
    for kind, button in controls.files.items():
        button.click(talk.writer(kind), [screen.conversation], [controls.file])
