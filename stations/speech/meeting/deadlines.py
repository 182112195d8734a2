"""Until when: the words for a time that people said, exactly as they said them. Nothing is computed."""

import re

from stations.texts import Language

_DE_UNIT = r"(?:woche|monat|jahr|quartal|sitzung|treffen|mal|vorstandssitzung|teamsitzung)"
_DE_DAY = r"(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend)"
_DE_MONTH = r"(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)"
_DE_ORDINAL = r"(?:\d{1,2}\.|\w+(?:ten|te|ter|tes))"
_DE_SEASON = r"(?:ostern|pfingsten|weihnachten|advent|(?:oster|sommer|herbst|weihnachts|winter)?ferien|frühjahr|sommer|herbst|winter)"
_DE_DATE = rf"{_DE_ORDINAL} (?:{_DE_MONTH}|\d{{1,2}}\.)(?: \d{{4}})?"
_DE_WHEN = (
    rf"(?:{_DE_DATE}|(?:nächste[nrs]? |kommende[nrs]? |diese[nrs]? )?{_DE_DAY}(?:abend|früh|morgen)?|(?:ende|anfang|mitte) (?:nächste[rns]?|"
    rf"diese[rs]?|der|des|kommende[rn]?)? ?(?:{_DE_UNIT}s?|{_DE_MONTH}|jahres|monats)|{_DE_MONTH}|(?:nächste[nrs]?|kommende[nrs]?|diese[nrs]?) {_DE_UNIT}"
    rf"|{_DE_SEASON}|morgen(?: früh| abend)?|übermorgen|heute(?: abend)?|sonnenuntergang|{_DE_ORDINAL}(?= (?:im monat|habe?|fertig))|\d{{1,2}}(?:[.:]\d{{2}})? uhr)"
)
_PATTERNS: dict[Language, tuple[str, ...]] = {
    "de": (
        rf"\b(?:bis|vor|spätestens|noch|ab|am|im|zum|gleich|in)(?: (?:spätestens|zum|zur|am|dem|der|den|noch|in|im))* {_DE_WHEN}\b",
        rf"\b{_DE_DATE}\b",
        r"\b(?:gleich morgen|morgen gleich|morgen früh|morgen abend|übermorgen|heute abend|heute noch|noch heute|morgen|heute)\b(?! (?:vor allem|hier))",
        rf"\b(?:diese|nächste|kommende) {_DE_UNIT}\b",
        r"\b(?:sofort|demnächst|so bald wie möglich|so schnell wie möglich|in (?:ein|zwei|drei|vier|\d+) (?:tagen|wochen|monaten))\b",
    ),
    "en": (
        r"\b(?:by|before|until|on|at|in)(?: the)? (?:end of |beginning of |middle of )?(?:the )?(?:next |this |coming )?"
        r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|week(?:end)?|month|year|meeting|easter|christmas|summer|autumn|spring|winter"
        r"|(?:\w+(?:st|nd|rd|th|first|second|third)) (?:of )?(?:january|february|march|april|may|june|july|august|september|october|november|december)"
        r"|january|february|march|april|may|june|july|august|september|october|november|december|tonight|tomorrow|noon)\b",
        r"\b(?:tonight|tomorrow(?: morning| evening)?|today|straight away|next week|this week|next month|as soon as possible)\b",
    ),
}  # fmt: skip


def deadlines(text: str, language: Language) -> tuple[str, ...]:
    """Return the words for a time in ``text``, in order, each once, the longest where two overlap."""
    found = [match for pattern in _PATTERNS[language] for match in re.finditer(pattern, text, re.IGNORECASE)]
    found.sort(key=lambda match: (match.start() - match.end(), match.start()))
    kept: list[re.Match[str]] = []
    for match in found:
        if all(match.end() <= each.start() or match.start() >= each.end() for each in kept):
            kept.append(match)
    return tuple(dict.fromkeys(match[0] for match in sorted(kept, key=lambda match: match.start())))
