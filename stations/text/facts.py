"""What a result says that its source does not: numbers, names, gaps to fill in, loops, copies, form of address.

Rules and word lists, no model: a hint for a person who checks, never a verdict. Where a rule is unsure it stays
silent, because a warning about an ordinary word costs more trust than a name that was missed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib import import_module

from stations.text.sentences import sentences, spans, words

# --- Numbers ----------------------------------------------------------------------------------------------------------

_MONTHS = (
    "Jan(?:uar|uary)?", "Feb(?:ruar|ruary)?", "März|Mrz|March|Mar", "Apr(?:il)?", "Mai|May", "Juni?|June", "Juli?|July",
    "Aug(?:ust)?", "Sep(?:t(?:ember)?)?", "O[kc]t(?:ober)?", "Nov(?:ember)?", "De[zc](?:ember)?",
)  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\b\.?"
_YEAR = r"(?:,?\s(?P<year>\d{4})\b)?"
_DAY_LIST = re.compile(
    rf"\b(?P<days>\d{{1,2}}(?:\.|st|nd|rd|th)?(?:\s?(?:,|/|–|-|und|bis|oder|and|to)\s?\d{{1,2}}(?:\.|st|nd|rd|th)?)*)"
    rf"\s?(?:of\s)?{_MONTH}{_YEAR}"
)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s(?P<days>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){_YEAR}")
_NUMERIC_DATE = re.compile(
    r"\b(?:(?P<first>\d{1,2})\.?\s?(?:[-–/]|bis|und)\s?)?(?P<days>0?[1-9]|[12]\d|3[01])\.\s?(?P<number>0?[1-9]|1[0-2])\."
    r"(?:\s?(?P<year>\d{4}|\d{2})\b)?"
)
_ISO_DATE = re.compile(r"\b(?P<year>\d{4})-(?P<number>0[1-9]|1[0-2])-(?P<days>[0-2]\d|3[01])\b")
_TIME = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-4])(?:(?P<sign>[:.])(?P<minute>[0-5]\d))?(?!\d|[.,:]\d)"
    r"(?P<unit>\s?(?:Uhr\b(?:\s(?P<after>[0-5]\d)\b)?|h\b)|\s?(?P<half>[ap])\.?m\b)?",
    re.IGNORECASE,
)
_DIGITS = re.compile(
    r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?",
)
_SCALE = re.compile(r"\s?(Tsd|Tausend|thousand|Mio|million|Mrd|milliarde|billion)", re.IGNORECASE)
_SCALES = {
    "tsd": 3,
    "tausend": 3,
    "thousand": 3,
    "mio": 6,
    "million": 6,
    "mrd": 9,
    "milliarde": 9,
    "billion": 9,
}
_ROMAN = re.compile(r"(?<![\w.])(?:[IVX]{2,6}(?=\b)|(?<=[a-zäöüß]\s)[IVX](?=\.\s[a-zäöü]))")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_COUNTING = re.compile(
    rf"^[\s>*_#|-]*(?:\(?\d{{1,2}}[.)](?=[\s*])(?!\s?(?:\d|{_MONTH}))"
    r"|(?:Absatz|Aufgabe|Folie|Frage|Idee|Option|Punkt|Schritt|Szene|Tag|Teil|TOP|Variante|Vorschlag"
    r"|Day|Idea|Part|Point|Question|Scene|Slide|Step|Version)\s\d{1,2}\b)",
    re.IGNORECASE | re.MULTILINE,
)
"""Numbers that only count the lines of the result."""
_WORD_NUMBERS = {
    "de": re.compile(
        r"\b(?:(?:ein|zwei|zwo|drei|dritt|vier|fünf|sech|sieb|acht|neun|zehn|elf|zwölf|zwan|hundert|tausend)[a-zäöüß]*"
        r"(?:\s(?:Million(?:en)?|Milliarden?))?)\b(?!\sDank)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:one\s(?=hundred|thousand|million))?(?:two|three|four(?:teen)?|five|six(?:teen)?|seven(?:teen)?|eight(?:een)?"
        r"|nine(?:teen)?|ten|eleven|twelve|thirteen|fifteen|\w+ty|hundred|thousand|million"
        r"|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
        r"(?:(?:\s(?:and\s)?|-)(?:one|two|three|four|five|six|seven|eight|nine|hundred|thousand|million)\b)*\b",
        re.IGNORECASE,
    ),
}
_AS_PART = re.compile(
    r"(zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\w+(?:ig|lich|fach)(?:e[rnms]?)?$"
)
"""A number that is part of a word: "dreitägig" lets a result speak of three days, but says no new number itself."""
_ORDINAL_WORDS = {
    "dritt": 3, "siebt": 7, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
_FEWEST_PHONE_DIGITS = 7


@dataclass(frozen=True)
class _Number:
    """A number as it stands in a text: what it means, and what else a text that has it may be quoted with."""

    at: int
    surface: str
    meanings: frozenset[str]
    implied: frozenset[str] = frozenset()


def new_numbers(source: str, result: str, language: str) -> tuple[str, ...]:
    """Return the numbers, dates and times of ``result`` that ``source`` does not have, as they are written.

    ``1.000``, ``1000`` and ``tausend`` are one number, as are ``3. Mai``, ``03.05.`` and ``May 3``; numbers of lists,
    in placeholders, telephone numbers and web addresses are left out.
    """
    said = {meaning for number in _numbers(source, language) for meaning in number.meanings | number.implied}
    text = _COUNTING.sub(lambda match: "|" * len(match[0]), result)
    new = [each for each in _numbers(text, language) if each.meanings and not each.meanings & said]
    return tuple(dict.fromkeys(each.surface for each in sorted(new, key=lambda each: each.at)))


def _numbers(text: str, language: str) -> list[_Number]:
    readers: list[tuple[re.Pattern[str], Callable[[re.Match[str]], list[_Number]]]] = [
        (_ISO_DATE, _dates),
        (_NUMERIC_DATE, _dates),
        (_DAY_LIST, _dates),
        (_MONTH_FIRST, _dates),
        (_TIME, _times),
        (_DIGITS, _digits),
        (_ROMAN, _roman),
        (_WORD_NUMBERS.get(language, _WORD_NUMBERS["de"]), lambda match: _in_words(match, language)),
    ]
    found, rest = [], _without_addresses(text)
    for pattern, read in readers:
        for match in pattern.finditer(rest):
            numbers = read(match)
            found += numbers
            if numbers:
                rest = rest[: match.start()] + "|" * len(match[0]) + rest[match.end() :]
    return found


def _dates(match: re.Match[str]) -> list[_Number]:
    parts = match.groupdict()
    month = parts.get("number") or _month_number(parts["month"])
    days = re.findall(r"\d+", parts["days"]) + [day for day in [parts.get("first")] if day]
    found = [
        _Number(match.start(), match[0], frozenset({f"{int(month)}-{int(day)}"}), frozenset({str(int(day))}))
        for day in days
    ]
    if parts["year"]:
        year = parts["year"] if len(parts["year"]) > 2 else f"20{parts['year']}"  # noqa: PLR2004 - two digits
        found.append(_Number(match.start("year"), year, frozenset({year}), frozenset({year[2:]})))
    return found


def _month_number(name: str) -> int:
    return next(n for n, pattern in enumerate(_MONTHS, start=1) if re.fullmatch(pattern, name))


def _times(match: re.Match[str]) -> list[_Number]:
    if not match["unit"] and not match["sign"]:
        return []
    hour, minute = int(match["hour"]), int(match["minute"] or match["after"] or 0)
    half = (match["half"] or "").lower()
    meanings = {f"{hour % 12 + 12 * (half == 'p') if half else hour}:{minute:02}"}
    if match["sign"] == "." and not match["unit"]:
        meanings |= _values(f"{match['hour']}.{match['minute']}")
    if not minute and not half:
        meanings.add(str(hour))
    return [_Number(match.start(), match[0].strip(), frozenset(meanings), frozenset({str(hour)}))]


def _digits(match: re.Match[str]) -> list[_Number]:
    scale = _SCALE.match(match.string, match.end())
    values = _values(match[0])
    implied = {value[2:] for value in values if re.fullmatch(r"[12]\d{3}", value)}
    if not scale:
        return [_Number(match.start(), match[0], frozenset(values), frozenset(implied))]
    power = _SCALES[scale[1].lower()]
    scaled = frozenset(_plain(Decimal(value).scaleb(power)) for value in values)
    return [_Number(match.start(), match[0] + scale[0], scaled, frozenset(values))]


def _values(digits: str) -> set[str]:
    """Return what digits with separators may mean: ``1.000`` is a thousand here and one elsewhere."""
    bare = re.sub(r"[ '’\u00a0\u202f]", "", digits)
    whole, sign, part = bare.replace(",", ".").rpartition(".")
    if not sign:
        return {_plain(Decimal(bare))}
    readings = {Decimal(f"{whole.replace('.', '')}.{part}")}
    if len(part) == 3:  # noqa: PLR2004 - digits between two separators of thousands
        readings = {Decimal(whole.replace(".", "") + part)} | (set() if "." in whole else readings)
    return {_plain(value) for value in readings}


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _roman(match: re.Match[str]) -> list[_Number]:
    values = [_ROMAN_VALUES[letter] for letter in match[0]]
    total = sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
    return [_Number(match.start(), match[0], frozenset({str(total)}))]


def _in_words(match: re.Match[str], language: str) -> list[_Number]:
    word = match[0].lower()
    value = _value_of(word, language)
    if value is not None:
        return [_Number(match.start(), match[0], frozenset({str(value)}))]
    implied = _value_of(first[1], language) if (first := _AS_PART.match(word)) else None
    return [_Number(match.start(), match[0], frozenset(), frozenset({str(implied)}))] if implied else []


def _value_of(word: str, language: str) -> int | None:
    from text_to_num import text2num

    root = re.sub(r"(?<=\w)(?:s?te[rnms]?|mal)$", "", word)
    bare = re.sub(r"e[rnms]?$", "", word)
    if {word, bare} & _ORDINAL_WORDS.keys():
        return _ORDINAL_WORDS[word if word in _ORDINAL_WORDS else bare]
    try:
        value = int(
            text2num(root.replace("-", " ") if language == "en" else root, "en" if language == "en" else "de")
        )
    except ValueError:
        return None
    return value if value > 1 else None


# --- Names ------------------------------------------------------------------------------------------------------------


def _set(words_in_a_row: str) -> frozenset[str]:
    return frozenset(words_in_a_row.split())


_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_WEB = (
    r"(?:https?://|www\.)[^\s<>)\]\"]+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:de|com|org|net|eu|at|ch|info|museum|io|uk)\b(?:/[^\s<>)\]\"]*)?"
)
_PHONE = r"(?<![\w.,/])(?:\+\d{1,3}|0\d)[\d \u00a0/()–-]{5,}\d"
_ADDRESS = re.compile(rf"(?P<mail>{_MAIL})|(?P<web>{_WEB})|(?P<phone>{_PHONE})|(?P<handle>(?<!\w)@\w{{3,}})")
_PLACEHOLDER = re.compile(r"(?<!!)\[(?!\^)(?=[^\]]*[^\W\d_]{2}|[A-Z]\])([^\[\]\n]{1,40})\](?![(\[:])")
_BOX = re.compile(r"\[[xX]\]")
_HASHTAG = re.compile(r"#\w+")
_NAME_PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TITLES = _set(
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
_ALSO_WORDS = _set(
    "ada aue august alla bad baptist bogen brand burg cord dan ernst flora florin forst german gloria grimmen "
    "hall harm hamburger wiener frankfurter berliner heide iris jasmin kap land lore man mark merlin norden "
    "nikolaus ozean regen reiner republik roman rosa rose sam schwäbisch silvester tauber undine urban viola "
    "wald waren siegen wolf königreich gebiete und die im of der sankt el am an ob vorm neustadt arabische "
    "britische demokratische nördliche südlichen vereinigte äußeres föderation territorium staaten insel inseln "
    "may june will guy miles dale"
)
"""Words of the name lists below that are more often something else."""
_PLACES = _set(
    "basel bonn breslau danzig dortmund duisburg düsseldorf flensburg frankfurt freiburg genf göttingen graz "
    "heidelberg innsbruck karlsruhe kiel köln konstanz krakau leipzig linz lübeck mainz mannheim nürnberg löbau "
    "oldenburg osnabrück prag salzburg stettin trier tübingen ulm warschau wien wolfsburg würzburg zürich "
    "zittau zwickau bayern hessen sachsen thüringen schlesien böhmen preußen lausitz oberlausitz europa "
    "deutschland österreich schweiz elbe rhein donau neiße spree paris london rom athen madrid budapest berlin "
    "moskau kiew mailand venedig florenz amsterdam brüssel york manchester birmingham liverpool edinburgh "
    "glasgow cardiff dublin oxford cambridge bristol leeds brighton england scotland wales ireland britain "
    "germany france italy spain poland vienna munich cologne rome instagram facebook whatsapp youtube tiktok"
)
_SUFFIXES = re.compile(r"(?:erinnen|erin|ischen|ische[srm]?|isch|ners?|ern|ers|er|en|es|['’]s|s|n|e|['’])$")
_NOUN_ENDINGS = re.compile(
    r"(?:ung|heit|keit|schaft|tion|tät|ismus|thek|logie|grafie|graphie|nis|tum|ierung)(?:en|s|e)?$"
)
_SPELLED = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))
_CALENDAR = _set(
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday i english german"
)
_SHORTEST_NAME, _SHORTEST_STEM, _LONGEST_ACRONYM = 3, 4, 5
_SHORTEST_HEAD, _SHORTEST_MODIFIER = 4, 3
_NEXT_TO = re.compile(r"\.?[ \u00a0]")
_OPENING = re.compile(r"(?:^|[:.!?…–]\s*|[\"„“‚»«(*_>#|-]\s*)$")
"""What stands before the first word of a sentence, a quotation or a list item."""
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
    found = [(at, text) for at, text in _addresses(result) if not known.has_address(text)]
    new = [word for word in _names(_without_addresses(result), language) if not known.has_name(word.text)]
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
    while (shorter := _SUFFIXES.sub("", word)) != word and len(shorter) >= _SHORTEST_NAME:
        word = shorter
    return word


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    for match in _ADDRESS.finditer(text):
        if not match["phone"] or sum(sign.isdigit() for sign in match[0]) >= _FEWEST_PHONE_DIGITS:
            yield match.start(), match[0].rstrip(".,;:")


def _without_addresses(text: str) -> str:
    """Return the text with addresses, telephone numbers, placeholders and hashtags painted over, same length."""
    for start, found in _addresses(text):
        text = text[:start] + "|" * len(found) + text[start + len(found) :]
    for pattern in (_PLACEHOLDER, _HASHTAG):
        text = pattern.sub(lambda match: "|" * len(match[0]), text)
    return text


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
            if match[0][0].isupper() and len(match[0]) >= _SHORTEST_NAME:
                before = last[0] if last and close else ""
                after = text[match.end() : match.end() + 6]
                first = _OPENING.search(text[begin : match.start()]) is not None
                yield _Word(match[0], match.start(), match.end(), before, after, first)
            last = match


def _is_german_name(word: _Word) -> bool:
    lowered, before = word.text.lower(), word.before.lower()
    if (word.text.isupper() and len(word.text) <= _LONGEST_ACRONYM) or lowered in _TITLES:
        return False
    if before in _TITLES:
        return _OFFICE.search(lowered) is None
    if _is_listed(lowered, _given_names()) or _is_place(lowered) or _is_street(word):
        return True
    if _is_listed(before, _given_names()) or before.removesuffix("in").endswith(_HIGH_OFFICES):
        return _may_be_family_name(word.text)
    return not _is_ordinary(word.text)


def _may_be_family_name(word: str) -> bool:
    """Tell whether a word after a given name is a family name: in the list, or in its basic form, as no plural is."""
    from simplemma import lemmatize

    if _is_listed(word.lower(), _family_names()):
        return True
    return not _NOUN_ENDINGS.search(word.lower()) and lemmatize(word, lang="de").lower() == word.lower()


def _is_english_name(word: _Word) -> bool:
    lowered = word.text.lower()
    if word.text.isupper() or lowered in _CALENDAR or lowered in _TITLES:
        return False
    if word.before.lower() in _TITLES or _is_place(lowered):
        return True
    if _is_listed(word.before.lower(), _given_names()) and _is_listed(lowered, _family_names()):
        return True
    if not word.first and _is_listed(lowered, _given_names()):
        return True
    return not _is_in_lexicon(lowered, "en") and not _is_in_lexicon(_SUFFIXES.sub("", lowered), "en")


def _is_listed(word: str, names: frozenset[str]) -> bool:
    """Tell whether a word or what it is the genitive of is in a list."""
    return word in names or (word.endswith("s") and word[:-1] in names)


def _is_place(word: str) -> bool:
    """Tell whether a word is a place, or its people."""
    return word not in _ALSO_WORDS and (
        _is_listed(word, _places()) or _is_listed(word.removesuffix("er"), _places())
    )


def _is_street(word: _Word) -> bool:
    lowered = word.text.lower()
    head = next((each for each in _STREETS if lowered.endswith(each) and lowered != each), None)
    if head is None:
        return False
    named_after = lowered.removesuffix(head).rstrip("s-")
    people = _given_names() | _family_names()
    return _HOUSE_NUMBER.match(word.after) is not None or named_after in people or _is_place(named_after)


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


@cache
def _given_names() -> frozenset[str]:
    return _listed("person", ("de_DE", "de_AT", "en_GB"), ("first_names_male", "first_names_female"))


@cache
def _family_names() -> frozenset[str]:
    return _listed("person", ("de_DE", "de_AT", "en_GB"), ("last_names",))


@cache
def _places() -> frozenset[str]:
    return _PLACES | _listed("address", ("de_DE",), ("cities", "countries", "states"))


def _listed(kind: str, places: tuple[str, ...], lists: tuple[str, ...]) -> frozenset[str]:
    names: set[str] = set()
    for place in places:
        provider = import_module(f"faker.providers.{kind}.{place}").Provider
        names.update(
            part.lower() for each in lists for name in getattr(provider, each) for part in name.split()
        )
    return frozenset(name for name in names if len(name) >= _SHORTEST_NAME) - _ALSO_WORDS


# --- Placeholders, loops, copies --------------------------------------------------------------------------------------

LOOP_TIMES = 3
LOOP_WORDS = 8
_LEAST_LOOP_WORDS = 3
_RUN = 5


def placeholders(text: str) -> list[str]:
    """Return the gaps to fill in, with their brackets: ``[Datum]``, ``[Name der Leitung]``; each once, in order.

    Links, boxes and footnotes of Markdown have brackets too and are no gaps.
    """
    found = (match[0] for match in _PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(each for each in found if not _BOX.fullmatch(each)))


def looped(text: str) -> bool:
    """Tell whether a sentence, a list item or a run of eight words stands in ``text`` three times or more."""
    return _first_repetition(text) is not None


def without_loop(text: str) -> str:
    """Return ``text`` up to where its loop begins to repeat; a text without a loop comes back as it is."""
    while (start := _first_repetition(text)) is not None:
        text = text[:start].rstrip()
    return text


def _first_repetition(text: str) -> int | None:
    """Return where the second occurrence of what is repeated begins."""
    places: dict[tuple[str, ...], list[int]] = {}
    begins = []
    for start, end in spans(text, "de"):
        begins.append(start)
        unit = tuple(words(text[start:end].lower()))
        if len(unit) >= _LEAST_LOOP_WORDS:
            places.setdefault(("sentence", *unit), []).append(start)
    in_order = [(match[0].lower(), match.start()) for match in re.finditer(r"\w+", text)]
    for at in range(len(in_order) - LOOP_WORDS + 1):
        run = tuple(word for word, _ in in_order[at : at + LOOP_WORDS])
        places.setdefault(run, []).append(in_order[at][1])
    seconds = [starts[1] for starts in places.values() if len(starts) >= LOOP_TIMES]
    if not seconds:
        return None
    return max((begin for begin in begins if 0 < begin <= min(seconds)), default=min(seconds))


def copied(source: str, result: str) -> float:
    """Return how much of ``result`` is taken from ``source`` word by word: 0 nothing, 1 unchanged.

    Counted in runs of five words; for shorter results, in words that stand in the source in the same order.
    """
    from_words, to_words = words(source.lower()), words(result.lower())
    if len(to_words) < _RUN:
        return _in_same_order(from_words, to_words)
    there = Counter(_runs_of_words(from_words))
    return sum(there[run] > 0 for run in _runs_of_words(to_words)) / (len(to_words) - _RUN + 1)


def _runs_of_words(text: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(text[at : at + _RUN]) for at in range(len(text) - _RUN + 1))


def _in_same_order(source: list[str], result: list[str]) -> float:
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, source, result, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(result) if result else 0.0


# --- Form of address --------------------------------------------------------------------------------------------------

_DU = re.compile(r"\b(?:du|dich|dir|dein(?:e[rsmn]?)?)\b", re.IGNORECASE)
_IHR_VERBS = (
    "seid|habt|könnt|wollt|müsst|dürft|sollt|werdet|wart|hattet|wisst|möchtet|findet|bekommt|kommt|macht|seht|lernt"
    "|erfahrt|erlebt|braucht|geht|mögt|trefft|erhaltet|bringt|meldet|könntet|solltet|würdet"
)
_IHR = re.compile(
    rf"\b(?:euch|eu(?:er|re[rsmn]?)|ihr (?:{_IHR_VERBS})|(?:{_IHR_VERBS}) ihr)\b", re.IGNORECASE
)
_SIE_INSIDE = re.compile(r"\b(?:Sie|Ihnen|Ihr(?:e[rsmn]?)?)\b")
_SINGULAR = re.compile(
    r"Sie (?:ist|war|hat|hatte|wird|wurde|kann|konnte|muss|will|soll|darf|mag|[a-zäöüß]+t|[a-zäöüß]+te)\b"
)
_PLURAL = re.compile(r"Sie (?:sind|[a-zäöüß]+e?n)\b")
_PAST = re.compile(r"Sie (?:waren|wurden|hatten|[a-zäöüß]+ten)\b")


def form_of_address(text: str, language: str) -> frozenset[str]:
    """Return which of ``sie``, ``du`` and ``ihr`` a German text addresses its reader with; other languages: none.

    "Sie" at the beginning of a sentence may be "she" or "they": it counts before a verb in the plural that opens a
    paragraph, where nobody was named yet.
    """
    if language != "de":
        return frozenset()
    text = _without_addresses(text)
    found = {"du"} if _DU.search(text) else set()
    found |= {"ihr"} if _IHR.search(text) else set()
    found |= {"sie"} if any(map(_says_sie, text.splitlines())) else set()
    return frozenset(found)


def _says_sie(paragraph: str) -> bool:
    for number, sentence in enumerate(sentences(paragraph, "de")):
        if any(not _OPENING.search(sentence[: match.start()]) for match in _SIE_INSIDE.finditer(sentence)):
            return True
        opening = re.sub(r"^[\W\d_]+", "", sentence)
        if number == 0 and _PLURAL.match(opening) and not (_PAST.match(opening) or _SINGULAR.match(opening)):
            return True
    return False
