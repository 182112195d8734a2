"""Speakers for a transcript: whose voice says which word, and lines that end where somebody else begins."""

from bisect import bisect_right
from collections.abc import Generator, Iterator, Mapping
from itertools import groupby
from typing import cast

from models.audio.recording import Recording
from models.catalog import Role
from models.library import Library
from models.speakers.who import Voices, who_spoke
from stations.speech.copies import new_line_id
from stations.speech.jobs import Note, Stage, Work
from stations.speech.sheet import Sheet
from stations.speech.transcript import Line, SpokenWord, Transcript

Heard = Mapping[float, int]
"""Who says the word that begins at a second: numbers from 0, in order of first appearance."""


def told_apart(
    work: Work, recording: Recording, sheet: Sheet, library: Library
) -> Generator[None, None, tuple[Note, ...]]:
    """Tell the voices of a finished transcript apart; return what is to be said about it.

    Nothing happens where there is one person, or where each has a channel. Lines to which somebody has already given a
    person keep it. A wish to stop ends it and leaves the lines without persons.
    """
    asked, words = work.job.asked, [word for line in sheet.read().lines for word in line.words]
    if work.job.apart or asked.people == 1 or not words:
        return ()
    if not library.players(Role.SPEAKERS):
        return (Note(key="speech.note_no_voices"),)
    work.change(stage=Stage.VOICES)
    numbers = yield from _numbers(work, recording, sheet.read(), library)
    if not numbers:
        return ()
    sheet.change(lambda transcript: with_speakers(transcript, numbers))
    if asked.people:
        return ()
    return (Note(key="speech.note_guessed", facts={"count": len(set(numbers.values()))}),)


def with_speakers(transcript: Transcript, numbers: Heard) -> Transcript:
    """Return the transcript with a speaker for every line that had none, cut where the speaker changes.

    A word that nobody has heard, because a person wrote it, belongs to whoever said the one before.
    """
    starts = sorted(numbers)
    used = {line.id for line in transcript.lines}
    lines = [piece for line in transcript.lines for piece in _pieces(line, numbers, starts, used)]
    known = {line.speaker: "" for line in lines if line.speaker}
    ordered = dict(sorted(known.items(), key=lambda each: (len(each[0]), each[0])))
    return transcript.model_copy(
        update={"lines": tuple(lines), "speakers": {**ordered, **transcript.speakers}}
    )


def _numbers(
    work: Work, recording: Recording, transcript: Transcript, library: Library
) -> Generator[None, None, Heard]:
    words = [word for line in transcript.lines for word in line.words]
    firsts, at = set(), 0
    for line in transcript.lines:
        firsts.add(at)
        at += len(line.words)
    spans = [(word.start_s, word.end_s) for word in words]
    with library.borrow(Role.SPEAKERS) as prints:
        steps = who_spoke(recording, spans, work.job.asked.people or None, cast(Voices, prints), firsts)
        found: tuple[int, ...] = ()
        while not work.stopping.is_set():
            try:
                work.voices_share = next(steps)
            except StopIteration as end:
                found = end.value
                break
            yield
        steps.close()
    return dict(zip((word.start_s for word in words), found, strict=False))


def _pieces(line: Line, numbers: Heard, starts: list[float], used: set[str]) -> Iterator[Line]:
    if line.speaker:
        yield line
        return
    for place, (speaker, words) in enumerate(
        groupby(line.words, lambda word: _speaker(word, numbers, starts))
    ):
        line_id, said = line.id, tuple(words)
        if place:
            line_id = new_line_id(said[0].start_s, used)
            used.add(line_id)
        yield Line(id=line_id, words=said, speaker=speaker)


def _speaker(word: SpokenWord, numbers: Heard, starts: list[float]) -> str:
    at = bisect_right(starts, word.start_s) - 1
    return f"s{numbers[starts[max(0, at)]] + 1}"
