"""What a model is told when it words a point of the minutes, from ``configs/minutes.toml``, and the form it fills in."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.engines.base import Message
from models.errors import ModelError
from stations.speech.meeting.points import Kind
from stations.texts import Language, placeholders

FILE = Path(__file__).resolve().parents[3] / "configs" / "minutes.toml"
LONGEST_POINT = 220
"""Letters of a point, so that no answer runs away within its string."""
_QUOTES = '"""'


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Worked(_Entry):
    """An excerpt and the form as it should be filled in; ``who`` and ``until`` belong to tasks, ``until`` may be empty."""

    text: str = Field(min_length=1)
    what: str = Field(min_length=1)
    state: str = Field(min_length=1)
    who: str = ""
    until: str = ""


class KindPrompt(_Entry):
    """What is asked about one kind of place. ``what``, ``who``, ``until`` and ``state`` are the keys of the form; a state
    is ``yes`` or one of ``no``."""

    question: str = Field(min_length=1)
    what: str = Field(min_length=1)
    state: str = Field(min_length=1)
    yes: str = Field(min_length=1)
    no: tuple[str, ...] = Field(min_length=1)
    who: str = ""
    until: str = ""
    examples: tuple[Worked, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _examples_keep_the_form(self) -> Self:
        keys = [each for each in (self.what, self.who, self.until, self.state) if each]
        if len(set(keys)) < len(keys):
            raise ValueError("two keys of the form have the same name")
        for at, one in enumerate(self.examples, start=1):
            if one.state not in (self.yes, *self.no):
                raise ValueError(f"example {at}: state is none of yes and no")
            if one.who not in one.text or one.until not in one.text:
                raise ValueError(f"example {at}: who and until must be said in its text")
            if bool(one.who) != bool(self.who):
                raise ValueError(f"example {at}: who belongs to a kind that asks for it")
        return self


class MinutesPrompts(_Entry):
    """Everything for one language. ``none`` stands for nobody and no time, ``voice`` names a speaker without a name."""

    role: str = Field(min_length=1)
    ask: str = Field(min_length=1)
    none: str = Field(min_length=1)
    voice: str = Field(min_length=1)
    decision: KindPrompt
    task: KindPrompt
    question: KindPrompt

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if placeholders(self.ask) != {"text", "question"} or placeholders(self.voice) != {"number"}:
            raise ValueError("placeholders: {text} and {question} in ask, {number} in voice")
        if not (self.task.who and self.task.until):
            raise ValueError("task: who and until are missing")
        return self

    def of(self, kind: Kind) -> KindPrompt:
        """Return what is asked about a kind of place."""
        return {"decision": self.decision, "task": self.task, "question": self.question}[kind]


@cache
def prompts(language: Language, file: Path = FILE) -> MinutesPrompts:
    """Return what the model is told.

    Raises:
        ModelError: ``minutes.broken_file`` naming the file and what is wrong.
    """
    try:
        return MinutesPrompts.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))[language])
    except ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join(filter(None, (".".join(map(str, (language, *first["loc"]))), first["msg"])))
    except (ValueError, OSError) as error:  # TOML and Unicode errors are ValueErrors
        problem = str(error)
    except KeyError:
        problem = f"[{language}] is missing"
    raise ModelError("minutes.broken_file", file=file.name, problem=problem)


def request(kind: Kind, text: str, who: Sequence[str], until: Sequence[str], language: Language) -> list[Message]:
    """Return the conversation that asks what an excerpt says."""
    known = prompts(language)
    turns = [Message("system", known.role.strip())]
    for one in known.of(kind).examples:
        turns.append(Message("user", _ask(kind, one.text, language)))
        turns.append(Message("assistant", _filled_in(kind, one, language)))
    return [*turns, Message("user", _ask(kind, text.replace(_QUOTES, "'"), language))]


def schema(kind: Kind, who: Sequence[str], until: Sequence[str], language: Language) -> str:
    """Return the JSON schema of the form: who and until when can only be what was said, or nothing."""
    known = prompts(language)
    one = known.of(kind)
    fields: dict[str, Any] = {one.what: {"type": "string", "minLength": 1, "maxLength": LONGEST_POINT}}
    if kind == "task":
        fields[one.who] = {"enum": [*dict.fromkeys((*who, known.none))]}
        fields[one.until] = {"enum": [*dict.fromkeys((*until, known.none))]}
    fields[one.state] = {"enum": [one.yes, *one.no]}
    form = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return json.dumps(form, ensure_ascii=False)


def _ask(kind: Kind, text: str, language: Language) -> str:
    known = prompts(language)
    return known.ask.format(text=text.strip(), question=known.of(kind).question).strip()


def _filled_in(kind: Kind, one: Worked, language: Language) -> str:
    known = prompts(language)
    keys = known.of(kind)
    form = {keys.what: one.what}
    if kind == "task":
        form |= {keys.who: one.who or known.none, keys.until: one.until or known.none}
    return json.dumps(form | {keys.state: one.state}, ensure_ascii=False)


def filled(answer: str) -> Mapping[str, str]:
    """Return the fields of a model's answer that are text, ``{}`` for an answer that is no form; HTML is defused.

    Text around the form does not matter, nor does a form that breaks off.
    """
    from pydantic_core import from_json

    from stations.prose.harmless import harmless

    begin = answer.find("{")
    try:
        data = from_json(answer[begin:], allow_partial=True) if begin >= 0 else {}
    except ValueError:
        return {}
    if not isinstance(data, dict):
        return {}
    return {str(key): harmless(" ".join(value.split())) for key, value in data.items() if isinstance(value, str)}
