"""Until when: the words for a time that people said, exactly as they said them. Nothing is computed."""

import re
from functools import cache

from stations.speech.meeting.months import MONTHS
from stations.texts import Language

_DE_DAY = r"(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend)"
_DE_SPAN = r"(?:\w*(?:woche|wochenende|monat|jahr|quartal|sitzung|treffen|probe|versammlung))s?"
_DE_SEASON = r"(?:ostern|pfingsten|weihnachten|advent|(?:\w+)?ferien|frühjahr|frühling|sommer|herbst|winter|feierabend)"
_DE_NEXT = r"(?:(?:nächste|kommende|diese|übernächste)[nrsm]?|der|des)"
_DE_DATE = rf"(?:\d{{1,2}}\.|\w+te[nrs]?) (?:{MONTHS['de']}|\d{{1,2}}\.)(?: \d{{4}})?"
_DE_ORDINAL = r"(?:\d{1,2}\.|\w*(?:ers|zwei|drit|vier|fünf|sechs|sieb|ach|neun|zehn|elf|zwölf|zigs|ßigs)ten)"
_DE_SOON = r"(?:(?<!guten )morgen(?: früh| abend)?|übermorgen|nachher|heute(?: abend| noch)?)"
_DE_WHEN = (
    rf"(?:{_DE_DATE}|(?:{_DE_NEXT} )?{_DE_DAY}(?:abend|früh|morgen|mittag|nachmittag)?"
    rf"|(?:ende|anfang|mitte)(?: {_DE_NEXT})? (?:{_DE_SPAN}|{MONTHS['de']})"
    rf"|(?:{_DE_NEXT} )?{_DE_SPAN}|nächste[ns]? mal|{_DE_SEASON}|{MONTHS['de']}|{_DE_SOON})"
)
_DE_LINK = r"(?:zum|zur|am|dem|der|den|spätestens|noch|in|im)"

_EN_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend)"
_EN_DATE = rf"(?:\w+(?:-\w+)?(?:st|nd|rd|th)(?: of)? (?:{MONTHS['en']})|(?:{MONTHS['en']}) (?:the )?\w+(?:st|nd|rd|th))"
_EN_NEXT = r"(?:next|this|coming)"
_EN_SPAN = r"(?:week|month|year|meeting|rehearsal|easter|christmas|summer|autumn|spring|winter|tonight|tomorrow|noon)"
_EN_WHEN = (
    rf"(?:the )?(?:(?:end|beginning|middle) of )?(?:the )?(?:{_EN_NEXT} )?"
    rf"(?:{_EN_DATE}|{_EN_DAY}|{_EN_SPAN}|{MONTHS['en']})"
)
_PATTERNS: dict[Language, tuple[str, ...]] = {
    "de": (
        rf"\b(?:bis|spätestens)(?: {_DE_LINK}){{0,2}} {_DE_WHEN}(?!\w)",
        rf"\bbis zum {_DE_ORDINAL}(?!\w)",
        rf"\b(?:vor|noch|ab|am|im|zum|in|gleich)(?: {_DE_LINK})? {_DE_WHEN}(?!\w)",
        rf"\b{_DE_DATE}(?!\w)",
        rf"\b{_DE_SOON}(?: gleich)?\b",
        rf"\b(?:diese|nächste|kommende) {_DE_SPAN}\b",
        r"\b(?:spätestens )?in (?:einer|ein|zwei|drei|vier|\d+) (?:tagen|wochen?|monaten?)\b",
        r"\bso (?:bald|schnell) wie möglich\b",
    ),
    "en": (
        rf"\b(?:by|before|until|on|at|in) {_EN_WHEN}\b",
        r"\b(?:tonight|tomorrow(?: morning| evening)?|today|straight away|as soon as possible)\b",
        rf"\b{_EN_NEXT} (?:{_EN_DAY}|{_EN_SPAN})\b",
        r"\b(?:with)?in (?:a|two|three|four|\d+) (?:days|weeks?|months?)\b",
    ),
}


def deadlines(text: str, language: Language) -> tuple[str, ...]:
    """Return the words for a time in ``text``, in order, each once, the longest where two overlap."""
    found = [match for pattern in _compiled(language) for match in pattern.finditer(text)]
    kept: list[re.Match[str]] = []
    for match in sorted(found, key=lambda each: each.start() - each.end()):
        if all(match.end() <= each.start() or match.start() >= each.end() for each in kept):
            kept.append(match)
    return tuple(dict.fromkeys(match[0] for match in sorted(kept, key=lambda each: each.start())))


@cache
def _compiled(language: Language) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS[language])
