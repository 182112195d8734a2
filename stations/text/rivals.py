"""Two models, or two settings, write the same text side by side; people say which is better, blind if they like."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from random import SystemRandom
from typing import Any

import gradio as gr

from models.catalog import Role
from models.errors import ModelError
from models.settings import data_folder
from stations.base import Workbench
from stations.messages import sentence, shown_to_visitor
from stations.model_choice import chosen_model, draw_model_choice
from stations.text import votes
from stations.text.comparing import Contender, Pair, Side, paired, write_both
from stations.text.desk import Desk, Screen
from stations.text.manuscript import Manuscript, Version
from stations.text.votes import Choice, Standing
from stations.texts import Language, say
from stations.units import decimal
from stations.untrusted import defused

Values = Mapping[Any, Any]
Update = dict[Any, Any]
CHOICES: tuple[Choice, ...] = ("left", "equal", "right")
HOTTER = 1.0
"""Temperature of the other side when there is only one model: then two settings are compared."""


@dataclass(frozen=True)
class Bout:
    """Two texts that were written for one visitor, and whether the names are open."""

    pair: Pair | None = None
    sides: tuple[Side, Side] = (Side(), Side())
    revealed: bool = False


@dataclass(frozen=True)
class Ring:
    """The components of the comparison."""

    bout: gr.State
    model: gr.Dropdown
    temperature: gr.Slider
    blind: gr.Checkbox
    go: gr.Button
    stop: gr.Button
    boxes: gr.Row
    heads: tuple[gr.Markdown, gr.Markdown]
    texts: tuple[gr.Markdown, gr.Markdown]
    votes: Mapping[Choice, gr.Button]
    take: tuple[gr.Button, gr.Button]
    standing: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """Everything that changes."""
        own = [self.bout, self.go, self.stop, self.boxes, *self.heads, *self.texts]
        return [*own, *self.votes.values(), *self.take, self.standing]


def draw_ring(bench: Workbench) -> Ring:
    """Draw the comparison below form and text."""
    label = bench.label
    with gr.Accordion(label("text.compare"), open=False, elem_id="text-compare"):
        gr.Markdown(label("text.compare_info"))
        with gr.Row():
            model = draw_model_choice(bench, "text.compare_model", "text-compare-model", place=1)
            start = HOTTER if len(bench.library.players(Role.CHAT)) == 1 else 0.3
            temperature = gr.Slider(0, 1.5, start, step=0.1, label=label("text.compare_temperature"))
        blind = gr.Checkbox(True, label=label("text.compare_blind"), elem_id="text-blind")
        with gr.Row(elem_classes="ki-actions"):
            go = gr.Button(label("text.compare_go"), variant="primary", elem_id="text-compare-go")
            stop = gr.Button(label("text.stop"), visible=False, elem_id="text-compare-stop")
        with gr.Row(visible=False, elem_classes="ki-columns") as boxes:
            heads, texts, take = zip(*(_draw_side(bench, side) for side in ("left", "right")), strict=True)
        with gr.Row(elem_classes="ki-actions"):
            buttons = {
                choice: gr.Button(label(f"text.vote_{choice}"), visible=False, elem_id=f"text-vote-{choice}")
                for choice in CHOICES
            }
        standing = gr.Markdown(visible=False, elem_id="text-standing")
    return Ring(
        gr.State(Bout()), model, temperature, blind, go, stop, boxes, heads, texts, buttons, take, standing
    )


def _draw_side(bench: Workbench, side: str) -> tuple[gr.Markdown, gr.Markdown, gr.Button]:
    with gr.Column(min_width=300):
        head = gr.Markdown(elem_classes="ki-side")
        text = gr.Markdown(elem_id=f"text-{side}", elem_classes="ki-sheet", latex_delimiters=[])
        take = gr.Button(
            bench.label("text.compare_take"), size="sm", visible=False, elem_id=f"text-take-{side}"
        )
    return head, text, take


class Referee:
    """The events of the comparison."""

    def __init__(self, bench: Workbench, desk: Desk, screen: Screen, ring: Ring) -> None:
        self._bench, self._desk, self._screen, self._ring = bench, desk, screen, ring

    def begin(self, values: Values, request: gr.Request) -> Iterator[Update]:
        """Let both write what the form asks for."""
        ring, language = self._ring, self._bench.language(request)
        with shown_to_visitor(self._bench, request):
            order = self._desk.ordered(values, request)
            one = self._desk.task_of(order, request)
            pair = self._pair(values)
            wishes = [self._desk.wish(one, each.temperature, request) for each in (pair.left, pair.right)]
            bout = Bout(pair)
            yield {
                ring.go: gr.Button(interactive=False),
                ring.stop: gr.Button(visible=True),
                **self._shown(bout, language),
            }
            with ExitStack() as stack:
                chats = [
                    stack.enter_context(self._bench.library.borrow_chat(each.model_id))
                    for each in (pair.left, pair.right)
                ]
                for sides in write_both((chats[0], chats[1]), one, (wishes[0], wishes[1])):
                    bout = replace(bout, sides=sides)
                    yield self._shown(bout, language)

    def at_rest(self, bout: Bout, request: gr.Request) -> Update:
        """Offer the vote once both have written."""
        ring, language = self._ring, self._bench.language(request)
        done = all(side.over for side in bout.sides)
        return {
            ring.go: gr.Button(interactive=True),
            ring.stop: gr.Button(visible=False),
            **{button: gr.Button(visible=done and not bout.revealed) for button in ring.votes.values()},
            **{
                button: gr.Button(visible=bool(side.draft.findings))
                for button, side in zip(ring.take, bout.sides, strict=True)
            },
            **self._shown(bout, language),
        }

    def voted(self, choice: Choice) -> Callable[[Bout, gr.Request], Update]:
        """Return the event that counts a vote and names the models."""

        def count(bout: Bout, request: gr.Request) -> Update:
            if bout.pair is None:
                raise gr.Error(say("text.choose_first", self._bench.language(request)))
            with shown_to_visitor(self._bench, request):
                votes.vote(data_folder(), bout.pair, choice)
            after = replace(bout, revealed=True)
            return self.at_rest(after, request)

        return count

    def taken(self, side: int) -> Callable[[Bout, Manuscript, gr.Request], Update]:
        """Return the event that makes one side's text the current version."""

        def take(bout: Bout, manuscript: Manuscript, request: gr.Request) -> Update:
            draft = bout.sides[side].draft
            contender = (bout.pair.left, bout.pair.right)[side] if bout.pair else Contender("")
            what = say("text.compared", self._bench.language(request))
            version = Version.written(draft, what, contender.title)
            return self._desk.kept(manuscript.with_version(version), request)

        return take

    def _pair(self, values: Values) -> Pair:
        ours = chosen_model(self._bench, values[self._screen.model])
        theirs = chosen_model(self._bench, values[self._ring.model])
        one = Contender(ours.id, ours.title, self._desk.warmth(values))
        other = Contender(theirs.id, theirs.title, float(values[self._ring.temperature]))
        if one == other:
            raise ModelError("text.same_twice")
        return paired(one, other, SystemRandom(), blind=bool(values[self._ring.blind]))

    def _shown(self, bout: Bout, language: Language) -> Update:
        ring = self._ring
        heads = zip(ring.heads, ("A", "B"), _contenders(bout), strict=True)
        told = bout.revealed or not (bout.pair and bout.pair.blind)
        texts = zip(ring.texts, bout.sides, strict=True)
        return {
            ring.bout: bout,
            ring.boxes: gr.Row(visible=bout.pair is not None),
            **{head: _head(letter, one if told else None, language) for head, letter, one in heads},
            **{text: _text(side, language) for text, side in texts},
            ring.standing: gr.Markdown(
                self._standings(language) if told else "", visible=told and bout.pair is not None
            ),
        }

    def _standings(self, language: Language) -> str:
        """Return the counts of this laptop, best first, as Markdown; empty before the first vote."""
        titles = {model.id: model.title for model in self._bench.library.players(Role.CHAT)}
        lines = [
            say(
                "text.standing",
                language,
                name=_name(_titled(each.contender, titles), language),
                **_counts(each),
            )
            for each in votes.tally(data_folder())
            if each.against is None
        ]
        return "\n- ".join([f"**{say('text.standings', language)}**\n", *lines]) if lines else ""


def _contenders(bout: Bout) -> tuple[Contender | None, Contender | None]:
    return (bout.pair.left, bout.pair.right) if bout.pair else (None, None)


def _head(letter: str, one: Contender | None, language: Language) -> str:
    return (
        f"### {say('text.compare_side', language, letter=letter)}{f': {_name(one, language)}' if one else ''}"
    )


def _name(one: Contender, language: Language) -> str:
    if one.temperature is None:
        return one.title
    return say(
        "text.compare_setting", language, model=one.title, temperature=decimal(one.temperature, language)
    )


def _text(side: Side, language: Language) -> str:
    if side.error is not None:
        return f"{defused(side.draft.text)}\n\n*{sentence(side.error, language)}*"
    return defused(side.draft.text) or f"*{say('text.stage_writing', language)} …*"


def _titled(one: Contender, titles: Mapping[str, str]) -> Contender:
    return replace(one, title=titles.get(one.model_id, one.model_id))


def _counts(each: Standing) -> dict[str, int]:
    return {"wins": each.wins, "losses": each.losses, "equals": each.equals}
