"""The JSON file of a transcript: for other programs, and to be read again.

The schema is that of the classes here; ``TranscriptFile.model_json_schema()`` writes it down for machines.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from stations.speech.transcript import Line, SpokenWord, Transcript


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class JsonWord(_Part):
    """A word with the space before it; ``probability`` is how sure the model was, 0..1 (1: written by a person)."""

    text: str
    start_s: float = Field(ge=0, allow_inf_nan=False)
    end_s: float = Field(ge=0, allow_inf_nan=False)
    probability: float = Field(1.0, ge=0, le=1)


class JsonLine(_Part):
    """About a sentence; ``speaker`` is an id of ``speakers`` or empty, ``text`` the words joined."""

    start_s: float = Field(ge=0, allow_inf_nan=False)
    end_s: float = Field(ge=0, allow_inf_nan=False)
    speaker: str = ""
    text: str = ""
    words: tuple[JsonWord, ...] = Field(min_length=1)


class TranscriptFile(_Part):
    """A whole recording; all times are seconds from its beginning.

    ``format`` and ``version`` tell what the file is, ``note`` says in words that a model wrote it down. ``speakers``
    are names by id, empty while nobody has named them. Later versions may add fields: readers skip unknown ones.
    """

    format: Literal["ki-werkstatt-transcript"] = "ki-werkstatt-transcript"
    version: Literal[1] = 1
    note: str = ""
    made_on: date
    title: str = ""
    seconds: float = Field(0.0, ge=0, allow_inf_nan=False)
    language: str = ""
    model: str = ""
    speakers: Mapping[str, str] = Field(default_factory=dict)
    lines: tuple[JsonLine, ...] = ()

    @classmethod
    def of(cls, transcript: Transcript, note: str, made_on: date) -> Self:
        """Return what is written for ``transcript``."""
        same = transcript.model_dump(include={"title", "seconds", "language", "model", "speakers"})
        return cls(note=note, made_on=made_on, lines=tuple(map(_line, transcript.lines)), **same)

    def transcript(self) -> Transcript:
        """Return the transcript with new ids for its lines.

        Raises:
            ValueError: if a line names a speaker that is not among ``speakers`` (pydantic's ValidationError).
        """
        same = self.model_dump(include={"title", "seconds", "language", "model", "speakers"})
        lines = [
            Line(id=f"l{number}", speaker=line.speaker, words=tuple(map(_word, line.words)))
            for number, line in enumerate(self.lines)
        ]
        return Transcript(lines=tuple(lines), **same)


def _line(line: Line) -> JsonLine:
    words = tuple(
        JsonWord(text=word.text, start_s=word.start_s, end_s=word.end_s, probability=word.sure)
        for word in line.words
    )
    return JsonLine(start_s=line.start_s, end_s=line.end_s, speaker=line.speaker, text=line.text, words=words)


def _word(word: JsonWord) -> SpokenWord:
    return SpokenWord(text=word.text, start_s=word.start_s, end_s=word.end_s, sure=word.probability)
