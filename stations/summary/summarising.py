"""Long documents in a few sentences, each with the parts it comes from.

Every part is read on its own and becomes a note; the notes of neighbouring parts become one sentence. So a sentence can
only come from its parts, whatever the model writes. A short text needs no notes: its parts become sentences at once.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from models.engines.base import ChatModel, Sampling
from models.errors import ModelError
from models.reading.document import Document
from stations.asking.abreast import abreast
from stations.asking.answers import Answer, Try
from stations.asking.pace import Pace
from stations.prose.wording import reminder
from stations.summary.parts import Group, TextPart, bundles, grouped, parts
from stations.summary.prompts import Step, from_example, prose, request
from stations.summary.results import Note, Summary, checked, lacking, linked, noted
from stations.texts import Language

UPDATE_S = 0.15
NOTE_SENTENCES = 2
SENTENCE_TOKENS = 100
"""Enough for forty words; it ends what runs away."""
SENTENCE_WORK = 0.4
"""How much work a sentence from notes is, compared with a note: its request is shorter."""

Seen = Callable[[Sequence[Answer]], Summary]


@dataclass(frozen=True)
class _Wish:
    language: Language
    sampling: Sampling
    person: str


def summarise(  # noqa: PLR0913 - what, how much and how
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
    groups = grouped(parts(given), sentences)
    yield from _Summarising(chat, groups, _Wish(language, sampling, person)).states()


class _Summarising:
    """One summary being made."""

    def __init__(self, chat: ChatModel, groups: tuple[Group, ...], wish: _Wish) -> None:
        self._chat, self._groups, self._wish = chat, groups, wish
        found = tuple(part for group in groups for part in group.parts)
        self._by_notes = len(found) > len(groups)
        notes = len(found) if self._by_notes else 0
        self._pace, self._shown_at = Pace(notes + SENTENCE_WORK * len(groups)), 0.0
        self._state = Summary(total=len(found), parts=found)

    def states(self) -> Iterator[Summary]:
        yield self._state
        if self._by_notes:
            yield from self._read()
        else:
            self._groups = tuple(replace(each, text=each.parts[0].text) for each in self._groups)
        self._state = replace(self._state, stage="writing", done=0, total=len(self._groups))
        written = yield from self._written(self._groups, [""] * len(self._groups), self._with_sentences)
        yield self._finished((yield from self._mended(written)))

    def _read(self) -> Iterator[Summary]:
        """Make a note of every part, and of each group's notes a text; a group without notes goes."""
        tries = [self._try("note", part.text, NOTE_SENTENCES) for part in self._state.parts]
        yield from self._asked(tries, self._with_notes, work=1.0)
        known = {each.part: each.text for each in self._state.notes}
        unread = tuple(part.number for part in self._state.parts if part.number not in known)
        self._state = replace(self._state, unread=unread)
        groups = []
        for group in self._groups:
            read = tuple(part for part in group.parts if part.number in known)
            text = yield from self._gathered([known[part.number] for part in read])
            groups.append(replace(group, parts=read, text=text))
        self._groups = tuple(each for each in groups if each.text)

    def _gathered(self, notes: list[str]) -> Generator[Summary, None, str]:
        """Return the notes of a group as one text; of too many notes the model makes notes again."""
        while 1 < len(packed := bundles(notes)) < len(notes):
            tries = [self._try("note", each, NOTE_SENTENCES) for each in packed]
            answers = yield from self._asked(tries, lambda _: self._state)
            found = (self._note(TextPart(0, text), one) for text, one in zip(packed, answers, strict=True))
            notes = [each.text for each in found if each]
        return "\n".join(notes)

    def _written(
        self, groups: Sequence[Group], reminders: Sequence[str], seen: Seen, work: float = SENTENCE_WORK
    ) -> Generator[Summary, None, list[str]]:
        """Return what the model writes about each group, ``""`` for nothing."""
        tries = [
            self._try("sentence", group.text, group.sentences, reminded)
            for group, reminded in zip(groups, reminders, strict=True)
        ]
        answers = yield from self._asked(tries, seen, work)
        return [self._prose(each, group.sentences) for each, group in zip(answers, groups, strict=True)]

    def _mended(self, written: list[str]) -> Generator[Summary, None, list[str]]:
        """Ask once more for what breaks a promise; return the better of both."""
        language, best = self._wish.language, list(written)
        lacks = [lacking(*each, language) for each in zip(self._groups, written, strict=True)]
        bad = [at for at, each in enumerate(lacks) if each]
        groups = [self._groups[at] for at in bad]
        reminders = ["\n".join(reminder(each, language) for each in lacks[at]) for at in bad]
        again = yield from self._written(groups, reminders, lambda _: self._state, work=0.0)
        for at, group, text in zip(bad, groups, again, strict=True):
            if text and len(lacking(group, text, language)) < len(lacks[at]):
                best[at] = text
            if from_example(best[at], group.text, language):  # anything is better than another one's text
                best[at] = prose(group.text, group.sentences, language)
        return best

    def _finished(self, texts: list[str]) -> Summary:
        said = [each for each in zip(self._groups, texts, strict=True) if each[1]]
        if not said:
            raise ModelError("text.nothing_written")
        found = tuple(one for each in said for one in checked(*each, self._wish.language))
        state = replace(self._state, stage="done", done=len(self._groups), sentences=found)
        return replace(state, seconds=self._pace.seconds, share=1.0, seconds_left=0.0)

    def _try(self, step: Step, text: str, count: int, reminders: str = "") -> Try:
        tokens = min(self._wish.sampling.max_tokens, SENTENCE_TOKENS * count)
        messages = request(step, text, count, self._wish.language, reminders)
        return Try(messages, replace(self._wish.sampling, max_tokens=tokens))

    def _prose(self, answer: Answer, count: int) -> str:
        broken_off = answer.tally.end in ("length", "time")
        return prose(answer.text, count, self._wish.language, broken_off)

    def _note(self, part: TextPart, answer: Answer) -> Note | None:
        return noted(part, self._prose(answer, NOTE_SENTENCES), self._wish.language)

    def _asked(
        self, tries: Sequence[Try], seen: Seen, work: float = 0.0
    ) -> Generator[Summary, None, tuple[Answer, ...]]:
        """Show what is ``seen`` in the answers while they come; return them. ``work`` is how much each one is."""
        answers: tuple[Answer, ...] = ()
        with closing(abreast(self._chat, tries, self._wish.person)) as states:
            for answers in states:
                if time.monotonic() - self._shown_at > UPDATE_S:
                    self._shown_at = time.monotonic()
                    yield self._timed(seen(answers), answers, work)
        self._pace.add(work * len(tries))
        yield self._timed(seen(answers))
        return answers

    def _timed(self, state: Summary, answers: Sequence[Answer] = (), work: float = 0.0) -> Summary:
        share = self._pace.share(answers, work)
        left = self._pace.seconds_left(share)
        self._state = replace(state, share=share, seconds_left=left, seconds=self._pace.seconds)
        return self._state

    def _with_notes(self, answers: Sequence[Answer]) -> Summary:
        over = [(part, one) for part, one in zip(self._state.parts, answers, strict=True) if one.tally.end]
        notes = tuple(filter(None, (self._note(*each) for each in over)))
        return replace(self._state, done=len(over), notes=notes)

    def _with_sentences(self, answers: Sequence[Answer]) -> Summary:
        over = [(group, one) for group, one in zip(self._groups, answers, strict=True) if one.tally.end]
        texts = [(group, self._prose(one, group.sentences)) for group, one in over]
        said = tuple(one for each in texts for one in linked(*each, self._wish.language))
        return replace(self._state, done=len(over), sentences=said)
