"""From a place in a conversation to a point of the minutes: what a model reads, and what may be kept of its answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.engines.base import Message
from models.language import language_of
from stations.asking.answers import Answer
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.sentences import words
from stations.speech.meeting.cues import cues
from stations.speech.meeting.deadlines import deadlines
from stations.speech.meeting.evidence import content, nouns, resting_on, shared, supports
from stations.speech.meeting.points import Point, Task, said
from stations.speech.meeting.prompts import request
from stations.speech.meeting.site import REPLY_WITHIN, Site
from stations.speech.meeting.spoken_dates import in_digits
from stations.speech.transcript import Line
from stations.summary.prompts import prose
from stations.texts import Language

BEFORE = 3
"""Lines before a place that are read with it: they hold what "that" is."""
POINT_TOKENS = 70
LONGEST_QUOTE = 320
"""Letters; a longer one says nothing shorter than the recording."""
LEAST_WORDS = 2
FROM_CORE = 0.5
"""So much of a sentence must be from the lines themselves, not from those before: there begins what it is not about."""
KEPT = 0.5
"""So much of what a decision or a question says must be in the sentence about it: leaving out is a mistake, too."""
_UNTIL: dict[Language, re.Pattern[str]] = {
    "de": re.compile(r"^(?:bis|spätestens|vor|noch)\b", re.IGNORECASE),
    "en": re.compile(r"^(?:by|before|until)\b", re.IGNORECASE),
}
_CLAUSE_END = re.compile(r"[,;.:!–](?=\s)")


@dataclass(frozen=True)
class Place:
    """A site in its conversation: all lines, the names of their speakers, and where the next site begins."""

    site: Site
    lines: Sequence[Line]
    names: Mapping[str, str]
    next_at: int
    language: Language

    @property
    def who(self) -> str:
        """The name of whoever promised; without a known voice, the only name in the request, else ``""``."""
        if self.site.kind != "task":
            return ""
        if self.site.doer:
            return self.names.get(self.site.doer, self.site.doer)
        called = new_names("", " ".join(self.lines[at].text for at in self.site.core), self.language)
        return called[0] if len(called) == 1 else ""

    @property
    def until(self) -> str:
        """The words for a time by which it is to be done, as they were said; ``""`` where there are none."""
        last = min(self.site.lines[-1] + REPLY_WITHIN + 1, self.next_at, len(self.lines))
        near = [self.lines[at].text for at in range(self.site.lines[0], last)]
        said_near = [each for text in near for each in deadlines(text, self.language)]
        if firm := [each for each in said_near if _UNTIL[self.language].match(each)]:
            return firm[-1]
        by_doer = [at for at in self.site.core if self.lines[at].speaker == self.site.doer]
        return next((each for at in by_doer for each in deadlines(self.text(at), self.language)), "")

    def text(self, at: int) -> str:
        """Return what a line says; of a reply only the clause that promises ("das mach ich, ich seh ihn sowieso")."""
        text = self.lines[at].text
        if at not in self.site.replies:
            return text
        known = cues(self.language)
        promise = known.promises.search(text) or known.offers.search(text)
        end = _CLAUSE_END.search(text, promise.end()) if promise else None
        if not end or len(content(text[: end.start()], self.language)) > 1:
            return text
        return f"{text[: end.start()]}."

    @property
    def excerpt(self) -> tuple[int, ...]:
        """The lines that a model reads."""
        core = self.site.core
        return tuple(range(max(0, core[0] - BEFORE), core[-1] + 1))

    @property
    def quote(self) -> str:
        """What was said, without fillers; cut after a word where it is very long."""
        parts = [cues(self.language).fillers.sub("", self.text(at)).strip() for at in self.site.core]
        quote = " – ".join(each[:1].upper() + each[1:] for each in parts if each)
        return quote if len(quote) <= LONGEST_QUOTE else quote[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def asked(place: Place) -> list[Message]:
    """Return the conversation that asks a model to word a place."""
    text = transcribed([(place.lines[at], place.text(at)) for at in place.excerpt], place.names)
    return request(place.site.kind, text, place.language, place.who)


def transcribed(parts: Sequence[tuple[Line, str]], names: Mapping[str, str]) -> str:
    """Return lines as a model reads them: a line for each turn, with the speaker's name where it is known."""
    turns: list[str] = []
    for number, (line, text) in enumerate(parts):
        name = names.get(line.speaker, "")
        if number and line.speaker == parts[number - 1][0].speaker:
            turns[-1] += f" {text}"
        else:
            turns.append(f"{name}: {text}" if name else text)
    return "\n".join(turns).replace('"""', "'")


def worded(place: Place, answer: Answer | None) -> Point:
    """Return the point at a place: in the model's words if they say nothing but what the lines say, else quoted."""
    text = _sentence(place, answer) if answer else ""
    good = bool(text) and _is_true(place, text)
    links = _links(place, text if good else "")
    words_of_point, quote = (text if good else place.quote), place.quote
    if place.site.kind == "task":
        return Task(words_of_point, said(links), quote, not good, place.who, place.until)
    return Point(words_of_point, said(links), quote, not good)


def _sentence(place: Place, answer: Answer) -> str:
    if answer.tally.end != "done":
        return ""
    text = prose(answer.text, 1, place.language).strip(' "„“”')
    if place.site.kind == "task":
        text = text.removesuffix(".")
    return text if len(words(text)) >= LEAST_WORDS else ""


def _is_true(place: Place, text: str) -> bool:
    """Tell whether a sentence is about the place and rests on its lines, names and numbers included."""
    language = place.language
    source = "\n".join(place.text(at) for at in place.excerpt)
    core = "\n".join(place.text(at) for at in place.site.core)
    if language_of(text) not in (None, language) or not supports(f"{source}\n{place.who}", text, language):
        return False
    wanted, own = content(core, language), content(text, language)
    kept = len(shared(wanted, own))
    if nouns(core) and len(shared(own, wanted)) < FROM_CORE * len(own):
        return False
    if place.site.kind == "task":
        return kept > 0
    if kept < KEPT * len(wanted) or (place.site.kind == "question") != text.endswith("?"):
        return False
    return not new_numbers(f"{text}\n{in_digits(text, language)}", core, language)


def _links(place: Place, text: str) -> list[Line]:
    """Return the lines on which a point rests: those that decide, promise or ask, and those with its other words."""
    site = place.site
    core = [place.lines[at] for at in site.lines]
    if not text:
        return core
    around = [place.lines[at] for at in place.excerpt if at not in site.lines]
    missing = " ".join(
        word
        for word in content(text, place.language)
        if not shared([word], content(" ".join(each.text for each in core), place.language))
    )
    return [*core, *resting_on(around, missing, place.language)]
