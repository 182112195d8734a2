"""Minutes of a conversation, each point linked to the lines on which it rests.

Rules find the places where something was decided, promised or left open (``meeting.cues``); the model says in one
sentence what, and what stretches of the conversation were about. A sentence that says more or other than its lines is
replaced by the lines themselves. So nothing can stand in the minutes that nobody said.
"""

import time
from collections.abc import Callable, Container, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

from models.engines.base import ChatModel, Sampling
from models.errors import ModelError
from models.language import language_of
from stations.asking.abreast import abreast
from stations.asking.answers import Answer, Try
from stations.asking.pace import Pace
from stations.speech.meeting.merging import merged
from stations.speech.meeting.points import Left, Minutes, Occasion, Point, Task, Topic
from stations.speech.meeting.prompts import request
from stations.speech.meeting.sites import sites
from stations.speech.meeting.stretches import TITLE_TOKENS, Stretch, joined, stretches, titled
from stations.speech.meeting.wording import POINT_TOKENS, Place, asked, worded
from stations.speech.spoken import speaker_names
from stations.speech.transcript import Transcript
from stations.texts import LANGUAGES, Language

UPDATE_S = 0.15
POINT_WORK, TITLE_WORK = 1.0, 1.5
"""How much work a point is, compared with a title, whose text is longer."""
LOOKED_AT_LETTERS = 4_000
"""So many letters tell the language of a transcript that does not say it."""
_Take = Callable[[Sequence[Answer]], None]


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
        self._chat, self._transcript, self._sampling, self._person = chat, transcript, sampling, person
        self._places: tuple[Place, ...] = ()
        self._points: dict[int, Point] = {}
        self._stretches: tuple[Stretch, ...] = ()
        self._topics: dict[int, Topic | None] = {}
        self._pace, self._state, self._shown_at = Pace(0.0), Minutes(), 0.0

    def states(self, given: Occasion, language: Language) -> Iterator[Minutes]:
        spoken = spoken_language(self._transcript)
        names = speaker_names(self._transcript, language)
        self._places, taken_back = places(self._transcript, names, spoken)
        self._stretches = stretches(self._transcript.lines, spoken)
        self._pace = Pace(POINT_WORK * len(self._places) + TITLE_WORK * len(self._stretches))
        self._state = Minutes(
            given,
            spoken,
            tuple(dict.fromkeys((*filter(None, self._transcript.speakers.values()), *given.participants))),
            left=Left(taken_back),
            total=len(self._places) + len(self._stretches),
        )
        yield self._state
        yield from self._asked(
            [self._point_try(each) for each in self._places], self._with_points, POINT_WORK
        )
        tries = [self._title_try(each, names) for each in self._stretches]
        yield from self._asked(tries, self._with_topics, TITLE_WORK)
        yield replace(self._timed(), stage="done", share=1.0, seconds_left=0.0)

    def _point_try(self, place: Place) -> Try:
        return Try(asked(place), self._short(POINT_TOKENS))

    def _title_try(self, stretch: Stretch, names: Mapping[str, str]) -> Try:
        messages = request("topic", stretch.text(names), self._state.language)
        return Try(messages, self._short(TITLE_TOKENS))

    def _short(self, tokens: int) -> Sampling:
        return replace(self._sampling, max_tokens=min(tokens, self._sampling.max_tokens), stop=("\n",))

    def _asked(self, tries: Sequence[Try], take: _Take, work: float) -> Generator[Minutes, None, None]:
        """Ask for all tries and show what becomes of the answers while they come."""
        answers: tuple[Answer, ...] = ()
        with closing(abreast(self._chat, tries, self._person)) as states:
            for answers in states:
                if time.monotonic() - self._shown_at > UPDATE_S:
                    self._shown_at = time.monotonic()
                    take(answers)
                    yield self._timed(answers, work)
        take(answers)
        self._pace.add(work * len(tries))
        yield self._timed()

    def _with_points(self, answers: Sequence[Answer]) -> None:
        for at, answer in _over(answers, self._points):
            self._points[at] = worded(self._places[at], answer)
        found = [(self._places[at].site.kind, point) for at, point in sorted(self._points.items())]
        spoken = self._state.language
        self._state = replace(
            self._state,
            done=len(self._points),
            decisions=merged((one for kind, one in found if kind == "decision"), spoken),
            tasks=merged((one for _, one in found if isinstance(one, Task)), spoken),
            questions=merged((one for kind, one in found if kind == "question"), spoken),
            left=replace(self._state.left, unsupported=sum(one.quoted for _, one in found)),
        )

    def _with_topics(self, answers: Sequence[Answer]) -> None:
        spoken = self._state.language
        for at, answer in _over(answers, self._topics):
            self._topics[at] = titled(self._stretches[at], answer, self._stretches, spoken)
        found = [topic for _, topic in sorted(self._topics.items()) if topic]
        done = len(self._points) + len(self._topics)
        self._state = replace(self._state, topics=tuple(joined(found)), done=done)

    def _timed(self, answers: Sequence[Answer] = (), work: float = 0.0) -> Minutes:
        share = self._pace.share(answers, work)
        left = self._pace.seconds_left(share)
        self._state = replace(self._state, share=share, seconds_left=left, seconds=self._pace.seconds)
        return self._state


def _over(answers: Sequence[Answer], known: Container[int]) -> Iterator[tuple[int, Answer]]:
    """Yield answers that are over and not known yet."""
    yield from ((at, one) for at, one in enumerate(answers) if one.tally.end is not None and at not in known)
