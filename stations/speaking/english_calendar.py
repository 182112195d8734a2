"""Days, dates, times and years in English, as they are said."""

import re

from stations.speaking.rules import ENGLISH_YEARS, Rule, cardinal, ordinal, year

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
DAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Thur": "Thursday",
    "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
}  # fmt: skip
_DASH = r"(?:-|–|—|to|until)"
_DAY = r"(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)"
_MONTH = rf"(?:{'|'.join(MONTH_NAMES)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"

_DAY_RANGE = re.compile(rf"\b({_DAY})\.?\s?{_DASH}\s?({_DAY})\b\.?(?!\w)")
_DAY_LIST = re.compile(rf"\b{_DAY}\b\.?(?:(?:\s?(?:,|/|&|\+|and|or)\s?){{1,2}}{_DAY}\b\.?)+(?!\w)")
_SINGLE_DAY = re.compile(
    rf"(?<=\b(?i:on)\s){_DAY}\b\.?(?!\w)|(?<=\b(?i:closed)\s){_DAY}\b\.?(?!\w)"
    rf"|(?<!\w){_DAY}\b\.?(?=,?:?\s(?:[0-9]|{_MONTH}|closed\b))|(?<=\(){_DAY}\b\.?(?=\))"
)
_EACH_DAY = re.compile(rf"\b{_DAY}\b\.?")

_HALF = r"(?:\s?(?P<half{0}>[ap])\.?m\b\.?)"
_HOURS = re.compile(
    r"(?<![\w.,:£$€])(?P<h>[01]?[0-9]|2[0-4])(?:[:.](?P<m>[0-5][0-9]))?"
    rf"{_HALF.format('1')}?\s?(?P<dash>{_DASH}|and)\s?"
    rf"(?P<h2>[01]?[0-9]|2[0-4])(?:[:.](?P<m2>[0-5][0-9]))?{_HALF.format('2')}",
    re.IGNORECASE,
)
_HOUR = re.compile(
    rf"(?<![\w.,:£$€])(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5][0-9]))?{_HALF.format('1')}", re.IGNORECASE
)
_CLOCK = re.compile(r"(?<![\w.,:])(?P<h>[01]?[0-9]|2[0-4]):(?P<m>[0-5][0-9])(?:\s?h\b)?(?![\w:])")
_CLOCK_DASH = re.compile(r"(?<=[0-9]:[0-5][0-9])\s?[-–—]\s?(?=(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?![\w:]))")

_NUMBER = r"(?:0?[1-9]|[12][0-9]|3[01])"
_TH = r"(?:st|nd|rd|th)?"
_DAY_FIRST = re.compile(
    rf"(?<![\w.,/:])(?P<the>(?i:the)\s)?"
    rf"(?:(?P<a>{_NUMBER}){_TH}\s?(?:(?P<am>{_MONTH})\s?)?(?P<dash>{_DASH}|and|or|&)\s?)?"
    rf"(?P<b>{_NUMBER}){_TH}\s(?:of\s)?(?P<bm>{_MONTH})(?:,?\s(?P<y>[12][0-9]{{3}})(?![\w-]))?(?!\w)"
)
_MONTH_FIRST = re.compile(
    rf"(?<![\w.])(?P<bm>{_MONTH})\s(?P<b>{_NUMBER}){_TH}(?![0-9:]|\s?[ap]m\b)"
    rf"(?:\s?(?P<dash>[-–—]|and|to|&)\s?(?P<a>{_NUMBER}){_TH}"
    r"(?![0-9:]))?(?:,?\s(?P<y>[12][0-9]{3})(?![\w-]))?(?!\w)"
)
_SLASHED = re.compile(
    r"(?<![\w/.-])(0?[1-9]|[12][0-9]|3[01])([/.])(0?[1-9]|[12][0-9]|3[01])\2([12][0-9]{3})(?![\w/-])"
)
_ISO = re.compile(r"(?<![\w-])([12][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![\w-])")

_YEAR = r"(?:1[1-9][0-9]{2}|20[0-9]{2})"
_LIFE = re.compile(rf"(?<![\w*])(?P<sign>[*†✝]|\b[bd]\.)\s?(?=(?:(?:c\.|ca\.|circa|about)\s?)?{_YEAR})")
_ABOUT = re.compile(rf"(?<![\w.])ca?\.\s?(?={_YEAR})")
_YEARS = re.compile(rf"(?<![\w.,/:£$€-])({_YEAR})\s?(-|–|—|/)\s?({_YEAR}|[0-9]{{2}})(?![\w/]|[.,-][0-9])")
_DECADE = re.compile(r"(?<![\w.,])(1[1-9][0-9]0|20[0-9]0|[2-9]0)['’]?s\b")
_CENTURY = re.compile(r"(?<=[0-9](?:st|nd|rd|th)\s)c(?:ent)?\.(?!\w)")
_CENTURIES = re.compile(
    r"\b([0-9]{1,2}(?:st|nd|rd|th))\s?[/–-]\s?(?=[0-9]{1,2}(?:st|nd|rd|th)\s(?:c\b|cent))"
)
_ONE_YEAR = re.compile(
    rf"(?<![\w.,/:£$€-])(?<!\b[Nn]o\.\s)(?<!\bnumber\s)(?<!\bover\s)(?<!\bsome\s)({_YEAR})"
    r"(?![\w/:€$£%]|[.,-][0-9]|\s(?:[€$£%]|(?:[a-z]{2,}\s)?(?!was\b|is\b|as\b|has\b|this\b|its\b|his\b)[a-z]{2,}s\b"
    r"|(?:people|children|men|women|km|m|cm|mm|kg|g|t|l|m²|m³|ha|million|thousand)\b))"
)


def _days(match: re.Match[str]) -> str:
    named = _EACH_DAY.sub(lambda day: DAYS[day[0].rstrip(".")], match[0])
    return re.sub(r"\s?[/&+]\s?", " and ", named)


def _half(half: str | None) -> str:
    return f" {half.upper()} M" if half else ""


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    hours, minutes = cardinal(int(hour), "en"), int(minute or 0)
    if not minutes:
        return hours + (_half(half) or (" o'clock" if 0 < int(hour) <= 12 else " hundred"))  # noqa: PLR2004 - noon
    few = "oh " if minutes < 10 else ""  # noqa: PLR2004 - one digit
    return f"{hours} {few}{cardinal(minutes, 'en')}{_half(half)}"


def _hours(match: re.Match[str]) -> str:
    between = "and" if match["dash"].lower() == "and" else "to"
    first = (
        _clock(match["h"], match["m"], match["half1"])
        if match["m"] or match["half1"]
        else cardinal(int(match["h"]), "en")
    )
    return f"{first} {between} {_clock(match['h2'], match['m2'], match['half2'])}"


def _nth(day: str) -> str:
    return f"the {ordinal(int(day), 'en')}"


def _month(word: str) -> str:
    return next(name for name in MONTH_NAMES if name.startswith(word.rstrip(".")[:3]))


def _between(dash: str) -> str:
    return {"and": "and", "&": "and", "or": "or"}.get(dash, "to")


def _day_first(match: re.Match[str]) -> str:
    month, since = _month(match["bm"]), f" {_year(match['y'])}" if match["y"] else ""
    said = f"{_nth(match['b'])} of {month}{since}"
    if match["a"]:
        own = f" of {_month(match['am'])}" if match["am"] else ""
        said = f"{_nth(match['a'])}{own} {_between(match['dash'])} {said}"
    return "T" + said[1:] if (match["the"] or "").startswith("T") else said


def _month_first(match: re.Match[str]) -> str:
    more = f" {_between(match['dash'])} {_nth(match['a'])}" if match["a"] else ""
    since = f", {_year(match['y'])}" if match["y"] else ""
    return f"{_month(match['bm'])} {_nth(match['b'])}{more}{since}"


def _slashed(match: re.Match[str]) -> str:
    """Day first, as in the country where this is read, unless only the other order makes a date."""
    day, month = int(match[1]), int(match[3])
    if month > len(MONTH_NAMES):
        day, month = month, day
    return match[0] if month > len(MONTH_NAMES) else f"{day} {MONTH_NAMES[month - 1]} {match[4]}"


def _iso(match: re.Match[str]) -> str:
    return f"{int(match[3])} {MONTH_NAMES[int(match[2]) - 1]} {match[1]}"


def _year(written: str) -> str:
    return year(int(written), "en") if int(written) in ENGLISH_YEARS else cardinal(int(written), "en")


def _decade(match: re.Match[str]) -> str:
    said = _year(match[1])
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


RULES = (
    Rule(_DAY_RANGE, lambda match: f"{DAYS[match[1]]} to {DAYS[match[2]]}"),
    Rule(_DAY_LIST, _days),
    Rule(_SINGLE_DAY, _days),
    Rule(_SLASHED, _slashed),
    Rule(_ISO, _iso),
    Rule(_HOURS, _hours),
    Rule(_HOUR, lambda match: _clock(match["h"], match["m"], match["half1"])),
    Rule(_CLOCK_DASH, lambda _: " to "),
    Rule(_CLOCK, lambda match: _clock(match["h"], match["m"], None)),
    Rule(_CENTURIES, lambda match: f"{match[1]} and "),
    Rule(_CENTURY, lambda _: "century"),
    Rule(_DAY_FIRST, _day_first),
    Rule(_MONTH_FIRST, _month_first),
    Rule(_LIFE, lambda match: "born " if match["sign"] in ("*", "b.") else "died "),
    Rule(_ABOUT, lambda _: "circa "),
    Rule(_YEARS, lambda match: f"{_year(match[1])}{' ' if match[2] == '/' else ' to '}{_year(match[3])}"),
    Rule(_DECADE, _decade),
    Rule(_ONE_YEAR, lambda match: _year(match[1])),
)
