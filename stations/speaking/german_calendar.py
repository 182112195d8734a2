"""Days, dates, times and years in German, as they are said."""

import re

from stations.speaking.rules import GERMAN_YEARS, Rule, cardinal, ordinal, year

MONTHS = (
    ("Jan",), ("Feb", "Febr"), ("Mrz", "Mär"), ("Apr",), (), ("Jun",), ("Jul",), ("Aug",), ("Sep", "Sept"), ("Okt",),
    ("Nov",), ("Dez",),
)  # fmt: skip
MONTH_NAMES = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip
DAYS = {
    "Mo": "Montag", "Di": "Dienstag", "Mi": "Mittwoch", "Do": "Donnerstag", "Fr": "Freitag", "Sa": "Samstag",
    "So": "Sonntag",
}  # fmt: skip
_DASH = r"(?:-|–|—|bis)"
_DAY = r"(?:Mo|Di|Mi|Do|Fr|Sa|So)"
_DAY_NAME = r"(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)"
_MONTH_WORD = "|".join([*MONTH_NAMES, *(rf"{short}\b\.?" for group in MONTHS for short in group)])

_DAY_RANGE = re.compile(rf"\b({_DAY})\.?\s?(?:{_DASH})\s?({_DAY})\b\.?(?!\w)")
_DAY_LIST = re.compile(rf"\b{_DAY}\b\.?(?:\s?(?:,|/|&|\+|und|u\.|oder|sowie)\s?{_DAY}\b\.?)+(?!\w)")
_SINGLE_DAY = re.compile(
    rf"(?<=\b(?i:am|ab)\s){_DAY}\b\.?"
    rf"|(?<=\b(?i:bis|vom|zum)\s){_DAY}\b\.?|(?<=\b(?i:jeden)\s){_DAY}\b\.?"
    rf"|(?<!\w){_DAY}\b\.?(?=,?:?\s[0-9]{{1,2}}(?:[.:][0-9]{{2}}|\s?(?:{_DASH}|Uhr|\.)))"
    rf"|(?<!\w)(?:Mo|Di|Mi|Do|Fr|Sa)\b\.?(?=:\s|\s(?:geschlossen|Ruhetag|zu\b))"
    rf"|(?<=\(){_DAY}\b\.?(?=\))|(?<!\w)So\b\.?(?=:?\s(?:geschlossen|Ruhetag))"
)
_EACH_DAY = re.compile(rf"\b{_DAY}\b")

_CLOCK = r"(?:[01]?[0-9]|2[0-4])"
_HOURS = re.compile(
    rf"(?<![\w.,:])(?P<h>{_CLOCK})(?:[:.](?P<m>[0-5][0-9]))?(?:\s?Uhr)?\s?(?P<dash>{_DASH}|und)\s?"
    rf"(?P<h2>{_CLOCK})(?:[:.](?P<m2>[0-5][0-9]))?\s?(?:Uhr|h)\b"
)
_CLOCK_RANGE = re.compile(
    rf"(?<![\w.,:])(?P<h>{_CLOCK}):(?P<m>[0-5][0-9])\s?(?P<dash>{_DASH})\s?(?P<h2>{_CLOCK}):(?P<m2>[0-5][0-9])(?![\w:])"
)
_HOUR = re.compile(
    rf"(?<![\w.,:])(?P<h>{_CLOCK})(?:(?:[:.](?P<m>[0-5][0-9]))?\s?Uhr\b|:(?P<m2>[0-5][0-9])(?![\w:]))"
)
_LENGTH = re.compile(r"(?<![\w.,:])([0-9]{1,3}):([0-5][0-9])\s?(?:Std\.?|Stunden|h)(?!\w)")

_DATE = re.compile(
    rf"(?<![\w.,/:])(?:(?P<a>0?[1-9]|[12][0-9]|3[01])(?![0-9])"
    rf"(?:\.\s?(?:(?P<am>{_MONTH_WORD})\s?|(?P<an>0?[1-9]|1[0-2])\.\s?)?)?\s?"
    rf"(?P<dash>{_DASH}|/|und|u\.|oder|&|\+)\s?)?"
    rf"(?P<b>0?[1-9]|[12][0-9]|3[01])\.\s?(?:(?P<bm>{_MONTH_WORD})|(?P<bn>0?[1-9]|1[0-2])\.(?![0-9](?:[^0-9]|$)))"
    r"(?:\s?(?P<y>[12][0-9]{3}|[0-9]{2})(?![\w:]|[.,][0-9]|\s?(?:Uhr|€|%|Euro|h\b)))?(?!\w)"
)
_NUMBERED = re.compile(r"\b(?:Abschnitt|Kap(?:itel|\.)|Nr\.|Nummer|Punkt|Version|Teil|Ziffer)\s$")
_DATIVE = re.compile(
    rf"\b(?:am|vom|zum|beim|dem|den|des|diesem|diesen|jedem|jeden"
    rf"|(?:am|vom|zum|beim|ab|bis|den|dem)\s{_DAY_NAME},?)\s(?:dem\s|den\s)?$",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\b(?:ab|seit|von|mit|nach|vor|zu)\s$", re.IGNORECASE)
_WEAK = re.compile(r"\b(?:der|jeder|dieser|das|die)\s$", re.IGNORECASE)
_UP_TO = re.compile(r"\bbis\s$", re.IGNORECASE)
_ISO = re.compile(r"(?<![\w-])([12][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![\w-])")

_YEAR = r"(?:1[1-9][0-9]{2}|20[0-9]{2})"
_LIFE = re.compile(rf"(?<![\w*])(?P<sign>[*†✝])\s?(?=(?:(?:um|ca\.)\s)?(?:[0-9]{{1,2}}\.|{_YEAR}))")
_YEARS = re.compile(rf"(?<![\w.,/:-])({_YEAR})\s?(-|–|—|/)\s?({_YEAR}|[0-9]{{2}})(?![\w/]|[.,-][0-9])")
_DECADE = re.compile(r"(?<![\w.,])(1[1-9][0-9]{2}|20[0-9]{2}|[2-9]0)er(?:n)?\b(?:-(?=Jahr))?")
_ONE_YEAR = re.compile(
    r"(?<![\w.,/:€$£-])(?<!Nr\.\s)(?<!Nummer\s)(?<!rund\s)(?<!etwa\s)(?<!knapp\s)(1[1-9][0-9]{2})"
    r"(?![\w/:€$£%]|[.,-][0-9]|\s(?:[€$£%]|[A-ZÄÖÜ][a-zäöüß]+|(?:km|m|cm|mm|kg|g|t|l|m²|m³|qm|ha)\b))"
    r"(?!\s(?!(?:alle|andere|begann|bei|durch|eine|eröffnete|erste|für|hatten?|ihre|kamen?|keine|lebte|oder|seine|unter"
    r"|waren?|wieder|wurden?|über)\s)[a-zäöüß]{2,}e[nrs]?\s[A-ZÄÖÜ])"
)


def ending(before: str) -> str:
    """Return how an ordinal number ends behind such words: ``am … vierzehnten``; ``er`` where it stands alone."""
    if _DATIVE.search(before) or _UP_TO.search(before):
        return "en"
    if _STRONG.search(before):
        return "em"
    return "e" if _WEAK.search(before) else "er"


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 40) : match.start()]


def _days(match: re.Match[str]) -> str:
    named = _EACH_DAY.sub(
        lambda day: DAYS[day[0]], match[0].replace("u.", "und").replace("&", "und").replace("+", "und")
    )
    return re.sub(r"\s?/\s?", " und ", re.sub(r"(?<=tag|och)\.", "", named))


def _clock(hour: str, minute: str | None, *, with_word: bool = True) -> str:
    hours = "ein" if int(hour) == 1 and (with_word or int(minute or 0)) else cardinal(int(hour), "de")
    if minute and int(minute):
        return f"{hours} Uhr {cardinal(int(minute), 'de')}"
    return f"{hours} Uhr" if with_word else hours


def _hours(match: re.Match[str]) -> str:
    minutes = (match["m"], match["m2"])
    exact = any(minute and int(minute) for minute in minutes)
    between = "und" if match["dash"] == "und" else "bis"
    first = _clock(match["h"], match["m"], with_word=exact)
    return f"{first} {between} {_clock(match['h2'], match['m2'])}"


def _length(match: re.Match[str]) -> str:
    return f"{int(match[1])} {'Stunde' if int(match[1]) == 1 else 'Stunden'} {int(match[2])} Minuten"


def _date(match: re.Match[str]) -> str:
    before = _before(match)
    if not match["bm"] and _NUMBERED.search(before):
        return re.sub(r"(?<=[0-9])\.\s?(?=[0-9])", " Punkt ", match[0])
    end = ending(before)
    said = f"{_nth(match['b'], end)} {_month(match['bm'], match['bn'])}"
    if match["a"]:
        own = f" {_month(match['am'], match['an'])}" if match["am"] or match["an"] else ""
        between = (
            "bis" if match["dash"] in ("-", "–", "—", "bis") else "oder" if match["dash"] == "oder" else "und"
        )
        said = f"{_nth(match['a'], end)}{own} {between} {said}"
    return f"{said} {_year(match['y'])}" if match["y"] else said


def _nth(day: str, end: str) -> str:
    return ordinal(int(day), "de")[:-1] + end


def _month(word: str | None, number: str | None) -> str:
    if number:
        return MONTH_NAMES[int(number) - 1]
    bare = (word or "").rstrip(".")
    return next(name for name, short in zip(MONTH_NAMES, MONTHS, strict=True) if bare in (name, *short))


def _year(written: str) -> str:
    return year(int(written), "de") if int(written) in GERMAN_YEARS else cardinal(int(written), "de")


def _iso(match: re.Match[str]) -> str:
    return f"{int(match[3])}.{int(match[2])}.{match[1]}"


def _years(match: re.Match[str]) -> str:
    between = " " if match[2] == "/" else " bis "
    return f"{_year(match[1])}{between}{_year(match[3])}"


def _decade(match: re.Match[str]) -> str:
    return f"{_year(match[1])}er{'n' if match[0].rstrip('-').endswith('n') else ''} ".rstrip() + (
        " " if match[0].endswith("-") else ""
    )


RULES = (
    Rule(_DAY_RANGE, lambda match: f"{DAYS[match[1]]} bis {DAYS[match[2]]}"),
    Rule(_DAY_LIST, _days),
    Rule(_SINGLE_DAY, _days),
    Rule(_LENGTH, _length),
    Rule(_HOURS, _hours),
    Rule(_CLOCK_RANGE, _hours),
    Rule(_HOUR, lambda match: _clock(match["h"], match["m"] or match["m2"])),
    Rule(_ISO, _iso),
    Rule(_DATE, _date),
    Rule(_LIFE, lambda match: "geboren " if match["sign"] == "*" else "gestorben "),
    Rule(_YEARS, _years),
    Rule(_DECADE, _decade),
    Rule(_ONE_YEAR, lambda match: _year(match[1])),
)
