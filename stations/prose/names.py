"""Names that a result has and its source has not: a hint for a person who checks, never a verdict.

Rules and word lists, no model. Where a rule is unsure it stays silent, because a warning about an ordinary word costs
more trust than a name that was missed.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from stations.prose.marks import OPENING, addresses, without_addresses
from stations.prose.name_lists import SHORTEST_NAME, family_names, given_names, is_listed, is_place, word_set
from stations.prose.sentences import spans

_NAME_PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TITLES = word_set(
    "herr herrn frau fräulein dr prof familie pfarrer pfarrerin bürgermeister bürgermeisterin sankt mr mrs ms "
    "miss sir lady lord"
)
_OFFICE = re.compile(
    r"(?:bürgermeister|direktor|doktor|dozent|dr|geschäftsführer|intendant|kolleg|kollege|kurator|landrat|landrät|lehrer"
    r"|leiter|minister|nachbar|pastor|pfarrer|prof|professor|präsident|referent|sprecher|stadtrat|stadträt|trainer"
    r"|vorsitzende|vorstand|vorständ)(?:in|en|n|s)?$"
)
"""What may follow "Frau" and is no name."""
_HIGH_OFFICES = ("bürgermeister", "minister", "pastor", "pfarrer", "präsident")
_STREETS = ("straße", "strasse", "gasse", "allee", "platz", "weg", "ufer", "damm", "ring", "markt")
_SUFFIXES = re.compile(r"(?:erinnen|erin|ischen|ische[srm]?|isch|ners?|ern|ers|er|en|es|['’]s|s|n|e|['’])$")
_NOUN_ENDINGS = re.compile(
    r"(?:ung|heit|keit|schaft|tion|tät|ismus|thek|logie|grafie|graphie|nis|tum|ierung)(?:en|s|e)?$"
)
_SPELLED = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))
_CALENDAR = word_set(
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday i english german"
)
_SHORTEST_STEM, _LONGEST_ACRONYM = 4, 5
_SHORTEST_HEAD, _SHORTEST_MODIFIER = 4, 3
_NEXT_TO = re.compile(r"\.?[ \u00a0]")
_HOUSE_NUMBER = re.compile(r"\s\d{1,3}\s?[a-z]?\b")


@dataclass(frozen=True)
class _Word:
    """A capitalised word with what stands around it."""

    text: str
    start: int
    end: int
    before: str
    after: str
    first: bool
    """Whether a sentence begins with it."""


def new_names(source: str, result: str, language: str) -> tuple[str, ...]:
    """Return people, places, streets and addresses of ``result`` that ``source`` does not have, in order.

    A name is a capitalised word that no lexicon knows (simplemma; its compounds too), that follows a title, or that is
    in a list of given names, family names, places and countries (Faker). Inflected forms count as the same name.
    """
    known = _Source(source)
    found = [(at, text) for at, text in addresses(result) if not known.has_address(text)]
    new = [word for word in _names(without_addresses(result), language) if not known.has_name(word.text)]
    for start, end in _runs(new, result):
        found.append((start, result[start:end]))
    return tuple(dict.fromkeys(text for _, text in sorted(found)))


class _Source:
    """What a source says, prepared for many questions."""

    def __init__(self, text: str) -> None:
        self._text = _simplified(text)
        self._digits = re.sub(r"\D", "", text)
        self._words = {_simplified(part) for part in _NAME_PART.findall(text)}
        self._stems = {_stem(word) for word in self._words}

    def has_address(self, text: str) -> bool:
        """Tell whether an address or telephone number is in the source, however it is written there."""
        if re.search(r"[^\W\d_]", text):
            core = re.sub(r"^(?:https?://)?(?:www\.)?", "", _simplified(text)).rstrip("/.,")
            return re.search(rf"(?<![\w@.-]){re.escape(core)}", self._text.replace("www.", "")) is not None
        return re.sub(r"^(?:49|0)+", "", re.sub(r"\D", "", text)) in self._digits

    def has_name(self, name: str) -> bool:
        """Tell whether a name is in the source by its stem, or is a compound with one that is."""
        word = _simplified(name)
        stem = _stem(word)
        if word in self._words or stem in self._stems:
            return True
        if len(stem) >= _SHORTEST_STEM and any(each.startswith(stem) for each in self._words):
            return True
        return any(len(each) > _SHORTEST_STEM and word.startswith(each) for each in self._stems)


def _simplified(text: str) -> str:
    """Return the text small, with umlauts as two letters and without accents: Müller is Mueller."""
    spelled = text.lower()
    for letter, letters in _SPELLED:
        spelled = spelled.replace(letter, letters)
    return "".join(sign for sign in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(sign))


def _stem(word: str) -> str:
    """Return what stays of a name without its endings: Görlitz, Görlitzer, Görlitzerinnen; Dresden, Dresdner."""
    while (shorter := _SUFFIXES.sub("", word)) != word and len(shorter) >= SHORTEST_NAME:
        word = shorter
    return word


def _runs(found: list[_Word], text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name of one or more words stands: given and family name are one."""
    start = end = -1
    for word in found:
        if end >= 0 and text[end : word.start] in {" ", "-"}:
            end = word.end
            continue
        if end >= 0:
            yield start, end
        start, end = word.start, word.end
    if end >= 0:
        yield start, end


def _names(text: str, language: str) -> list[_Word]:
    rule = _is_english_name if language == "en" else _is_german_name
    return [word for word in _capitalised(text, language) if rule(word)]


def _capitalised(text: str, language: str) -> Iterator[_Word]:
    for begin, end in spans(text, language):
        last: re.Match[str] | None = None
        for match in _NAME_PART.finditer(text, begin, end):
            close = last is not None and _NEXT_TO.fullmatch(text[last.end() : match.start()]) is not None
            if match[0][0].isupper() and len(match[0]) >= SHORTEST_NAME:
                before = last[0] if last and close else ""
                after = text[match.end() : match.end() + 6]
                first = OPENING.search(text[begin : match.start()]) is not None
                yield _Word(match[0], match.start(), match.end(), before, after, first)
            last = match


def _is_german_name(word: _Word) -> bool:
    lowered, before = word.text.lower(), word.before.lower()
    if (word.text.isupper() and len(word.text) <= _LONGEST_ACRONYM) or lowered in _TITLES:
        return False
    if before in _TITLES:
        return _OFFICE.search(lowered) is None
    if is_listed(lowered, given_names()) or is_place(lowered) or _is_street(word):
        return True
    if is_listed(before, given_names()) or before.removesuffix("in").endswith(_HIGH_OFFICES):
        return _may_be_family_name(word.text)
    return not _is_ordinary(word.text)


def _may_be_family_name(word: str) -> bool:
    """Tell whether a word after a given name is a family name: in the list, or in its basic form, as no plural is."""
    from simplemma import lemmatize

    if is_listed(word.lower(), family_names()):
        return True
    return not _NOUN_ENDINGS.search(word.lower()) and lemmatize(word, lang="de").lower() == word.lower()


def _is_english_name(word: _Word) -> bool:
    lowered = word.text.lower()
    if word.text.isupper() or lowered in _CALENDAR or lowered in _TITLES:
        return False
    if word.before.lower() in _TITLES or is_place(lowered):
        return True
    if is_listed(word.before.lower(), given_names()) and is_listed(lowered, family_names()):
        return True
    if not word.first and is_listed(lowered, given_names()):
        return True
    return not _is_in_lexicon(lowered, "en") and not _is_in_lexicon(_SUFFIXES.sub("", lowered), "en")


def _is_street(word: _Word) -> bool:
    lowered = word.text.lower()
    head = next((each for each in _STREETS if lowered.endswith(each) and lowered != each), None)
    if head is None:
        return False
    named_after = lowered.removesuffix(head).rstrip("s-")
    people = given_names() | family_names()
    return _HOUSE_NUMBER.match(word.after) is not None or named_after in people or is_place(named_after)


@lru_cache(maxsize=20_000)
def _is_ordinary(word: str) -> bool:
    """Tell whether a German word is no name: in the lexicon, borrowed from English, derived or a compound of such."""
    lowered = word.lower()
    if _is_in_lexicon(word, "de") or _is_in_lexicon(lowered, "de") or _is_in_lexicon(lowered, "en"):
        return True
    if _NOUN_ENDINGS.search(lowered) or _is_in_lexicon(lowered.capitalize(), "de"):
        return True
    if any(
        _is_in_lexicon(lowered.removesuffix(end).capitalize(), "de")
        for end in ("innen", "in", "n", "s", "e", "en")
    ):
        return True
    return any(
        _is_compound(lowered, at) for at in range(_SHORTEST_MODIFIER, len(lowered) - _SHORTEST_HEAD + 1)
    )


def _is_compound(word: str, at: int) -> bool:
    modifier, head = word[:at], word[at:]
    if not _is_in_lexicon(head.capitalize(), "de") and not _is_in_lexicon(
        head.removesuffix("innen").capitalize(), "de"
    ):
        return False
    bare = (modifier.removesuffix(link) for link in ("", "s", "n", "en", "es", "er", "e"))
    return any(len(each) >= _SHORTEST_MODIFIER and _is_known_modifier(each) for each in bare)


def _is_known_modifier(word: str) -> bool:
    return _is_in_lexicon(word.capitalize(), "de") or _is_in_lexicon(word, "de")


def _is_in_lexicon(word: str, language: str) -> bool:
    return word in _lexicon(language)


@cache
def _lexicon(language: str) -> Container[str]:
    from simplemma.strategies import DefaultDictionaryFactory

    return DefaultDictionaryFactory().get_dictionary(language)
