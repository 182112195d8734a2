"""Choosing among the installed chat models: one drop-down, and one way to read it, for every station."""

import gradio as gr

from models.catalog import Model, Role
from stations.base import Workbench


def draw_model_choice(bench: Workbench, label: str, elem_id: str, *, place: int = 0) -> gr.Dropdown:
    """Draw the choice with the model at ``place`` (best first; the last one if there are fewer) chosen."""
    models = bench.library.players(Role.CHAT)
    return gr.Dropdown(
        [(model.title, model.id) for model in models],
        value=models[min(place, len(models) - 1)].id,
        label=bench.label(label),
        elem_id=elem_id,
        interactive=len(models) > 1,
    )


def chosen_model(bench: Workbench, name: str | None) -> Model:
    """Return a chat model by id, the best one for an id that does not exist."""
    players = bench.library.players(Role.CHAT)
    return next((model for model in players if model.id == name), players[0])
