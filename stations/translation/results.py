"""What translating gives: sentence beside sentence, and what about them a person should check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from models.engines.base import Sampling
from stations.prose.finding import Finding
from stations.translation.units import Mark, Unit, joined

Stage = Literal["translating", "mending", "done"]
SAMPLING = Sampling(temperature=0.1, repetition=1.0, dry=0.0)
"""Nearly the likeliest words. No penalty: a translation repeats what its text repeats."""


@dataclass(frozen=True)
class Wish:
    """What is wanted: from which language to which (codes such as ``de``), with which words, for whom.

    ``sampling`` is how a chat model writes; its ``max_tokens`` is set for each request.
    """

    source: str
    target: str
    glossary: Mapping[str, str] = field(default_factory=dict)
    person: str = ""
    sampling: Sampling = SAMPLING


@dataclass(frozen=True)
class Pair:
    """A sentence and its translation so far; ``findings`` say what a person should check.

    ``marks`` are the places of the unit's marked words in the translation, ``None`` for those that were lost.
    """

    unit: Unit
    text: str = ""
    findings: tuple[Finding, ...] = ()
    done: bool = False
    marks: tuple[Mark | None, ...] = ()


@dataclass(frozen=True)
class Translation:
    """A translation on its way.

    ``share`` is how much of the work is done, 0 to 1; ``seconds_left`` comes from the rate so far, ``None`` at the
    beginning. While it is ``mending`` the sentences are tried once more that broke a promise.
    """

    pairs: tuple[Pair, ...] = ()
    stage: Stage = "translating"
    share: float = 0.0
    seconds_left: float | None = None
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """The whole text as far as it is translated, with the line breaks and list signs of the original."""
        return joined([pair.unit for pair in self.pairs], [pair.text for pair in self.pairs])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that a person should check, in order."""
        return tuple(finding for pair in self.pairs for finding in pair.findings)
