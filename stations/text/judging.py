"""Whether a result keeps what was promised: pure functions from a task and a text to findings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from models.engines.base import End
from models.language import language_of
from stations.prose.finding import Finding
from stations.prose.harmless import harmless
from stations.prose.marks import placeholders
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.repetition import copied, looped
from stations.prose.sentences import sentences, words
from stations.text.address import form_of_address
from stations.text.form import Filled, key, missing
from stations.text.prompting import Task, form_language
from stations.text.readability import readability
from stations.text.recipes import Check
from stations.texts import Language

COPY = 0.8
"""Share of five-word runs from which a result counts as an unchanged copy."""

LEAST_USED = 0.5
"""Share of the allowed length that a shortened text should have."""


@dataclass(frozen=True)
class Result:
    """A text that a model made: as Markdown, in parts if it has a form, and how the model ended."""

    text: str
    parts: Filled = ()
    end: End | None = "done"


def judged(task: Task, result: Result) -> tuple[Finding, ...]:
    """Return a finding for every promise of the task's recipe."""
    return tuple(_findings(task, result))


def broken(findings: Sequence[Finding]) -> tuple[int, int]:
    """Return how many hard and how many other promises are broken: the fewer the better."""
    failed = [each for each in findings if not each.kept]
    return sum(each.hard for each in failed), sum(not each.hard for each in failed)


def within_limits(task: Task, text: str) -> bool:
    """Tell whether a text is no longer than allowed."""
    return all(each.kept for each in _lengths(task, text))


def lost_placeholders(task: Task, text: str) -> list[str]:
    """Return what stands in brackets in the source and is missing in ``text``."""
    return [each for each in placeholders(harmless(task.source)) if each not in text]


def _findings(task: Task, result: Result) -> Iterator[Finding]:
    yield from _lengths(task, result.text)
    if task.target:
        found = language_of(result.text)
        yield Finding("language", found in (None, task.target), hard=True, facts={"wanted": task.target})
    if task.recipe.form:
        lacking = [key(part, form_language(task)) for part in missing(task.recipe.form, result.parts)]
        yield Finding("parts", not lacking, hard=True, facts={"what": ", ".join(lacking)})
    if placeholders(task.source):
        lost = lost_placeholders(task, result.text)
        yield Finding("placeholders", not lost, hard=True, facts={"what": ", ".join(lost)})
    yield Finding("finished", bool(result.text) and result.end not in ("length", "time"))
    yield Finding("loop", not looped(result.text))
    if task.address and task.target == "de":
        yield _address(task.address, result.text)
    for check in task.recipe.checks:
        if check is Check.LENGTH_USED:
            yield from _length_used(task, result.text)
        else:
            yield _CHECKS[check](task.source, result.text, _language(task))


def _lengths(task: Task, text: str) -> Iterator[Finding]:
    measures: dict[str, Callable[[], int]] = {
        "characters": lambda: len(text),
        "words": lambda: len(words(text)),
        "sentences": lambda: len(sentences(text, _language(task))),
    }
    for kind, limit in task.limits.items():
        count = measures[kind]()
        yield Finding(kind, count <= limit, hard=True, facts={"count": count, "limit": limit})


def _length_used(task: Task, text: str) -> Iterator[Finding]:
    """Find a text that gives away most of the room it had: shortened by more than was asked for."""
    if limit := task.limits.get("characters"):
        enough = round(min(limit, len(task.source)) * LEAST_USED)
        yield Finding("length_used", len(text) >= enough, facts={"count": len(text), "limit": limit})


def _address(wanted: str, text: str) -> Finding:
    used = form_of_address(text, "de")
    allowed = {"sie": {"sie"}, "du": {"du", "ihr"}, "neutral": set[str]()}.get(wanted, {"sie", "du", "ihr"})
    return Finding("address", used <= allowed, facts={"wanted": wanted})


def _language(task: Task) -> Language:
    """Return the language by whose rules a result is measured."""
    return "en" if task.target == "en" else "de"


def _not_copied(source: str, result: str, _: Language) -> Finding:
    return Finding("not_copied", copied(source, result) < COPY)


def _no_new_numbers(source: str, result: str, language: Language) -> Finding:
    new = new_numbers(source, result, language)
    if language_of(source) not in (None, language):  # "drei" is known by no rule for English
        new = tuple(each for each in new if any(map(str.isdecimal, each)))
    return Finding("no_new_numbers", not new, facts={"what": ", ".join(new)})


def _no_new_names(source: str, result: str, language: Language) -> Finding:
    new = new_names(source, result, language)
    return Finding("no_new_names", not new, facts={"what": ", ".join(new)})


def _shorter(source: str, result: str, _: Language) -> Finding:
    return Finding("shorter", len(words(result)) < len(words(source)))


def _plain(source: str, result: str, language: Language) -> Finding:
    before, after = readability(source, language), readability(result, language)
    easier = before is None or (after is not None and after.flesch > before.flesch)
    facts = {"before": round(before.flesch) if before else 0, "after": round(after.flesch) if after else 0}
    return Finding("plain", easier, facts=facts)


_CHECKS: dict[Check, Callable[[str, str, Language], Finding]] = {
    Check.NOT_COPIED: _not_copied,
    Check.NO_NEW_NUMBERS: _no_new_numbers,
    Check.NO_NEW_NAMES: _no_new_names,
    Check.SHORTER: _shorter,
    Check.PLAIN: _plain,
}
