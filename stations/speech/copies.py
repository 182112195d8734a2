"""Copies of a transcript with other parts: what all editing is made of."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import count

from numpy import base_repr

from models.errors import ModelError
from stations.speech.transcript import Line, SpokenWord, Transcript

LONGEST_LINE = 5_000
"""Letters; a sentence has about a hundred."""
_INVISIBLE = {"Cc", "Cs"}
"""Unicode's categories of control characters and of halves of characters, which no file could hold."""


def place_of(transcript: Transcript, line_id: str) -> int:
    """Return which line it is, counted from 0.

    Raises:
        ModelError: ``editor.no_line``.
    """
    for place, line in enumerate(transcript.lines):
        if line.id == line_id:
            return place
    raise ModelError("editor.no_line")


def new_line_id(start_s: float, taken: Iterable[str]) -> str:
    """Return an id for a line that begins at that second: ``t`` and its millisecond, or the next one that is free."""
    used = set(taken)
    return next(
        name for ms in count(round(start_s * 1000)) if (name := f"t{base_repr(ms, 36).lower()}") not in used
    )


def tidy(text: str) -> str:
    """Return what a person typed on one line, without what nobody can see."""
    normal = unicodedata.normalize("NFC", text)
    seen = "".join(" " if unicodedata.category(letter) in _INVISIBLE else letter for letter in normal)
    return " ".join(seen.split())


def with_each(transcript: Transcript, line_ids: Iterable[str], change: Callable[[Line], Line]) -> Transcript:
    """Return a copy in which these lines are changed.

    Raises:
        ModelError: ``editor.no_line``.
    """
    wanted = set(line_ids)
    if wanted - {line.id for line in transcript.lines}:
        raise ModelError("editor.no_line")
    lines = tuple(change(line) if line.id in wanted else line for line in transcript.lines)
    return with_parts(transcript, lines=lines)


def with_lines(transcript: Transcript, at: int, removed: int, lines: Sequence[Line]) -> Transcript:
    """Return a copy in which, from line ``at`` on, ``removed`` lines are replaced by others."""
    kept = transcript.lines
    return with_parts(transcript, lines=(*kept[:at], *lines, *kept[at + removed :]))


def with_parts(transcript: Transcript, **parts: object) -> Transcript:
    """Return a changed copy that was checked like any other (``model_copy`` checks nothing)."""
    return Transcript.model_validate(dict(transcript) | parts)


def line_with(line: Line, **parts: object) -> Line:
    """Return a changed copy that was checked like any other."""
    return Line.model_validate(dict(line) | parts)


def check_length(text: str) -> None:
    """Refuse a line that is too long.

    Raises:
        ModelError: ``editor.long_text``.
    """
    if len(text) > LONGEST_LINE:
        raise ModelError("editor.long_text", count=len(text), limit=LONGEST_LINE)


def text_of(words: Sequence[SpokenWord]) -> str:
    """Return what these words say, without space around it."""
    return "".join(word.text for word in words).strip()
