"""From a task to a text that keeps its promises: write, try again, shorten, cut. No screen."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Literal

from models.engines.base import ChatModel, Sampling, Tally
from models.errors import ModelError
from stations.asking.abreast import abreast
from stations.asking.answers import Answer, Try, bounded
from stations.prose.finding import Finding
from stations.prose.harmless import harmless
from stations.prose.repetition import without_loop
from stations.prose.sentences import words
from stations.prose.wording import reminder
from stations.settings import Limits
from stations.text.drawing import drawn
from stations.text.fitting import complete, fitted
from stations.text.form import Filled, FilledPart, Part, filled, schema
from stations.text.judging import Result, broken, judged, within_limits
from stations.text.prompting import Task, form_language, messages, task
from stations.text.recipes import Recipe

SHORTENER = "kuerzen"
"""The recipe that cuts a text which came out too long."""
SHORTENINGS = 3
UPDATE_S = 0.25
PROSE = Part(id="text", kind="text")
"""The only part of a recipe without a form."""
_LENGTHS = ("characters", "words", "sentences")
_WARMER, _WARMEST = 0.25, 1.4
"""How much more freely each further try is written, for the first way has just failed, and how freely at most."""
_SEEDS = 2**32 - 1
"""Seeds that llama.cpp takes for a number; the next one rolls dice."""

Stage = Literal["parts", "joining", "writing", "again", "shortening", "done"]


@dataclass(frozen=True)
class Source:
    """Where a sentence of a summary comes from: the places in words, and the text that stands there."""

    sentence: str
    first_part: int
    last_part: int
    pages: tuple[int, int] | None
    text: str = field(repr=False)


@dataclass(frozen=True)
class Wish:
    """How a text is to be written.

    ``tries`` are further ones, written together, when the first breaks a promise; ``shortener`` is the recipe that
    cuts to a number of letters (fields ``text`` and ``zeichen``), ``None`` leaves only the cut at a sentence's end.
    """

    sampling: Sampling = field(default_factory=Sampling)
    tries: int = 2
    shortener: Recipe | None = None
    person: str = ""


@dataclass(frozen=True)
class Draft:
    """A text on its way. ``findings`` are there once it is ``done``; ``first`` are those of the model's first try.

    ``round`` counts the tries and shortenings so far; ``cut`` tells that the program cut at a sentence's end.
    A long document is read in parts: ``part`` is how many of how many, ``left_s`` the seconds it will still take, and
    ``sources`` link each sentence of the result to its parts.
    """

    text: str = ""
    stage: Stage = "writing"
    round: int = 1
    findings: tuple[Finding, ...] = ()
    first: tuple[Finding, ...] = ()
    cut: bool = False
    seconds: float = 0.0
    tally: Tally = field(default_factory=Tally)
    part: tuple[int, int] = (0, 0)
    left_s: float | None = None
    sources: tuple[Source, ...] = field(default=(), repr=False, hash=False)


def write(chat: ChatModel, one: Task, wish: Wish) -> Iterator[Draft]:
    """Yield the text as it grows; the last draft is ``done`` and keeps every limit. Closing stops the model.

    Raises:
        ModelError: what the model raises, ``text.limit_too_small`` and ``text.nothing_written``.
    """
    yield from _Writing(chat, one, wish).drafts()


def sampling(
    recipe: Recipe, limits: Limits, *, temperature: float | None = None, seed: int | None = None
) -> Sampling:
    """Return how a recipe's text is written: its own settings within the host's limits, or the person's."""
    return Sampling(
        temperature=recipe.temperature if temperature is None else temperature,
        seed=seed,
        max_tokens=min(recipe.tokens, limits.answer_tokens),
        max_seconds=limits.answer_seconds,
    )


Drafts = Generator[Draft, None, Result]


class _Writing:
    """One text being written."""

    def __init__(self, chat: ChatModel, one: Task, wish: Wish) -> None:
        self._chat, self._task, self._wish = chat, one, wish
        self._language = form_language(one)
        self._began, self._shown_at = time.monotonic(), 0.0
        self._draft = Draft()

    def drafts(self) -> Generator[Draft, None, None]:
        best = yield from self._tried("writing", [self._try(0)])
        self._draft = replace(self._draft, first=judged(self._task, best))
        try:
            for step in (self._tried_again, self._shortened):
                best = yield from step(best)
        except ModelError:
            if not best.parts:
                raise  # there is nothing to keep; otherwise a text that lacks something is better than none
        yield self._finished(best)

    def _tried_again(self, best: Result) -> Drafts:
        """Let the model try again after a broken promise; return the best of all tries."""
        if not (self._wish.tries and self._lacks(best)):
            return best
        reminders = self._reminders(best)
        further = [self._try(number, reminders) for number in range(1, self._wish.tries + 1)]
        return self._better(best, (yield from self._tried("again", further)))

    def _try(self, number: int, reminders: str = "") -> Try:
        recipe, sampling = self._task.recipe, self._wish.sampling
        form = schema(recipe.form, self._language) if recipe.form else ""
        seed = None if sampling.seed is None else (sampling.seed + number) % _SEEDS
        warmth = min(sampling.temperature + number * _WARMER, _WARMEST) if number else sampling.temperature
        own = replace(sampling, temperature=warmth, seed=seed, json_schema=form)
        return Try(messages(self._task, reminders), own)

    def _tried(self, stage: Stage, tries: list[Try]) -> Drafts:
        """Show the tries while they are written; return the best of them."""
        self._draft = replace(self._draft, stage=stage, round=self._draft.round + (stage != "writing"))
        latest = yield from self._watched(tries)
        return min((self._result(answer) for answer in latest), key=self._score)

    def _watched(self, tries: Sequence[Try], text: str = "") -> Generator[Draft, None, tuple[Answer, ...]]:
        """Show a text, else the first of the tries, while they are written; return them."""
        latest: tuple[Answer, ...] = ()
        together = abreast(self._chat, tries, self._wish.person, len(tries), forgiving=False)
        with closing(together) as states:
            for latest in states:
                now = time.monotonic()
                if now - self._shown_at > UPDATE_S:
                    self._shown_at = now
                    shown = text or self._result(latest[0]).text or self._draft.text
                    tally, seconds = latest[0].tally, now - self._began
                    self._draft = replace(self._draft, text=shown, tally=tally, seconds=seconds)
                    yield self._draft
        self._draft = replace(self._draft, tally=latest[0].tally)
        return latest

    def _result(self, answer: Answer) -> Result:
        parts = self._parts(bounded(answer.text))
        return Result(harmless(drawn(parts, self._language)), parts, answer.tally.end)

    def _parts(self, text: str) -> Filled:
        """Return what an answer says: nothing for a broken form, or for a text without any letter or digit."""
        if self._task.recipe.form:
            try:
                return filled(self._task.recipe.form, text, self._language)
            except ValueError:
                return ()
        prose = without_loop(text.strip())
        return (FilledPart(PROSE, prose),) if any(map(str.isalnum, prose)) else ()

    def _lacks(self, result: Result) -> bool:
        """Tell whether another try may help: length alone is a matter of shortening."""
        return any(not each.kept and each.check not in _LENGTHS for each in judged(self._task, result))

    def _reminders(self, result: Result) -> str:
        failed = (each for each in judged(self._task, result) if not each.kept)
        return "\n".join(reminder(each, self._language) for each in failed)

    def _score(self, result: Result) -> tuple[bool, tuple[int, int], bool, int]:
        """Any text before none, then the fewest broken promises; length comes last, for it can be mended."""
        findings = judged(self._task, result)
        others = [each for each in findings if each.check not in _LENGTHS]
        return not result.parts, broken(others), broken(findings) != broken(others), len(result.text)

    def _better(self, one: Result, other: Result) -> Result:
        return min(one, other, key=self._score)

    def _shortened(self, best: Result) -> Drafts:
        """Let the model shorten the longest prose, a few times at most; return the best that came of it."""
        for _ in range(SHORTENINGS):
            if within_limits(self._task, best.text):
                break
            shorter = yield from self._shortened_once(best)
            if shorter is None or not self._is_better_shorter(shorter, best):
                break
            best = shorter
        return best

    def _is_better_shorter(self, shorter: Result, best: Result) -> bool:
        """Tell whether shortening cost nothing else that was promised for sure, such as the language."""
        lost = {each.check for each in judged(self._task, shorter) if each.hard and not each.kept}
        before = {each.check for each in judged(self._task, best) if each.hard and not each.kept}
        return len(shorter.text) < len(best.text) and lost <= before

    def _shortened_once(self, best: Result) -> Generator[Draft, None, Result | None]:
        prose = [place for place, one in enumerate(best.parts) if isinstance(one.content, str)]
        place = max(prose, key=lambda at: len(best.parts[at].content), default=None)
        room = self._room(best, place)
        if place is None or room is None:
            return None
        self._draft = replace(self._draft, stage="shortening", round=self._draft.round + 1)
        one = best.parts[place]
        (answer,) = yield from self._watched([self._cut(one.content, room)], best.text)
        text = without_loop(bounded(answer.text).strip())
        if not any(map(str.isalnum, text)):
            return None
        parts = (*best.parts[:place], FilledPart(one.part, text), *best.parts[place + 1 :])
        return Result(harmless(drawn(parts, self._language)), parts, answer.tally.end)

    def _room(self, best: Result, place: int | None) -> int | None:
        """Return how many letters a part may have, ``None`` if that is no number that the shortener takes."""
        budget = self._budget(best)
        number = self._wish.shortener.field("zeichen") if self._wish.shortener else None
        if place is None or budget is None or number is None:
            return None
        room = len(best.parts[place].content) - (len(best.text) - budget)
        return room if number.least <= room <= number.most else None

    def _cut(self, text: str, room: int) -> Try:
        assert self._wish.shortener  # noqa: S101 - _shortened asks
        cutting = task(self._wish.shortener, {"text": text, "zeichen": room}, self._task.tongue)
        return Try(
            messages(cutting), replace(self._wish.sampling, temperature=self._wish.shortener.temperature)
        )

    def _budget(self, result: Result) -> int | None:
        """Return how many letters are allowed, words turned into letters by this text's own measure."""
        limits = self._task.limits
        if "characters" in limits:
            return limits["characters"]
        if "words" in limits:
            return len(result.text) * limits["words"] // max(1, len(words(result.text)))
        return None

    def _finished(self, best: Result) -> Draft:
        if not best.parts:
            raise ModelError("text.nothing_written")
        parts = fitted(self._task, best.parts, self._language)
        text = complete(self._task, parts, self._language)
        cut = parts != best.parts
        findings = judged(self._task, Result(text, parts, "done" if cut else best.end))
        seconds = time.monotonic() - self._began
        return replace(self._draft, text=text, stage="done", findings=findings, cut=cut, seconds=seconds)
