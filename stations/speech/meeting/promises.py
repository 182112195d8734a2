"""Promises in a conversation: who said yes to doing what, with the request or offer that it answers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stations.prose.names import new_names
from stations.prose.sentences import words
from stations.speech.meeting.cues import cues
from stations.speech.meeting.deadlines import deadlines
from stations.speech.meeting.evidence import content
from stations.speech.meeting.site import GAP, REPLY_WITHIN, Site
from stations.speech.meeting.spoken_dates import in_digits
from stations.speech.meeting.verbs import own_acts
from stations.speech.transcript import Line
from stations.texts import Language

SHORT_REPLY = 8
"""Words of a reply that is nothing but a time ("heute Abend noch")."""
_NOD = re.compile(r",\s*(?:ja|oder|okay|ok|ne|gell|nicht|right|yeah|yes)\s*\?\s*$", re.IGNORECASE)
What = Literal["request", "offer", "promise", "yes"]


@dataclass(frozen=True)
class _Step:
    """What a line does, and who is to do the work: the id of a speaker, or ``""``."""

    what: What
    doer: str = ""


@dataclass(frozen=True)
class _Talk:
    """Lines about one piece of work, by number."""

    requests: tuple[int, ...] = ()
    offers: tuple[int, ...] = ()
    promises: tuple[int, ...] = ()
    doer: str = ""

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(sorted({*self.requests, *self.offers, *self.promises}))

    def with_step(self, step: _Step, at: int) -> "_Talk":
        """Return the talk with one more line; asking somebody who offered to do it says yes."""
        if step.what == "request":
            return replace(self, requests=(*self.requests, at), promises=self.promises or self.offers)
        if step.what == "offer":
            return replace(self, offers=(*self.offers, at), doer=step.doer)
        return replace(self, promises=(*self.promises, at), doer=step.doer)


def promises(lines: Sequence[Line], speakers: Mapping[str, str], language: Language) -> Iterator[Site]:
    """Yield promises in order of time; requests and offers that nobody accepts are none."""
    yield from _Listening(lines, speakers, language).sites()


class _Listening:
    """Follows a conversation line by line."""

    def __init__(self, lines: Sequence[Line], speakers: Mapping[str, str], language: Language) -> None:
        self._lines, self._speakers, self._language = lines, speakers, language
        self._cues = cues(language)

    def sites(self) -> Iterator[Site]:
        talk = _Talk()
        for at in range(len(self._lines)):
            step = self._step(talk, at)
            if step is None:
                talk = talk if talk.promises or not self._takes_back(at) else _Talk()
                continue
            if talk.lines and not (at - talk.lines[-1] <= GAP and self._goes_on(talk, step, at)):
                yield from self._site(talk)
                talk = _Talk()
            talk = talk.with_step(step, at)
        yield from self._site(talk)

    def _step(self, talk: _Talk, at: int) -> _Step | None:
        known, line = self._cues, self._lines[at]
        question = _asks(line.text)
        if known.at_once.search(line.text) or known.refuses.search(line.text):
            return None
        if known.promises.search(line.text) and not question:
            return _Step("promise", line.speaker)
        if known.asks.search(line.text):
            return _Step("request")
        return None if question else self._softer_step(talk, at)

    def _softer_step(self, talk: _Talk, at: int) -> _Step | None:
        """Return what a line does that promises little by itself: somebody is named, may do it, or says yes."""
        line, asked = self._lines[at], bool(talk.requests) and at - talk.lines[-1] <= REPLY_WITHIN
        if doer := self._assigned(line.text):
            return _Step("promise", doer)
        times = deadlines(line.text, self._language)
        if self._may_do(line.text):
            return _Step("promise" if times or asked else "offer", line.speaker)
        answers = bool(times) and asked and len(words(line.text)) <= SHORT_REPLY  # "Heute Abend noch."
        return _Step("yes", talk.doer or line.speaker) if self._accepts(talk, at, answers) else None

    def _may_do(self, text: str) -> bool:
        acts = set(own_acts(text, self._language)) - self._cues.states
        return bool(acts) or self._cues.offers.search(text) is not None

    def _assigned(self, text: str) -> str:
        """Return the speaker who is said to do it, or the name of somebody else; ``""`` for nobody."""
        found = self._cues.assigns.search(text)
        if found is None:
            return ""
        name = found["name"]
        speaker = next((each for each, full in self._speakers.items() if name in full.split()), "")
        return speaker or (name if name in new_names("", text, self._language) else "")

    def _accepts(self, talk: _Talk, at: int, answers: bool) -> bool:
        """Tell whether somebody says yes to what another one asked or offered just before."""
        if not talk.lines or talk.promises or at - talk.lines[-1] > REPLY_WITHIN:
            return False
        line = self._lines[at]
        other = not line.speaker or line.speaker != self._lines[talk.lines[-1]].speaker
        return other and (answers or self._cues.accepts.search(line.text) is not None)

    def _takes_back(self, at: int) -> bool:
        return at < len(self._lines) and self._cues.takes_back.search(self._lines[at].text) is not None

    def _goes_on(self, talk: _Talk, step: _Step, at: int) -> bool:
        """Tell whether a line belongs to the same piece of work: an answer, a short reply, or nothing new."""
        if step.what == "yes" or not talk.promises:
            return step.what in ("request", "yes") or bool(talk.requests) or talk.doer == step.doer
        if step.what == "promise" and talk.lines[-1] in talk.requests:
            return True
        if step.what == "promise" and talk.doer == step.doer and not self._new(_Talk(), talk.lines[-1]):
            return at - talk.lines[-1] == 1  # "wird gemacht" says nothing, what follows at once says what
        if step.what == "offer" or (step.what == "promise" and talk.doer != step.doer):
            return False
        return len(self._new(talk, at)) <= int(step.what == "promise")

    def _new(self, talk: _Talk, at: int) -> set[str]:
        """Return the content words of a line that were not said about this work yet; times and numbers do not count."""
        text = self._lines[at].text
        for words_for_time in deadlines(text, self._language):
            text = text.replace(words_for_time, "")
        said = " ".join(self._lines[each].text for each in talk.lines)
        new = set(content(text, self._language)) - set(content(said, self._language))
        return {word for word in new if not any(map(str.isdigit, in_digits(word, self._language)))}

    def _site(self, talk: _Talk) -> Iterator[Site]:
        if not talk.promises:
            return
        taken_back = any(map(self._takes_back, range(talk.lines[-1], talk.lines[-1] + REPLY_WITHIN + 1)))
        begun = min((*talk.requests, *talk.offers), default=talk.lines[-1])
        replies = tuple(at for at in talk.promises if at > begun and at not in talk.offers)
        yield Site("task", talk.lines, self._core(talk), talk.doer, replies, taken_back)

    def _core(self, talk: _Talk) -> tuple[int, ...]:
        """Return the first promise of whoever does it, and the other lines that say something."""
        own = [at for at in talk.promises if self._lines[at].speaker == talk.doer]
        telling = {
            at for at in talk.lines if self._new(_Talk(), at) and (at in own or at not in talk.promises)
        }
        return tuple(sorted(telling | set(own[:1]))) or talk.lines


def _asks(text: str) -> bool:
    """Tell whether a line is a question; "…, ja?" at its end only wants a nod."""
    return text.rstrip().endswith("?") and not _NOD.search(text)
