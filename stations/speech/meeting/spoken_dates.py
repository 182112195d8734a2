"""Numbers and dates that people say in words, as they are written: "zwölfter Juli" is "12. Juli"."""

import re
from functools import lru_cache

from stations.speech.meeting.months import MONTHS
from stations.texts import Language

_FIRST: dict[Language, tuple[re.Pattern[str], str]] = {
    "de": (re.compile(rf"\berste[nrs]?(?= (?:{MONTHS['de']})\b)", re.IGNORECASE), "1."),
    "en": (re.compile(rf"\bfirst(?= of (?:{MONTHS['en']})\b)", re.IGNORECASE), "1st"),
}
"""Left alone by text2num: "die ersten" is no number most of the time."""


@lru_cache(maxsize=2_000)
def in_digits(text: str, language: Language) -> str:
    """Return ``text`` with its number words in digits, by text2num (MIT)."""
    from text_to_num import alpha2digit

    pattern, digit = _FIRST[language]
    return str(alpha2digit(pattern.sub(digit, text), language))
