"""Numbers, dates and times that one text has and its translation has not, whatever the language writes them like."""

import re
from decimal import Decimal

from stations.prose.numbers import new_numbers

_CLOCK = r"\d{1,2}(?:[:.][0-5]\d)?"
_ENGLISH_RANGE = re.compile(
    rf"\b(?P<first>{_CLOCK})(?P<to>\s?(?:to|until|till|and|–|-)\s?)(?P<last>{_CLOCK})\s?(?P<half>[ap])\.?m\b",
    re.I,
)
_GERMAN_RANGE = re.compile(rf"\b(?P<first>{_CLOCK})(?P<rest>\s?(?:bis|und|–|-)\s?{_CLOCK}\s?Uhr\b)")
_SCALED = re.compile(
    r"(?P<digits>\d+(?:[.,]\d+)?)\s?(?P<scale>Tsd|Tausend|thousand|Mio|Million(?:en)?|Mrd|Milliarden?|billion)\b\.?",
    re.I,
)
_POWERS = {"ts": 3, "ta": 3, "th": 3, "mio": 6, "mil": 6, "mrd": 9, "milliard": 9, "b": 9}
_IMPLIED = (
    (r"\b(?:noon|midday|mittags?)\b", "12:00 Uhr"),
    (r"\b(?:midnight|mitternachts?)\b", "0:00 Uhr 24:00 Uhr"),
    (r"\b(?:dutzend|dozen)\b", "12"),
    (r"\b(?:beide[rnms]?|both|pair|couple|paar|zweimal|twice|zweit\w*|second|doppelt|double)\b", "2"),
    (r"\b(?:half|halb\w*|hälfte)\b", "50"),
    (r"\b(?:quarter|viertel\w*)\b", "15 4 25"),
    (r"\b(?:decade|jahrzehnt)\w*", "10"),
    (r"\b(?:fortnight)\b", "2 14"),
)
"""Words that say a number in one language and are written with a digit in another."""
_HALF_HOUR = re.compile(r"\bhalb\s(\w+)\b|\bhalf\s(?:past\s)?(\w+)\b", re.I)
_DIGITS_ONLY = frozenset({"de", "en", "fr", "es", "it", "pt", "nl", "ca", "ru"})
"""Languages whose numerals in words text2num knows; in others only digits are compared."""
_ENOUGH_DIGITS = re.compile(r"\d{2}")
_IN_TWELVE = 12


def lost_numbers(before: str, after: str, source: str, target: str) -> tuple[str, ...]:
    """Return the numbers of ``before`` (in the language ``source``) that ``after`` (in ``target``) does not say."""
    return tuple(
        each
        for each in new_numbers(_allowed(after, target), _prepared(before, source), source)
        if _is_missing(each, after, source, target)
    )


def _is_missing(surface: str, text: str, language: str, other: str) -> bool:
    """Tell whether a number of ``language`` is missing in a text where numerals of ``other`` are read."""
    if other not in _DIGITS_ONLY and not _ENOUGH_DIGITS.search(surface):
        return False  # a small number may stand there as a word that nobody here can read
    return bool(new_numbers(_allowed(text, other), in_digits(surface, language), other))


def in_digits(text: str, language: str) -> str:
    """Return the text with numerals in words as digits: ``twelve`` is ``12``."""
    from text_to_num import alpha2digit

    return str(alpha2digit(text, language)) if language in _DIGITS_ONLY else text


def _prepared(text: str, language: str) -> str:
    """Return the text with both ends of ranges of time as times, and ``1.4 million`` in digits."""
    text = _SCALED.sub(_unscaled, text)
    if language == "en":
        return _ENGLISH_RANGE.sub(_both_halves, text)
    return _GERMAN_RANGE.sub(r"\g<first> Uhr\g<rest>", text)


def _allowed(text: str, language: str) -> str:
    """Return the text with everything that a faithful translation of it may say in digits."""
    implied = [digits for pattern, digits in _IMPLIED if re.search(pattern, text, re.IGNORECASE)]
    known = text if language in ("de", "en") else in_digits(text, language)
    return "\n".join([_prepared(known, language), *implied, *_half_hours(text, language)])


def _half_hours(text: str, language: str) -> list[str]:
    """Return ``halb acht`` and ``half past seven`` as 7:30 and 19:30, and their words as numbers."""
    found = []
    for match in _HALF_HOUR.finditer(text):
        hour = in_digits(match[1] or match[2], language)
        if hour.isdigit() and 0 < int(hour) <= _IN_TWELVE:
            before = int(hour) - 1 if match[1] else int(hour)
            found.append(f"{before}:30 Uhr, {before + _IN_TWELVE}:30 Uhr, {before}, {before + 1}, 30")
    return found


def _unscaled(match: re.Match[str]) -> str:
    name = match["scale"].lower()
    power = next(
        power for start, power in sorted(_POWERS.items(), key=lambda e: -len(e[0])) if name.startswith(start)
    )
    return format(Decimal(match["digits"].replace(",", ".")).scaleb(power).normalize(), "f")


def _both_halves(match: re.Match[str]) -> str:
    """Return ``7 to 9 pm`` as ``7 pm to 9 pm``, and ``11 to 2 pm`` as ``11 am to 2 pm``."""
    first, last = (int(re.match(r"\d+", match[name])[0]) % _IN_TWELVE for name in ("first", "last"))  # type: ignore[index]
    half = match["half"] if first <= last or match["half"].lower() == "a" else "a"
    return f"{match['first']} {half}m{match['to']}{match['last']} {match['half']}m"
