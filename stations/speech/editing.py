"""What people change in a transcript, as functions from one transcript to the next.

Line ids stay as they are; a line that comes from dividing another is named after the millisecond it begins at, so
that it never has the name of a line that says something else. Words that nobody touched keep their seconds and
their doubt.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from models.errors import ModelError
from stations.speech.copies import (
    check_length,
    line_with,
    new_line_id,
    place_of,
    text_of,
    tidy,
    with_each,
    with_lines,
    with_parts,
)
from stations.speech.retelling import retold, spread
from stations.speech.transcript import Line, SpokenWord, Transcript


def set_text(transcript: Transcript, line_id: str, text: str) -> Transcript:
    """Return the transcript with what a person wrote in one line.

    Raises:
        ModelError: ``editor.empty_text``, ``editor.long_text``, ``editor.no_line``.
    """
    at, wanted = place_of(transcript, line_id), tidy(text)
    if not wanted:
        raise ModelError("editor.empty_text")
    return with_lines(transcript, at, 1, [_retold(transcript.lines[at], wanted)])


def split(transcript: Transcript, line_id: str, at_letter: int) -> Transcript:
    """Return the transcript with one line divided before its letter ``at_letter`` (counted in code points from 0).

    Raises:
        ModelError: ``editor.no_split`` where one of the two would be empty, ``editor.no_line``.
    """
    at = place_of(transcript, line_id)
    line = transcript.lines[at]
    left, right = _divided(line, at_letter)
    if not text_of(left) or not text_of(right):
        raise ModelError("editor.no_split")
    taken = {each.id for each in transcript.lines}
    second = Line(id=new_line_id(right[0].start_s, taken), words=right, speaker=line.speaker)
    return with_lines(transcript, at, 1, [line_with(line, words=left), second])


def merge(transcript: Transcript, line_id: str) -> Transcript:
    """Return the transcript with one line and the next as one; it is said by whoever is known, the first before.

    Raises:
        ModelError: ``editor.last_line`` when there is no next one, ``editor.long_text``, ``editor.no_line``.
    """
    at = place_of(transcript, line_id)
    if at + 1 == len(transcript.lines):
        raise ModelError("editor.last_line")
    first, second = transcript.lines[at : at + 2]
    words = (*first.words, *_after_a_gap(first.words, second.words))
    check_length(text_of(words))
    return with_lines(
        transcript, at, 2, [line_with(first, words=words, speaker=first.speaker or second.speaker)]
    )


def delete_line(transcript: Transcript, line_id: str) -> Transcript:
    """Return the transcript without one line.

    Raises:
        ModelError: ``editor.no_line``.
    """
    return with_lines(transcript, place_of(transcript, line_id), 1, [])


def confirm(transcript: Transcript, line_ids: Iterable[str]) -> Transcript:
    """Return the transcript with all words of these lines certain: a person has listened.

    Raises:
        ModelError: ``editor.no_line``.
    """

    def certain(line: Line) -> Line:
        return line_with(line, words=tuple(word.model_copy(update={"sure": 1.0}) for word in line.words))

    return with_each(transcript, line_ids, certain)


def replace_all(
    transcript: Transcript,
    search: str,
    replacement: str,
    *,
    whole_words: bool = False,
    match_case: bool = False,
) -> Transcript:
    """Return the transcript with ``search`` replaced in every line; lines that become empty are left out.

    Raises:
        ModelError: ``editor.no_search`` for nothing to look for, ``editor.not_found``, ``editor.long_text``.
    """
    pattern = search_pattern(search, whole_words=whole_words, match_case=match_case)
    changed = {line.id: pattern.sub(lambda _: replacement, line.text) for line in transcript.lines}
    lines = [_replaced(line, changed[line.id]) for line in transcript.lines]
    if all(new is old for new, old in zip(lines, transcript.lines, strict=True)):
        raise ModelError("editor.not_found")
    return with_parts(transcript, lines=tuple(line for line in lines if line))


def search_pattern(search: str, *, whole_words: bool = False, match_case: bool = False) -> re.Pattern[str]:
    """Return what finds ``search`` in a line; space in it stands for any space.

    Raises:
        ModelError: ``editor.no_search`` for nothing to look for.
    """
    words = unicodedata.normalize("NFC", search).split()
    if not words:
        raise ModelError("editor.no_search")
    exact = r"\s+".join(map(re.escape, words))
    return re.compile(rf"(?<!\w){exact}(?!\w)" if whole_words else exact, 0 if match_case else re.IGNORECASE)


def _divided(line: Line, at_letter: int) -> tuple[tuple[SpokenWord, ...], tuple[SpokenWord, ...]]:
    whole = "".join(word.text for word in line.words)
    cut = at_letter + len(whole) - len(whole.lstrip())
    left: list[SpokenWord] = []
    right: list[SpokenWord] = []
    at = 0
    for word in line.words:
        inside = cut - at
        if inside <= 0 or not word.text[:inside].strip():
            right.append(word)
        elif not word.text[inside:].strip():
            left.append(word)
        else:
            parts = spread([word.text[:inside], word.text[inside:]], word.start_s, word.end_s)
            left.append(parts[0].model_copy(update={"sure": word.sure}))
            right.append(parts[1].model_copy(update={"sure": word.sure}))
        at += len(word.text)
    return tuple(left), tuple(right)


def _after_a_gap(first: Sequence[SpokenWord], second: Sequence[SpokenWord]) -> Sequence[SpokenWord]:
    """Put a space between two lines, unless their language is written without."""
    inner = [word.text for word in (*first[1:], *second[1:])]
    with_gaps = not inner or any(text[:1].isspace() for text in inner)
    apart = first[-1].text[-1:].isspace() or second[0].text[:1].isspace()
    if apart or not with_gaps:
        return second
    return [second[0].model_copy(update={"text": f" {second[0].text}"}), *second[1:]]


def _retold(line: Line, text: str) -> Line:
    check_length(text)
    return line if line.text == text else line_with(line, words=retold(line.words, text))


def _replaced(line: Line, text: str) -> Line | None:
    if text == line.text:
        return line
    wanted = tidy(text)
    return _retold(line, wanted) if wanted else None
