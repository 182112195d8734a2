"""Days of the week and months that a text has and its translation has not."""

import re
from functools import cache

_DAYS = {
    "de": "montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
}
_MONTHS = {
    "de": "januar|jänner februar märz april mai juni juli august september oktober november dezember",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
_ENDING = {
    "de": r"(?:s|e|en|abends?|nachmittags?|mittags?|morgens?|vormittags?|nachts?)?",
    "en": "(?:s|['’]s)?",
}
_NUMBERED = re.compile(r"\d{1,2}\.\s?(\d{1,2})\.|\b\d{4}-(\d{2})-\d{2}\b|\b\d{1,2}/(\d{1,2})/\d{2,4}\b")
"""Dates with their month in digits."""


def lost_days(before: str, after: str, source: str, target: str) -> tuple[str, ...]:
    """Return the days of the week and months of ``before`` that ``after`` names differently or not at all.

    Nothing where one of the languages is not known here. In English they count with a capital letter only, because
    ``may`` and ``march`` are words; a month that ``after`` has in digits is there.
    """
    if not {source, target} <= _DAYS.keys():
        return ()
    said = {name for name, _ in _named(after, target)} | _numbered(after)
    return tuple(dict.fromkeys(word for name, word in _named(before, source) if name not in said))


def _named(text: str, language: str) -> list[tuple[str, str]]:
    """Return each day and month of a text: its number, and the word it is named with."""
    return [(name, match[0]) for name, pattern in _patterns(language) for match in pattern.finditer(text)]


def _numbered(text: str) -> set[str]:
    months = (next(filter(None, match.groups())) for match in _NUMBERED.finditer(text))
    return {f"month {int(month)}" for month in months}


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    ending = _ENDING.get(language, "s?")
    flags = 0 if language == "en" else re.IGNORECASE
    kinds = (("day", _DAYS[language].split()), ("month", _MONTHS[language].split()))
    return tuple(
        (f"{kind} {number}", re.compile(rf"\b(?:{names}){ending}\b", flags))
        for kind, words in kinds
        for number, names in enumerate(words, start=1)
    )
