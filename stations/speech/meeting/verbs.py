"""What somebody says they do: the verb beside "ich", looked up in a lexicon (simplemma, MIT), or after "I'll"."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from stations.texts import Language

_BESIDE_ME = re.compile(r"\b(?P<before>[a-zäöüß]{3,}) ich\b|\bich (?P<after>[a-zäöüß]{3,})\b")
_AFTER_WILL = re.compile(
    r"\b(?:i'll|i will|i'm going to|i can|i could) (?:(?:just|also|then|gladly) )?(?P<after>[a-z]{2,})"
)
_BESIDE_US = re.compile(
    r"\b(?P<before>[a-zäöüß]{2,}(?:en|ern|eln)) wir\b|\bwir (?P<after>[a-zäöüß]{2,}(?:en|ern|eln))\b"
)
_LET_US = re.compile(
    r"\b(?:let's|we'll|we will|shall we|we should) (?:(?:just|then|all) )?(?P<after>[a-z]{2,})"
)
_INFINITIVE = re.compile(r"(?:en|eln|ern|tun)$")


def own_acts(text: str, language: Language) -> Iterator[str]:
    """Yield the infinitives of what the speaker says to do; ``lass`` and ``lasse`` are ``lassen``.

    Nouns, which have a capital letter in German, are no verbs; nor is what the lexicon does not know.
    """
    if language == "en":
        yield from (match["after"] for match in _AFTER_WILL.finditer(text.lower()))
        return
    for match in _BESIDE_ME.finditer(text[:1].lower() + text[1:]):
        if infinitive := _infinitive(match["before"] or match["after"]):
            yield infinitive


def shared_acts(text: str, language: Language) -> Iterator[str]:
    """Yield the infinitives of what all are to do: ``verzichten wir``, ``we'll take``; no past and no wishes."""
    pattern, lowered = (
        (_LET_US, text.lower()) if language == "en" else (_BESIDE_US, text[:1].lower() + text[1:])
    )
    for match in pattern.finditer(lowered):
        word = match.groupdict().get("before") or match["after"]
        if language == "en" or _lexicon().get(word) == word:
            yield word


@lru_cache(maxsize=5_000)
def _infinitive(word: str) -> str:
    """Return the infinitive of a verb's form, ``""`` for other words; spoken forms lack their last letter."""
    for form in (word, f"{word}e"):
        lemma = _lexicon().get(form, "")
        if lemma != word and lemma.islower() and _INFINITIVE.search(lemma):
            return str(lemma)
    return ""


@cache
def _lexicon() -> Any:  # noqa: ANN401 - a mapping of words to basic forms
    from simplemma.strategies import DefaultDictionaryFactory

    return DefaultDictionaryFactory().get_dictionary("de")
