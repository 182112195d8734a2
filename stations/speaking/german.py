"""How German texts are said: what normt2s does not know, mostly signs, short forms and grammar."""

import re
from functools import cache
from typing import TYPE_CHECKING

from stations.speaking import german_calendar, german_numerals
from stations.speaking.addresses import addresses_said, phone_rule
from stations.speaking.rules import HYPHENED, SLASHED, Rule, cardinal, counter, rewritten, words_of
from stations.speaking.words import any_of, words

if TYPE_CHECKING:
    from normt2s import Normalizer

_WORDS = words("de")
_SIGNATURE_SIGNS = {"/": "Schrägstrich", "-": "Strich", ".": "Punkt", "_": "Strich"}
_SIGNATURE = re.compile(
    r"\b((?:Inv(?:entar)?|Kat(?:alog)?|Obj(?:ekt)?|Best(?:ell)?|Akten|Sign(?:atur)?)\.?-?\s?(?:Nr\.|Nummer)"
    r"|Inventarnummer|Signatur|Aktenzeichen|Az\.)(?::?\s)((?:[A-ZÄÖÜ]{1,4}\s)?\w{1,20}(?:[./_-]\w{1,20}){0,8})"
)
_HOLY = re.compile(r"\b(?:(der|die|den|dem|des|vom|zum|zur|am)\s)?([Hh])l\.\s?(?=([A-ZÄÖÜ]\w+))")
_SHORT = re.compile(r"(?<![\w.-])(?<![0-9]\s)([A-ZÄÖÜ]{2,5})(?![\w])")
_VOWEL = re.compile("[AEIOUÄÖÜY]")
_ADJECTIVE = re.compile(
    r"(?<![\w.,])([0-9]{1,4})-?(?=(?:%ig|jährig|tägig|stündig|minütig|monatig|wöchig|köpfig|teilig|seitig|stufig|stöckig|bändig"
    r"|fach|mal|prozentig|er)(?:e[mnrs]?|en)?\b)"
)
_SIGNS = (
    Rule(re.compile(r"§§\s?(?=[0-9])"), lambda _: "Paragrafen "),
    Rule(re.compile(r"§\s?(?=[0-9])"), lambda _: "Paragraf "),
    Rule(re.compile(r"\bArt\.\s?(?=[0-9])"), lambda _: "Artikel "),
    Rule(re.compile(r"\bS\.\s?(?=[0-9])"), lambda _: "Seite "),
    Rule(re.compile(r"(?<=[0-9])\s?ff\."), lambda _: " fortfolgende"),
    Rule(re.compile(r"(?<=[0-9])\s?f\.(?!\w)"), lambda _: " folgende"),
    Rule(re.compile(r"\bSt\.\s?(?=[A-ZÄÖÜ])"), lambda _: "Sankt "),
    Rule(re.compile(r"(?<=[0-9])\s?St\."), lambda _: " Stück"),
    Rule(re.compile(r"(?<=[a-zäöüß])str\.(?!\w)"), lambda _: "straße"),
    Rule(re.compile(r"(?<=[a-zäöüß])(?:[*:_·]|/-?)(?=in(?:nen)?\b)"), lambda _: " "),
    Rule(re.compile(r"(?<=[0-9]),(?:--?|–|—)(?=\s?(?:€|EUR|Euro|CHF))"), lambda _: ""),
    Rule(re.compile(r"(?<=[0-9]),(?:--?|–|—)(?![\w])"), lambda _: " Euro"),
    Rule(re.compile(r"(?<=[0-9])\s?J\."), lambda _: " Jahre"),
    Rule(re.compile(r"\s/\s"), lambda _: ", "),
    Rule(re.compile(r"(?<=[0-9])\s?[x×]\s?(?=[0-9])"), lambda _: " mal "),
    Rule(re.compile(r"(?<=[0-9])\s?[–—]\s?(?=[0-9])|(?<=[0-9])\s-\s(?=[0-9])"), lambda _: " bis "),
    Rule(HYPHENED, lambda match: f"{match[1]} bis "),
    Rule(re.compile(r"(?<![\w:])([0-9]{1,3}):(?=[0-9]{1,3}(?![\w:]))"), lambda match: f"{match[1]} zu "),
    Rule(SLASHED, lambda match: f"{match[1]} Schrägstrich "),
    Rule(re.compile(r"\bund\s?/\s?oder\b"), lambda _: "und oder"),
    Rule(re.compile(r"(?<=[^\W\d_]{3})\s?/\s?(?=[^\W\d_]{3})"), lambda _: ", "),
    Rule(re.compile(rf"\b({any_of(frozenset(_WORDS.floors))})\b"), lambda match: _WORDS.floors[match[1]]),
    Rule(re.compile(r"(?<=[^\W\d_])(?=[0-9])"), lambda _: " "),
)  # fmt: skip


def said(text: str) -> str:
    """Return a German text in words (see ``normalising.said``)."""
    spelled = _SIGNATURE.sub(
        lambda match: f"{match[1]} {words_of(match[2], 'de', _SIGNATURE_SIGNS)}", addresses_said(text, "de")
    )
    known = rewritten(
        _HOLY.sub(_holy, spelled), (phone_rule("de"), *german_calendar.RULES, *german_numerals.RULES)
    )
    joined = _ADJECTIVE.sub(lambda match: cardinal(match[1], "de"), known).replace("%ig", "prozentig")
    signs = rewritten(joined, _SIGNS)
    return str(_normalizer().normalize(_SHORT.sub(_letters, signs)))


@cache
def _normalizer() -> "Normalizer":
    normalizer = counter("de")
    for short, whole in _WORDS.abbreviations.items():
        normalizer.add_abbreviation(short, whole)
    for unit, (one, many, kind) in _WORDS.units.items():
        normalizer.add_unit(unit, one, many, kind)
    for sign, (major, minor) in _WORDS.currencies.items():
        normalizer.add_currency(sign, major, minor)
    return normalizer


def _holy(match: re.Match[str]) -> str:
    """Return ``heilige`` with the ending that its article asks for, by the name's gender where there is none."""
    article, name = match[1] or "", match[3]
    default = "e" if name.endswith(("a", "e", "gard", "burg")) else "er"
    end = {"": default, "der": "e", "die": "e"}.get(article, "en")
    return f"{article} {match[2]}eilig{end} ".lstrip()


def _letters(match: re.Match[str]) -> str:
    """Return a short form in single letters where nobody could say it as a word."""
    if match[1] in _WORDS.spelled or not _VOWEL.search(match[1]):
        return " ".join(match[1])
    return match[1]
