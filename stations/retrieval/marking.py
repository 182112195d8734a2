"""A passage for a page: which of its words are those of the question, and which sentence supports an answer."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from models.index.words import Term, WordMaker
from models.reading.page_child import folded
from stations.prose.sentences import spans

_WORD = re.compile(r"[^\W_]+")
_SIGNS = re.compile(r"[^\w\s]*")
LEAST_SHARE = 0.3
"""A sentence that has fewer of a statement's words is not shown as its support."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A stretch of a passage. ``word``: a word of the question; ``support``: part of the sentence that supports."""

    text: str
    word: bool = False
    support: bool = False


def marked(text: str, question: str, language: str, support: str = "") -> tuple[Piece, ...]:
    """Return ``text`` in pieces, which joined are the text to the letter; neighbours differ in their marks.

    Stems decide: ``Beitrag`` marks ``Beitrages`` and ``Mitgliedsbeiträge``. ``support`` is a sentence of the text,
    perhaps with other spaces or signs; what is not in the text marks nothing.

    Args:
        text: Untrusted text of a document.
        question: What was asked; stop words mark nothing unless there is nothing else.
        language: Code of the passage's language.
        support: The sentence to mark as a whole, ``""`` for none.
    """
    supports = place_of(support, text)
    return tuple(
        Piece("".join(letter for letter, _ in run), *marks)
        for marks, run in groupby(
            _letters(text, _hit_words(text, question, language), supports), lambda each: each[1]
        )
    )


def html_of(pieces: Sequence[Piece]) -> str:
    """Return pieces as HTML that is safe whatever is in them: ``<mark>`` around words, ``class="support"`` around more.

    Line breaks become ``<br>``; nothing else of the text is HTML.
    """
    return "".join(
        _wrapped("".join(map(_html, run)), support)
        for support, run in groupby(pieces, lambda piece: piece.support)
    )


def supporting(text: str, statement: str, language: str) -> str:
    """Return the sentence of ``text`` that shares most words with a statement, ``""`` if none shares enough.

    Words are stems without stop words; of a statement's words at least ``LEAST_SHARE`` must be in the sentence.
    """
    said = {term.stem for term in _word_maker().of_question(statement, [language])}
    found = [text[begin:end] for begin, end in spans(text, language)]
    shares = [len(said & set(_word_maker().of_passage(each, language))) / max(len(said), 1) for each in found]
    best = max(shares, default=0.0)
    return found[shares.index(best)] if best >= LEAST_SHARE else ""


def place_of(sentence: str, text: str) -> Span:
    """Return where ``sentence`` begins and ends in ``text``; ``(0, 0)`` where it is not.

    Only letters and digits are compared, so that other spaces, hyphens, quotation marks and ligatures do not matter;
    signs right behind the last letter belong to the sentence.
    """
    wanted, _ = folded(sentence)
    letters, places = folded(text)
    at = letters.find(wanted) if wanted else -1
    if at < 0:
        return 0, 0
    behind = _SIGNS.match(text, places[at + len(wanted) - 1] + 1)
    return places[at], behind.end() if behind else len(text)


def _hit_words(text: str, question: str, language: str) -> list[Span]:
    terms = _word_maker().of_question(question, [language]) if question.strip() else []
    return [match.span() for match in _WORD.finditer(text) if _matches(match[0], terms, language)]


def _matches(word: str, terms: Sequence[Term], language: str) -> bool:
    stems = _word_maker().of_passage(word, language) or [word.lower()]
    return any(
        stem == term.stem or (term.begins and stem.startswith(term.stem)) for term in terms for stem in stems
    )


def _letters(text: str, words: Sequence[Span], support: Span) -> Iterator[tuple[str, tuple[bool, bool]]]:
    inside = {at for begin, end in words for at in range(begin, end)}
    for at, letter in enumerate(text):
        yield letter, (at in inside, support[0] <= at < support[1])


def _html(piece: Piece) -> str:
    text = html.escape(piece.text).replace("\n", "<br>")
    return f"<mark>{text}</mark>" if piece.word else text


def _wrapped(text: str, support: bool) -> str:
    return f'<mark class="support">{text}</mark>' if support else text


@cache
def _word_maker() -> WordMaker:
    return WordMaker()
