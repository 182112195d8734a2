"""Findings as sentences, for people and for the model that is to do better."""

from collections.abc import Mapping

from stations.prose.finding import Finding
from stations.texts import Language, say


def finding_text(finding: Finding, language: Language) -> str:
    """Return what the program found, such as ``587 von höchstens 600 Zeichen``."""
    key = f"text.kept_{finding.check}" if finding.kept else f"text.broken_{finding.check}"
    return say(key, language, **_named(finding, language))


def reminder(finding: Finding, language: Language) -> str:
    """Return what the model is told after it has broken a promise."""
    return say(f"text.remind_{finding.check}", language, **_named(finding, language))


def _named(finding: Finding, language: Language) -> Mapping[str, object]:
    """Give a language or a form of address its name instead of its code."""
    wanted = finding.facts.get("wanted")
    if finding.check == "language":
        return {"wanted": say(f"text.language_{wanted}", language)}
    if finding.check == "address":
        return {"wanted": say(f"text.address_{wanted}", language)}
    return finding.facts
