"""What all rules about saying a text have in common: a pattern, and what is said for it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normt2s import Normalizer

ENGLISH_YEARS, GERMAN_YEARS = range(1100, 2100), range(1100, 2000)
"""Numbers that are said as years: nineteen hundred and so on."""
HYPHENED = re.compile(r"(?<![\w-])([0-9][0-9.,]{0,11})-(?=[0-9][0-9.,]{0,11}(?![\w-]))")
"""Two numbers with a hyphen, which is a range."""
SLASHED = re.compile(r"(?<![\w/])(?!(?:[1-9]/(?:[2-9]|10|100))(?![\w/]))([0-9]{1,8})/(?=[0-9])")
"""Two numbers with a slash that are no fraction."""
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@dataclass(frozen=True)
class Rule:
    """A pattern, and what is said for each place where it fits."""

    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], str]


def rewritten(text: str, rules: Sequence[Rule]) -> str:
    """Return the text after all rules, each applied everywhere before the next."""
    for rule in rules:
        text = rule.pattern.sub(rule.say, text)
    return text


@cache
def counter(language: str) -> "Normalizer":
    """Return what writes numbers as words in a language, ``de`` or ``en``: normt2s (MIT, pure Python)."""
    from normt2s import Normalizer

    return Normalizer(language, latex="keep")


def cardinal(digits: str | int, language: str) -> str:
    """Return a whole number in words; one that begins with 0 or has more than nine digits is said digit by digit."""
    written = str(digits)
    if (len(written) > 1 and written.startswith("0")) or len(written) > 9:  # noqa: PLR2004 - nobody counts so far
        return str(counter(language).lang.digits(written))
    return str(counter(language).lang.cardinal(int(written)))


def ordinal(number: int, language: str) -> str:
    """Return ``dritte`` or ``third`` for 3; the German one ends with ``e``."""
    return str(counter(language).lang.ordinal(number))


def year(number: int, language: str) -> str:
    """Return ``neunzehnhundertzwölf`` or ``nineteen twelve`` for 1912."""
    if language == "de" and number in GERMAN_YEARS and not number % 100:
        return f"{cardinal(number // 100, language)}hundert"
    return str(counter(language).lang.year(number))


def digit_by_digit(written: str, language: str) -> str:
    """Return a telephone number in words, group by group as it is written; other signs make pauses."""
    plus = "plus " if written.startswith("+") else ""
    groups = (counter(language).lang.digits(digits) for digits in re.findall(r"[0-9]+", written))
    return plus + ", ".join(groups)


def roman_value(numeral: str) -> int | None:
    """Return what a Roman numeral is worth, ``None`` for letters that are none."""
    if not numeral or not _ROMAN.fullmatch(numeral):
        return None
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def words_of(numbered: str, language: str, signs: dict[str, str]) -> str:
    """Return a signature such as ``A 1234/56-b`` in words: numbers, letters, and the names of the signs between."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+|[^\w\s]", numbered)
    said = (cardinal(part, language) if part.isdecimal() else signs.get(part, part) for part in parts)
    return " ".join(said)
