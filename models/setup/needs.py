"""What has to be installed: the extras of the wanted stations, and what they ask for."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from models.errors import ModelError
from models.setup.place import Place


def extras(place: Place, station: str | None = None, *, testing: bool = False) -> tuple[str, ...]:
    """Return the extras for ``station``, or for all stations of ``configs/workshop.toml``.

    A station without an extra of its name needs nothing beyond the basic packages.

    Raises:
        ModelError: ``setup.bad_toml`` when a configuration file cannot be read.
    """
    workshop = place.root / "configs" / "workshop.toml"
    table = _table(workshop)
    stations = [station] if station else table.get("stations", [])
    wanted = [*_listed(stations, workshop), *_beyond(table), *(["test"] if testing else [])]
    return tuple(sorted(set(wanted) & set(_project(place).get("optional-dependencies", {}))))


def requirements(place: Place, wanted: Iterable[str]) -> dict[str, str]:
    """Return every requirement of the project with the extras ``wanted``, by normalised package name."""
    project = _project(place)
    lines = list(project.get("dependencies", []))
    for extra in wanted:
        lines += project.get("optional-dependencies", {}).get(extra, [])
    return {name_of(line): line for line in lines}


def pinned(place: Place) -> dict[str, str]:
    """Return the tested versions, by normalised package name."""
    if not place.versions.exists():
        return {}
    lines = place.versions.read_text(encoding="utf-8").splitlines()
    return {name_of(line): line.partition("==")[2].strip() for line in lines if re.match(r"\w.*==", line)}


def name_of(requirement: str) -> str:
    """Return the normalised package name a requirement begins with."""
    name = re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def _project(place: Place) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = _table(place.project).get("project", {})  # type: ignore[assignment]
    return found


def _table(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError("setup.bad_toml", file=file.name, problem=str(error)) from error


def _beyond(workshop: dict[str, object]) -> list[str]:
    """Return the extras that settings ask for: a database server needs its driver."""
    retrieval = workshop.get("retrieval")
    return ["database"] if isinstance(retrieval, dict) and retrieval.get("database") else []


def _listed(value: object, file: Path) -> list[str]:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    raise ModelError("setup.bad_toml", file=file.name, problem='stations = ["…"]')
