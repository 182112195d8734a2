"""Persons, places and organisations that documents name, each only with the passages it stands in.

Rules and word lists, no model, for German and English. Where a rule is unsure it stays silent: a wrong name costs more
trust than a missing one. Measured on the GnuCash guide and an administrator's handbook, both German with English parts:
of 58 names 54 are right (the others: "John Lieferservice", "Peter Ertrag", "Peter Vermögen", "Gut AG").
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from models.passages import Passage
from models.reading.repair import one_line
from stations.prose.marks import without_addresses
from stations.prose.name_lists import family_names, given_names, is_listed, places, word_set

Kind = Literal["person", "place", "organisation"]

_NAME = r"[A-ZÄÖÜ][a-zäöüßéèáàçñïë]+(?:-[A-ZÄÖÜ][a-zäöüßéèáàçñïë]+)*"
_PARTICLE = r"(?:von\sder|von\sdem|van\sder|van\sden|von|van|zu|zur|zum|de|di|da|du|della|del)"
_TITLE = (
    r"(?:Herrn?|Frau|Familie|Pfarrer(?:in)?|Pastor(?:in)?|(?:Ober)?[Bb]ürgermeister(?:in)?|Landr(?:at|ätin)|Präsident(?:in)?"
    r"|Minister(?:in)?|Direktor(?:in)?|König(?:in)?|Kaiser(?:in)?|Graf|Gräfin|Herzog(?:in)?|Mrs?\.?|Ms\.?|Miss|Sir|Lady|Lord)"
)
_DEGREE = r"(?:(?:Prof|Dr|Dipl|Ing|Mag|phil|med|jur|hist|h\.\s?c)\.(?:-[A-Z]\w+\.?)?\s?)"
_TITLED = re.compile(
    rf"\b(?:{_TITLE} {_DEGREE}*|{_DEGREE}+)(?P<name>(?:{_NAME} |[A-ZÄÖÜ]\. ?)?(?:{_PARTICLE} )?{_NAME})"
)
_FULL = re.compile(
    rf"\b(?P<name>(?P<given>{_NAME})\s(?:{_NAME} |[A-ZÄÖÜ]\. ?)?(?:{_PARTICLE} )?(?P<family>{_NAME}))\b"
)
_HOUSES = (
    r"(?:[Vv]erein|[Vv]erband|[Bb]und|[Ss]tiftung|[Gg]esellschaft|[Mm]useum|[Aa]rchiv|[Aa]mt|[Uu]niversität|[Hh]ochschule"
    r"|[Aa]kademie|[Ii]nstitut|[Bb]ibliothek|[Tt]heater|[Gg]enossenschaft|[Mm]inisterium|[Oo]rchester|[Vv]erlag|[Ss]parkasse"
    r"|[Kk]irchgemeinde|[Ff]euerwehr|[Gg]ymnasium|[Gg]rundschule|[Oo]berschule)"
)
_OF = r"(?:für|der|des|am|im|zu|zur|zum|an\sder|of|for|the|und|and)"
_HOUSE = re.compile(
    rf"\b(?P<name>(?:{_NAME}er )?(?:[A-ZÄÖÜ][a-zäöüß]*-?)?{_HOUSES}(?: (?:{_OF} )?(?:{_NAME}|[A-ZÄÖÜ]{{2,5}}\b)){{1,4}}"
    r"(?:\se\.\s?V\.)?)"
)
_QUOTED = re.compile(
    rf"\b(?P<name>(?:[A-ZÄÖÜ][a-zäöüß]*-?)?{_HOUSES}\s[„\"“][^„“”\"\n]{{2,50}}[“”\"](?:\se\.\s?V\.)?)"
)
_WORD = r"[A-ZÄÖÜ][\wäöüß&-]*"
_LEGAL = re.compile(
    rf"\b(?!(?:D(?:er|ie|as|en|em|es)|Eine?[rsnm]?|The|An?|Im|Am|In|Bei|Von) )"
    rf"(?P<name>{_WORD}(?: (?:(?:{_OF}|&) )?{_WORD}){{0,5}} (?:e\.\s?V\.|gGmbH|GmbH(?:\s&\sCo\.\sKG)?|AG|KG"
    r"|eG|Ltd\.?|Inc\.?|Foundation|Society|Association|Trust))(?!\w)"
)
_PLACED = re.compile(
    rf"\b(?P<name>(?:Bad |Sankt |St\. )?{_NAME}(?:\s(?:am|an\sder|im|in\sder|bei|ob\sder) {_NAME})?)\b"
)
_STREET = re.compile(
    rf"\b(?P<name>(?:(?:Am|An\sder|Im|Alte|Neue|Große|Kleine)\s)?{_NAME}(?:er\s)?(?:[Ss]traße|[Ss]tr\.|[Gg]asse|[Aa]llee|[Pp]latz"
    r"|[Ww]eg|[Uu]fer|[Dd]amm|[Mm]arkt)\s\d{1,3}\s?[a-z]?)\b"
)
_NOUN_ENDING = re.compile(r"(?:ung|heit|keit|schaft|tion|tät|ismus|thek|nis|tum|straße)(?:en|s|e)?$")
_NO_PLACE = word_set(
    "instagram facebook youtube tiktok whatsapp costa côte faso goar isle jan kitts lanka leone lucia nevis rica rico "
    "san sri são tomé verde"
)
"""What is in the list of places and is none by itself."""
_ALSO_WORD = word_set("harz inn kiel peine roth wesel niger")
"""Places that are words or names of people too: only after a word of direction."""
_DIRECTION = re.compile(r"\b(?:in|nach|aus|bei|von|Stadt|Ort|Gemeinde|im|am|from|near|at)\s$")
_NOT_FAMILY = word_set(
    "und oder als bei mit von für zum zur straße platz weg verein haus museum stiftung schule universität kirche park "
    "foundation"
)
_LONG = re.compile(r"\S{100,}")
LONGEST = 20_000
"""A passage is shorter; patterns are slow on what is not."""


@dataclass(frozen=True)
class Mention:
    """A name with every passage that it stands in, in their order; ``name`` is untrusted text on one line."""

    name: str
    kind: Kind
    passages: tuple[Passage, ...]


def who_where(passages: Iterable[Passage]) -> list[Mention]:
    """Return whom and what passages name: persons, then places, then organisations, those in most passages first."""
    found: dict[tuple[Kind, str], list[Passage]] = {}
    for passage in passages:
        for kind, name in dict.fromkeys(names(passage.text)):
            found.setdefault((kind, name), []).append(passage)
    merged = _without_genitives(found)
    kinds: tuple[Kind, ...] = ("person", "place", "organisation")
    order = sorted(merged, key=lambda each: (kinds.index(each[0]), -len(merged[each]), each[1]))
    return [Mention(name, kind, tuple(merged[kind, name])) for kind, name in order]


def names(text: str) -> Iterator[tuple[Kind, str]]:
    """Yield the names in a text with their kinds; what is part of one name is no other."""
    rest = without_addresses(_LONG.sub(lambda match: "|" * len(match[0]), text[:LONGEST]))
    for kind, pattern, holds in _RULES:
        for match in pattern.finditer(rest):
            if holds(match):
                yield kind, one_line(match["name"])
                rest = rest[: match.start()] + "|" * len(match[0]) + rest[match.end() :]


def _without_genitives(found: dict[tuple[Kind, str], list[Passage]]) -> dict[tuple[Kind, str], list[Passage]]:
    """Return mentions with those in the genitive added to those without, where both are there."""
    merged: dict[tuple[Kind, str], list[Passage]] = {}
    for (kind, name), passages in found.items():
        base = name.rstrip("'’").removesuffix("s")
        key = (kind, base if base != name and (kind, base) in found else name)
        merged[key] = sorted({*merged.get(key, []), *passages}, key=lambda each: (each.document, each.number))
    return merged


def _always(_: re.Match[str]) -> bool:
    return True


def _is_titled(match: re.Match[str]) -> bool:
    words = match["name"].split()
    last = words[-1]
    if len(words) > 1 and words[0].lower() in given_names():
        return _may_be_family(last)
    return is_listed(last.lower(), family_names()) or not _is_noun(last)


def _is_person(match: re.Match[str]) -> bool:
    given, family = match["given"], match["family"]
    if given.lower() not in given_names() or family.lower() in _NOT_FAMILY:
        return False
    return _may_be_family(family)


def _may_be_family(word: str) -> bool:
    """Tell whether a word after a given name is a family name: in the list, or in its basic form, as no plural is."""
    from simplemma import lemmatize

    if is_listed(word.lower(), family_names()) or not _is_noun(word):
        return True
    return not _NOUN_ENDING.search(word.lower()) and lemmatize(word, lang="de").lower() == word.lower()


def _is_named_house(match: re.Match[str]) -> bool:
    """Tell whether what follows „Verein“ is a name: a place, or a word that is no ordinary noun."""
    after = re.findall(_NAME, match["name"])[1:]
    return any(is_listed(word.lower(), places()) or not _is_noun(word.split("-")[-1]) for word in after)


def _is_placed(match: re.Match[str]) -> bool:
    word = re.findall(_NAME, match["name"].removeprefix("Bad ").removeprefix("Sankt "))[0].lower()
    if word in _NO_PLACE or not is_listed(word, places()):
        return False
    return word not in _ALSO_WORD or _DIRECTION.search(match.string[: match.start()][-12:]) is not None


@cache
def _is_noun(word: str) -> bool:
    """Tell whether a word is in the German or the English lexicon, as family names such as „Müller“ are too."""
    from simplemma import is_known

    return is_known(word, "de") or is_known(word.lower(), "de") or is_known(word.lower(), "en")


_RULES: tuple[tuple[Kind, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    ("organisation", _QUOTED, _always),
    ("organisation", _LEGAL, _always),
    ("organisation", _HOUSE, _is_named_house),
    ("place", _STREET, _always),
    ("person", _TITLED, _is_titled),
    ("person", _FULL, _is_person),
    ("place", _PLACED, _is_placed),
)
