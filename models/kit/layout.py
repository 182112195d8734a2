"""What lies where on a stick, and in what is installed from one. Standard library only."""

import json
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.setup.place import PORTABLE

HOME_VARIABLE = "KIWERKSTATT_HOME"
NAME = "ki-werkstatt"
Kind = Literal["stick", "installed"]
SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
"""The systems a kit can be for, by the name Python has for them."""
MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Kit:
    """The folder of a stick, or of one installed version; both look the same inside. Nothing is made here."""

    root: Path

    @property
    def code(self) -> Path:
        """The program."""
        return self.root / "code"

    @property
    def launcher(self) -> Path:
        """The file that starts it."""
        return self.code / "launcher.py"

    @property
    def wheels(self) -> Path:
        """The packages: a folder ``any`` and one for each system."""
        return self.root / "wheels"

    @property
    def models(self) -> Path:
        """The models, as a store's ``export`` lays them out."""
        return self.root / "models"

    @property
    def manifest(self) -> Path:
        """Every file of the kit with its size and checksum."""
        return self.root / "manifest.json"

    @property
    def mark(self) -> Path:
        """Written last: says that everything is there, and which manifest it is about."""
        return self.root / "complete.json"

    @property
    def card(self) -> Path:
        """Tells the program in ``code`` that it belongs to a kit, and whether to a stick or an installed one."""
        return self.code / PORTABLE

    @property
    def kind(self) -> Kind | None:
        """What this folder is; ``None`` for a program that came another way."""
        try:
            found = json.loads(self.card.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return "installed" if found.get("kind") == "installed" else "stick"

    def write_card(self, kind: Kind) -> None:
        """Note in the program's folder what this is."""
        self.card.write_text(json.dumps({"kind": kind}) + "\n", encoding="utf-8")


@dataclass(frozen=True, order=True)
class Target:
    """A kind of laptop: ``linux``, ``windows`` or ``macos``, ``x86_64`` or ``arm64``, and Python as in ``3.11``."""

    system: str
    machine: str
    python: str

    @property
    def name(self) -> str:
        """What the kind of laptop is called: ``linux x86_64, Python 3.11``."""
        return f"{self.system} {self.machine}, Python {self.python}"


def this_machine() -> Target:
    """Return what this program runs on."""
    machine = platform.machine().lower()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Target(SYSTEMS.get(sys.platform, sys.platform), MACHINES.get(machine, machine), version)


def home() -> Path:
    """Return the kit's data folder, the same as ``models.settings.data_folder`` (which needs packages)."""
    if chosen := os.environ.get(HOME_VARIABLE, "").strip():
        return Path(chosen).expanduser().resolve()
    return _data_of_user() / NAME


def _data_of_user() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME", "").strip() or Path.home() / ".local" / "share")
