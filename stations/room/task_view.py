"""How task cards look: beside a station, and on paper."""

import re
from dataclasses import dataclass
from functools import partial

from stations.page import templates
from stations.room.task_cards import Card, Sample, cards
from stations.room.task_ticks import Ticks
from stations.texts import LANGUAGES, Language, say

ADDRESS = "/tasks"
NAMES = {"de": re.compile("(„[^“]+“)"), "en": re.compile("(“[^”]+”)")}
"""What stands in quotation marks in a step is the name of something on the page."""


@dataclass(frozen=True)
class Piece:
    """A part of a sentence, and whether it is the name of something on the page."""

    text: str
    is_name: bool


@dataclass(frozen=True)
class Material:
    """A sample as it is shown: to read here where it is a text, and the address of its file."""

    title: str
    text: str
    address: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """One card in one language with a visitor's ticks."""

    id: str
    title: str
    facts: str
    goal: str
    steps: tuple[tuple[Piece, ...], ...]
    ticked: frozenset[int]
    progress: str
    watch: tuple[Piece, ...]
    question: str
    materials: tuple[Material, ...]
    is_open: bool


def pieces(sentence: str, language: Language) -> tuple[Piece, ...]:
    """Return a sentence taken apart at the names in it."""
    parts = NAMES[language].split(sentence)
    return tuple(Piece(text, number % 2 == 1) for number, text in enumerate(parts) if text)


def shown(station: str, language: Language, ticks: Ticks) -> list[Shown]:
    """Return the cards of a station in their order."""
    return [_shown(station, card, language, ticks) for card in cards(station)]


def step_progress(station: str, card: Card, ticks: Ticks, language: Language) -> str:
    """Return how many steps of a card are ticked: ``2 von 4``."""
    ticked = ticks.steps(station, card.id) & set(range(len(card.steps.de)))
    return say("tasks.progress", language, done=len(ticked), total=len(card.steps.de))


def whole_progress(station: str, ticks: Ticks, language: Language) -> str:
    """Return how many cards of a station are ticked from beginning to end."""
    every = cards(station)
    done = sum(ticks.steps(station, card.id) >= set(range(len(card.steps.de))) for card in every)
    return say("tasks.finished", language, done=done, total=len(every))


def beside_station(station: str, language: Language, ticks: Ticks) -> str:
    """Return the HTML that the page fetches into the station's tab."""
    return templates().get_template("task_cards.html").render(
        station=station,
        address=f"{ADDRESS}/{station}",
        cards=shown(station, language, ticks),
        opened=ticks.open.get(station, "null"),
        finished=whole_progress(station, ticks, language),
        language=language,
        say=partial(say, language=language),
    )  # fmt: skip


def on_paper(name: str, language: Language) -> str:
    """Return a page of its own with one card on each sheet of paper."""
    return templates().get_template("task_paper.html").render(
        address=f"{ADDRESS}/{name}",
        station=say(f"{name}.title", language),
        cards=shown(name, language, Ticks()),
        language=language,
        languages=LANGUAGES,
        say=partial(say, language=language),
    )  # fmt: skip


def _shown(station: str, card: Card, language: Language, ticks: Ticks) -> Shown:
    return Shown(
        id=card.id,
        title=card.title.of(language),
        facts=f"{say(f'tasks.level_{card.level}', language)} · {say('tasks.minutes', language, count=card.minutes)}",
        goal=card.goal.of(language),
        steps=tuple(pieces(step, language) for step in card.steps.of(language)),
        ticked=ticks.steps(station, card.id),
        progress=step_progress(station, card, ticks, language),
        watch=pieces(card.watch.of(language), language) if card.watch else (),
        question=card.question.of(language),
        materials=tuple(
            _material(f"{ADDRESS}/{station}/material/{card.id}/{number}/{language}", sample, language)
            for number, sample in enumerate(card.samples)
        ),
        is_open=ticks.open.get(station) == card.id,
    )


def _material(address: str, sample: Sample, language: Language) -> Material:
    return Material(sample.title.of(language), sample.to_read(language), address, sample.file_names(language))
