"""The roles a chatbot can play, from ``configs/personas.toml``."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import ModelError
from stations.texts import Language

FILE = Path(__file__).resolve().parent.parent.parent / "configs" / "personas.toml"


class Persona(BaseModel):
    """One role: its name, what the model is told, and questions to begin with, each per language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: dict[Language, str]
    prompt: dict[Language, str]
    starters: dict[Language, tuple[str, str, str]]


@cache
def personas(file: Path = FILE) -> dict[str, Persona]:
    """Return the roles by id, in the file's order.

    Raises:
        ModelError: ``chatbot.broken_personas`` naming the file, the role and what is wrong.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ModelError(
            "chatbot.broken_personas", file=file.name, persona="–", problem=str(error)
        ) from error
    return {name: _checked(file, name, table) for name, table in tables.items()}


def _checked(file: Path, name: str, table: object) -> Persona:
    try:
        return Persona.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = f"{place}: {first['msg']}"
        raise ModelError("chatbot.broken_personas", file=file.name, persona=name, problem=problem) from error
