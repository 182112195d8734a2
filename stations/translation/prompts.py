"""What a chat model is told when it translates, from ``configs/translation.toml``, and how its answer is read."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.engines.base import Message
from models.errors import ModelError
from stations.asking.answers import bounded
from stations.prose.finding import Finding
from stations.texts import placeholders
from stations.translation.checks import CHECKS
from stations.translation.glossary import parsed, terms_in, turned_round
from stations.translation.languages import english_name
from stations.translation.marking import has_tags

FILE = Path(__file__).resolve().parent.parent.parent / "configs" / "translation.toml"
REMINDED = frozenset({"count", *CHECKS}) - {"missing"}


class TranslationPrompts(BaseModel):
    """What the model is told; ``examples`` are the same sentences in many languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: str = Field(min_length=1)
    ask: str = Field(min_length=1)
    terms: str = Field(min_length=1)
    hints: str = Field(min_length=1)
    tags: str = Field(min_length=1)
    remind: str = Field(min_length=1)
    terms_of_the_field: Mapping[str, str]
    style: Mapping[str, str]
    reminders: Mapping[str, str]
    examples: Mapping[str, tuple[str, ...]] = Field(min_length=2)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if placeholders(self.ask) != {"source", "target", "sentences"}:
            raise ValueError("ask: {source}, {target} and {sentences} are its placeholders")
        if placeholders(self.role) - {"source", "target"}:
            raise ValueError("role: {source} and {target} are its only placeholders")
        if placeholders(self.terms) != {"terms"} or placeholders(self.hints) != {"terms"}:
            raise ValueError("terms, hints: {terms} is their only placeholder")
        if set(self.reminders) != REMINDED:
            raise ValueError(
                f"reminders: {', '.join(sorted(REMINDED ^ set(self.reminders)))} is missing or unknown"
            )
        if len({len(each) for each in self.examples.values()}) > 1:
            raise ValueError("examples: every language has the same sentences")
        return self


@cache
def prompts(file: Path = FILE) -> TranslationPrompts:
    """Return what the model is told.

    Raises:
        ModelError: ``translate.broken_file`` naming the file and what is wrong.
    """
    try:
        return TranslationPrompts.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))
    except (ValueError, OSError) as error:  # TOML and Unicode errors are ValueErrors
        problem = str(error)
    raise ModelError("translate.broken_file", file=file.name, problem=problem)


def request(
    sentences: Sequence[str], source: str, target: str, terms: Mapping[str, str], reminders: str = ""
) -> list[Message]:
    """Return the conversation that asks for the translation of ``sentences``, with a worked example where there is one.

    ``terms`` are those of the glossary that the sentences have; what other words mean in this field is told too.
    ``reminders`` say what the last attempt did wrong.
    """
    told = prompts()
    names = {"source": english_name(source), "target": english_name(target)}
    role = f"{told.role.format(**names)} {told.style.get(target, '')}".strip()
    turns = [Message("system", role)]
    if source in told.examples and target in told.examples:
        turns.append(Message("user", told.ask.format(sentences=_numbered(told.examples[source]), **names)))
        turns.append(Message("assistant", _numbered(told.examples[target])))
    asked = told.ask.format(sentences=_numbered(sentences), **names)
    hints = terms_in("\n".join(sentences), _terms_of_the_field(source, target), source)
    given = told.terms.format(terms=_listed(terms)) if terms else ""
    also = {of: to for of, to in hints.items() if of not in terms}
    usual = told.hints.format(terms=_listed(also)) if also else ""
    tags = told.tags if any(has_tags(each) for each in sentences) else ""
    return [*turns, Message("user", "\n".join(filter(None, (asked, tags, usual, given, reminders))))]


def _listed(terms: Mapping[str, str]) -> str:
    return "; ".join(f"{of} = {to}" for of, to in terms.items())


@cache
def _terms_of_the_field(source: str, target: str) -> Mapping[str, str]:
    """Return what words of museums and associations usually mean, where somebody has written that down."""
    told = prompts().terms_of_the_field
    if there := told.get(f"{source}-{target}"):
        return parsed(there)
    back = told.get(f"{target}-{source}")
    return turned_round(parsed(back)) if back else {}


def schema(count: int) -> str:
    """Return the JSON schema that holds a model to one text for each of ``count`` sentences."""
    keys = [str(number) for number in range(1, count + 1)]
    text = {"type": "string", "minLength": 1}
    return json.dumps(
        {
            "type": "object",
            "properties": dict.fromkeys(keys, text),
            "required": keys,
            "additionalProperties": False,
        }
    )


def reminded(findings: Sequence[Finding], target: str) -> str:
    """Return what the model is told before it tries again."""
    told = prompts()
    texts = (told.reminders["count" if each.check == "missing" else each.check] for each in findings)
    facts = ({"target": english_name(target), **each.facts} for each in findings)
    said = " ".join(text.format_map(fact) for text, fact in zip(texts, facts, strict=True))
    return told.remind.format(reminders=said)


def answered(answer: str, count: int) -> tuple[str, ...]:
    """Return what an answer says for each of ``count`` sentences, ``""`` where it says nothing; unfinished ones too."""
    data = _object_in(bounded(answer))
    return tuple(_line(data.get(str(number))) for number in range(1, count + 1))


def _numbered(sentences: Sequence[str]) -> str:
    return json.dumps(
        {str(n): each for n, each in enumerate(sentences, start=1)}, ensure_ascii=False, indent=0
    )


def _object_in(answer: str) -> Mapping[str, Any]:
    from pydantic_core import from_json

    text = answer[answer.find("{") :] if "{" in answer else "{}"
    try:
        data = from_json(text, allow_partial="trailing-strings")
    except ValueError:
        return _object_before_fence(text)
    return data if isinstance(data, dict) else {}


def _object_before_fence(text: str) -> Mapping[str, Any]:
    """Return the object of an answer that something follows, as from a model that is held to no form."""
    try:
        data = json.loads(text[: text.rfind("}") + 1])
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _line(value: Any) -> str:  # noqa: ANN401 - any JSON
    return " ".join(value.split()) if isinstance(value, str) else ""
