"""Translated back: a check for people who do not read the other language, with the words that changed on the way."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from models.engines.base import ChatModel, Translator
from stations.translation.glossary import turned_round
from stations.translation.results import Translation, Wish
from stations.translation.translating import translate
from stations.translation.units import Unit

_TOKEN = re.compile(r"\w+(?:[.,:’'-]\w+)*|[^\w\s]+|\s+")


@dataclass(frozen=True)
class Part:
    """Some words of a text; ``changed`` ones are not in the other text, not even in another form."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Return:
    """A sentence, and what came back of it, each in parts; joined, the parts are the text."""

    original: tuple[Part, ...]
    back: tuple[Part, ...]


def translate_back(translation: Translation, wish: Wish, by: Translator | ChatModel) -> Iterator[Translation]:
    """Yield the way back of a translation made by ``wish``, as ``translate`` does; one pair for each of its pairs.

    Raises:
        ModelError: as ``translate``.
    """
    units = [
        Unit(pair.text, pair.unit.before, pair.unit.after, pair.unit.paragraph) for pair in translation.pairs
    ]
    back = replace(wish, source=wish.target, target=wish.source, glossary=turned_round(wish.glossary))
    yield from translate(units, back, by)


def returned(original: str, back: str, language: str) -> Return:
    """Return both texts with the words marked that only one of them has; both are in ``language``.

    Capital letters, endings (``Museums``, ``Museum``) and signs between words make no difference.
    """
    ours, theirs = _TOKEN.findall(original), _TOKEN.findall(back)
    our_words, their_words = _basic(ours, language), _basic(theirs, language)
    matcher = SequenceMatcher(
        None, [word for _, word in our_words], [word for _, word in their_words], autojunk=False
    )
    new_ours, new_theirs = set[int](), set[int]()
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            new_ours |= {at for at, _ in our_words[a:b]}
            new_theirs |= {at for at, _ in their_words[c:d]}
    return Return(_parts(ours, new_ours), _parts(theirs, new_theirs))


def _basic(tokens: list[str], language: str) -> list[tuple[int, str]]:
    """Return place and basic form of the tokens that are words."""
    from simplemma import lemmatize
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    known = language in SUPPORTED_LANGUAGES
    words = [(at, token) for at, token in enumerate(tokens) if token[0].isalnum()]
    return [(at, (lemmatize(word, lang=language) if known else word).lower()) for at, word in words]


def _parts(tokens: list[str], changed: set[int]) -> tuple[Part, ...]:
    """Return the tokens in as few parts as possible; space between two changed words is changed too."""
    found: list[Part] = []
    for at, token in enumerate(tokens):
        is_changed = at in changed or (not token.strip() and at - 1 in changed and at + 1 in changed)
        if found and found[-1].changed == is_changed:
            found[-1] = Part(found[-1].text + token, is_changed)
        else:
            found.append(Part(token, is_changed))
    return tuple(found)
