"""Numbers, dates and times that one text has and its translation has not, whatever the language writes them like."""

import re
from decimal import Decimal
from itertools import pairwise

from stations.prose.numbers import new_numbers

_CLOCK = r"\d{1,2}(?:[:.][0-5]\d)?"
_ENGLISH_RANGE = re.compile(
    rf"\b(?P<first>{_CLOCK})(?P<to>\s?(?:to|until|till|and|–|-)\s?)(?P<last>{_CLOCK})\s?(?P<half>[ap])\.?m\b",
    re.I,
)
_TWELVE_HOURS = re.compile(r"\b(\d{1,2})(?:[:.]([0-5]\d))?\s?([ap])\.?m\b", re.IGNORECASE)
_TWO_DAYS = re.compile(
    r"\b(?P<month>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*) (?P<first>\d{1,2})(?:st|nd|rd|th)?"
    r"(?P<to>,? ?(?:and|or|to|&|–|-) ?)(?P<last>\d{1,2})(?:st|nd|rd|th)?\b(?!:)"
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
    (r"\b(?:third|drittel\w*)\b", "3"),
)
"""Words that say a number in one language and are written with a digit in another."""
_APART = re.compile(r"\bhalb\s\w+\b|\bhalf\s(?:past\s)?\w+\b|\d{1,2}月", re.IGNORECASE)
"""Numbers that are not looked for: another language counts half hours differently, and has names for months."""
_HALF_HOUR = re.compile(r"\bhalb\s(\w+)\b|\bhalf\s(?:past\s)?(\w+)\b", re.I)
_KNOWN_NUMERALS = frozenset({"de", "en", "fr", "es", "it", "pt", "nl"})
"""Languages whose numerals in words text2num knows."""
_GROUPED = {
    "de": re.compile(
        r"(?<![\w.,/@:-])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\w]|[.,:/]\d)|(?<![\w.,])\d+,\d{1,2}(?![\w]|[.,]\d)"
    ),
    "en": re.compile(
        r"(?<![\w.,/@:-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w]|[.,:/]\d)|(?<=[£€$])\d+\.\d{1,2}(?![\w]|[.,]\d)"
    ),
}
"""Numbers that are written with other signs in the other language. ``18.30`` may be a time, ``1.5`` a section."""
_SIGNED = re.compile(r"(?<![\w.,/@:-])\d{1,3}(?:[.,] ?\d{1,3})+(?!\w|[.,:/]\d)")
_NO_DIGIT = re.compile(r"\D")
_KNOWN_DATES = frozenset({"de", "en"})
"""Languages whose months and times of day are known; in others only digits are compared."""
_DIGITS = re.compile(r"\d+")
_ENOUGH_DIGITS = re.compile(r"\d{2}")
_IN_TWELVE = 12


def lost_numbers(before: str, after: str, source: str, target: str) -> tuple[str, ...]:
    """Return the numbers of ``before`` (in the language ``source``) that ``after`` (in ``target``) does not say."""
    return tuple(
        each
        for each in new_numbers(_allowed(after, target), _prepared(_APART.sub("", before), source), source)
        if _is_missing(each, after, source, target)
    )


def _is_missing(surface: str, text: str, language: str, other: str) -> bool:
    """Tell whether a number of ``language`` is missing in a text where numerals of ``other`` are read."""
    surface = in_digits(surface, language)
    if {language, other} <= _KNOWN_DATES:
        return bool(new_numbers(_allowed(text, other), surface, other))
    if other not in _KNOWN_NUMERALS and not _ENOUGH_DIGITS.search(surface):
        return False  # a small number may stand there as a word that nobody here can read
    said = in_digits(text, other)
    digits = [*_DIGITS.findall(said), *_DIGITS.findall(_in_24_hours(said))]
    return not any(_is_said(each, digits) for each in (surface, _in_24_hours(surface)))


def _is_said(surface: str, digits: list[str]) -> bool:
    """Tell whether all digits of a number, a date or a time are there, together or apart (``1.200``, ``1 200``)."""
    runs = _DIGITS.findall(surface)
    if "".join(runs) in {*digits, *(first + second for first, second in pairwise(digits))}:
        return True
    months = {run for run in runs if len(runs) > 1 and int(run) <= _IN_TWELVE}  # may stand there by name
    return all(run in digits or run.lstrip("0") in digits or run in months for run in runs)


def in_digits(text: str, language: str) -> str:
    """Return the text with numerals in words as digits: ``twelve`` is ``12``."""
    from text_to_num import alpha2digit

    return str(alpha2digit(text, language, threshold=1)) if language in _KNOWN_NUMERALS else text


def _prepared(text: str, language: str) -> str:
    """Return the text with both ends of ranges of time as times, and ``1.4 million`` in digits."""
    text = _SCALED.sub(_unscaled, text)
    if language == "en":
        text = _TWO_DAYS.sub(r"\g<month> \g<first>\g<to>\g<month> \g<last>", text)
        return _ENGLISH_RANGE.sub(_both_halves, text)
    return _GERMAN_RANGE.sub(r"\g<first> Uhr\g<rest>", text)


def _allowed(text: str, language: str) -> str:
    """Return the text with everything that a faithful translation of it may say in digits."""
    implied = [digits for pattern, digits in _IMPLIED if re.search(pattern, text, re.IGNORECASE)]
    known = _prepared(text, language)
    return "\n".join([known, in_digits(known, language), *implied, *_half_hours(text, language)])


def _half_hours(text: str, language: str) -> list[str]:
    """Return ``halb acht`` and ``half past seven`` as 7:30 and 19:30, and their words as numbers."""
    found = []
    for match in _HALF_HOUR.finditer(text):
        hour = in_digits(match[1] or match[2], language)
        if hour.isdigit() and 0 < int(hour) <= _IN_TWELVE:
            before = int(hour) - 1 if match[1] else int(hour)
            found.append(f"{before}:30 Uhr, {before + _IN_TWELVE}:30 Uhr, {before}, {before + 1}, 30")
    return found


def _in_24_hours(text: str) -> str:
    """Return the text with ``7.30 pm`` as ``19:30``."""
    return _TWELVE_HOURS.sub(
        lambda match: f"{int(match[1]) % _IN_TWELVE + _IN_TWELVE * (match[3] in 'pP')}:{match[2] or '00'}",
        text,
    )


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


def with_own_separators(before: str, after: str, source: str, target: str) -> str:
    """Return ``after`` with numbers of ``before`` in the signs of its own language, ``1,200`` instead of ``1.200``.

    Only between German and English, whose signs are each other's; models mix them up.
    """
    if {source, target} != _KNOWN_DATES:
        return after
    swap = str.maketrans(".,", ",.")
    right = {_NO_DIGIT.sub("", found): found.translate(swap) for found in _GROUPED[source].findall(before)}
    return _SIGNED.sub(lambda match: right.get(_NO_DIGIT.sub("", match[0]), match[0]), after)
