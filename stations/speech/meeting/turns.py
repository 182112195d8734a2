"""A transcript as a document: a section for each turn of a speaker, so that parts of it lead back to lines."""

from collections.abc import Mapping, Sequence

from models.reading.document import Document, Section
from stations.speech.meeting.evidence import resting_on
from stations.speech.meeting.points import Said, said
from stations.speech.transcript import Line, Transcript
from stations.texts import Language

TURN_BYTES = 700
"""A longer speech is several turns, so that a part of the document can end within it."""
LINKS = 3

Turn = tuple[Line, ...]


def turns(lines: Sequence[Line]) -> tuple[Turn, ...]:
    """Return neighbouring lines of one speaker together, in order."""
    found: list[list[Line]] = []
    for line in lines:
        same = found and found[-1][0].speaker == line.speaker
        if not same or sum(len(each.text.encode()) for each in found[-1]) > TURN_BYTES:
            found.append([])
        found[-1].append(line)
    return tuple(map(tuple, found))


def as_document(transcript: Transcript, found: Sequence[Turn], names: Mapping[str, str]) -> Document:
    """Return a document with one section for each turn, in order."""
    return Document(transcript.title, tuple(Section(_spoken(turn, names)) for turn in found))


def _spoken(turn: Turn, names: Mapping[str, str]) -> str:
    name, text = names.get(turn[0].speaker, ""), " ".join(line.text for line in turn)
    return f"{name}: {text}" if name else text


def links(lines: Sequence[Line], text: str, language: Language) -> tuple[Said, ...]:
    """Return the lines that hold most of a sentence; the first one where none shares a word with it."""
    return said(resting_on(lines, text, language, LINKS) or lines[:1])
