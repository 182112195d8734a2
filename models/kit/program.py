"""Which files of the project belong on a stick, and the settings they start with there."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

PARTS = ("launcher.py", "models", "stations", "configs", "docs", "pyproject.toml", "README.md", "LICENSE")
"""What the program needs; tests, measurements and the history stay at home."""
CACHES = {"__pycache__", ".venv", "build", ".git"}
WORKSHOP = "configs/workshop.toml"
SECRETS = (
    ("room", "pin"),
    ("room", "host_pin"),
    ("room", "wifi_password"),
    ("chat", "server_key"),
    ("retrieval", "database"),  # the address holds a password
)
"""Settings that stay at home: a stick goes through many hands, and ``--serve`` gives it to the room."""


def program_files(root: Path) -> tuple[str, ...]:
    """Return the program's files below ``root``, sorted, with forward slashes.

    With git, what it tracks and what lies beside that without being ignored: a host's own recipes and roles are
    never tracked and must come along. Without git, everything but caches.
    """
    listed = _known_to_git(root)
    names = _walked(root) if listed is None else listed
    return tuple(sorted(name for name in names if (root / name).is_file()))


def _known_to_git(root: Path) -> list[str] | None:
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]
    try:
        done = subprocess.run([*command, *PARTS], check=False, capture_output=True)
    except FileNotFoundError:
        return None
    names = [name for name in done.stdout.decode().split("\0") if name]
    return names if done.returncode == 0 and "launcher.py" in names else None


def _walked(root: Path) -> Iterator[str]:
    for part in PARTS:
        place = root / part
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if CACHES.isdisjoint(file.relative_to(root).parts) and file.suffix != ".part":
                yield file.relative_to(root).as_posix()


def settings_for_kit(text: str, stations: Sequence[str]) -> str:
    """Return ``configs/workshop.toml`` for a kit: its stations, models chosen on each laptop, no passwords.

    ``auto`` lets every laptop take the best of what the stick brought. Comments stay.
    """
    import tomlkit

    found = tomlkit.parse(text)
    found["stations"] = list(stations)
    found["profile"] = "auto"
    for table, name in SECRETS:
        if name in found.get(table, {}):
            found[table][name] = ""  # type: ignore[index]
    return tomlkit.dumps(found)
