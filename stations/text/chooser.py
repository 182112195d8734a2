"""Finding a recipe: by group, or by words that a newcomer would type."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import gradio as gr

from stations.base import Workbench
from stations.text.recipes import Group, Recipe
from stations.texts import Language

FIRST = Group.TEXTE
"""The group that stands open at first: what most people come for."""


@dataclass(frozen=True)
class Chooser:
    """The components by which a recipe is found."""

    box: gr.Accordion
    search: gr.Textbox
    group: gr.Radio
    recipe: gr.Radio
    nothing: gr.Markdown


def draw_chooser(bench: Workbench) -> Chooser:
    """Draw search, groups and the list of recipes; their words come when the page opens."""
    label = bench.label
    with gr.Accordion(label("text.choose"), open=True, elem_id="text-chooser") as box:
        with gr.Row(elem_classes="ki-search"):
            group = gr.Radio(
                list(Group), value=FIRST, label=label("text.group"), elem_id="text-group", scale=5
            )
            search = gr.Textbox(
                label=label("text.search"),
                placeholder=label("text.search_hint"),
                elem_id="text-search",
                max_lines=1,
                min_width=220,
                scale=2,
            )
        recipe = gr.Radio([], label=label("text.recipe"), elem_id="text-recipe", elem_classes="ki-grid")
        nothing = gr.Markdown(label("text.nothing_found"), visible=False, elem_id="text-nothing-found")
    return Chooser(box, search, group, recipe, nothing)


def found(recipes: Iterable[Recipe], query: str, group: str | None, language: Language) -> list[Recipe]:
    """Return the recipes that a search finds in all groups, or without one those of the group; by title."""
    wanted = _folded(query).split()
    hits = [
        recipe
        for recipe in recipes
        if (all(word in _searchable(recipe) for word in wanted) if wanted else recipe.group == group)
    ]
    return sorted(hits, key=lambda each: _folded(getattr(each.title, language)))


def _searchable(recipe: Recipe) -> str:
    words = [
        recipe.title.de,
        recipe.title.en,
        recipe.purpose.de,
        recipe.purpose.en,
        recipe.keywords,
        recipe.id,
    ]
    return _folded(" ".join(words))


def _folded(text: str) -> str:
    """Return the text in small letters without accents, so that ``Gruesse`` nearly and ``Grusse`` finds ``Grüße``."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
