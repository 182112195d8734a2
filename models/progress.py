"""How long steps tell what they are doing, without knowing who shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Progress:
    """One moment of a long step.

    ``key`` names the sentence that says what is being done; ``done`` and ``total`` are counted in ``unit``
    (``total`` is ``None`` while nobody can know it).
    """

    key: str
    done: float = 0.0
    total: float | None = None
    unit: Literal["bytes", "steps"] = "steps"
    facts: Mapping[str, object] = field(default_factory=dict)


Report = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Report to nobody."""
