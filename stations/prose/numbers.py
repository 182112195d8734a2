"""Numbers, dates and times that a result has and its source has not. Rules and word lists, no model."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from stations.prose.marks import without_addresses

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
    found, rest = [], without_addresses(text)
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
