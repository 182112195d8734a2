"""Sentences and words of a text: sentencex (MIT) splits, this module mends what it gets wrong in everyday German.

A line break always ends a sentence, because headings, list items and verses have no full stop.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise

ELLIPSIS = "…"
_WORD = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+(?:[-‐‑'’·\u00ad][^\W_]+)*")
_MARKER = re.compile(r"\s*(?:>\s*)*(?:#{1,6}|[-*+•–]|\(?(?:\d{1,3}|[A-Za-z])[.)])?\s*(?:\[[ xX]\])?\s*")
"""What may stand before the first word of a line: a quotation mark of Markdown, a heading, a list item, a box."""
_UNFINISHED = re.compile(
    r"\b(?:abb|abs|abschn|anm|aufl|ausst|bd|bes|bez|bgm|bsp|bspw|dipl|exkl|fa|gebr|gegr|gem|gest|hl|hrn|hrsg"
    r"|inh|inkl|insb|inv|kap|kat|kfz|lfd|ltg|max|mind|pfr|pos|staatl|städt|stellv|stv|temp|verantw|zzgl|zz"
    r"|mrs?|ms|approx|est|vol)\.\s*$",
    re.IGNORECASE,
)
"""Abbreviations that call for more words and that sentencex takes for an end."""
_ORDINAL = re.compile(
    r"\b(?:ab|am|beim|das|dem|den|der|des|die|im|jede[rsmn]?|ihr\w*|sein\w*|seit|unser\w*|vom|zum|zur)\s\d{1,2}\.\s*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\b\d{1,2}\.\s*$")
_ORDINAL_NOUN = re.compile(
    r"(?:Jh|Jahrh|Jan|Feb|Sept|Okt|Nov|Dez|Stock|Etage|OG|Platz|Klasse|Mal|Auflage)\w*\b"
)
_CONTINUES = re.compile(r"\s*[a-zäöüß,;:)\]–—-]")
_NOT_BEFORE_NUMBERS = "".join(
    rf"(?<!\b{each})"
    for each in (
        "Abschn",
        "Aufl",
        "Ausst",
        "Sept",
        "Tel",
        "aufl",
        "bspw",
        "evtl",
        "inkl",
        "insb",
        "max",
        "min",
        "mind",
    )
)
_MISSED_END = re.compile(
    rf"(?<=[a-zäöüß]{{3}})(?<!str){_NOT_BEFORE_NUMBERS}[.!?]\s+(?=\d)"
    r"|\bArt\.\s+(?=[A-ZÄÖÜ])|\b(?:Min|Std|Jh|usw|etc|Mio|e\.\s?V)\.\s+"
    r"(?=(?:Das|Dann|Der|Die|Dies\w*|Eine?|Er|Es|Für|Ich|Ihr\w*|Im|In|Man|Mit|Nach|Sie|Unser\w*|Wir)\b)"
)
"""An end that sentencex does not see: before a number, or after an abbreviation where the next word would be small."""
_WORDLESS = re.compile(r"[\W_]+\Z")
_LEADING_SIGNS = re.compile(r"[^\w\s\"'„“”‚‘’«»‹›(\[{*_#@+§$€£<&~-]+\s*")


def sentences(text: str, language: str) -> list[str]:
    """Return the sentences of ``text`` in order, without surrounding space.

    Args:
        text: Plain text or Markdown; every line break ends a sentence.
        language: Code of the language, such as ``de``.

    Returns:
        Pieces of ``text`` that together hold every character of it but space; ``[]`` for a blank text.
    """
    return [text[start:end] for start, end in spans(text, language)]


def spans(text: str, language: str) -> list[tuple[int, int]]:
    """Return where each sentence begins and ends in ``text``."""
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        for piece in _of_line(line, language):
            begin = at + len(piece) - len(piece.lstrip())
            at += len(piece)
            if piece.strip():
                found.append((begin, begin + len(piece.strip())))
    return found


def words(text: str) -> list[str]:
    """Return the words of ``text``: letters and digits, joined by hyphens, apostrophes or a Mediopunkt.

    A number with separators (``1.000``, ``14:30``) is one word.
    """
    return _WORD.findall(unicodedata.normalize("NFC", text))


def shortened_to_sentences(text: str, fits: Callable[[str], bool], language: str) -> str:
    """Return the beginning of ``text`` that fits, in whole sentences.

    Paragraphs stay as they are. A heading never ends the text. When not even the first sentence fits, it is cut
    after a word and ends with ``…``.

    Returns:
        A text for which ``fits`` holds, or ``""``.
    """
    if fits(text):
        return text
    for start, end in reversed(spans(text, language)):
        shorter = text[:end].strip()
        if not text.startswith("#", start) and fits(shorter):
            return shorter
    return next((cut for cut in _cut_at_words(text) if fits(cut)), "")


def _cut_at_words(text: str) -> Iterator[str]:
    for match in reversed(list(_WORD.finditer(text))):
        yield text[: match.end()].lstrip() + ELLIPSIS


def _of_line(line: str, language: str) -> list[str]:
    """Return the pieces of one line; joined they are the line."""
    marker = _MARKER.match(line)
    start = marker.end() if marker else 0
    joined = [line[:start]]
    for piece in _signs_moved_back(_pieces(line[start:], language)):
        if joined == [line[:start]] or _belongs_together(joined[-1], piece):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _pieces(line: str, language: str) -> list[str]:
    from sentencex import segment

    found = list(segment(language, line)) if line.strip() else [line]
    if "".join(found) != line:  # never lose a word, whatever the package does with a rare character
        return [line]
    ends = {0, *(match.end() for match in _MISSED_END.finditer(line)), *accumulate(map(len, found))}
    return [line[begin:end] for begin, end in pairwise(sorted(ends))]


def _signs_moved_back(pieces: list[str]) -> Iterator[str]:
    """Yield the pieces with emoji that open one moved to the end of the one before: they belong to what was said."""
    for number, piece in enumerate(pieces):
        signs = _LEADING_SIGNS.match(piece) if number else None
        if signs:
            yield signs[0]
        yield piece[signs.end() :] if signs else piece


def _belongs_together(before: str, after: str) -> bool:
    if _WORDLESS.match(after) or _CONTINUES.match(after) or _ORDINAL.search(before):
        return True
    return bool(_UNFINISHED.search(before) or (_DIGITS.search(before) and _ORDINAL_NOUN.match(after)))
