"""Who made what is on the stick and under which licence: read from the packages' own metadata and the catalogue."""

import email.parser
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath

from models.catalog import Model

NAMES = ("licen", "copying", "notice", "authors")
"""How files begin that hold a licence's words."""
CLASSIFIER = "License :: "
UNKNOWN = "?"
MOST_LETTERS = 400_000
"""Longest text that is taken over; some packages bring the licences of everything they contain."""
LONGEST_NAME = 100


@dataclass(frozen=True)
class Licensed:
    """One package or model: what it is called, its licence in short, where it comes from, the licence's own words."""

    name: str
    version: str
    licence: str
    source: str
    texts: tuple[str, ...] = ()


def of_wheels(wheels: Iterable[Path]) -> list[Licensed]:
    """Return what the wheels say about themselves, by name; each package and version once."""
    found = {(one.name.lower(), one.version): one for one in map(_of_wheel, wheels)}
    return [found[key] for key in sorted(found)]


def of_models(models: Iterable[Model], language: str) -> list[Licensed]:
    """Return what the catalogue says about the models."""
    return [
        Licensed(model.title, model.id, model.licence, str(getattr(model.origin, language)))
        for model in models
    ]


def _of_wheel(wheel: Path) -> Licensed:
    with zipfile.ZipFile(wheel) as packed:
        metadata = next(name for name in packed.namelist() if _is_metadata(name))
        facts = email.parser.Parser().parsestr(packed.read(metadata).decode(errors="replace"))
        texts = [
            packed.read(name).decode(errors="replace") for name in packed.namelist() if _is_licence(name)
        ]
    kept = dict.fromkeys(text.strip()[:MOST_LETTERS] for text in texts)
    return Licensed(str(facts["Name"]), str(facts["Version"]), _licence(facts), _source(facts), tuple(kept))


def _is_metadata(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) == 2 and parts[0].endswith(".dist-info") and parts[1] == "METADATA"  # noqa: PLR2004


def _is_licence(name: str) -> bool:
    path = PurePosixPath(name)
    return ".dist-info" in path.parts[0] and path.name.lower().startswith(NAMES)


def _licence(facts: Message) -> str:
    """Return the licence in short: the SPDX expression, else the classifiers, else the first line of the old field."""
    if expression := facts["License-Expression"]:
        return str(expression)
    listed = [str(each) for each in facts.get_all("Classifier", []) if str(each).startswith(CLASSIFIER)]
    if named := [each.rpartition(" :: ")[2] for each in listed if each.count("::") > 1]:
        return ", ".join(named)
    lines = str(facts["License"] or UNKNOWN).strip().splitlines()
    return lines[0][:LONGEST_NAME] if lines else UNKNOWN


def _source(facts: Message) -> str:
    links = [str(each).partition(",")[2].strip() for each in facts.get_all("Project-URL", [])]
    return str(facts["Home-page"] or "") or next(iter(links), "")
