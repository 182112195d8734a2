"""What a visitor has ticked off and which task is open: a small file in their private folder."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from stations.room.private_files import write_private

FILE = "ticks.json"


class Ticks(BaseModel):
    """Ticked steps by station and card, counted from 0, and by station the card that is open ("" for the list)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    done: dict[str, dict[str, tuple[int, ...]]] = {}
    open: dict[str, str] = {}

    def steps(self, station: str, card: str) -> frozenset[int]:
        """Return the ticked steps of a card."""
        return frozenset(self.done.get(station, {}).get(card, ()))

    def with_step(self, station: str, card: str, step: int, *, done: bool) -> Self:
        """Return the same with a step ticked or not."""
        others = self.steps(station, card) - {step}
        steps = tuple(sorted(others | {step} if done else others))
        return self.model_copy(
            update={"done": {**self.done, station: {**self.done.get(station, {}), card: steps}}}
        )

    def with_open(self, station: str, card: str | None) -> Self:
        """Return the same with a card open, with "" the list of cards, with ``None`` nothing."""
        others = {name: opened for name, opened in self.open.items() if name != station}
        return self.model_copy(update={"open": others if card is None else {**others, station: card}})


def read_ticks(folder: Path) -> Ticks:
    """Return what a visitor ticked; nothing where there is no file, or none that can be read."""
    try:
        return Ticks.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        return Ticks()


def write_ticks(folder: Path, ticks: Ticks) -> None:
    """Keep what a visitor ticked."""
    write_private(folder / FILE, ticks.model_dump_json().encode())
