"""The chatbot's right-hand column: role, model, settings, files to take home."""

from dataclasses import dataclass

import gradio as gr

from models.catalog import Model
from models.room import RoomModel
from stations.base import Workbench
from stations.chatbot.personas import Persona, personas
from stations.documents import Format
from stations.model_choice import draw_model_choice
from stations.texts import Language, say

FORMATS: tuple[Format, ...] = ("txt", "docx", "odt")


@dataclass(frozen=True)
class Controls:
    """The components of the column that handlers read or change."""

    persona: gr.Radio
    model: gr.Dropdown
    about: gr.Markdown
    role: gr.Textbox
    temperature: gr.Slider
    length: gr.Slider
    seed: gr.Textbox
    files: dict[Format, gr.Button]
    file: gr.File


def draw_controls(bench: Workbench) -> Controls:
    """Draw the column in the surrounding layout."""
    label = bench.label
    persona = gr.Radio(
        list(personas()), value=first_persona(), label=label("chatbot.persona"), elem_id="chatbot-persona"
    )
    model, about = _draw_model(bench)
    with gr.Accordion(label("chatbot.more"), open=False, elem_id="chatbot-more"):
        role, temperature, length, seed = _draw_settings(bench)
    with gr.Accordion(label("chatbot.take"), open=False, elem_id="chatbot-take"):
        files, file = _draw_files(bench)
    return Controls(persona, model, about, role, temperature, length, seed, files=files, file=file)


def first_persona() -> str:
    """Return the id of the role that is chosen at first."""
    return next(iter(personas()))


def chosen_persona(name: str | None) -> Persona:
    """Return a role by id, the first one for an id that does not exist."""
    return personas().get(name or "", personas()[first_persona()])


def about_model(model: Model, language: Language) -> str:
    """Return where a model comes from, what it learned from, and its licence."""
    known = {"origin": getattr(model.origin, language), "learned": getattr(model.trained_from, language)}
    if isinstance(model, RoomModel):  # a server does not tell its licence
        return say("chatbot.about_room_model", language, **known)
    return say("chatbot.about_model", language, **known, licence=model.licence)


def _draw_model(bench: Workbench) -> tuple[gr.Dropdown, gr.Markdown]:
    drop = draw_model_choice(bench, "chatbot.model", "chatbot-model")
    with gr.Accordion(bench.label("chatbot.about"), open=False, elem_id="chatbot-about"):
        about = gr.Markdown(elem_classes="ki-about")
    return drop, about


def _draw_settings(bench: Workbench) -> tuple[gr.Textbox, gr.Slider, gr.Slider, gr.Textbox]:
    label, most = bench.label, bench.workshop.limits.answer_tokens
    role = gr.Textbox(
        label=label("chatbot.role"), info=label("chatbot.role_info"), lines=5, elem_id="chatbot-role"
    )
    temperature = gr.Slider(
        0,
        1.5,
        0.3,
        step=0.1,
        label=label("chatbot.temperature"),
        info=label("chatbot.temperature_info"),
        elem_id="chatbot-temperature",
    )
    length = gr.Slider(
        16,
        most,
        min(512, most),
        step=16,
        label=label("chatbot.length"),
        info=label("chatbot.length_info"),
        elem_id="chatbot-length",
    )
    seed = gr.Textbox(  # Gradio's number field cannot be empty
        label=label("chatbot.seed"), info=label("chatbot.seed_info"), elem_id="chatbot-seed", max_lines=1
    )
    return role, temperature, length, seed


def _draw_files(bench: Workbench) -> tuple[dict[Format, gr.Button], gr.File]:
    gr.Markdown(bench.label("chatbot.take_info"))
    with gr.Row():
        buttons = {
            kind: gr.Button(bench.label(f"chatbot.take_{kind}"), size="sm", elem_id=f"chatbot-take-{kind}")
            for kind in FORMATS
        }
    file = gr.File(
        label=bench.label("chatbot.take_file"), visible=False, interactive=False, elem_id="chatbot-file"
    )
    return buttons, file
