"""``do write``: a text by a recipe, for routines of one's own; only the result goes to standard output."""

import difflib
import json
import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from models.catalog import Model, Role
from models.errors import ModelError
from models.progress import Progress
from models.reading.document import Document
from models.store import Store
from stations.commandline import Options
from stations.commands.choice import workshop_of
from stations.commands.engines import engines, player
from stations.commands.saving import checked_place, save
from stations.console import Terminal, result, terminal
from stations.prose.wording import finding_text
from stations.settings import Workshop
from stations.text import work
from stations.text.long import written
from stations.text.prompting import task
from stations.text.recipes import Cookbook, Recipe, cookbook
from stations.texts import Language, say
from stations.units import decimal


def run(options: Options) -> int:
    """Write a text and return 0; everything that goes wrong is a ModelError.

    Reads ``lang``, ``names`` (the recipe), ``fields``, ``input``, ``out``, ``model``, ``seed``, ``list``, ``json`` and
    ``profile``.
    """
    screen, book = terminal(options.lang), cookbook()
    for each in book.broken:
        screen.say("text.broken_recipe", file=each.file, line=each.line or "?", problem=each.problem)
    if options.list:
        result(_list(book, options))
        return 0
    recipe, workshop, store = _recipe(book, options.names), workshop_of(options), Store()
    if options.out:
        checked_place(options.out)
    document = _document(options.input)
    one = task(recipe, _given(recipe, options, document), options.lang)
    model = _model(workshop, store, options.model)
    sampling = work.sampling(recipe, workshop.limits, seed=options.seed)
    wish = work.Wish(sampling, shortener=book.recipes.get(work.SHORTENER))
    with engines(workshop, store, screen, model) as library, library.borrow_chat(model.id) as chat:
        draft = _shown(written(chat, one, wish, document), screen)
    _tell(draft, model, screen)
    _hand_over(draft, recipe, model, options)
    return 0


def _list(book: Cookbook, options: Options) -> str:
    recipes = book.recipes.values()
    if options.json:
        rows = [
            {
                "id": each.id,
                "title": getattr(each.title, options.lang),
                "fields": [one.id for one in each.fields],
            }
            for each in recipes
        ]
        return json.dumps(rows, ensure_ascii=False, indent=1)
    width = max((len(each.id) for each in recipes), default=0)
    by_group = groupby(recipes, key=lambda each: each.group)
    return "\n\n".join(
        "\n".join(
            [say(f"text.group_{group}", options.lang), *(_about(each, width, options.lang) for each in some)]
        )
        for group, some in by_group
    )


def _about(recipe: Recipe, width: int, language: Language) -> str:
    fields = ", ".join(one.id if one.required else f"[{one.id}]" for one in recipe.fields)
    return f"  {recipe.id:{width}}  {getattr(recipe.title, language)}: {fields}"


def _recipe(book: Cookbook, names: tuple[str, ...]) -> Recipe:
    if not names:
        raise ModelError("text.no_recipe")
    if len(names) > 1:
        raise ModelError("command.unknown", given=" ".join(names[1:]))
    if names[0] not in book.recipes:
        similar = difflib.get_close_matches(names[0], book.recipes, n=3, cutoff=0.3)
        raise ModelError("text.unknown_recipe", recipe=names[0], similar=", ".join(similar) or "–")
    return book.recipes[names[0]]


def _given(recipe: Recipe, options: Options, document: Document | None) -> dict[str, str]:
    """Return what the command line fills in; a file or standard input goes into the recipe's first long text."""
    given = {}
    for field in options.fields:
        name, equals, value = field.partition("=")
        if not equals:
            raise ModelError("text.no_equals_sign", given=field[:40])
        given[name] = value.encode(errors="replace").decode()  # a terminal may hand over broken letters
    if options.input is not None:
        place = recipe.long_field
        if place is None:
            raise ModelError("text.no_text_field", recipe=recipe.id)
        given[place] = document.text if document else ""
    return given


def _document(file: Path | None) -> Document | None:
    """Read the file of ``--input``; ``-`` is standard input, of any kind and any encoding too."""
    from models.reading.reader import read_document

    if file is None:
        return None
    if str(file) != "-":
        return read_document(file)
    with tempfile.TemporaryDirectory() as folder:
        piped = Path(folder) / "-"
        piped.write_bytes(sys.stdin.buffer.read())
        return read_document(piped)


def _model(workshop: Workshop, store: Store, wish: str | None) -> Model:
    if wish:
        wanted = store.catalog.model(wish)
        if wanted.role is not Role.CHAT:
            raise ModelError("text.model_cannot_write", model=wanted.title)
        if not store.present(wanted):
            raise ModelError("command.model_not_here", model=wanted.id)
        return wanted
    return player(workshop, store, Role.CHAT)


def _shown(drafts: Iterator[work.Draft], screen: Terminal) -> work.Draft:
    draft = work.Draft()
    for draft in drafts:
        done, total = draft.part
        screen.report(Progress(f"text.stage_{draft.stage}", done, total or None))
    screen.close()
    return draft


def _tell(draft: work.Draft, model: Model, screen: Terminal) -> None:
    for finding in draft.findings:
        screen.show(f"{'✓' if finding.kept else '!'} {finding_text(finding, screen.language)}")
    if draft.cut:
        screen.say("text.note_cut")
    screen.say("text.written", seconds=decimal(draft.seconds, screen.language), model=model.title)


def _hand_over(draft: work.Draft, recipe: Recipe, model: Model, options: Options) -> None:
    if options.out:
        save(draft.text, options.out, options.lang)
    if options.json:
        checks = [{"check": each.check, "kept": each.kept, "hard": each.hard} for each in draft.findings]
        told = {
            "recipe": recipe.id,
            "model": model.id,
            "seconds": round(draft.seconds, 1),
            "rounds": draft.round,
            "cut": draft.cut,
            "checks": checks,
            "text": draft.text,
            "sources": [
                {"sentence": each.sentence, "parts": [each.first_part, each.last_part], "pages": each.pages}
                for each in draft.sources
            ],
        }
        result(json.dumps(told, ensure_ascii=False, indent=1))
    elif not options.out:
        result(draft.text)
