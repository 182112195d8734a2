"""A translation as people see it: sentence beside sentence, with what should be checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from stations.page import html_block
from stations.prose.finding import Finding
from stations.texts import Language, say
from stations.translation.languages import language_name
from stations.translation.results import Pair, Translation, Wish
from stations.translation.returning import Part, returned
from stations.units import wait_text


def pairs_block(pairs: Sequence[Pair], wish: Wish, language: Language) -> str:
    """Return the sentences of both languages side by side as one line of HTML; empty lines are left out."""
    rows = [
        {
            "original": [Part(pair.unit.text)],
            "text": [Part(pair.text)],
            "findings": [finding_text(each, language) for each in pair.findings],
        }
        for pair in pairs
        if pair.unit.speaks
    ]
    return _block(rows, wish.source, wish.target, language)


def back_block(there: Translation, back: Translation, wish: Wish, language: Language) -> str:
    """Return the original beside what came back of it, with the words marked that only one of them has."""
    rows = []
    for pair, again in zip(there.pairs, back.pairs, strict=True):
        if pair.unit.speaks:
            both = returned(pair.unit.text, again.text, wish.source)
            rows.append({"original": both.original, "text": both.back, "findings": []})
    return _block(rows, wish.source, wish.source, language, say("speech.back_head", language))


def finding_text(finding: Finding, language: Language) -> str:
    """Return what a person should check about a sentence."""
    facts: Mapping[str, object] = finding.facts
    if finding.check == "language":
        facts = {"wanted": language_name(str(facts["wanted"]), language)}
    return say(f"translate.broken_{finding.check}", language, **facts)


def state_text(made: Translation, language: Language) -> str:
    """Return how far a translation is, and when it is done what a person should know."""
    if made.stage != "done":
        share = say("speech.translate_share", language, share=round(100 * made.share))
        left = made.seconds_left
        return (
            share
            if left is None
            else f"{share} {say('speech.stage_left', language, time=wait_text(left, language))}"
        )
    doubtful = sum(bool(pair.findings) for pair in made.pairs)
    key = "speech.translate_doubtful" if doubtful else "speech.translate_done"
    return say(key, language, count=doubtful)


def _block(rows: list[dict[str, Any]], source: str, target: str, language: Language, head: str = "") -> str:
    return html_block(
        "pairs.html",
        pairs=rows,
        source=language_name(source, language),
        target=head or language_name(target, language),
        source_code=source,
        target_code=target,
    )
