"""Numbers the way people write them: bytes, seconds, decimals, in German and English."""

import math
from collections.abc import Mapping

from stations.texts import Language, say

BYTE_FACTS = {"bytes", "done", "free", "needed", "size", "total", "stated"}
"""Names of facts that count bytes; every ModelError uses these names for bytes only."""
MINUTE_S = 60
_STEPS = ((1e9, "GB"), (1e6, "MB"), (1e3, "KB"))


def bytes_text(count: float, language: Language) -> str:
    """Return a size such as ``1,1 GB`` (decimal units, as shops and systems other than Windows use them)."""
    for size, unit in _STEPS:
        if count >= size:
            return f"{decimal(count / size, language)} {unit}"
    return f"{count:.0f} Byte"


def decimal(value: float, language: Language, digits: int = 1) -> str:
    """Return a decimal number with the language's own comma."""
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language == "de" else text


def wait_text(seconds: float, language: Language) -> str:
    """Return a rough time to wait: in steps of five seconds up to a minute, in minutes after that."""
    if seconds < MINUTE_S:
        return say("page.seconds", language, count=max(5, 5 * math.ceil(seconds / 5)))
    minutes = round(seconds / MINUTE_S)
    return say("page.minutes", language, count=minutes) if minutes > 1 else say("page.minute", language)


def clock_text(seconds: float) -> str:
    """Return a moment or a length such as ``4:05`` or ``1:02:30``, as players show it."""
    minutes, rest = divmod(int(seconds), MINUTE_S)
    hours, minutes = divmod(minutes, MINUTE_S)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def spoken(facts: Mapping[str, object], language: Language) -> dict[str, object]:
    """Return an error's facts ready for a sentence: bytes with a unit, other fractions with a comma."""
    return {name: _spoken(name, value, language) for name, value in facts.items()}


def _spoken(name: str, value: object, language: Language) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if name in BYTE_FACTS:
            return bytes_text(value, language)
        if isinstance(value, float):
            return decimal(value, language)
    return value
