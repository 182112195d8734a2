"""Minutes of a conversation, each point linked to the lines on which it rests.

Rules find the places where something was decided, promised or left open (``meeting.cues``); the model says in one
sentence what, and what stretches of the conversation were about. A sentence that says more or other than its lines is
replaced by the lines themselves. So nothing can stand in the minutes that nobody said.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

from models.engines.base import ChatModel, Sampling
from models.errors import ModelError
from models.language import language_of
from stations.asking.answers import Answer, Try
from stations.speech.meeting.asking import Asking, short_try
from stations.speech.meeting.merging import merged
from stations.speech.meeting.points import Left, Minutes, Occasion, Point, Task, Topic
from stations.speech.meeting.prompts import request
from stations.speech.meeting.sites import sites
from stations.speech.meeting.stretches import TITLE_TOKENS, Stretch, joined, stretches, titled
from stations.speech.meeting.wording import POINT_TOKENS, Place, asked, worded
from stations.speech.spoken import speaker_names
from stations.speech.transcript import Transcript
from stations.texts import LANGUAGES, Language

POINT_WORK, TITLE_WORK = 1.0, 1.5
"""How much work a point is, compared with a title, whose text is longer."""
LOOKED_AT_LETTERS = 4_000
"""So many letters tell the language of a transcript that does not say it."""


def minutes(  # noqa: PLR0913 - what, how and for whom
    chat: ChatModel,
    transcript: Transcript,
    language: Language,
    *,
    given: Occasion | None = None,
    sampling: Sampling,
    person: str = "",
) -> Iterator[Minutes]:
    """Yield the minutes as they come about, several times a second; the last ones are ``done``.

    Points are in the language that was spoken; ``language`` is that of speakers without a name ("Person 1"). Closing
    stops everything at once; the minutes yielded last hold the points so far.

    Raises:
        ModelError: what the model raises, ``minutes.nothing_said`` for a transcript without lines, or
            ``minutes.language`` with the ``language`` code of one that is neither German nor English.
    """
    yield from _Minuting(chat, transcript, sampling, person).states(given or Occasion(), language)


def spoken_language(transcript: Transcript) -> Language:
    """Return the language in which a conversation was held.

    Raises:
        ModelError: ``minutes.nothing_said``, ``minutes.language``.
    """
    if not transcript.lines:
        raise ModelError("minutes.nothing_said")
    code = transcript.language or language_of(transcript.text[:LOOKED_AT_LETTERS]) or ""
    for known in LANGUAGES:
        if code.lower().split("-")[0] == known:
            return known
    raise ModelError("minutes.language", code=code or "?")


def places(
    transcript: Transcript, names: Mapping[str, str], spoken: Language
) -> tuple[tuple[Place, ...], int]:
    """Return the places of a conversation where a point is, and how many more were taken back."""
    lines = transcript.lines
    found = sites(lines, names, spoken)
    begins = sorted(site.lines[0] for site in found)
    kept = tuple(
        Place(site, lines, names, next((at for at in begins if at > site.lines[-1]), len(lines)), spoken)
        for site in found
        if not site.taken_back
    )
    return kept, len(found) - len(kept)


class _Minuting:
    """Minutes being taken: first the points, then what the stretches were about."""

    def __init__(self, chat: ChatModel, transcript: Transcript, sampling: Sampling, person: str) -> None:
        self._transcript, self._sampling = transcript, sampling
        self._chat, self._person = chat, person
        self._places: tuple[Place, ...] = ()
        self._points: dict[int, Point] = {}
        self._stretches: tuple[Stretch, ...] = ()
        self._topics: dict[int, Topic | None] = {}
        self._state, self._asking = Minutes(), Asking(chat, person, 0.0)

    def states(self, given: Occasion, language: Language) -> Iterator[Minutes]:
        spoken, names = spoken_language(self._transcript), speaker_names(self._transcript, language)
        self._places, taken_back = places(self._transcript, names, spoken)
        self._stretches = stretches(self._transcript.lines, spoken)
        people = (*filter(None, self._transcript.speakers.values()), *given.participants)
        total = len(self._places) + len(self._stretches)
        left = Left(taken_back)
        self._state = Minutes(given, spoken, tuple(dict.fromkeys(people)), left=left, total=total)
        yield self._state
        work = POINT_WORK * len(self._places) + TITLE_WORK * len(self._stretches)
        self._asking = Asking(self._chat, self._person, work)
        yield from self._asking.each([*map(self._point_try, self._places)], POINT_WORK, self._with_points)
        tries = [self._title_try(each, names) for each in self._stretches]
        yield from self._asking.each(tries, TITLE_WORK, self._with_topics)
        yield replace(self._state, stage="done", share=1.0, seconds_left=0.0)

    def _point_try(self, place: Place) -> Try:
        return short_try(asked(place), self._sampling, POINT_TOKENS)

    def _title_try(self, stretch: Stretch, names: Mapping[str, str]) -> Try:
        messages = request("topic", stretch.text(names), self._state.language)
        return short_try(messages, self._sampling, TITLE_TOKENS)

    def _with_points(self, answers: Sequence[Answer], share: float) -> Minutes:
        self._state = self._timed(share)
        if new := dict(_over(answers, self._points)):
            self._points |= {at: worded(self._places[at], answer) for at, answer in new.items()}
            self._state = self._gathered()
        return self._state

    def _gathered(self) -> Minutes:
        found = [(self._places[at].site.kind, point) for at, point in sorted(self._points.items())]
        spoken = self._state.language
        return replace(
            self._state,
            done=len(self._points),
            decisions=merged((one for kind, one in found if kind == "decision"), spoken),
            tasks=merged((one for _, one in found if isinstance(one, Task)), spoken),
            questions=merged((one for kind, one in found if kind == "question"), spoken),
            left=replace(self._state.left, unsupported=sum(one.quoted for _, one in found)),
        )

    def _with_topics(self, answers: Sequence[Answer], share: float) -> Minutes:
        for at, answer in _over(answers, self._topics):
            self._topics[at] = titled(self._stretches[at], answer, self._stretches, self._state.language)
        found = [topic for _, topic in sorted(self._topics.items()) if topic]
        done = len(self._points) + len(self._topics)
        self._state = replace(self._timed(share), topics=tuple(joined(found)), done=done)
        return self._state

    def _timed(self, share: float) -> Minutes:
        pace = self._asking.pace
        return replace(self._state, share=share, seconds_left=pace.seconds_left(share), seconds=pace.seconds)


def _over(answers: Sequence[Answer], known: Container[int]) -> Iterator[tuple[int, Answer]]:
    """Yield answers that are over and not known yet."""
    yield from ((at, one) for at, one in enumerate(answers) if one.tally.end is not None and at not in known)
