"""What can be done with a finished text: each is a recipe that takes a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.errors import ModelError
from stations.prose.finding import Finding
from stations.texts import Language, say

REWORKS = {
    "shorter": "kuerzen",
    "friendlier": "freundlicher",
    "diplomatic": "diplomatisch",
    "formal": "foermlicher",
    "longer": "ausfuehrlicher",
    "plain": "einfache-sprache",
    "list": "als-liste",
    "correct": "korrektur",
    "translate": "uebersetzen",
}
"""The recipe behind each action."""
SHORTER = 0.7
"""Share of its length that a text is cut to when nobody says how much."""
LEAST = 60
"""Letters below which nothing can be shortened."""


WHOLE = ("correct", "translate")
"""Actions that change headings and fields too; the others leave them as they are."""
_FRAME = re.compile(
    r"\A(?P<head>(?:#[^\n]*\n+)?)(?P<body>.*?)(?P<foot>(?:\n+\*\*[^*\n]+:\*\*[^\n]*)*)\s*\Z", re.DOTALL
)


@dataclass(frozen=True)
class Frame:
    """A text taken apart: its title, what stands between, and fields such as a contact at its end."""

    head: str
    body: str
    foot: str

    def around(self, body: str) -> str:
        """Return the whole text with another body."""
        return f"{self.head}{body}{self.foot}"

    @property
    def letters(self) -> int:
        """How many letters title and fields take."""
        return len(self.head) + len(self.foot)


NO_FRAME = Frame("", "", "")


def framed(text: str, action: str) -> Frame:
    """Take a text apart for an action; a model would lose titles and fields while it rewrites prose."""
    match = None if action in WHOLE else _FRAME.match(text)
    if match is None or not match["body"].strip():
        return Frame("", text, "")
    return Frame(match["head"], match["body"], match["foot"])


def rework_values(action: str, frame: Frame, characters: str | None, language: Language) -> dict[str, str]:
    """Return what is filled in for an action; ``characters`` is the limit of the whole text for ``shorter``.

    A text on a German page is translated into English, and the other way round.

    Raises:
        ModelError: ``text.not_a_number`` for a limit that is none, ``text.limit_too_small`` if the frame fills it.
    """
    given = {"text": frame.body}
    if action == "shorter":
        given["zeichen"] = str(_room(frame, (characters or "").strip(), language))
    if action == "translate":
        given["sprache"] = "en" if language == "de" else "de"
    return given


def _room(frame: Frame, characters: str, language: Language) -> int:
    if not characters:
        return max(LEAST, round(len(frame.body) * SHORTER))
    if not characters.isdecimal():
        raise ModelError("text.not_a_number", field=say("text.rework_shorter", language))
    if int(characters) - frame.letters < LEAST:
        raise ModelError("text.limit_too_small")
    return int(characters) - frame.letters


def counted_whole(findings: Sequence[Finding], letters: int) -> tuple[Finding, ...]:
    """Return the findings with the letters of the frame counted in: people see the whole text and its limit."""
    return tuple(
        replace(each, facts={name: int(str(fact)) + letters for name, fact in each.facts.items()})
        if each.check == "characters"
        else each
        for each in findings
    )
