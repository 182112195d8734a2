"""Word lists for saying texts, one file per language in ``configs/speaking``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "configs" / "speaking"
Forms = tuple[str, str, str]
"""One, many, grammatical gender."""


@dataclass(frozen=True)
class Words:
    """What the rules of a language look up; the files say what each list is."""

    spelled: frozenset[str]
    labels: frozenset[str]
    rulers: frozenset[str]
    abbreviations: Mapping[str, str]
    queens: frozenset[str] = frozenset()
    not_feminine: frozenset[str] = frozenset()
    counted: Mapping[str, str] = field(default_factory=dict)
    """Gender by noun."""
    floors: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Forms] = field(default_factory=dict)
    currencies: Mapping[str, tuple[Forms, Forms]] = field(default_factory=dict)


@cache
def words(language: str) -> Words:
    """Return the lists of ``de`` or ``en``."""
    found = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    genders = {noun: gender for gender, nouns in found.get("counted", {}).items() for noun in nouns}
    lists = ("spelled", "labels", "rulers", "queens", "not_feminine")
    return Words(
        **{name: frozenset(found.get(name, ())) for name in lists},
        abbreviations=found["abbreviations"],
        counted=genders,
        floors=found.get("floors", {}),
        units=found.get("units", {}),
        currencies=found.get("currencies", {}),
    )


def any_of(names: frozenset[str]) -> str:
    """Return a pattern for one of the words."""
    return "|".join(sorted(names, key=len, reverse=True))
