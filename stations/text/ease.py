"""How easy a text is to read, for the page: measures before and after, and the places that make it hard."""

from collections.abc import Mapping
from functools import partial

from stations.page import html_block
from stations.text.manuscript import Manuscript
from stations.text.plain_language import Finding, Kind, findings
from stations.text.readability import Readability, level, readability
from stations.texts import Language, say
from stations.units import decimal

MOST_EXCERPTS, LONGEST_EXCERPT = 4, 60
STRICT = "leichte-sprache"
"""The recipe whose results are measured by the rules of Leichte Sprache; all others by those of Einfache Sprache."""


def ease(manuscript: Manuscript, spoken: Language, language: Language) -> str:
    """Return HTML about the current version; ``spoken`` is the text's language, ``language`` the reader's."""
    kind: Kind = "leicht" if manuscript.recipe_id == STRICT else "einfach"
    now, before = readability(manuscript.text, spoken), readability(_before(manuscript), spoken)
    return html_block(
        "ease.html",
        rows=_rows(before, now, language) if now else [],
        compared=before is not None,
        places=_places(findings(manuscript.text, spoken, kind), language),
        say=partial(say, language=language),
    )


def _before(manuscript: Manuscript) -> str:
    """Return what the current version was made from: the version before it, or the long text put in."""
    if manuscript.at > 0:
        return manuscript.versions[manuscript.at - 1].text
    return manuscript.values.get("text", "")


def _rows(before: Readability | None, now: Readability, language: Language) -> list[Mapping[str, str]]:
    def row(name: str, value: str) -> Mapping[str, str]:
        old = getattr(before, value) if before else 0.0
        return {
            "name": say(f"text.ease_{name}", language),
            "before": decimal(old, language),
            "now": decimal(getattr(now, value), language),
        }

    judged = {
        "name": say("text.ease_level", language),
        "before": say(f"text.level_{level(before)}", language) if before else "",
        "now": say(f"text.level_{level(now)}", language),
    }
    return [judged, row("words", "words_per_sentence"), row("lix", "lix"), row("flesch", "flesch")]


def _places(found: list[Finding], language: Language) -> list[dict[str, object]]:
    """Return each broken rule once, with the first places where it is broken."""
    by_rule: dict[str, list[str]] = {}
    for one in found:
        by_rule.setdefault(one.rule, []).append(_short(one.excerpt))
    return [
        {
            "rule": say(f"text.rule_{rule}", language),
            "excerpts": excerpts[:MOST_EXCERPTS],
            "more": max(0, len(excerpts) - MOST_EXCERPTS),
        }
        for rule, excerpts in by_rule.items()
    ]


def _short(excerpt: str) -> str:
    return excerpt if len(excerpt) <= LONGEST_EXCERPT else f"{excerpt[:LONGEST_EXCERPT].rsplit(' ', 1)[0]} …"
