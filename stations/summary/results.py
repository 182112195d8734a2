"""What summarising gives: sentences linked to parts, and what about them a person should check."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from models.language import language_of
from stations.prose.finding import Finding
from stations.prose.harmless import harmless
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.sentences import ELLIPSIS, sentences, words
from stations.summary.parts import Group, TextPart
from stations.summary.prompts import from_example
from stations.texts import Language

Stage = Literal["reading", "writing", "done"]
LEAST_WORDS, MOST_WORDS = 5, 40
"""So many words has a sentence that can speak for its part: no heading, no table."""


@dataclass(frozen=True)
class Note:
    """What is known about one part; ``quoted`` is its own first sentence: what the model noted was not from it."""

    part: int
    text: str
    quoted: bool = False


@dataclass(frozen=True)
class SummarySentence:
    """One sentence and the numbers of the parts it comes from.

    ``new_numbers`` and ``new_names`` are those that its parts do not have.
    """

    text: str
    parts: tuple[int, ...]
    new_numbers: tuple[str, ...] = ()
    new_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """A summary on its way.

    ``done`` of ``total`` are parts while it is ``reading``, groups of parts while it is ``writing``; ``share`` is how
    much of all the work is done, 0 to 1. ``seconds_left`` comes from the rate so far, ``None`` at the beginning.
    ``unread`` are parts of which there is no note. Sentences are checked for numbers and names once it is ``done``.
    """

    stage: Stage = "reading"
    done: int = 0
    total: int = 0
    share: float = 0.0
    seconds_left: float | None = None
    seconds: float = 0.0
    notes: tuple[Note, ...] = ()
    sentences: tuple[SummarySentence, ...] = ()
    unread: tuple[int, ...] = ()
    parts: tuple[TextPart, ...] = field(default=(), repr=False, hash=False)

    @property
    def text(self) -> str:
        """Return the sentences so far as one paragraph."""
        return " ".join(each.text for each in self.sentences)


@lru_cache(maxsize=1_000)
def noted(part: TextPart, answer: str, language: Language) -> Note | None:
    """Return what may be kept of a model's answer about a part, ``None`` for nothing.

    Sentences with numbers that the part does not have, or taken from a worked example, are left out: what is wrong in a
    note would be wrong in the summary.
    """
    said = sentences(answer, language)
    true = [
        each
        for each in said
        if not new_numbers(part.text, each, language) and not from_example(each, part.text, language)
    ]
    if true or not said:
        return Note(part.number, " ".join(true)) if true else None
    own = (each for each in sentences(part.text, language) if LEAST_WORDS <= len(words(each)) <= MOST_WORDS)
    first = next(own, "")
    return Note(part.number, harmless(first), quoted=True) if first else None


def linked(group: Group, text: str, language: Language) -> Iterator[SummarySentence]:
    """Yield the sentences that were written about a group with its parts, not checked yet."""
    numbers = tuple(part.number for part in group.parts)
    yield from (SummarySentence(each, numbers) for each in sentences(text, language))


def checked(group: Group, text: str, language: Language) -> Iterator[SummarySentence]:
    """Yield the sentences that were written about a group with its parts and everything that they do not have."""
    source = _source(group)
    for each in linked(group, text, language):
        numbers, names = new_numbers(source, each.text, language), new_names(source, each.text, language)
        yield replace(each, new_numbers=numbers, new_names=names)


def lacking(group: Group, text: str, language: Language) -> list[Finding]:
    """Return the broken promises for which a model is asked once more: whole, from its parts, in the language."""
    source = _source(group)
    new = new_numbers(source, text, language)
    found = (
        Finding("finished", bool(text) and not text.endswith(ELLIPSIS)),
        Finding("no_new_numbers", not new, facts={"what": ", ".join(new)}),
        Finding("not_copied", not from_example(text, source, language)),
        Finding("language", language_of(text) in (None, language), facts={"wanted": language}),
    )
    return [each for each in found if not each.kept]


def _source(group: Group) -> str:
    return "\n".join(part.text for part in group.parts)
