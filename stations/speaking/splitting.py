"""A text cut into what is said in one breath, each with its language and the silence behind it."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from models.language import language_of
from models.voice.base import first_language
from models.voice.breath import LONGEST, breaths
from stations.prose.sentences import sentences
from stations.speaking.markup import plain

FIRST = 110
"""Characters of the first breath of all, so that people need not wait for it."""
IN_SENTENCE, LINE, PARAGRAPH = 0.3, 1.6, 2.4
"""Silence between the breaths of a sentence, behind a line (a heading, a list item) and a paragraph, as times the pause
between two sentences."""
LONGEST_PAUSE_S = 10.0
LONGEST_LINE, LONGEST_SENTENCE = 8_000, 1_000
"""Characters that are looked at together."""
WRAPPED = 45
"""A line at least that long that ends in the middle of a sentence goes on in the next one."""
_BREAK = re.compile(
    r"\[\s?(?i:pause|break)(?:[ :=]{1,3}(?P<n>\d{1,4}(?:[.,]\d{1,2})?)\s?(?P<unit>(?i:ms|s))?[a-zäöü.]{0,8})?\s?\]"
    r"|<break(?:\s+time=[\"'](?P<n2>\d{1,5}(?:\.\d{1,2})?)(?P<unit2>ms|s)[\"'])?\s*/?>"
)
PAUSE_S = 1.0
"""A ``[Pause]`` without a number."""
_ENDED = re.compile(r"[.!?:;…][\"“”»«)]*$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-$")
_SECOND_HALF = re.compile(r"(?!(?:und|oder|bzw|and|or)\b)[a-zäöüß]")


@dataclass(frozen=True)
class Part:
    """What is said in one breath.

    ``written`` is the sentence it belongs to, as it stands in the text but without Markdown, and empty for the second
    and later breaths of one. ``said`` may be empty: then there is only the pause. ``share`` tells how much of the
    text is done with this part.
    """

    written: str
    said: str
    language: str
    pause_s: float
    share: float


@dataclass(frozen=True)
class _Line:
    text: str
    pause_s: float


def parts(
    text: str, say: Callable[[str, str], str], languages: Sequence[str], pause_s: float = 0.35
) -> Iterator[Part]:
    """Yield the parts of ``text`` in order; no word is left out.

    Args:
        text: Plain text or Markdown. Empty lines end paragraphs; ``[Pause 2 s]``, ``<break time="2s"/>`` are silence.
        say: Turns a written sentence and its language into what is said.
        languages: Codes among which each paragraph's is told, the usual one first; with one, nothing is told.
        pause_s: Silence between two sentences in seconds.
    """
    lines = list(_lines(text, pause_s))
    known = _known([line.text for line in lines], languages)
    whole, done, first = sum(len(line.text) for line in lines) or 1, 0, FIRST
    for line, language in zip(lines, known, strict=True):
        spoken = list(_of_line(line, language, say, pause_s, first))
        first = first if not any(part.said for part in spoken) else LONGEST
        weight = sum(len(part.said) for part in spoken) or 1
        at = 0
        for part in spoken:
            at += len(part.said)
            yield replace(part, share=(done + len(line.text) * at / weight) / whole)
        done += len(line.text)


def paragraphs(text: str) -> list[str]:
    """Return the lines and paragraphs that are told apart, without Markdown."""
    return [line.text for line in _lines(text, 0.0) if line.text]


def _lines(text: str, pause_s: float) -> Iterator[_Line]:
    at = 0
    for match in _BREAK.finditer(text):
        *before, last = [*_unwrapped(text[at : match.start()], pause_s)] or [_Line("", 0.0)]
        yield from before
        yield replace(last, pause_s=_seconds(match))
        at = match.end()
    yield from _unwrapped(text[at:], pause_s)


def _seconds(match: re.Match[str]) -> float:
    number, unit = match["n"] or match["n2"], match["unit"] or match["unit2"]
    seconds = float(number.replace(",", ".")) if number else PAUSE_S
    return min(LONGEST_PAUSE_S, seconds / 1000 if (unit or "").lower() == "ms" else seconds)


def _unwrapped(text: str, pause_s: float) -> Iterator[_Line]:
    """Yield the lines of a text, those that were only broken by an editor's margin as one."""
    waiting = ""
    for line in plain(text).split("\n"):
        if waiting and line and _goes_on(waiting, line):
            halves = _HYPHEN.search(waiting) and _SECOND_HALF.match(line)
            waiting = waiting[:-1] + line if halves else f"{waiting} {line}"
        else:
            if waiting:
                yield _Line(waiting, pause_s * (LINE if line else PARAGRAPH))
            waiting = line
    if waiting:
        yield _Line(waiting, pause_s * PARAGRAPH)


def _goes_on(line: str, following: str) -> bool:
    last_row = len(line) if len(line) < 2 * WRAPPED else WRAPPED
    return last_row >= WRAPPED and not _ENDED.search(line) and not re.match(r"\d{1,3}[.)]\s", following)


def _known(lines: Sequence[str], languages: Sequence[str]) -> list[str]:
    """Return the language of each line.

    Lines too short to tell are told together with their neighbours; failing that, they are in the language of the next
    line if they are headings, else of the last.
    """
    if len(languages) == 1:
        return [languages[0]] * len(lines)
    told = _told_together(lines, languages)
    ahead: list[str | None] = []
    for language in reversed(told):
        ahead.insert(0, language or (ahead[0] if ahead else None))
    known, last = [], languages[0]
    for line, language, following in zip(lines, told, ahead, strict=True):
        heading = not language and following and not _ENDED.search(line)
        last = language or last
        known.append(following if heading and following else last)
    return known


def _told_together(lines: Sequence[str], languages: Sequence[str]) -> list[str | None]:
    told = [_told(line, languages) for line in lines]
    at = 0
    for is_known, run in groupby(told, bool):
        length = len(list(run))
        if not is_known and length > 1:
            told[at : at + length] = [_told(" ".join(lines[at : at + length]), languages)] * length
        at += length
    return told


def _told(line: str, languages: Collection[str]) -> str | None:
    found = language_of(line)
    return next((code for code in languages if first_language(code) == found), None)


def _of_line(
    line: _Line, language: str, say: Callable[[str, str], str], pause_s: float, first: int
) -> Iterator[Part]:
    waiting: Part | None = None
    for sentence in _sentences(line.text, language):
        pieces = _cut(say(sentence, language), first) if any(map(str.isalnum, sentence)) else []
        for number, piece in enumerate(pieces):
            if waiting:
                yield waiting
            first = LONGEST
            silence = pause_s * (1.0 if number == len(pieces) - 1 else IN_SENTENCE)
            waiting = Part("" if number else sentence, piece, language, silence, 0.0)
    if waiting or line.pause_s:
        yield replace(waiting or Part("", "", language, 0.0, 0.0), pause_s=line.pause_s)


def _sentences(line: str, language: str) -> Iterator[str]:
    """Yield sentences; endless ones in pieces, because rules take longer the longer a sentence is."""
    for row in breaths(line, LONGEST_LINE) if len(line) > LONGEST_LINE else (line,):
        for sentence in sentences(row, first_language(language)):
            yield from (
                breaths(sentence, LONGEST_SENTENCE) if len(sentence) > LONGEST_SENTENCE else (sentence,)
            )


def _cut(said: str, first: int) -> list[str]:
    """Return the breaths of a sentence, each with a sign of how it ends: voices rise or fall by it."""
    if not any(map(str.isalnum, said)):
        return []
    beginning, *rest = breaths(said, first)
    cut = [beginning, *breaths(" ".join(rest), LONGEST)]
    return [_ended(piece, ",") for piece in cut[:-1]] + [_ended(cut[-1], ".")]


def _ended(piece: str, sign: str) -> str:
    return piece + sign if piece[-1:].isalnum() or piece.endswith(")") else piece
