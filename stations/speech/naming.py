"""Who said what: speakers chosen, added, named and found to be the same, as functions from transcript to transcript."""

import re
from collections.abc import Iterable

from models.errors import ModelError
from stations.speech.copies import line_with, tidy, with_each, with_parts
from stations.speech.transcript import Transcript

LONGEST_NAME = 60
MOST_SPEAKERS = 50
_NUMBER = re.compile(r"\d+")


def set_speaker(transcript: Transcript, line_ids: Iterable[str], speaker: str) -> Transcript:
    """Return the transcript with these lines said by somebody who is known; ``""`` means unknown.

    Raises:
        ModelError: ``editor.no_speaker``, ``editor.no_line``.
    """
    _check(transcript, [speaker] if speaker else [])
    return with_each(transcript, line_ids, lambda line: line_with(line, speaker=speaker))


def set_new_speaker(transcript: Transcript, line_ids: Iterable[str], name: str) -> Transcript:
    """Return the transcript with these lines said by somebody new, or by the one who has that name already.

    An empty name makes somebody whom nobody has named yet.

    Raises:
        ModelError: ``editor.long_name``, ``editor.many_speakers``, ``editor.no_line``.
    """
    wanted = _tidy_name(name)
    if known := _called(transcript, wanted):
        return set_speaker(transcript, line_ids, known)
    if len(transcript.speakers) >= MOST_SPEAKERS:
        raise ModelError("editor.many_speakers", limit=MOST_SPEAKERS)
    speaker = new_speaker_id(transcript.speakers)
    grown = with_parts(transcript, speakers={**transcript.speakers, speaker: wanted})
    return set_speaker(grown, line_ids, speaker)


def rename_speaker(transcript: Transcript, speaker: str, name: str) -> Transcript:
    """Return the transcript with another name for a speaker everywhere; an empty one takes the name away.

    Whoever gets the name of somebody else is the same person from then on.

    Raises:
        ModelError: ``editor.long_name``, ``editor.no_speaker``.
    """
    _check(transcript, [speaker])
    wanted = _tidy_name(name)
    known = _called(transcript, wanted)
    if known and known != speaker:
        return merge_speakers(transcript, known, [speaker])
    return with_parts(transcript, speakers={**transcript.speakers, speaker: wanted})


def merge_speakers(transcript: Transcript, kept: str, others: Iterable[str]) -> Transcript:
    """Return the transcript with everything that ``others`` said as said by ``kept``; the others are gone.

    Raises:
        ModelError: ``editor.no_speaker``.
    """
    gone = set(others) - {kept}
    _check(transcript, [kept, *gone])
    lines = tuple(
        line_with(line, speaker=kept) if line.speaker in gone else line for line in transcript.lines
    )
    names = {each: name for each, name in transcript.speakers.items() if each not in gone}
    return with_parts(transcript, lines=lines, speakers=names)


def new_speaker_id(taken: Iterable[str]) -> str:
    """Return ``p`` and a number above all numbers that are taken."""
    numbers = [int(found[0]) for each in taken if (found := _NUMBER.search(each))]
    return f"p{max(numbers, default=0) + 1}"


def _check(transcript: Transcript, speakers: Iterable[str]) -> None:
    if set(speakers) - set(transcript.speakers):
        raise ModelError("editor.no_speaker")


def _tidy_name(name: str) -> str:
    wanted = tidy(name)
    if len(wanted) > LONGEST_NAME:
        raise ModelError("editor.long_name", limit=LONGEST_NAME)
    return wanted


def _called(transcript: Transcript, name: str) -> str:
    """Return who has that name, however it is capitalised; ``""`` for nobody."""
    same = (
        each for each, known in transcript.speakers.items() if name and known.casefold() == name.casefold()
    )
    return next(same, "")
