"""The form of a recipe on the page: a fixed set of fields that take the shape a recipe asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from stations.base import Workbench
from stations.text.recipes import MOST_FIELDS, Recipe, RecipeField, Values
from stations.texts import Language, say

LONG, SHORT = 7, 1
"""Lines of a field for a long text and for a short one."""


@dataclass(frozen=True)
class Slot:
    """One place of the form: a text box or a choice, whichever the recipe's field needs."""

    text: gr.Textbox
    choice: gr.Dropdown


def draw_slots(bench: Workbench) -> tuple[Slot, ...]:
    """Draw the places, all hidden until a recipe is chosen."""
    hint = bench.label("text.search_hint")
    return tuple(
        Slot(
            gr.Textbox(visible=False, label=hint, elem_id=f"text-field-{place}", interactive=True),
            gr.Dropdown(visible=False, label=hint, elem_id=f"text-choice-{place}", interactive=True),
        )
        for place in range(MOST_FIELDS)
    )


def shaped(
    slots: Sequence[Slot], recipe: Recipe, language: Language, values: Values | None = None
) -> dict[Any, Any]:
    """Return the updates that give the places the shape of ``recipe``, filled with ``values`` or its defaults."""
    updates: dict[Any, Any] = {}
    for place, slot in enumerate(slots):
        field = recipe.fields[place] if place < len(recipe.fields) else None
        given = (values or {}).get(field.id, field.default) if field else ""
        updates[slot.text] = _text_box(field, given, language)
        updates[slot.choice] = _choice(field, given, language)
    return updates


def filled_in(slots: Sequence[Slot], recipe: Recipe, values: Mapping[Any, Any]) -> dict[str, str]:
    """Return what stands in the form, by field id."""
    places = zip(recipe.fields, slots, strict=False)
    return {
        field.id: str(values[slot.choice if field.kind == "choice" else slot.text] or "")
        for field, slot in places
    }


def long_slot(slots: Sequence[Slot], recipe: Recipe) -> gr.Textbox | None:
    """Return the box into which a file is read."""
    places = zip(recipe.fields, slots, strict=False)
    return next((slot.text for field, slot in places if field.id == recipe.long_field), None)


def _text_box(field: RecipeField | None, given: str, language: Language) -> gr.Textbox:
    if field is None or field.kind == "choice":
        return gr.Textbox(visible=False, value="")
    lines = LONG if field.kind == "text" else SHORT
    return gr.Textbox(
        visible=True, label=_label(field, language), info=_info(field, language), lines=lines,
        max_lines=3 * lines, value=given,
    )  # fmt: skip


def _choice(field: RecipeField | None, given: str, language: Language) -> gr.Dropdown:
    if field is None or field.kind != "choice":
        return gr.Dropdown(visible=False)
    choices = [(getattr(each, language), each.value) for each in field.choices]
    return gr.Dropdown(
        choices, visible=True, label=_label(field, language), info=_info(field, language),
        value=given or field.choices[0].value,
    )  # fmt: skip


def _label(field: RecipeField, language: Language) -> str:
    label = str(getattr(field.label, language))
    return label if field.required else say("text.optional", language, label=label)


def _info(field: RecipeField, language: Language) -> str | None:
    return str(getattr(field.info, language)) if field.info else None
