"""Every voice that the Piper project publishes: listed by the project's own table, fetched like any other model.

The table and the voices lie in one repository of a model hub at one pinned commit. A voice that somebody fetched is
remembered beside the models, with the licence that its own card names.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from models.catalog import Catalog, HubSource, InWords, Model, ModelFile, Role
from models.errors import ModelError
from models.progress import Report, silent

REPO, REVISION = "rhasspy/piper-voices", "c10ece1aade47bb51c153c893d14e5bf8e5b7117"
TABLE_FILE, CARD = "voices.json", "MODEL_CARD"
OWN = "own-voices.json"
BEGINNING = "piper-"
MEMORY_MB: Mapping[str, int] = {"x_low": 150, "low": 150, "medium": 200, "high": 350}
"""By quality, as with the voices of the catalogue."""
_LICENCE = re.compile(r"^[\s*]*licen[cs]e:?\s*(?P<licence>\S.{0,200})$", re.IGNORECASE | re.MULTILINE)
_VOICES = TypeAdapter(tuple[Model, ...])


def _source(folder: str = "") -> HubSource:
    return HubSource(kind="hub", repo=REPO, revision=REVISION, folder=folder)


ORIGIN = InWords(de="Piper-Projekt", en="Piper project")
UNKNOWN = InWords(de="siehe MODEL_CARD im Ordner der Stimme", en="see MODEL_CARD in the voice's folder")
TABLE = Model(
    id="piper-table",
    title="Piper: table of voices",
    engine="piper",
    role=Role.VOICE,
    languages=("mul",),
    licence="MIT",
    origin=ORIGIN,
    trained_from=UNKNOWN,
    memory_mb=1,
    files=(ModelFile(path=TABLE_FILE),),
    sources=(_source(),),
)
"""The table is fetched and checked as a model is; no station is ever offered it."""


class Keeper(Protocol):
    """What is needed of the store."""

    folder: Path

    def file(self, model: Model) -> Path:
        """Return the file of a model."""
        ...

    def fetch(self, model: Model, report: Report = silent) -> None:
        """Bring a model here."""
        ...


def piper_voices(store: Keeper, report: Report = silent) -> tuple[Model, ...]:
    """Return all voices of the table, fetching it if it is not here.

    Raises:
        ModelError: what ``Store.fetch`` raises, or ``store.voices_unreadable`` for a table of another shape.
    """
    store.fetch(TABLE, report)
    try:
        table = json.loads(store.file(TABLE).read_text(encoding="utf-8"))
        return tuple(_voice(key, entry) for key, entry in sorted(table.items()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError("store.voices_unreadable", file=TABLE_FILE) from error


def own_voices(folder: Path) -> tuple[Model, ...]:
    """Return the voices that were fetched here beyond the catalogue; a damaged list is empty."""
    try:
        return _VOICES.validate_json((folder / OWN).read_bytes())
    except (OSError, ValidationError):
        return ()


def remember(store: Keeper, voice: Model) -> None:
    """Keep a fetched voice in the list of this machine, with the licence of its card."""
    known = {each.id: each for each in own_voices(store.folder)}
    known[voice.id] = voice.model_copy(update={"licence": _licence(store.file(voice).parent / CARD)})
    part = store.folder / f"{OWN}.part"
    part.write_bytes(_VOICES.dump_json(tuple(known.values())))
    part.replace(store.folder / OWN)


def with_voices(catalog: Catalog, voices: Iterable[Model]) -> Catalog:
    """Return the catalogue with more voices; what it has itself stays."""
    more = {voice.id: voice for voice in voices}
    return catalog.model_copy(update={"models": {**more, **catalog.models}}) if more else catalog


def _voice(key: str, entry: Mapping[str, Any]) -> Model:
    """Return a row of the table as a model.

    A row has ``language`` (``code``, ``name_english``, ``country_english``), ``name``, ``quality``, ``num_speakers``
    and ``files``: the path of each with ``size_bytes`` and ``md5_digest``.
    """
    language, files = entry["language"], entry["files"]
    folder = str(Path(next(iter(files))).parent.as_posix())
    first = sorted(files, key=lambda path: (not path.endswith(".onnx"), path.endswith(CARD)))
    people = f", {entry['num_speakers']} speakers" if entry["num_speakers"] > 1 else ""
    return Model(
        id=f"{BEGINNING}{key.lower().replace('_', '-')}",
        title=f"Piper {entry['name'].replace('_', ' ').title()}, {entry['quality']}{people} "
        f"({language['name_english']}, {language['country_english']})",
        engine="piper",
        role=Role.VOICE,
        languages=(language["code"].replace("_", "-"),),
        licence=CARD,
        origin=ORIGIN,
        trained_from=UNKNOWN,
        memory_mb=MEMORY_MB.get(entry["quality"], MEMORY_MB["high"]),
        files=tuple(
            ModelFile(path=Path(path).name, bytes=files[path]["size_bytes"], md5=files[path]["md5_digest"])
            for path in first
        ),
        sources=(_source(folder),),
    )


def _licence(card: Path) -> str:
    """Return what the voice's card says, or its name where it says nothing."""
    try:
        found = _LICENCE.search(card.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return CARD
    return found["licence"].strip() if found else CARD
