"""What happens in the text station's tab: each method is one event, with values in and values out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from models.catalog import Model
from models.errors import ModelError
from models.reading.document import LIMITS
from stations.base import Workbench
from stations.documents import Format, write_document
from stations.messages import shown_to_visitor
from stations.model_choice import chosen_model
from stations.room.results import Wanted
from stations.text import view, work
from stations.text.chooser import FIRST, Chooser, found
from stations.text.long import SHORT, written
from stations.text.manuscript import Manuscript, Version
from stations.text.paper import Paper
from stations.text.plain_language import with_mediopunkt
from stations.text.prompting import Task, task
from stations.text.recipes import Cookbook, Group, Recipe
from stations.text.rework import NO_FRAME, REWORKS, Frame, counted_whole, framed, rework_values
from stations.text.slots import Slot, filled_in, long_slot, shaped
from stations.texts import Language, say
from stations.untrusted import defused

Values = Mapping[Any, Any]
Update = dict[Any, Any]


@dataclass(frozen=True)
class Screen:
    """Everything on the tab that changes."""

    chooser: Chooser
    card: gr.Markdown
    slots: tuple[Slot, ...]
    file: gr.File
    document: gr.State
    read: gr.Markdown
    example: gr.Button
    write: gr.Button
    stop: gr.Button
    more: gr.Accordion
    model: gr.Dropdown
    temperature: gr.Slider
    paper: Paper

    @property
    def form(self) -> set[Any]:
        """The inputs of everything that writes."""
        slots = {part for slot in self.slots for part in (slot.text, slot.choice)}
        paper = self.paper
        settings = {self.chooser.recipe, self.document, self.model, self.temperature}
        return slots | settings | {paper.manuscript, paper.rework, paper.characters}

    @property
    def shown(self) -> list[Any]:
        """The outputs of everything that writes."""
        return [self.write, self.stop, *self.paper.outputs]

    @property
    def shape(self) -> list[Any]:
        """The outputs of choosing a recipe."""
        slots = [part for slot in self.slots for part in (slot.text, slot.choice)]
        found = [self.chooser.box, self.chooser.recipe, self.card]
        return [*found, self.file, self.document, self.read, self.example, self.write, self.more, *slots]


@dataclass(frozen=True)
class Order:
    """Something to write: by which recipe, from what, what it is called, and what stays around it."""

    recipe: Recipe
    given: dict[str, str]
    what: str
    frame: Frame = NO_FRAME


class Desk:
    """The events of one tab. It holds no visitor's data: that comes in and goes out with each event."""

    def __init__(self, bench: Workbench, book: Cookbook, screen: Screen) -> None:
        self._bench, self._book, self._screen = bench, book, screen

    def welcome(self, request: gr.Request) -> Update:
        """Put groups and recipes in the visitor's language when the page opens."""
        language = self._bench.language(request)
        groups = [(say(f"text.group_{group}", language), group.value) for group in Group]
        chooser = self._screen.chooser
        return {
            chooser.group: gr.Radio(groups, value=FIRST.value),
            self._screen.paper.rework: gr.Radio(self._reworks(language), value=None),
            **self._list("", FIRST, language),
        }

    def find(self, query: str | None, group: str | None, request: gr.Request) -> Update:
        """Show the recipes that fit a search or a group."""
        return self._list(query or "", group, self._bench.language(request))

    def choose(self, name: str | None, request: gr.Request) -> Update:
        """Lay out the form of a recipe."""
        recipe, screen = self._book.recipes.get(name or ""), self._screen
        if recipe is None:
            return {screen.card: gr.skip()}
        language = self._bench.language(request)
        takes_file = long_slot(screen.slots, recipe) is not None
        return {
            screen.chooser.box: gr.Accordion(open=False),
            screen.card: gr.Markdown(view.card(recipe, language), visible=True),
            screen.file: gr.File(value=None, visible=takes_file),
            screen.document: None,
            screen.read: gr.Markdown(visible=False),
            screen.example: gr.Button(visible=True),
            screen.write: gr.Button(visible=True),
            screen.more: gr.Accordion(visible=True),
            **shaped(screen.slots, recipe, language),
        }

    def fill_example(self, name: str | None, request: gr.Request) -> Update:
        """Fill the form with the recipe's example."""
        recipe, language = self._book.recipes[name or ""], self._bench.language(request)
        return shaped(self._screen.slots, recipe, language, recipe.example[language])

    def read(self, file: str | None, name: str | None, request: gr.Request) -> Update:
        """Read a file into the recipe's long text."""
        recipe = self._book.recipes.get(name or "")
        place = long_slot(self._screen.slots, recipe) if recipe else None
        if not file or recipe is None or place is None:
            return {self._screen.file: gr.skip()}
        from models.reading.reader import read_document

        with shown_to_visitor(self._bench, request):
            document = read_document(Path(file))
        if len(document.text) > SHORT:
            about = view.about_document(document, recipe, self._bench.language(request))
            return {
                place: "",
                self._screen.document: document,
                self._screen.read: gr.Markdown(about, visible=True),
            }
        text = {place: document.text, self._screen.document: None}
        return {**text, self._screen.file: gr.File(value=None), self._screen.read: gr.Markdown(visible=False)}

    def write(self, values: Values, request: gr.Request) -> Iterator[Update]:
        """Write what the form asks for."""
        with shown_to_visitor(self._bench, request):
            yield from self._written(self.ordered(values, request), values, request)

    def ordered(self, values: Values, request: gr.Request) -> Order:
        """Return what the form asks for.

        Raises:
            ModelError: ``text.choose_first``.
        """
        recipe = self._book.recipes.get(values[self._screen.chooser.recipe] or "")
        if recipe is None:
            raise ModelError("text.choose_first")
        given = filled_in(self._screen.slots, recipe, values)
        document, place = values[self._screen.document], recipe.long_field
        if document and place and not given[place].strip():
            given[place] = document.text
        return Order(recipe, given, getattr(recipe.title, self._bench.language(request)))

    def task_of(self, order: Order, request: gr.Request) -> Task:
        """Return an order with everything checked (see ``prompting.task``)."""
        longest = LIMITS.letters if order.recipe.long else self._bench.workshop.limits.message_characters
        return task(order.recipe, order.given, self._bench.language(request), longest)

    def wish(self, one: Task, temperature: float | None, request: gr.Request) -> work.Wish:
        """Return how a task is to be written; ``None`` leaves the temperature to the recipe."""
        sampling = work.sampling(one.recipe, self._bench.workshop.limits, temperature=temperature)
        shortener = self._book.recipes.get(work.SHORTENER)
        return work.Wish(sampling, shortener=shortener, person=self._bench.person(request))

    def warmth(self, values: Values) -> float | None:
        """Return the temperature that was chosen, ``None`` while it is left to the recipe."""
        chosen = float(values[self._screen.temperature])
        return None if chosen < 0 else chosen

    def rework(self, values: Values, request: gr.Request) -> Iterator[Update]:
        """Write the text that is shown anew, for example shorter, friendlier or as a list."""
        paper, language = self._screen.paper, self._bench.language(request)
        text, action = values[paper.manuscript].text, values[paper.rework]
        with shown_to_visitor(self._bench, request):
            if not text or action not in REWORKS:
                raise ModelError("text.choose_rework")
            frame = framed(text, action)
            given = rework_values(action, frame, values[paper.characters], language)
            what = say(f"text.rework_{action}", language)
            yield from self._written(
                Order(self._book.recipes[REWORKS[action]], given, what, frame), values, request
            )

    def at_rest(self, manuscript: Manuscript, request: gr.Request) -> Update:
        """Show the current version and what can be done with it."""
        screen, language = self._screen, self._bench.language(request)
        return {
            screen.write: gr.Button(interactive=True),
            screen.stop: gr.Button(visible=False),
            **screen.paper.resting(manuscript, language),
        }

    def kept(self, manuscript: Manuscript, request: gr.Request) -> Update:
        """Keep a manuscript for the visitor and show it."""
        return {self._screen.paper.manuscript: manuscript, **self.at_rest(manuscript, request)}

    def turned(self, way: str) -> Callable[[Manuscript, gr.Request], Update]:
        """Return the event that goes one version back (``undo``) or forward (``redo``)."""

        def turn(manuscript: Manuscript, request: gr.Request) -> Update:
            return self.kept(manuscript.undo() if way == "undo" else manuscript.redo(), request)

        return turn

    def edited(self, manuscript: Manuscript, text: str | None, request: gr.Request) -> Update:
        """Take over what a person changed by hand, as a version of its own."""
        language = self._bench.language(request)
        if not (text or "").strip() or text == manuscript.text:
            return {self._screen.paper.manuscript: gr.skip()}
        version = Version((text or "").strip(), made_by="person", what=say("text.by_hand", language))
        return self.kept(manuscript.with_version(version), request)

    def divided(self, manuscript: Manuscript, request: gr.Request) -> Update:
        """Divide long German words with a Mediopunkt, as a version of its own."""
        text = with_mediopunkt(manuscript.text)
        if text == manuscript.text:
            return {self._screen.paper.manuscript: gr.skip()}
        what = say("text.mediopunkt_done", self._bench.language(request))
        return self.kept(manuscript.with_version(Version(text, made_by="person", what=what)), request)

    def compared(self, manuscript: Manuscript, place: int | None, request: gr.Request) -> str:
        """Show what changed since another version."""
        if place is None or not 0 <= place < len(manuscript.versions):
            return ""
        return view.changes(manuscript.versions[place].text, manuscript.text, self._bench.language(request))

    def writer(self, kind: Format) -> Callable[[Manuscript, bool, gr.Request], Update]:
        """Return the event that writes the text as a file of this kind."""

        def take_home(manuscript: Manuscript, told: bool, request: gr.Request) -> Update:
            language = self._bench.language(request)
            with shown_to_visitor(self._bench, request):
                if not manuscript.text:
                    raise ModelError("text.nothing_to_take")
                text = defused(view.document(manuscript, language, date.today(), told=told))
                name = manuscript.recipe_id or say("text.document_file", language)
                file = write_document(text, kind, name, "", language)
            return {self._screen.paper.taken: gr.File(value=str(file), visible=True)}

        return take_home

    def _written(self, order: Order, values: Values, request: gr.Request) -> Iterator[Update]:
        """Write, show every draft, and keep the last one as a version."""
        bench, language = self._bench, self._bench.language(request)
        one, model = self.task_of(order, request), chosen_model(self._bench, values[self._screen.model])
        wish = self.wish(one, self.warmth(values), request)
        yield self._begun(model, language)
        draft = work.Draft()
        keeping = bench.keeping(request, Wanted(order.what, model.title))
        with keeping as keep, bench.library.borrow_chat(model.id) as chat:
            for draft in written(chat, one, wish, values[self._screen.document]):
                keep(partial(order.frame.around, draft.text))
                yield self._screen.paper.writing(
                    defused(order.frame.around(draft.text)), view.state_of(draft, language)
                )
        manuscript: Manuscript = values[self._screen.paper.manuscript]
        if not manuscript.versions:
            manuscript = Manuscript(order.recipe.id, order.given)
        findings = counted_whole(draft.findings, order.frame.letters)
        whole = replace(draft, text=order.frame.around(draft.text), findings=findings)
        version = Version.written(whole, order.what, model.title)
        yield {self._screen.paper.manuscript: manuscript.with_version(version)}

    def _begun(self, model: Model, language: Language) -> Update:
        loaded = self._bench.library.is_loaded(model)
        busy = (
            say("text.stage_writing", language)
            if loaded
            else say("text.loading", language, model=model.title)
        )
        return {
            self._screen.write: gr.Button(interactive=False),
            self._screen.stop: gr.Button(visible=True),
            **self._screen.paper.writing("", busy),
        }

    def _list(self, query: str, group: str | None, language: Language) -> Update:
        hits = found(self._book.recipes.values(), query, group, language)
        choices = [(getattr(each.title, language), each.id) for each in hits]
        chooser = self._screen.chooser
        return {
            chooser.recipe: gr.Radio(choices, value=None, visible=bool(hits)),
            chooser.nothing: gr.Markdown(visible=not hits),
        }

    def _reworks(self, language: Language) -> list[tuple[str, str]]:
        return [
            (say(f"text.rework_{action}", language), action)
            for action, name in REWORKS.items()
            if name in self._book.recipes
        ]
