"""Goes on with another Python: from the one the host has to the environment's, with the same words."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from models.errors import ModelError
from models.setup import child
from models.setup.place import WINDOWS, Place

HANDED_OVER = "KIWERKSTATT_HANDED_OVER"


def is_inside(root: Path) -> bool:
    """Return whether this program runs in the project's own environment."""
    return Path(sys.prefix).resolve() == Place(root).venv.resolve()


def outside() -> Path:
    """Return the Python this environment was made with: an environment cannot renew itself."""
    return Path(getattr(sys, "_base_executable", sys.executable))


def arrived() -> None:
    """Forget how this program got here: what it starts begins a journey of its own."""
    os.environ.pop(HANDED_OVER, None)


def hand_over(python: Path, words: Sequence[str]) -> int:
    """Go on as ``python words…``; returns (an exit code) only on Windows, where a program cannot replace itself.

    Raises:
        ModelError: ``setup.broken`` when two Pythons hand over to each other without end.
    """
    times = int(os.environ.get(HANDED_OVER, "0"))
    if times > 1:
        raise ModelError("setup.broken", folder=".venv")
    environment = child.clean_environment() | {HANDED_OVER: str(times + 1)}
    command = [str(python), *words]
    if WINDOWS:
        return subprocess.run(command, check=False, env=environment).returncode
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(python, command, environment)  # noqa: S606 -- our own Python with our own words
    raise AssertionError
