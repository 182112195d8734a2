"""What is different between two transcripts: little enough to travel at every edit, and to be taken back."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from pydantic import BaseModel, ConfigDict, Field

from stations.speech.transcript import Line, Transcript


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Splice(_Entry):
    """From line ``at`` on (counted from 0), ``removed`` lines go and ``lines`` come in their place."""

    at: int = Field(ge=0)
    removed: int = Field(ge=0)
    lines: tuple[Line, ...] = ()


class Step(_Entry):
    """The way from one transcript to another: splices, one after the other, and speakers' new names.

    A name ``None`` means that the speaker goes.
    """

    splices: tuple[Splice, ...] = ()
    names: Mapping[str, str | None] = Field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether it leads nowhere."""
        return not self.splices and not self.names

    @property
    def size(self) -> int:
        """How many lines it carries."""
        return sum(len(splice.lines) for splice in self.splices)


def step_between(before: Transcript, after: Transcript) -> Step:
    """Return the way from ``before`` to ``after``; title and the like are not part of it.

    Where both have as many lines, each run of changed lines is a splice of its own, so that a replacement far
    apart stays small. Otherwise one splice reaches from the first to the last change.
    """
    old, new = before.lines, after.lines
    splices = _runs(old, new) if len(old) == len(new) else _one(old, new)
    gone = {speaker: None for speaker in before.speakers if speaker not in after.speakers}
    named = {each: name for each, name in after.speakers.items() if before.speakers.get(each) != name}
    return Step(splices=tuple(splices), names={**named, **gone})


def taken(transcript: Transcript, step: Step) -> Transcript:
    """Return the transcript after a step. Lines that came at its end since the step was made stay.

    A speaker whom such a line still needs stays too. Speakers that come back are put where their id belongs.
    """
    lines = list(transcript.lines)
    for splice in step.splices:
        lines[splice.at : splice.at + splice.removed] = splice.lines
    speakers = _renamed(transcript.speakers, step.names, {line.speaker for line in lines})
    return Transcript.model_validate(dict(transcript) | {"lines": tuple(lines), "speakers": speakers})


def _runs(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Splice]:
    changed = [
        place for place, (one, other) in enumerate(zip(old, new, strict=True)) if not _same(one, other)
    ]
    for _, run in groupby(enumerate(changed), key=lambda each: each[1] - each[0]):
        places = [place for _, place in run]
        at, end = places[0], places[-1] + 1
        yield Splice(at=at, removed=end - at, lines=tuple(new[at:end]))


def _one(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Splice]:
    front, shorter = 0, min(len(old), len(new))
    while front < shorter and _same(old[front], new[front]):
        front += 1
    back = 0
    while back < shorter - front and _same(old[-1 - back], new[-1 - back]):
        back += 1
    yield Splice(at=front, removed=len(old) - back - front, lines=tuple(new[front : len(new) - back]))


def _same(one: Line, other: Line) -> bool:
    return one is other or one == other


def _renamed(
    speakers: Mapping[str, str], names: Mapping[str, str | None], needed: set[str]
) -> dict[str, str]:
    kept = {
        speaker: name
        for speaker, name in speakers.items()
        if names.get(speaker, name) is not None or speaker in needed
    }
    changed = kept | {speaker: name for speaker, name in names.items() if name is not None}
    order = (
        changed if changed.keys() <= speakers.keys() else sorted(changed, key=lambda each: (len(each), each))
    )
    return {speaker: changed[speaker] for speaker in order}
