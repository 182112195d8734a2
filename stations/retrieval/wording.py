"""What the model is told when it answers from documents, and the calibrated limits: ``configs/retrieval.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stations.texts import Language

FILE = Path(__file__).resolve().parents[2] / "configs" / "retrieval.toml"


@dataclass(frozen=True)
class Lines:
    """What a model is told in one language; the file says what each is for."""

    role: str
    quote: str
    asked: str
    decide: str
    yes: str
    no: str
    answer: str
    refusal: str
    nothing: str
    rewrite: str
    rewrite_asked: str
    rewrite_question: str
    rewrite_answer: str
    example_talk: str
    example_question: str
    example_rewritten: str
    nothing_signs: tuple[str, ...]
    courtesies: frozenset[str]
    openings: tuple[str, ...]
    pointing: frozenset[str]
    frame: frozenset[str]


@dataclass(frozen=True)
class EvidenceLimits:
    """How much each sign of evidence weighs, and when it is too weak (see ``evidence``)."""

    bias: float
    yes: float
    covered: float
    spread: float
    least: float
    sure: float
    hopeless_covered: float
    hopeless_spread: float
    usual_covered: float
    usual_spread: float


@dataclass(frozen=True)
class SupportLimits:
    """When a sentence counts as supported by its source (see ``support``)."""

    least_words: float
    least_near: float


@cache
def lines(language: Language) -> Lines:
    """Return what a model is told in a language."""
    found = _file()[language]
    return Lines(
        **found
        | {name: tuple(found[name]) for name in ("nothing_signs", "openings")}
        | {name: frozenset(found[name].split()) for name in ("courtesies", "frame")}
        | {"pointing": frozenset(found["pointing"])}
    )


@cache
def evidence_limits() -> EvidenceLimits:
    """Return the calibrated limits of evidence."""
    return EvidenceLimits(**_file()["evidence"])


@cache
def support_limits() -> SupportLimits:
    """Return the calibrated limits of the support check."""
    return SupportLimits(**_file()["support"])


@cache
def _file() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
