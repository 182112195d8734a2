"""One promise about a text, and whether it was kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """One promise, and whether it was kept; ``hard`` ones must hold whatever a model writes."""

    check: str
    kept: bool
    hard: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)
