"""How English texts are said: what normt2s does not know."""

import re
from functools import cache
from typing import TYPE_CHECKING

from stations.speaking import english_calendar
from stations.speaking.addresses import addresses_said, phone_rule
from stations.speaking.rules import (
    HYPHENED,
    SLASHED,
    Rule,
    cardinal,
    counter,
    ordinal,
    rewritten,
    roman_value,
    words_of,
)
from stations.speaking.words import any_of, words

if TYPE_CHECKING:
    from normt2s import Normalizer

_WORDS = words("en")
_SIGNATURE_SIGNS = {"/": "slash", "-": "dash", ".": "dot", "_": "dash"}
_SIGNATURE = re.compile(
    r"\b((?:[Ii]nv(?:entory)?|[Cc]at(?:alogue)?|[Oo]bj(?:ect)?|[Aa]cc(?:ession)?|[Ss]helf)\.?"
    r"\s(?:[Nn]o\.|[Nn]umber|mark))(?::?\s)"
    r"((?:[A-Z]{1,4}\s)?\w{1,20}(?:[./_-]\w{1,20}){0,8})"
)
_NO = re.compile(r"[Nn]o\.")
_ROMAN = r"[IVXLC]{1,7}"
_LABEL = re.compile(rf"\b((?i:{any_of(_WORDS.labels)}|ch\.|vol\.|pt\.|no\.))\s({_ROMAN})\b")
_RULER = re.compile(rf"\b([A-Z][a-z]+(?:['’]s)?)\s({_ROMAN})\b(?P<own>['’]s)?")
_SHORT = re.compile(r"(?<![\w.-])(?<![0-9]\s)([A-Z]{2,5})(?![\w])")
_VOWEL = re.compile("[AEIOUY]")
_SIGNS = (
    Rule(re.compile(r"§§?\s?(?=[0-9])"), lambda _: "section "),
    Rule(re.compile(r"\bp\.\s?(?=[0-9])"), lambda _: "page "),
    Rule(re.compile(r"(?<=[0-9])\s?ff\."), lambda _: " and following"),
    Rule(re.compile(r"\b[Nn]o\.\s?(?=[0-9A-Z])"), lambda _: "number "),
    Rule(re.compile(r"\bSt\.?\s?(?=[A-Z][a-z])"), lambda _: "Saint "),
    Rule(re.compile(r"(?<=[A-Z])(?<![A-Z]{2})\.(?=[A-Z]\.)"), lambda _: " "),
    Rule(re.compile(r"(?<=[a-z]\s)St\.(?!\w)"), lambda _: "Street"),
    Rule(re.compile(r"\s/\s"), lambda _: ", "),
    Rule(re.compile(r"\band\s?/\s?or\b"), lambda _: "and or"),
    Rule(re.compile(r"(?<=[^\W\d_]{3})\s?/\s?(?=[^\W\d_]{3})"), lambda _: ", "),
    Rule(re.compile(r"(?<=[0-9])\s?[x×]\s?(?=[0-9])"), lambda _: " by "),
    Rule(re.compile(r"([£$€])([0-9][0-9.,]{0,11})\s?[–—-]\s?(?=[0-9])"), lambda match: f"{match[2]} to {match[1]}"),
    Rule(re.compile(r"(?<=[0-9])\s?[–—]\s?(?=[£$€]?[0-9])|(?<=[0-9])\s-\s(?=[0-9])"), lambda _: " to "),
    Rule(HYPHENED, lambda match: f"{match[1]} to "),
    Rule(re.compile(r"(?<![\w:])([0-9]{1,3}):(?=[0-9]{1,3}(?![\w:]))"), lambda match: f"{match[1]} to "),
    Rule(SLASHED, lambda match: f"{match[1]} slash "),
    Rule(re.compile(r"(?<=[0-9])\s?['′](?=\s?[0-9]{1,2}[\"″])"), lambda _: " feet "),
    Rule(re.compile(r"(?<=[^\W\d_])(?=[0-9])"), lambda _: " "),
)  # fmt: skip


def said(text: str) -> str:
    """Return an English text in words (see ``normalising.said``)."""
    spelled = _SIGNATURE.sub(
        lambda match: f"{_NO.sub('number', match[1])} {words_of(match[2], 'en', _SIGNATURE_SIGNS)}",
        addresses_said(text, "en"),
    )
    known = rewritten(spelled, (phone_rule("en"), *english_calendar.RULES))
    signs = rewritten(_RULER.sub(_ruler, _LABEL.sub(_label, known)), _SIGNS)
    return str(_normalizer().normalize(_SHORT.sub(_letters, signs)))


@cache
def _normalizer() -> "Normalizer":
    normalizer = counter("en")
    for short, whole in _WORDS.abbreviations.items():
        normalizer.add_abbreviation(short, whole)
    return normalizer


def _label(match: re.Match[str]) -> str:
    value = roman_value(match[2])
    return f"{match[1]} {cardinal(value, 'en')}" if value else match[0]


def _ruler(match: re.Match[str]) -> str:
    """Return ``Henry the Eighth``, and a plain number for other names: ``Apollo eleven``."""
    value = roman_value(match[2])
    if not value or (len(match[2]) == 1 and match[1] not in _WORDS.rulers) or match[1] in ("I", "The"):
        return match[0]
    if match[1] not in _WORDS.rulers:
        return f"{match[1]} {cardinal(value, 'en')}{match['own'] or ''}"
    return f"{match[1]} the {ordinal(value, 'en').title()}{match['own'] or ''}"


def _letters(match: re.Match[str]) -> str:
    if match[1] in _WORDS.spelled or not _VOWEL.search(match[1]):
        return " ".join(match[1])
    return match[1]
