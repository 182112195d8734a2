"""The words of a recording as subtitles need them: clean, each with its time and what a break after it costs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from models.reading.repair import cleaned
from stations.prose.sentences import spans
from stations.speech.phrasing import CLAUSE, joints
from stations.speech.transcript import Line, SpokenWord, Transcript
from stations.texts import known_language, say

LINE_LETTERS = 42
LONG_PAUSE_S = 1.5
"""Nobody is still saying the same thing after that: a new subtitle begins."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Letters of languages that write no space between words."""


@dataclass(frozen=True)
class Token:
    """A piece of text that is never broken; ``spaced``: a space stands before it, ``joint``: cost of a break after."""

    text: str
    start_s: float
    end_s: float
    spaced: bool = True
    joint: float = 0.0


@dataclass(frozen=True)
class Run:
    """What one person says without a long pause; ``speaker`` is a name, ``""`` for unknown."""

    speaker: str
    tokens: tuple[Token, ...]


def runs(transcript: Transcript, language: str) -> Iterator[Run]:
    """Yield the words in order, a run for each change of speaker and after each long pause."""
    names = speaker_names(transcript, language)
    for speaker, lines in groupby(transcript.lines, key=lambda line: line.speaker):
        for tokens in _breaths([token for line in lines for token in _tokens(line)]):
            yield Run(names.get(speaker, ""), _with_joints(tokens, language))


def speaker_names(transcript: Transcript, language: str) -> Mapping[str, str]:
    """Return the name of every speaker by id: as given by people, else ``Person 1`` and so on."""
    return {
        speaker: " ".join(cleaned(name).split())
        or say("export.person", known_language(language), number=number)
        for number, (speaker, name) in enumerate(transcript.speakers.items(), start=1)
    }


def _tokens(line: Line) -> list[Token]:
    found: list[Token] = []
    for word in line.words:
        for piece in _pieces(word):
            if found and not piece.spaced and not _UNSPACED.match(piece.text):
                found[-1] = replace(found[-1], text=found[-1].text + piece.text, end_s=piece.end_s)
            else:
                found.append(piece if found else replace(piece, spaced=True))
    return [part for token in found for part in _cut(token)]


def _pieces(word: SpokenWord) -> Iterator[Token]:
    """Yield a word, or each of several that a person typed in its place with a share of its time."""
    text = cleaned(word.text)
    parts = text.split()
    times = _shares(word.start_s, max(word.start_s, word.end_s), [len(part) for part in parts])
    for number, (part, (start_s, end_s)) in enumerate(zip(parts, times, strict=True)):
        yield Token(part, start_s, end_s, spaced=number > 0 or text[:1].isspace())


def _cut(token: Token) -> Iterator[Token]:
    """Yield pieces that fit into a line: a longer word is cut with a hyphen, because the screen ends somewhere."""
    if len(token.text) <= LINE_LETTERS:
        yield token
        return
    step = LINE_LETTERS - 1
    parts = [token.text[at : at + step] for at in range(0, len(token.text), step)]
    times = _shares(token.start_s, token.end_s, [len(part) for part in parts])
    for number, (part, (start_s, end_s)) in enumerate(zip(parts, times, strict=True), start=1):
        hyphen = "-" if number < len(parts) else ""
        yield Token(part + hyphen, start_s, end_s, spaced=token.spaced or number > 1)


def _shares(start_s: float, end_s: float, sizes: Sequence[int]) -> Iterator[tuple[float, float]]:
    pace, at = (end_s - start_s) / max(1, sum(sizes)), start_s
    for size in sizes:
        yield at, at + pace * size
        at += pace * size


def _breaths(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    held: list[Token] = []
    for token in tokens:
        if held and token.start_s - held[-1].end_s > LONG_PAUSE_S:
            yield tuple(held)
            held = []
        held.append(token)
    if held:
        yield tuple(held)


def _with_joints(tokens: tuple[Token, ...], language: str) -> tuple[Token, ...]:
    """Return tokens that know what a break after them costs; a pause makes it cheaper."""
    costs = joints([token.text for token in tokens], _sentence_ends(tokens, language), language)
    pauses = [after.start_s - before.end_s for before, after in pairwise(tokens)] + [0.0]
    return tuple(
        replace(token, joint=max(min(cost, CLAUSE), cost - 2 * min(max(pause, 0.0), LONG_PAUSE_S)))
        for token, cost, pause in zip(tokens, costs, pauses, strict=True)
    )


def _sentence_ends(tokens: tuple[Token, ...], language: str) -> frozenset[int]:
    ends, at = {}, 0
    for number, token in enumerate(tokens):
        at += len(token.text) + (number > 0)
        ends[at] = number
    text = " ".join(token.text for token in tokens)
    return frozenset(ends[end] for _, end in spans(text, language or "en") if end in ends)
