"""Ordinal numbers, centuries and Roman numerals in German, with the endings that grammar asks for."""

import re

from stations.speaking.rules import Rule, cardinal, ordinal, roman_value
from stations.speaking.words import any_of, words

_WORDS = words("de")
_FEMININE = ("ung", "heit", "keit", "schaft", "tion", "tät", "ik", "ur", "enz", "anz", "ie", "erei")

_ROMAN = r"[IVXLC]{1,7}"
_DETERMINER = (
    r"der|die|das|dem|den|des|im|am|zum|zur|vom|beim|ins|an|ein|eine[mnrs]?|eine|jede[mnrs]?|jede"
    r"|diese[mnrs]?|diese|(?:unser|ihr|sein|mein|euer)(?:e[mnrs]?)?"
)
_NUMBER_NOUN = re.compile(
    rf"(?:(?<![\w.])(?P<det>(?i:{_DETERMINER}))\s)?(?<![\w.,/:])"
    rf"(?P<n>[0-9]{{1,3}})\.(?:\s(?P<and>und|oder|bis)\s(?P<n2>[0-9]{{1,3}})\.)?"
    r"\s(?=(?P<noun>[A-ZÄÖÜ][\w-]*))"
)
_LONE = re.compile(
    r"(?<![\w.])(?P<det>(?i:am|vom|zum|dem|den))\s(?P<n>[0-9]{1,2})\.(?=\s[a-zäöüß]|\s?$|[,;)])"
)
_CENTURY = re.compile(
    rf"(?<![\w.,/:])(?P<a>[0-9]{{1,2}}|{_ROMAN})\.(?:\s?(?P<and>/|–|-|und|bis|oder)\s?(?P<b>[0-9]{{1,2}}|{_ROMAN})\.)?\s?"
    r"(?P<word>Jh(?:dt?)?s?\b\.?|Jahrhunderts?\b|Jahrtausends?\b)"
)
_PART_OF = re.compile(r"\b(?:Anfang|Beginn|Mitte|Ende|Hälfte|Drittel|Viertel|Jahrzehnt)\s$")
_OF_THE = re.compile(r"\b(?:des|eines)\s(?:\w+en\s)?$", re.IGNORECASE)
_IN_THE = re.compile(r"\b(?:im|dem|vom|zum|am|beim|diesem|den)\s(?:\w+en\s)?$", re.IGNORECASE)
_THE = re.compile(r"\b(?:das|ins|dieses)\s(?:\w+e\s)?$", re.IGNORECASE)

_LABEL = re.compile(
    rf"\b({any_of(_WORDS.labels)}|Kap\.|Bd\.|Abb\.|Abt\.|Nr\.|Taf\.)\s({_ROMAN})\b(?!\.\s[a-zäöüß])"
)
_NTH_RULER = re.compile(rf"\b(?P<det>der|die|dem|den|des)\s(?P<n>{_ROMAN})\.")
_RULER = re.compile(rf"\b(?P<name>[A-ZÄÖÜ][a-zäöüß]+)\s(?P<n>{_ROMAN})(?P<dot>\.?)(?!\w)")
_NTH_NOUN = re.compile(r"(?<![\w.])([IVX]{1,6})\.(?=\s([A-ZÄÖÜ][a-zäöüß]+))")
_SERIES = re.compile(r"(?<=[\w-]\s)(?<=[a-zäöüß]\s)([IVX]{2,6})\b(?!\.\s[a-zäöüß])")
_WITH_DATIVE = re.compile(
    r"\b(?i:aus|bei|dem|gegenüber|mit|nach|neben|seit|unter|von|vor|zu|zwischen)\s(?:[A-ZÄÖÜ]\w+\s){0,2}$"
)
_WITH_ACCUSATIVE = re.compile(r"\b(?i:durch|für|gegen|ohne|um|den)\s(?:[A-ZÄÖÜ]\w+\s){0,2}$")
_ONE = re.compile(r"(?<![\w.,/:-])1\s(?=([A-ZÄÖÜ][a-zäöüß]+))")
_LABELLED = re.compile(r"[A-ZÄÖÜ]\w*\.?\s$")


def gender(noun: str) -> str:
    """Return ``m``, ``f`` or ``n``, guessed from the end of the word where it is in no list."""
    for known, found in _WORDS.counted.items():
        if noun == known or noun.endswith(known.lower()):
            return found
    if noun in _WORDS.floors:
        return "n"
    return "f" if _is_feminine(noun) else "m"


def _is_feminine(noun: str) -> bool:
    return noun.endswith(_FEMININE) or (noun.endswith("e") and noun not in _WORDS.not_feminine)


def _nth(number: str, end: str) -> str:
    value = int(number) if number.isdigit() else roman_value(number) or 0
    return ordinal(value, "de")[:-1] + end


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 40) : match.start()]


def _number_noun(match: re.Match[str]) -> str:
    det, noun = match["det"], match["noun"]
    if not det and noun not in _WORDS.counted and noun not in _WORDS.floors:
        return match[0]
    end = _ending((det or "").lower(), gender(noun))
    said = f"{det} " if det else ""
    said += _nth(match["n"], end)
    return f"{said} {match['and']} {_nth(match['n2'], end)} " if match["n2"] else f"{said} "


def _ending(det: str, kind: str) -> str:
    """Return how an ordinal number ends behind a determiner, before a noun of that gender."""
    if not det or det in ("ein", "unser", "ihr", "sein", "mein", "euer"):
        return {"m": "er", "f": "e", "n": "es"}[kind]
    if det in ("der", "jeder", "dieser"):
        return "en" if kind == "f" else "e"
    if det.endswith("e") or det in ("das", "ins", "jedes", "dieses"):
        return "e"
    return "en"


def _century(match: re.Match[str]) -> str:
    before, word = _before(match), match["word"]
    numbers = [number for number in (match["a"], match["b"]) if number]
    if any(not number.isdigit() and not roman_value(number) for number in numbers):
        return match[0]
    age = "Jahrtausend" if word.startswith("Jahrt") else "Jahrhundert"
    of_the, part = (
        bool(_OF_THE.search(before)) or word.rstrip(".").endswith("s"),
        bool(_PART_OF.search(before)),
    )
    end = "en" if of_the or part or _IN_THE.search(before) else "e" if _THE.search(before) else "es"
    between = {"/": "und", "–": "bis", "-": "bis"}.get(match["and"], match["and"])
    said = f" {between} ".join(_nth(number, end) for number in numbers)
    full_stop = "." if word.endswith(".") and not match.string[match.end() :].strip() else ""
    return f"{'des ' if part else ''}{said} {age}{'s' if of_the or part else ''}{full_stop}"


def _label(match: re.Match[str]) -> str:
    value = roman_value(match[2])
    return f"{match[1]} {cardinal(value, 'de')}" if value else match[0]


def _nth_ruler(match: re.Match[str]) -> str:
    if not roman_value(match["n"]):
        return match[0]
    return f"{match['det']} {_capital(match['n'], 'e' if match['det'] in ('der', 'die') else 'en')}{_stop(match)}"


def _ruler(match: re.Match[str]) -> str:
    name = match["name"]
    base = name if name in _WORDS.rulers or not name.endswith("s") else name[:-1]
    known, followed = base in _WORDS.rulers, re.match(r"\s[a-zäöüß]|[,;:)]", match.string[match.end() :])
    if not roman_value(match["n"]) or not (match["dot"] or (known and len(match["n"]) > 1)):
        return match[0]
    if not known and (len(match["n"]) == 1 or not followed):
        return match[0]
    return f"{name} {_title(match, base, is_genitive=known and base != name)}{_stop(match) if match['dot'] else ''}"


def _title(match: re.Match[str], name: str, *, is_genitive: bool) -> str:
    before, number = _before(match), match["n"]
    dative, queen = bool(_WITH_DATIVE.search(before)), name in _WORDS.queens
    if queen:
        return f"der {_capital(number, 'en')}" if is_genitive or dative else f"die {_capital(number, 'e')}"
    if is_genitive:
        return f"des {_capital(number, 'en')}"
    if dative:
        return f"dem {_capital(number, 'en')}"
    return (
        f"den {_capital(number, 'en')}" if _WITH_ACCUSATIVE.search(before) else f"der {_capital(number, 'e')}"
    )


def _capital(number: str, end: str) -> str:
    said = _nth(number, end)
    return said[0].upper() + said[1:]


def _stop(match: re.Match[str]) -> str:
    """Return the full stop where the number's own ends the sentence too."""
    return "." if re.match(r"\s*$|\s+[A-ZÄÖÜ]", match.string[match.end() :]) else ""


def _to_digits(match: re.Match[str]) -> str:
    value = roman_value(match[1])
    counts = len(match[1]) > 1 or match[2] in _WORDS.counted
    return f"{value}." if value and counts else match[0]


def _series(match: re.Match[str]) -> str:
    value = roman_value(match[1])
    return cardinal(value, "de") if value else match[0]


def _one(match: re.Match[str]) -> str:
    if _LABELLED.search(_before(match)):
        return match[0]
    return "eine " if gender(match[1]) == "f" else "ein "


RULES = (
    Rule(_CENTURY, _century),
    Rule(_LABEL, _label),
    Rule(_NTH_RULER, _nth_ruler),
    Rule(_RULER, _ruler),
    Rule(_NTH_NOUN, _to_digits),
    Rule(_SERIES, _series),
    Rule(_NUMBER_NOUN, _number_noun),
    Rule(_LONE, lambda match: f"{match['det']} {_nth(match['n'], 'en')}"),
    Rule(_ONE, _one),
)
