"""How fast this machine writes speech down, remembered from what it has written down already."""

import json
from contextlib import suppress
from pathlib import Path

LEAST_S = 30.0
"""Recordings shorter than that tell more about loading a model than about listening."""


class Speed:
    """Seconds of work for each second of a recording, by model; kept in ``file``."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, model: str) -> float | None:
        """Return how many seconds of work one second of sound takes; ``None`` before anything was measured."""
        share = self._known().get(model)
        return float(share) if isinstance(share, int | float) and share > 0 else None

    def note(self, model: str, heard_s: float, work_s: float) -> None:
        """Remember how long a recording took, alone or beside others; what is too short is left out."""
        if heard_s < LEAST_S or work_s <= 0:
            return
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps({**self._known(), model: round(work_s / heard_s, 4)}), encoding="utf-8")
        part.replace(self._file)

    def _known(self) -> dict[str, object]:
        with suppress(OSError, ValueError):
            found = json.loads(self._file.read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
        return {}
