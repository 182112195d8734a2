"""Numbers and sums of money in results: read as models write them, written as people do."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from stations.texts import Language

_NUMBER = re.compile(r"-?\d[\d.,'’ \u00a0\u202f]*")
_THOUSANDS = {"de": re.compile(r"\.(?=\d{3}(?!\d))"), "en": re.compile(r",(?=\d{3}(?!\d))")}
_HUGE = 1e15
"""No amount that anybody means; beyond it a float has no cents left."""


def number_in(value: object, language: Language) -> float:
    """Return the number in a cell, 0 if there is none: models also write ``"1.200,50 €"`` or nothing at all."""
    if isinstance(value, str):
        found = _NUMBER.search(value.replace("−", "-"))
        bare = re.sub(r"['’ \u00a0\u202f]", "", found[0]) if found else ""
        value = _float(_THOUSANDS[language].sub("", bare).rstrip(".,").replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if abs(value) < _HUGE else 0.0  # false for "not a number", too


def cents(euros: float) -> float:
    """Return an amount in whole cents, half a cent up, as people round."""
    if not abs(euros) < _HUGE:
        return euros if math.isfinite(euros) else 0.0
    return float(Decimal(repr(euros)).quantize(Decimal("0.01"), ROUND_HALF_UP)) + 0.0


def money(euros: float, language: Language) -> str:
    """Return an amount such as ``-1.234,50 €`` (German) or ``-€1,234.50`` (English)."""
    sign, english = "-" if euros < 0 else "", f"{abs(euros):,.2f}"
    if language == "en":
        return f"{sign}€{english}"
    return f"{sign}{english.translate(str.maketrans(',.', '.,'))} €"


def _float(digits: str) -> float:
    try:
        return float(digits)
    except ValueError:
        return 0.0
