"""From what is written to what is said: numbers, dates, short forms and signs become words."""

import re

from models.voice.base import first_language
from stations.speaking import english, german
from stations.speaking.markup import plain

_LANGUAGES = {"de": german.said, "en": english.said}
PASSES = 6
"""One does for all but gibberish; what a pass leaves alone is said."""
_MARKS = str.maketrans(
    dict.fromkeys('"“”„«»‹›*_~^|`\\{}', "") | {"[": "(", "]": ")", "…": ".", "•": ",", "·": ",", "–": ",", "—": ","}
    | {"’": "'", "‘": "'", "‚": "", "<": " ", ">": " ", "−": "-"}
)  # fmt: skip
_TIDY = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"\(\s*\)"), ""),
    (re.compile(r"(?:\s*,)+(?=\s*[.,;:!?])|\s+(?=[,.;:!?](?:\s|$))"), ""),
    (re.compile(r"([.!?])[.!?]+"), r"\1"),
    (re.compile(r"([,;:])[,;:\s]*(?=[,;:])"), ""),
    (re.compile(r"(?<=[,;])(?=[^\s\d])"), " "),
    (re.compile(r"^[\s,;:]+|[\s,;]+$"), ""),
)
_QUOTED = re.compile(r"(?<!\w)'|'(?!\w)")


def said(text: str, language: str) -> str:
    """Return what a voice is to say for ``text`` on one line.

    German and English become words altogether; of other languages only Markdown, HTML, emoji and signs without a sound
    are taken away, because their voices read numbers themselves. No word gets lost; said once more, the result stays
    the same.

    Args:
        text: Plain text or Markdown, best a sentence or a paragraph; takes time in proportion to its length.
        language: A code such as ``de`` or ``de-AT``.
    """
    rules = _LANGUAGES.get(first_language(language), str)
    before, now = "", text
    for _ in range(PASSES):
        before, now = now, tidy(rules(" ".join(plain(now).split("\n"))))
        if now == before:
            break
    return now


def tidy(text: str) -> str:
    """Return the text on one line, without marks that have no sound and without punctuation twice."""
    bare = _QUOTED.sub("", text.translate(_MARKS))
    for pattern, instead in _TIDY:
        bare = pattern.sub(instead, bare)
    return bare
