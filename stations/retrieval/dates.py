"""Dates in a text, German and English: days, months, years, spans of years, decades, centuries.

Rules of our own: dateparser, the well-kept library for this, takes „§ 1874“, „1500 Besucher“ and „Im 19. Jahrhundert“
(the 19th of this month) for dates, and even „so“ (Sunday); it is made for dates that are known to be some. Where a rule
here is unsure it stays silent. Not read: years with two digits, and dates before Christ.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from stations.prose.marks import without_addresses

_MONTHS = (
    "Jan(?:uar|uary)?|Jänner", "Feb(?:ruar|ruary)?|Feber", "März|Mrz|Mär|March|Mar", "Apr(?:il)?", "Mai|May",
    "Juni?|June", "Juli?|July", "Aug(?:ust)?", "Sep(?:t(?:ember)?)?", "O[kc]t(?:ober)?",
    "Nov(?:ember)?", "De[zc](?:ember)?",
)  # fmt: skip
_MONTH = rf"(?:{'|'.join(_MONTHS)})\b\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_YEAR = r"(?:1\d{3}|20\d{2})(?![\d])"
_NTH = r"(?:\.|st|nd|rd|th)?"
_DASH = r"\s?(?:-|–|—|/|bis(?:\szum)?|und|to|and|until)\s?"
_START = r"(?<![\w.,/:§-])"
_BC = re.compile(r",?\s?(?:v\.\s?(?:Chr|u)\b|BCE?\b|B\.C\.|vor\s(?:Christus|Christi))")

_DAYS = re.compile(
    rf"{_START}(?:(?P<from>{_DAY}){_NTH}(?:\s?(?P<from_month>{_MONTH}))?(?:\s(?P<from_year>{_YEAR}))?{_DASH})?"
    rf"(?P<day>{_DAY}){_NTH}\s?(?:of\s)?(?P<month>{_MONTH}),?\s(?P<year>{_YEAR})"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTH})\s(?:(?P<from>{_DAY}){_NTH}{_DASH})?(?P<day>{_DAY}){_NTH},?\s(?P<year>{_YEAR})"
)
_NUMERIC = re.compile(
    rf"{_START}(?P<day>{_DAY})\.\s?(?P<number>0?[1-9]|1[0-2])\.\s?(?P<year>{_YEAR})(?![.:]\d)"
)
_ISO = re.compile(
    r"(?<![\w.,/-])(?P<year>1\d{3}|20\d{2})-(?P<number>0[1-9]|1[0-2])-(?P<day>[0-2]\d|3[01])(?![\d-])"
)
_MONTHS_OF = re.compile(
    rf"\b(?:(?P<from_month>{_MONTH})(?:\s(?P<from_year>{_YEAR}))?{_DASH})?(?P<month>{_MONTH}),?\s(?:of\s)?(?P<year>{_YEAR})"
)
_CENTURY = re.compile(
    r"\b(?:(?P<from>\d{1,2})\.?(?:th|st|nd|rd)?\s?(?:-|–|und|bis|and|to|/)\s?(?:zum\s)?)?(?P<number>\d{1,2})"
    r"(?:\.\s?(?:Jahrhundert|Jahrh\.|Jh\.?|Jhd?t?\.)|(?:th|st|nd|rd)[\s-]centur)\w*"
)
_DECADE = re.compile(rf"{_START}(?P<year>(?:1\d|20)\d0)(?:er\b(?:n\b)?(?:[\s-]Jahren?\b)?|['’]?s\b)")
_YEARS = re.compile(
    rf"(?<![\w.,/:§-])(?P<from>{_YEAR})(?:{_DASH})(?P<year>{_YEAR}|\d{{2}}(?!\d))(?![\w%€]|[.,/:-]\d|\s?(?:Uhr|€|EUR|Euro|%))"
)
_CUE = (
    r"(?:Jahr(?:e[ns]?|es)?|Anno|anno|um|seit|ab|bis|nach|vor|von|zwischen|Anfang|Mitte|Ende|Herbst|Sommer|Winter|Frühjahr"
    r"|Frühling|ca\.|circa|c\.|in|In|since|Since|until|by|By|before|after|from|From|between|during|year|years|early|late|mid"
    r"|spring|summer|autumn|winter|geb\.|gest\.|born|died|gegr\.|[*†])"
)
_CUED = re.compile(rf"(?<![\w.,])(?P<cue>{_CUE})\s?(?P<year>{_YEAR})(?![\w%€]|[.,/:-]\d|\s\d{{3}})")
_EARLY = re.compile(r"\b(?:Jahre?|Anno|anno|year)\s(?P<year>\d{3})(?![\w%€]|[.,]\d)")
_BARE = re.compile(
    rf"(?<![\w.,;/:§$€£#-])(?<!\d\s)(?P<year>{_YEAR})(?![\w%€]|[.,:-]\d|[;/]\S|\s\d{{3}}|\s\x00)"
)
_NUMBER_OF = re.compile(
    r"(?:§§?(?:\s?\d+[a-z]?(?:,|\sund|\sbis|\s?[-–]))*|[€$£]|Art|Artikel|Abs|Absatz|Nr|No|Nrn|Nummer|number|Seiten?|pages?|S|p|pp|Bl|Blatt|Bd|Band|Zeilen?|Kap|Kapitel|chapter"
    r"|Abschnitt|section|Abb|Abbildung|Tab|Tabelle|Fig|Version|Port|Raum|Zimmer|Postfach|Konto|Konten|Kontonummer|Tel|Telefon"
    r"|Fax|Durchwahl|App|Inv|Inventar|Inventarnummer|Signatur|Akte|Az|rund|etwa|knapp|über|fast|mehr\sals|mindestens|höchstens"
    r"|insgesamt|nearly|almost|over|about|[A-ZÄÖÜ]{2,5}|Windows|Office|Typ|Modell|je|mal|plus|minus|[=<>×x+]|(?<!\S)--?\w+|(?<!\d)\d{1,3}\s?[-–]|\d:|\|)\.?\s?$"
)
"""What stands before a number that is no year."""
_AMOUNT = re.compile(
    r"\s?(?:€|EUR\b|Euro\b|DM\b|RM\b|Mark\b|Taler\b|Gulden\b|Franken\b|Dollars?\b|Prozent\b|percent\b|%|°|(?:k|c|m)?m[²³]?\b|kg\b"
    r"|[gtlh]\b|ha\b|qm\b|Watt\b|MB\b|GB\b|KB\b|Uhr\b|Stück\b|Mal\b|mal\b|Jahren?\b|years\b|Tagen?\b|Stunden\b)"
)
_NOUN = re.compile(r"\s[A-ZÄÖÜ][a-zäöüß]{2,}")
_PLURAL = re.compile(r"\s(?!(?:was|has|is|its|as|this|his|thus|less)\b)[a-z]{3,}s\b")
_SENTENCE_START = re.compile(r"(?:^|[\n.!?:;(•–-])\s*$")
_LONG = re.compile(r"\S{200,}")
"""No word, and patterns of addresses take for ever on it."""
PAINT = "\0"
"""What has been read is painted over with this."""
FIRST_YEAR = 500
"""Three digits with „im Jahr“ before them are a year from here on."""
_LONG_CENTURY, _LAST_CENTURY = 1, 21


@dataclass(frozen=True)
class Dated:
    """A date as it stands in a text, ``text[start:end]``; a month or a century lasts from ``first`` to ``last`` day."""

    start: int
    end: int
    first: date
    last: date


def dates(text: str, language: str) -> list[Dated]:
    """Return the dates of a text in the order in which they stand there; none overlaps another.

    Args:
        text: Plain text.
        language: Code of its language: English years need a word such as ``in`` before them.
    """
    found, rest = [], without_addresses(_LONG.sub(lambda match: PAINT * len(match[0]), text))
    for pattern, read in _READERS:
        for match in pattern.finditer(rest):
            span = read(match) if _may_be_date(match, pattern, language) else None
            if span:
                found.append(Dated(match.start(), match.end(), *span))
            if span or pattern is not _CUED:  # the year of a cue may still be that of a sentence's beginning
                rest = rest[: match.start()] + PAINT * len(match[0]) + rest[match.end() :]
    return sorted(found, key=lambda each: each.start)


Span = tuple[date, date]


def _may_be_date(match: re.Match[str], pattern: re.Pattern[str], language: str) -> bool:
    if _BC.match(match.string, match.end()):
        return False
    if pattern is _YEARS:
        return not _NUMBER_OF.search(_before(match)) and not _is_amount(match, language)
    if pattern is _CUED:
        return not _is_amount(match, language)
    if pattern is not _BARE:
        return True
    starts = _SENTENCE_START.search(_before(match)) is not None
    if language == "en" and not starts:
        return match.string[match.end() : match.end() + 1] == ")"
    return not _NUMBER_OF.search(_before(match)) and not _is_amount(match, language, starts=starts)


def _is_amount(match: re.Match[str], language: str, *, starts: bool = False) -> bool:
    """Tell whether something is counted: by its unit, or by a noun behind it.

    At the beginning of a line a chronicle has a noun behind its year; of round numbers we do not believe it.
    """
    if _AMOUNT.match(match.string, match.end()):
        return True
    noun = (_PLURAL if language == "en" else _NOUN).match(match.string, match.end())
    is_round = int(match["year"]) % 50 == 0
    return noun is not None and (is_round or not starts)


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 30) : match.start()]


def _days(match: re.Match[str]) -> Span | None:
    parts = match.groupdict()
    year = int(parts["year"])
    month = int(parts["number"]) if parts.get("number") else _month(parts["month"])
    with suppress(ValueError):
        last = date(year, month, int(parts["day"]))
        if not parts.get("from"):
            return last, last
        first_month = _month(parts["from_month"]) if parts.get("from_month") else month
        first = date(int(parts.get("from_year") or year), first_month, int(parts["from"]))
        return (first, last) if first <= last else (last, last)
    return None


def _months(match: re.Match[str]) -> Span | None:
    year, month = int(match["year"]), _month(match["month"])
    first = date(int(match["from_year"] or year), _month(match["from_month"] or match["month"]), 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    return (first, last) if first <= last else None


def _month(name: str) -> int:
    bare = name.rstrip(".")
    return next(number for number, pattern in enumerate(_MONTHS, start=1) if re.fullmatch(pattern, bare))


def _year(match: re.Match[str]) -> Span | None:
    year = int(match["year"])
    return (date(year, 1, 1), date(year, 12, 31)) if year >= FIRST_YEAR else None


def _years(match: re.Match[str]) -> Span | None:
    first, last = match["from"], match["year"]
    last = last if len(last) > 2 else first[:2] + last  # noqa: PLR2004 - „1874–80“
    return (date(int(first), 1, 1), date(int(last), 12, 31)) if int(first) < int(last) else None


def _decade(match: re.Match[str]) -> Span:
    year = int(match["year"])
    return date(year, 1, 1), date(year + 9, 12, 31)


def _century(match: re.Match[str]) -> Span | None:
    last = int(match["number"])
    first = int(match["from"] or last)
    if not _LONG_CENTURY <= first <= last <= _LAST_CENTURY:
        return None
    return date(100 * first - 99, 1, 1), date(100 * last, 12, 31)


_READERS: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], Span | None]]] = (
    (_ISO, _days),
    (_NUMERIC, _days),
    (_DAYS, _days),
    (_MONTH_FIRST, _days),
    (_MONTHS_OF, _months),
    (_CENTURY, _century),
    (_DECADE, _decade),
    (_YEARS, _years),
    (_CUED, _year),
    (_EARLY, _year),
    (_BARE, _year),
)
