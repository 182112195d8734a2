"""Findings as sentences, for people and for the model that is to do better."""

from collections.abc import Mapping

from stations.text.judging import Finding
from stations.texts import Language, say


def finding_text(finding: Finding, language: Language) -> str:
    """Return what the program found, such as ``587 von höchstens 600 Zeichen``."""
    return say(
        f"text.{'kept' if finding.kept else 'broken'}_{finding.check}", language, **_named(finding, language)
    )


def reminder(finding: Finding, language: Language) -> str:
    """Return what the model is told after it has broken a promise."""
    return say(f"text.remind_{finding.check}", language, **_named(finding, language))


def _named(finding: Finding, language: Language) -> Mapping[str, object]:
    """Give a language or a form of address its name instead of its code."""
    wanted = finding.facts.get("wanted")
    kind = {"language": "language", "address": "address"}.get(finding.check)
    return {**finding.facts, "wanted": say(f"text.{kind}_{wanted}", language)} if kind else finding.facts
