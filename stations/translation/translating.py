"""Sentences in another language, by a translation model or by a chat model, each one checked.

A chat model gets a few sentences at a time and must answer with one text for each. What breaks a promise (a number is
lost, the language is wrong) is tried once more alone, with a reminder; the better of both stays, with what is still
wrong.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Protocol, runtime_checkable

from models.engines.base import ChatModel, Translator
from models.errors import ModelError
from stations.asking.abreast import abreast
from stations.asking.answers import Answer, Try
from stations.asking.pace import Pace
from stations.prose.finding import Finding
from stations.prose.harmless import harmless
from stations.translation.checks import broken
from stations.translation.figures import with_own_separators
from stations.translation.glossary import put_in, terms_in
from stations.translation.marking import marked, unmarked, without_tags
from stations.translation.prompts import answered, reminded, request, schema
from stations.translation.results import Pair, Stage, Translation, Wish
from stations.translation.units import Group, Unit, groups_of

_Take = Callable[[Group, Answer], None]
UPDATE_S = 0.15
AGAIN_TEMPERATURE = 0.4
"""For the second try: at 0.1 a model says the same again (0 of 10 broken sentences mended, at 0.4 two, at 0.7 one)."""
MEND_SHARE = 0.15
"""How much of the work is trying once more, as long as nobody knows."""
TOKENS_PER_LETTER, SPARE_TOKENS = 0.8, 40
"""A translation that needs more has gone astray; Russian and Chinese need the most tokens."""


def translate(units: Sequence[Unit], wish: Wish, by: Translator | ChatModel) -> Iterator[Translation]:
    """Yield the translation as it comes about, several times a second; the last one is ``done``.

    It has one pair for each unit, in order; units without a word (numbers, rules) come back as they are. Closing stops
    everything at once; the translation yielded last holds what there is.

    Raises:
        ModelError: what the model raises, ``translate.same_language``, ``translate.nothing``, or ``translate.pair``
            by a translation model that does not know the languages.
    """
    if wish.source == wish.target:
        raise ModelError("translate.same_language")
    if not any(unit.speaks for unit in units):
        raise ModelError("translate.nothing")
    if isinstance(by, _Translates):
        yield from _Making(units, wish).by_translator(by)
    else:
        yield from _Making(units, wish).by_chat(by)


@runtime_checkable
class _Translates(Translator, Protocol):
    """Tells a translation model from a chat model."""


class _Making:
    """One translation being made."""

    def __init__(self, units: Sequence[Unit], wish: Wish) -> None:
        self._wish = wish
        self._pairs = [Pair(unit) if unit.speaks else Pair(unit, unit.text, done=True) for unit in units]
        self._pace, self._shown_at = Pace(_letters(units) / (1 - MEND_SHARE)), 0.0
        self._stage: Stage = "translating"

    def by_translator(self, model: Translator) -> Iterator[Translation]:
        """Yield the state after each sentence; such a model would say the same again, so nothing is tried twice."""
        places = [place for place, pair in enumerate(self._pairs) if not pair.done]
        sentences = [self._pairs[place].unit.text for place in places]
        self._pace = Pace(_letters(pair.unit for pair in self._pairs))
        yield self._state()
        with closing(model.translate(sentences, self._wish.source, self._wish.target)) as texts:  # type: ignore[type-var]
            for place, text in zip(places, texts, strict=True):
                self._pairs[place] = self._checked(place, " ".join(text.split()))
                self._pace.add(len(self._pairs[place].unit.text))
                yield self._state()
        yield self._finished()

    def by_chat(self, chat: ChatModel) -> Iterator[Translation]:
        """Yield the state several times a second: all groups, then what broke a promise sentence by sentence."""
        yield self._state()
        groups = groups_of([pair.unit for pair in self._pairs])
        yield from self._asked(chat, groups, [""] * len(groups), self._take_over)
        self._stage = "mending"
        bad = [place for place, pair in enumerate(self._pairs) if pair.findings]
        alone = [Group((place,), (self._pairs[place].unit,)) for place in bad]
        reminders = [reminded(self._pairs[place].findings, self._wish.target) for place in bad]
        yield from self._asked(chat, alone, reminders, self._take_better)
        yield self._finished()

    def _asked(
        self, chat: ChatModel, groups: Sequence[Group], reminders: Sequence[str], take: _Take
    ) -> Iterator[Translation]:
        """Ask for all groups, several at a time; what an answer says is taken as soon as it is over."""
        tries = [self._try(group, reminder) for group, reminder in zip(groups, reminders, strict=True)]
        open_ = dict(enumerate(groups))
        with closing(abreast(chat, tries, self._wish.person)) as states:
            for answers in states:
                for number in [each for each in open_ if answers[each].tally.end is not None]:
                    take(open_.pop(number), answers[number])
                if time.monotonic() - self._shown_at > UPDATE_S:
                    yield self._state({group: answers[number] for number, group in open_.items()})

    def _take_over(self, group: Group, answer: Answer) -> None:
        """Take what an answer says about each sentence of its group."""
        for place, text, cut in _said(group, answer):
            self._pairs[place] = self._checked(place, text, cut=cut)
        self._pace.add(group.letters)

    def _take_better(self, group: Group, answer: Answer) -> None:
        """Take a second try where it breaks fewer promises than the first."""
        for place, text, cut in _said(group, answer):
            again = self._checked(place, text, cut=cut)
            if _weight(again.findings) < _weight(self._pairs[place].findings):
                self._pairs[place] = again

    def _checked(self, place: int, text: str, *, cut: bool = False) -> Pair:
        unit, wish = self._pairs[place].unit, self._wish
        text, marks = unmarked(text, unit) if unit.marks else (text, ())
        text = with_own_separators(unit.text, harmless(text), wish.source, wish.target)
        findings = broken(unit.text, text, wish.source, wish.target, self._terms([unit]), cut=cut)
        if None in marks:
            findings = (*findings, Finding("styles", kept=False))
        return Pair(unit, text, findings, done=True, marks=marks)

    def _terms(self, units: Sequence[Unit]) -> Mapping[str, str]:
        text = "\n".join(unit.text for unit in units)
        return terms_in(text, self._wish.glossary, self._wish.source) if self._wish.glossary else {}

    def _try(self, group: Group, reminder: str) -> Try:
        wish = self._wish
        texts = [marked(unit) for unit in group.units]
        if reminder and any(each.check == "terms" for each in self._pairs[group.places[0]].findings):
            texts = [put_in(text, self._terms(group.units), wish.source) for text in texts]
        tokens = int(SPARE_TOKENS + len(texts) * 10 + TOKENS_PER_LETTER * group.letters)
        sampling = replace(wish.sampling, max_tokens=tokens, json_schema=schema(len(texts)))
        if reminder:
            sampling = replace(sampling, temperature=max(AGAIN_TEMPERATURE, sampling.temperature))
        return Try(request(texts, wish.source, wish.target, self._terms(group.units), reminder), sampling)

    def _state(self, growing: Mapping[Group, Answer] | None = None) -> Translation:
        """Return how far it is, with what answers that are still written say so far."""
        self._shown_at = time.monotonic()
        pairs = list(self._pairs)
        for group, answer in (growing or {}).items():
            for place, text, _ in _said(group, answer):
                if not pairs[place].done:
                    pairs[place] = replace(pairs[place], text=harmless(without_tags(text)))
        share = self._pace.share()
        return Translation(
            tuple(pairs), self._stage, share, self._pace.seconds_left(share), self._pace.seconds
        )

    def _finished(self) -> Translation:
        self._stage = "done"
        return replace(self._state(), share=1.0, seconds_left=0.0)


def _said(group: Group, answer: Answer) -> Iterator[tuple[int, str, bool]]:
    """Yield the place of each sentence, its text, and whether the answer was cut off there."""
    texts = answered(answer.text, len(group.places))
    said = [number for number, text in enumerate(texts) if text]
    cut = answer.tally.end in ("length", "time")
    for number, (place, text) in enumerate(zip(group.places, texts, strict=True)):
        yield place, text, cut and bool(said) and number == said[-1]


def _weight(findings: Sequence[Finding]) -> int:
    """Return how bad findings are: hard ones outweigh any number of others."""
    return sum(100 if finding.hard else 1 for finding in findings)


def _letters(units: Iterable[Unit]) -> int:
    return sum(len(unit.text) for unit in units if unit.speaks)
