"""Minutes of a conversation, each point linked to the lines on which it rests.

Rules find the places where something was decided, promised or left open (``meeting.cues``); the model says in one
sentence what, and what stretches of the conversation were about. A sentence that says more or other than its lines is
replaced by the lines themselves. So nothing can stand in the minutes that nobody said.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

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
_Seen = Callable[[Sequence[Answer]], Minutes]


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
    spoken = spoken_language(transcript)
    yield from _Minuting(chat, transcript, spoken, language, given or Occasion(), sampling, person).states()


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


def places_of(transcript: Transcript, spoken: Language, language: Language) -> tuple[Place, ...]:
    """Return the places of a conversation where a point may be, without those that were taken back."""
    names = speaker_names(transcript, language)
    found = sites(transcript.lines, names, spoken)
    kept = [site for site in found if not site.taken_back]
    begins = [site.lines[0] for site in kept] + [len(transcript.lines)]
    return tuple(
        Place(site, transcript.lines, names, next(each for each in begins[at + 1 :] if each >= site.lines[0]), spoken)
        for at, site in enumerate(kept)
    )


@dataclass(frozen=True)
class _Wish:
    chat: ChatModel
    sampling: Sampling
    person: str


class _Minuting:
    """Minutes being taken."""
