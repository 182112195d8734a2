"""Addresses, telephone numbers, hashtags: said sign by sign where people would spell them."""

import re
from collections.abc import Mapping

from stations.prose.marks import addresses
from stations.speaking.rules import Rule, cardinal, digit_by_digit

SAID_WHOLE = frozenset(
    ["com", "net", "org", "info", "museum", "art", "online", "shop", "name", "eu", "edu", "gov"]
)
"""Endings that are said as a word; others are spelled."""
SIGNS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "@": "ät", ".": "Punkt", "-": "Bindestrich", "_": "Unterstrich", "/": "Schrägstrich", "+": "plus",
        ":": "Doppelpunkt",
        "?": "Fragezeichen", "=": "gleich", "&": "und", "%": "Prozent", "#": "Raute", "~": "Tilde",
    },
    "en": {
        "@": "at", ".": "dot", "-": "hyphen", "_": "underscore", "/": "slash", "+": "plus", ":": "colon",
        "?": "question mark", "=": "equals", "&": "and", "%": "percent", "#": "hash", "~": "tilde",
    },
}  # fmt: skip
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+|[^\w\s]|_")
_HASHTAG = re.compile(r"(?<![\w#])#(\w*[^\W\d_]\w*)")
_HUMPS = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])|(?<=[^\W\d_])(?=[0-9])|_")
_SPELLED = re.compile(r"\bwww\b", re.IGNORECASE)


def addresses_said(text: str, language: str) -> str:
    """Return the text with its addresses, telephone numbers, handles and hashtags in words; ``de`` or ``en``."""
    out, at = [], 0
    for start, found in addresses(text):
        if start < at or not _stands_alone(text, start, start + len(found)):
            continue
        out += [text[at:start], _said(found, language)]
        at = start + len(found)
    return _HASHTAG.sub(lambda match: f"Hashtag {_HUMPS.sub(' ', match[1])}", "".join(out) + text[at:])


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _said(found: str, language: str) -> str:
    if "@" in found[1:] or re.search(r"[^\W\d_]", found):
        return _spelled(_SCHEME.sub("", found), language)
    return digit_by_digit(found, language)


def _spelled(address: str, language: str) -> str:
    """Return an address in words: the last part of the host letter by letter, ``www`` too, numbers as numbers."""
    host, slash, path = address.partition("/")
    name, dot, ending = host.rpartition(".")
    named = _PARTS.findall(_SPELLED.sub("W W W", name))
    parts = [*named, dot, *_ending(ending), *_PARTS.findall(slash + path)]
    said = (
        cardinal(part, language) if part.isdecimal() else SIGNS[language].get(part, part)
        for part in parts
        if part
    )
    return " ".join(said)


def _ending(ending: str) -> list[str]:
    if ending.lower() in SAID_WHOLE or len(ending) > 3 or not ending.isalpha():  # noqa: PLR2004 - country codes
        return _PARTS.findall(ending)
    return list(ending.upper())


_PHONE = r"\s?(?P<digits>\+?\(?[0-9](?:[0-9 ()/.–-]|,\s(?=[0-9]{3})){2,25}[0-9])"
PHONE_AFTER = {
    "de": re.compile(
        r"\b(?P<name>Tel(?:\.|efon(?:nummer)?)?|Fax|Mobil|Hotline|Rufnummer)(?P<no>\s?-?Nr\.)?:?(?P<verb>\s(?:ist|lautet):?)?"
        + _PHONE
    ),
    "en": re.compile(
        r"\b(?P<name>[Tt]el(?:\.|ephone)?|[Pp]hone|[Ff]ax|[Mm]obile|[Hh]otline)(?P<no>\s(?:no\.|number))?:?(?P<verb>\sis:?)?"
        + _PHONE
    ),
}
"""Short numbers too are telephone numbers behind such a word."""


def phone_rule(language: str) -> Rule:
    """Return the rule for numbers behind words such as ``Tel.``."""
    whole, number = {"de": ("Telefon", "nummer"), "en": ("telephone", " number")}[language]

    def said(match: re.Match[str]) -> str:
        name = whole if match["name"].rstrip(".").lower() == "tel" else match["name"]
        digits = digit_by_digit(match["digits"], language)
        return f"{name}{number if match['no'] else ''}{match['verb'] or ''} {digits}"

    return Rule(PHONE_AFTER[language], said)
