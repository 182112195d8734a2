"""Long documents in a few sentences, each with the parts it comes from.

Every part is read on its own and becomes a note; the notes of neighbouring parts become one sentence. So a sentence can
only come from its parts, whatever the model writes. A short text has no notes: its parts become sentences at once.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from models.engines.base import ChatModel, Sampling
from models.errors import ModelError
from models.language import language_of
from models.reading.document import Document
from stations.text.abreast import abreast
from stations.text.candidates import Answer, Try
from stations.text.facts import new_names, new_numbers
from stations.text.judging import Finding
from stations.text.parts import TextPart, bundles, parts
from stations.text.summary_prompts import Step, prose, request
from stations.text.wording import reminder
from stations.texts import Language

UPDATE_S = 0.15
NOTE_SENTENCES = 2
SENTENCE_TOKENS = 100
"""More than a sentence of forty words has: it ends what runs away."""
READING_SHARE = 0.8
"""How much of the work on one answer is reading the request; measured on a laptop with parts of full length."""
SENTENCE_WORK = 0.4
"""How much work a sentence is, compared with a note: its request is shorter."""
LEAST_PROGRESS = 0.02
"""Before that, a guess of the time left would jump about."""

Stage = Literal["reading", "writing", "done"]
Asking = Generator["Summary", None, list[Answer]]


@dataclass(frozen=True)
class SummarySentence:
    """One sentence (several when a text has fewer parts than sentences wanted) and the numbers of its parts.

    ``new_numbers`` and ``new_names`` are those that its parts do not have, for a person to check.
    """

    text: str
    parts: tuple[int, ...]
    new_numbers: tuple[str, ...] = ()
    new_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """What the model noted about one part."""

    part: int
    text: str


@dataclass(frozen=True)
class Summary:
    """A summary on its way.

    ``done`` of ``total`` are parts while it is ``reading``, groups of parts while it is ``writing``. ``seconds_left``
    comes from the rate so far, ``None`` while that says nothing. ``unread`` are parts that the model said nothing about.
    """

    stage: Stage = "reading"
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    seconds: float = 0.0
    notes: tuple[Note, ...] = ()
    sentences: tuple[SummarySentence, ...] = ()
    unread: tuple[int, ...] = ()
    parts: tuple[TextPart, ...] = field(default=(), repr=False, hash=False)

    @property
    def text(self) -> str:
        """The sentences so far as one paragraph."""
        return " ".join(each.text for each in self.sentences)


def summarise(
    chat: ChatModel,
    given: Document | str,
    sentences: int,
    language: Language,
    *,
    sampling: Sampling,
    person: str = "",
) -> Iterator[Summary]:
    """Yield the summary as it comes about, several times a second; the last one is ``done``.

    It has ``sentences`` sentences in ``language``, whatever the document's; fewer where the model says nothing.
    Closing stops everything at once; the summary yielded last holds the notes and sentences so far.

    Raises:
        ModelError: what the model raises, ``text.nothing_to_summarise``, ``text.document_too_long`` or
            ``text.nothing_written``.
    """
    found = parts(given)
    yield from _Summarising(chat, found, grouped(found, sentences), language, sampling, person).states()


class _Summarising:
    """One summary being made."""

    def __init__(self, chat: ChatModel, groups: tuple[Group, ...], language: Language, wish: _Wish) -> None:
        self._chat, self._groups, self._language, self._wish = chat, groups, language, wish
        found = tuple(part for group in groups for part in group.parts)
        self._by_notes = len(found) > len(groups)
        self._work = len(groups) * SENTENCE_WORK + (len(found) if self._by_notes else 0)
        self._work_done, self._began, self._shown_at = 0.0, time.monotonic(), 0.0
        self._state = Summary(total=len(found), parts=found)

    def states(self) -> Iterator[Summary]:
        yield self._state
        if self._by_notes:
            yield from self._read()
        else:
            self._groups = tuple(replace(each, text=each.parts[0].text) for each in self._groups)
        self._state = replace(self._state, stage="writing", done=0, total=len(self._groups))
        written = yield from self._written(self._groups, [""] * len(self._groups), SENTENCE_WORK)
        best = yield from self._mended(written)
        yield self._finished(best)

    def _read(self) -> Generator[Summary, None, None]:
        """Make a note of every part, and put each group's notes together."""
        tries = [self._try("note", part.text, NOTE_SENTENCES) for part in self._state.parts]
        yield from self._asked(tries, self._with_notes, work=1.0)
        noted = {each.part: each.text for each in self._state.notes}
        unread = tuple(part.number for part in self._state.parts if part.number not in noted)
        self._state = replace(self._state, unread=unread)
        groups = []
        for group in self._groups:
            known = tuple(part for part in group.parts if part.number in noted)
            text = yield from self._gathered([noted[part.number] for part in known])
            groups.append(replace(group, parts=known, text=text))
        self._groups = tuple(each for each in groups if each.text)

    def _gathered(self, notes: list[str]) -> Generator[Summary, None, str]:
        """Return the notes of a group as one text; notes of many parts become notes of notes first."""
        while 1 < len(packed := bundles(notes)) < len(notes):
            tries = [self._try("note", each, NOTE_SENTENCES) for each in packed]
            answers = yield from self._asked(tries, lambda _: self._state)
            notes = [text for each in answers if (text := self._prose(each, NOTE_SENTENCES))]
        return "\n".join(notes)

    def _written(
        self, groups: Sequence[Group], reminders: Sequence[str], work: float = 0.0
    ) -> Generator[Summary, None, list[str]]:
        """Return the sentences of each group, ``""`` where the model has nothing to say."""
        tries = [
            self._try("sentence", group.text, group.sentences, reminded)
            for group, reminded in zip(groups, reminders, strict=True)
        ]
        seen = self._with_sentences if work else lambda _: self._state
        answers = yield from self._asked(tries, seen, work)
        return [self._prose(each, group.sentences) for each, group in zip(answers, groups, strict=True)]

    def _mended(self, written: list[str]) -> Generator[Summary, None, list[str]]:
        """Ask once more for what breaks a promise, and keep the better of both."""
        lacks = [self._lacks(*each) for each in zip(self._groups, written, strict=True)]
        bad = [at for at, each in enumerate(lacks) if each]
        reminders = ["\n".join(reminder(each, self._language) for each in lacks[at]) for at in bad]
        again = yield from self._written([self._groups[at] for at in bad], reminders)
        best = list(written)
        for at, text in zip(bad, again, strict=True):
            if len(self._lacks(self._groups[at], text)) < len(lacks[at]):
                best[at] = text
        return best

    def _lacks(self, group: Group, text: str) -> list[Finding]:
        new = new_numbers(_source(group), text, self._language)
        checks = (
            Finding("finished", bool(text) and not text.endswith(ELLIPSIS)),
            Finding("no_new_numbers", not new, facts={"what": ", ".join(new)}),
            Finding(
                "language",
                language_of(text) in (None, self._language),
                facts={"wanted": self._language},
            ),
        )
        return [each for each in checks if not each.kept]

    def _finished(self, best: list[str]) -> Summary:
        said = [each for each in zip(self._groups, best, strict=True) if each[1]]
        if not said:
            raise ModelError("text.nothing_written")
        checked = tuple(self._checked(group, text) for group, text in said)
        seconds = time.monotonic() - self._began
        total = len(self._groups)
        return replace(
            self._state, stage="done", done=total, seconds_left=0.0, seconds=seconds, sentences=checked
        )

    def _checked(self, group: Group, text: str) -> SummarySentence:
        source = _source(group)
        numbers = new_numbers(source, text, self._language)
        return replace(
            _linked(group, text), new_numbers=numbers, new_names=new_names(source, text, self._language)
        )

    def _asked(self, tries: Sequence[Try], seen: Seen, work: float = 0.0) -> Asking:
        """Show what is ``seen`` in the answers while they come; return them. ``work`` is what each is in all."""
        answers: tuple[Answer, ...] = ()
        for answers in abreast(self._chat, tries, self._wish.person):
            done = self._work_done + work * sum(map(_progress, answers))
            if time.monotonic() - self._shown_at > UPDATE_S:
                self._state = self._timed(seen(answers), done)
                yield self._state
        self._work_done += work * len(tries)
        self._state = self._timed(seen(answers), self._work_done)
        yield self._state
        return list(answers)
