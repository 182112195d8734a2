"""What can be done with a finished text: each is a recipe that takes a text."""

from stations.texts import Language

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


def rework_values(
    action: str, text: str, characters: str | None, language: Language
) -> tuple[str, dict[str, str]]:
    """Return the recipe of an action and what is filled in; ``characters`` is the limit for ``shorter``.

    A text on a German page is translated into English, and the other way round.
    """
    given = {"text": text}
    if action == "shorter":
        given["zeichen"] = (characters or "").strip() or str(max(60, round(len(text) * SHORTER)))
    if action == "translate":
        given["sprache"] = "en" if language == "de" else "de"
    return REWORKS[action], given
