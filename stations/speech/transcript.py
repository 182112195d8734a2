"""A recording as text: lines that somebody said at a time. The form in which it is kept, edited and handed out."""

from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.engines.base import Segment

DOUBTFUL = 0.5
"""A word that the model finds less likely than that is marked: it is wrong about half of the time."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SpokenWord(_Entry):
    """A word with the space before it, its seconds in the recording, and how sure the model was (0..1)."""

    text: str
    start_s: float = Field(ge=0)
    end_s: float = Field(ge=0)
    sure: float = Field(1.0, ge=0, le=1)


class Line(_Entry):
    """About a sentence, said by one person. ``speaker`` is an id of ``Transcript.speakers``, or ``""`` for unknown."""

    id: str = Field(pattern=r"^[0-9a-z]{1,12}$")
    words: tuple[SpokenWord, ...] = Field(min_length=1)
    speaker: str = ""

    @property
    def text(self) -> str:
        """What was said, without space around it."""
        return "".join(word.text for word in self.words).strip()

    @property
    def start_s(self) -> float:
        """When the first word begins."""
        return self.words[0].start_s

    @property
    def end_s(self) -> float:
        """When the last word ends."""
        return self.words[-1].end_s


class Transcript(_Entry):
    """All lines of a recording in order of time.

    ``title`` is what people call it (the file's name at first), ``seconds`` how long it is, ``speakers`` the names by
    id (``""`` while nobody has named them).
    """

    title: str = ""
    seconds: float = Field(0.0, ge=0)
    language: str = ""
    model: str = ""
    speakers: Mapping[str, str] = Field(default_factory=dict)
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """Everything that was said, a line for each line."""
        return "\n".join(line.text for line in self.lines)

    @model_validator(mode="after")
    def _speakers_are_known(self) -> Self:
        if unknown := {line.speaker for line in self.lines} - {"", *self.speakers}:
            raise ValueError(f"unknown speaker {sorted(unknown)[0]}")
        if len({line.id for line in self.lines}) < len(self.lines):
            raise ValueError("two lines have the same id")
        return self


def lines_of(segments: Sequence[Segment], first: int = 0, speaker: str = "") -> tuple[Line, ...]:
    """Return segments as lines with ids that count from ``first``; segments without a word are left out."""
    spoken = [segment for segment in segments if segment.text]
    return tuple(
        Line(
            id=f"l{number}",
            speaker=speaker,
            words=tuple(
                SpokenWord(text=word.text, start_s=word.start_s, end_s=word.end_s, sure=word.sure)
                for word in segment.words
            ),
        )
        for number, segment in enumerate(spoken, start=first)
    )
