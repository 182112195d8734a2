"""Every sentence a person reads, from ``configs/texts/<language>/<area>.toml``. Standard library only."""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
FOLDER = Path(__file__).resolve().parent.parent / "configs" / "texts"


def say(key: str, language: Language = "de", **facts: object) -> str:
    """Return the sentence ``key`` in ``language`` with its placeholders filled.

    Raises:
        KeyError: for a key that is in no file (a test finds those before people do).
    """
    return sentences(language)[key].format_map(facts)


@cache
def sentences(language: Language) -> Mapping[str, str]:
    """Return all sentences of a language by dotted key; the first part is the file's name."""
    return {
        f"{file.stem}.{key}": text
        for file in sorted((FOLDER / language).glob("*.toml"))
        for key, text in _flat(tomllib.loads(file.read_text(encoding="utf-8"))).items()
    }


def placeholders(text: str) -> set[str]:
    """Return the names in braces.

    Raises:
        ValueError: for braces that hold more than a name, or that do not close.
    """
    found = [each for each in string.Formatter().parse(text) if each[1] is not None]
    if any(spec or conversion for _, _, spec, conversion in found):
        raise ValueError("braces hold the id of a field and nothing else")
    return {str(name) for _, name, _, _ in found}


def known_language(wish: str | None, default: Language = "de") -> Language:
    """Return ``wish`` if the kit speaks it, else ``default``."""
    return wish if wish in LANGUAGES else default


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = str(value)
    return found
