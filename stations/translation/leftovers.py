"""Words of a sentence that stand in its translation as they were: small models leave them when they know no other."""

import re
from collections.abc import Container, Iterator
from functools import cache

from stations.prose.names import new_names
from stations.prose.sentences import words

SHORTEST = 4
_NAMED = frozenset({"de", "en"})
"""Languages in which names can be told from other words with a capital letter."""
_TITLES = frozenset({"frau", "herr", "herrn", "fräulein", "mister", "miss", "lady", "lord", "dr", "prof"})
_FIRST = re.compile(r"^\W*\w+")


def left_over(before: str, after: str, source: str, target: str) -> tuple[str, ...]:
    """Return words that ``before`` and ``after`` have in common and that only the language ``source`` knows.

    Names are left out, and everything where there is no word list for one of the languages.
    """
    own, other = _lexicon(source), _lexicon(target)
    if not own or not other:
        return ()
    there = {word.lower() for word in words(after)}
    candidates = (word for word in _words_but_names(before, source) if word.lower() in there)
    return tuple(dict.fromkeys(word for word in candidates if _knows(own, word) and not _knows(other, word)))


def _words_but_names(text: str, language: str) -> Iterator[str]:
    names = _TITLES | set(words(" ".join(new_names("", text, language)))) if language in _NAMED else _TITLES
    first = _FIRST.match(text)
    start = first[0].lstrip("\"'„“”‚‘’«»") if first else ""
    found = words(text)
    for last, word in zip(["", *found], found, strict=False):
        may_be_name = language != "de" and word[0].isupper() and not (word == start and language in _NAMED)
        is_surname = word[0].isupper() and (last in names or last.lower() in _TITLES)
        if len(word) >= SHORTEST and not may_be_name and not is_surname and not {word, word.lower()} & names:
            yield word


def _knows(lexicon: Container[str], word: str) -> bool:
    """Tell whether a word, or each part of one with a hyphen, is in the list, with a small or a capital letter."""
    parts = [part for part in word.split("-") if part]
    return all(any(form in lexicon for form in (part, part.lower(), part.capitalize())) for part in parts)


@cache
def _lexicon(language: str) -> Container[str]:
    """Return the words of a language as simplemma knows them; nothing for a language that it does not know."""
    from simplemma.strategies import DefaultDictionaryFactory
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    known = language in SUPPORTED_LANGUAGES
    return DefaultDictionaryFactory().get_dictionary(language) if known else frozenset[str]()
