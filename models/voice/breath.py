"""Cutting texts into what can be said in one breath.

Voices compute a sentence as a whole: a long one takes memory (400 words without punctuation 1.5 GB with Piper) and
nothing is heard until all of it is there; endless words make Pico stumble. So everything is cut before it reaches them.
"""

import re
from collections.abc import Iterator

LONGEST = 220
"""Characters of a breath, some 15 seconds."""
LONGEST_WORD = 60
"""Letters; the longest word of German law has 63."""
_CUTS = (
    re.compile(r"[.!?…][\"“”«»)\]]*\s"),
    re.compile(r"[;:]\s|\s[–—-]\s"),
    re.compile(r"[,)]\s"),
    re.compile(
        r"\s(?=(?:und|oder|aber|sondern|weil|dass|wenn|als|and|or|but|because|that|when|which)\s)", re.I
    ),
    re.compile(r"\s"),
)
"""Where a text may be cut, best first."""
_SPACE = re.compile(r"\s+")
_LONG_WORD = re.compile(rf"[^\s\W]{{{LONGEST_WORD}}}(?=\w)|\S{{{2 * LONGEST_WORD}}}(?=\S)")


def breaths(text: str, longest: int = LONGEST) -> Iterator[str]:
    """Yield ``text`` in pieces of at most ``longest`` characters; joined by spaces they hold every character of it.

    The best end that lies in the last two thirds of a piece is taken: of a sentence, of a clause, before a small word
    that begins one, of a word. Words of more than ``LONGEST_WORD`` letters are cut, white space becomes one space.
    Takes time in proportion to the length.
    """
    rest = _LONG_WORD.sub(lambda match: f"{match[0]} ", _SPACE.sub(" ", text).strip())
    at = 0
    while len(rest) - at > longest:
        end = _end(rest[at : at + longest + 1], longest)
        yield rest[at : at + end].strip()
        at += end
    if last := rest[at:].strip():
        yield last


def _end(window: str, longest: int) -> int:
    """Return where the piece at the beginning of ``window`` ends, at most ``longest``."""
    for cut in _CUTS:
        ends = [match.end() for match in cut.finditer(window, longest // 3) if match.end() <= longest + 1]
        if ends:
            return ends[-1]
    return longest
