"""What stands in a text besides its sentences: addresses, telephone numbers, hashtags, and gaps to fill in."""

import re
from collections.abc import Iterator

_FEWEST_PHONE_DIGITS = 7
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
OPENING = re.compile(r"(?:^|[:.!?…–]\s*|[\"„“‚»«(*_>#|-]\s*)$")
"""What stands before the first word of a sentence, a quotation or a list item."""


def addresses(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each address or telephone number begins, and the address."""
    for match in _ADDRESS.finditer(text):
        if not match["phone"] or sum(sign.isdigit() for sign in match[0]) >= _FEWEST_PHONE_DIGITS:
            yield match.start(), match[0].rstrip(".,;:")


def without_addresses(text: str) -> str:
    """Return the text with addresses, telephone numbers, placeholders and hashtags painted over, same length."""
    for start, found in addresses(text):
        text = text[:start] + "|" * len(found) + text[start + len(found) :]
    for pattern in (_PLACEHOLDER, _HASHTAG):
        text = pattern.sub(lambda match: "|" * len(match[0]), text)
    return text


def placeholders(text: str) -> list[str]:
    """Return the gaps to fill in, with their brackets: ``[Datum]``, ``[Name der Leitung]``; each once, in order.

    Links, boxes and footnotes of Markdown have brackets too and are no gaps.
    """
    found = (match[0] for match in _PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(each for each in found if not _BOX.fullmatch(each)))
