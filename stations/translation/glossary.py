"""Words that are always to be translated in one way: read from lines or a table, found in sentences."""

import csv
import re
from collections.abc import Iterator, Mapping

from models.errors import ModelError
from stations.prose.sentences import words

MOST_TERMS, LONGEST_TERM, LONGEST_TEXT = 500, 80, 60_000
_SEPARATORS = ("=", "→", "\t", ";", ",")
_HEADINGS = frozenset(
    {"begriff", "de", "deutsch", "en", "englisch", "english", "german", "source", "target", "term"}
)
"""What stands above the columns of a table."""
_ENDINGS = {"de": re.compile(r"(?:innen|ern|en|em|er|es|e|n|s)$"), "en": re.compile(r"(?<=[a-rt-z])s$")}
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_ADDED = {
    "de": "(?:e|en|ens|em|er|ern|ers|es|in|innen|n|ne|nen|ns|s)?",
    "en": "(?:e|es|ed|ing|s|['’]s|s['’])?",
}
_SHORTEST_STEM = 3


def parsed(text: str) -> dict[str, str]:
    """Return a glossary: term and translation of each line (``Ehrenamt = volunteering``) or row of a table (CSV).

    Accepted between the two: ``=``, ``→``, a tab, ``;`` or ``,``. A term alone stays as it is in the translation.
    Empty lines and lines that begin with ``#`` are left out; of a term that is there twice the last one counts.

    Raises:
        ModelError: ``translate.glossary_long`` for more than ``MOST_TERMS`` lines or ``LONGEST_TEXT`` letters,
            ``translate.glossary_line`` for a line that is none.
    """
    if len(text) > LONGEST_TEXT:
        raise ModelError("translate.glossary_long", most=MOST_TERMS)
    found: dict[str, str] = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        term, translation = _entry(line, number)
        if found or not {term.lower(), translation.lower()} <= _HEADINGS:
            found[term] = translation
    if len(found) > MOST_TERMS:
        raise ModelError("translate.glossary_long", most=MOST_TERMS)
    return found


def turned_round(glossary: Mapping[str, str]) -> dict[str, str]:
    """Return the glossary for the other direction; of several terms with one translation the first counts."""
    return {theirs: ours for ours, theirs in reversed(tuple(glossary.items()))}


def terms_in(text: str, glossary: Mapping[str, str], language: str) -> dict[str, str]:
    """Return the entries whose term is in ``text``; of two that overlap (``Amt für Kultur``) the longer."""
    found: dict[str, str] = {}
    rest = text
    for term in sorted(glossary, key=len, reverse=True):
        if place := place_of(term, rest, language):
            found[term] = glossary[term]
            rest = rest[: place[0]] + "|" * (place[1] - place[0]) + rest[place[1] :]
    return {term: found[term] for term in glossary if term in found}


def put_in(text: str, terms: Mapping[str, str], language: str) -> str:
    """Return the text with the translation in the place of each term: a model then copies it."""
    for term, translation in terms.items():
        if place := place_of(term, text, language):
            text = text[: place[0]] + translation + text[place[1] :]
    return text


def place_of(term: str, text: str, language: str) -> tuple[int, int] | None:
    """Return where ``term`` stands in ``text``, whatever its ending (``Ehrenamtes``, ``volunteers``); else ``None``."""
    if not term.strip():
        return None
    if match := _pattern(term, language).search(text):
        return match.span()
    return next(_same_basic_forms(term, text, language), None)


def _entry(line: str, number: int) -> tuple[str, str]:
    separator = next((each for each in _SEPARATORS if each in line), None)
    try:
        cells = next(csv.reader([line], delimiter=separator or ";", skipinitialspace=True))
    except (csv.Error, StopIteration) as error:
        raise ModelError("translate.glossary_line", line=number) from error
    term, translation = (*(" ".join(cell.split()) for cell in cells), "")[:2]
    translation = translation or ("" if separator else term)
    if not term or not translation or max(len(term), len(translation)) > LONGEST_TERM:
        raise ModelError("translate.glossary_line", line=number)
    return term, translation


def _pattern(term: str, language: str) -> re.Pattern[str]:
    """Return what finds the words of a term in a row with the usual endings of their language."""
    endings = _ADDED.get(language, r"\w{0,3}")
    stems = [_stem(part, language) for part in term.split()]
    words_in_a_row = r"\s+".join(re.escape(stem) + endings for stem in stems)
    return re.compile(rf"(?<!\w){words_in_a_row}(?!\w)", re.IGNORECASE)


def _stem(word: str, language: str) -> str:
    if len(word) < _SHORTEST_STEM + 3 or language not in _ENDINGS:
        return word
    return _ENDINGS[language].sub("", word)


def _same_basic_forms(term: str, text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield where words with the term's basic forms stand in a row: ``Bände`` is ``Band``."""
    from simplemma import lemmatize
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    if language not in SUPPORTED_LANGUAGES:
        return
    wanted = [lemmatize(word, lang=language).lower() for word in words(term)]
    matches = list(_WORD.finditer(text))
    basic = [lemmatize(match[0], lang=language).lower() for match in matches]
    for at in range(len(basic) - len(wanted) + 1):
        if wanted and basic[at : at + len(wanted)] == wanted:
            yield matches[at].start(), matches[at + len(wanted) - 1].end()
