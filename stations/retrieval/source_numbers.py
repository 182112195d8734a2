"""The numbers of sources in an answer: ``[1]``, ``[1, 3]``, ``(Quelle 2)``, ``Auszug 2``, and the sentences between."""

import re
from dataclasses import dataclass

from stations.prose.sentences import sentences

_WORD = r"(?:Auszug|Auszüge|Auszügen|Quelle|Quellen|Textstelle|Stelle|Excerpts?|Sources?|Passages?)"
_LIST = rf"\d{{1,2}}(?:\s*(?:,|;|/|und|and|&|[-–])\s*(?:{_WORD}\s*)?\d{{1,2}})*"
_BRACKETS = re.compile(
    rf"\s*(?:\[\s*(?:(?:{_WORD}|Nr\.?)\s*:?\s*)?(?P<square>{_LIST})\s*\]"
    rf"|\(\s*(?:siehe|vgl\.|see)?\s*(?:{_WORD}\s*:?\s*)(?P<round>{_LIST})\s*\))",
    re.IGNORECASE,
)
_AT_END = re.compile(rf"(?<=[.!?])\s*(?:{_WORD})\s*:?\s*(?P<bare>{_LIST})\s*\.?(?=\s|$)", re.IGNORECASE)
_IN_TEXT = re.compile(rf"\b{_WORD}\s+(?P<bare>{_LIST})", re.IGNORECASE)
_UNFINISHED = re.compile(r"\s*[\[(][^\])\n]{0,20}$")
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
_MARK = "\ue000"
_HELD = re.compile(rf"{_MARK}([\d,]+){_MARK}")
_AFTER_END = re.compile(rf"([.!?…]+[\"“»)]*)((?:\s*{_MARK}[\d,]+{_MARK})+)")
_SPACE_BEFORE_END = re.compile(r"\s+([.!?,;:…])(?=\s|$)")
_ENDING_OF_FILES = re.compile(r"(?<!\S)\.(?=\w)")
_DOT = "\ue001"
"""Stands for the full stop of ``.txt`` while sentences are parted."""


@dataclass(frozen=True)
class Numbered:
    """A sentence without its numbers, and the numbers, each once, in order."""

    text: str
    numbers: tuple[int, ...]


def numbered_sentences(text: str, language: str, highest: int) -> list[Numbered]:
    """Return the sentences of an answer with the numbers of sources that stand in or right behind each.

    Numbers beyond ``highest`` do not exist and are dropped. A bracket that is not closed yet is left out.
    """
    plain = text.replace(_MARK, "").replace(_DOT, "")
    held = _ENDING_OF_FILES.sub(_DOT, _UNFINISHED.sub("", plain))
    for pattern in (_BRACKETS, _AT_END):
        held = pattern.sub(_hold, held)
    moved = _AFTER_END.sub(r"\2\1 ", held)
    found = [_numbered(sentence, highest) for sentence in sentences(moved, language)]
    return _joined([each for each in found if each.text or each.numbers])


def _hold(match: re.Match[str]) -> str:
    numbers = next(group for group in match.groups() if group)
    return f"{_MARK}{','.join(map(str, _numbers(numbers)))}{_MARK}"


def _numbers(text: str) -> list[int]:
    spread = _RANGE.sub(lambda match: " ".join(map(str, range(int(match[1]), int(match[2]) + 1))), text)
    return [int(number) for number in re.findall(r"\d+", spread)] or [0]


def _numbered(sentence: str, highest: int) -> Numbered:
    found = [int(number) for match in _HELD.finditer(sentence) for number in match[1].split(",")]
    bare = _HELD.sub("", sentence)
    found += [number for match in _IN_TEXT.finditer(bare) for number in _numbers(match["bare"])]
    kept = tuple(dict.fromkeys(number for number in found if 1 <= number <= highest))
    text = _SPACE_BEFORE_END.sub(r"\1", bare).replace(_DOT, ".").strip()
    return Numbered(text if any(sign.isalnum() for sign in text) else "", kept)


def _joined(found: list[Numbered]) -> list[Numbered]:
    """Return the sentences; numbers that stand alone belong to the sentence before."""
    joined: list[Numbered] = []
    for each in found:
        if each.text:
            joined.append(each)
        elif joined:
            numbers = dict.fromkeys((*joined[-1].numbers, *each.numbers))
            joined[-1] = Numbered(joined[-1].text, tuple(numbers))
    return joined
