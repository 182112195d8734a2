"""Where things lie in the project folder, and what one setting-up carries with it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.progress import Progress, Report

WINDOWS = os.name == "nt"
PORTABLE = "portable.json"
"""Lies in the project folder where the kit came on a stick (see ``models.kit``)."""


@dataclass(frozen=True)
class Place:
    """The project folder and the files the set-up uses in it. Nothing is made here."""

    root: Path

    @property
    def venv(self) -> Path:
        """The environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's own Python."""
        return self.venv / ("Scripts/python.exe" if WINDOWS else "bin/python")

    @property
    def project(self) -> Path:
        """What the project needs."""
        return self.root / "pyproject.toml"

    @property
    def versions(self) -> Path:
        """The tested versions of all packages, as constraints for pip."""
        return self.root / "configs" / "versions.txt"

    @property
    def mark(self) -> Path:
        """Written last: says that the environment is whole, and from what it was made."""
        return self.venv / "ki-werkstatt.json"

    @property
    def lock(self) -> Path:
        """Held while somebody sets up."""
        return self.root / "build" / "setup.lock"

    @property
    def log(self) -> Path:
        """Everything the last set-up's programs said, for whoever helps."""
        return self.root / "build" / "setup.log"

    @property
    def on_shelf(self) -> bool:
        """Whether the packages lie beside the project, on a stick: nothing may come from anywhere else then."""
        return (self.root / PORTABLE).exists()

    def sources(self) -> tuple[str, ...]:
        """Return the words that tell pip where packages come from; none where that is the user's choice."""
        if not self.on_shelf:
            return ()
        folders = sorted(each for each in (self.root.parent / "wheels").glob("*") if each.is_dir())
        return ("--no-index", *(word for each in folders for word in ("--find-links", str(each))))

    def packages(self) -> Path:
        """Return the environment's folder of packages (it may not exist yet)."""
        found = sorted(self.venv.glob("lib/python*/site-packages"))
        return found[0] if found else self.venv / "Lib" / "site-packages"

    def installed(self, name: str) -> str | None:
        """Return the installed version of package ``name``, or ``None``. Reads file names, starts nothing."""
        wanted = re.compile(
            rf"{re.sub('[-_.]+', '[-_.]+', name)}-(?P<version>[^-]+)\.dist-info", re.IGNORECASE
        )
        for folder in self.packages().glob("*.dist-info"):
            if match := wanted.fullmatch(folder.name):
                return match["version"]
        return None


@dataclass
class Job:
    """One setting-up: where, who is told, and which lock its programs keep held.

    ``touched`` turns true when pip begins to change installed packages: before that, a failure has broken nothing.
    ``scratch`` leads programs to a temporary folder that will be removed.
    """

    place: Place
    report: Report
    lock: int
    step: int = 0
    steps: int = 0
    touched: bool = False
    scratch: Mapping[str, str] = field(default_factory=dict)

    def tell(self, key: str, done: float = 0.0, total: float | None = None, **facts: object) -> None:
        """Report one moment of the current step."""
        numbers = {"step": self.step, "steps": self.steps}
        self.report(Progress(key, done, total, facts=numbers | facts))
