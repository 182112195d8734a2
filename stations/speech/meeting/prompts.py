"""What a model is told when it words a point of the minutes, from ``configs/minutes.toml``."""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.engines.base import Message
from models.errors import ModelError
from stations.prose.harmless import harmless
from stations.speech.meeting.points import Kind
from stations.texts import LANGUAGES, Language, placeholders

LONGEST_QUESTION, LONGEST_ANSWER = 160, 320
"""Letters, so that no answer runs away within one string."""
FILE = Path(__file__).resolve().parents[3] / "configs" / "minutes.toml"
Asked = Literal[Kind, "topic", "plain", "headline"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Worked(_Entry):
    """An excerpt and what a model should say about it; ``who`` promised it, where somebody did."""

    text: str = Field(min_length=1)
    what: str = Field(min_length=1)
    who: str = ""


class PointPrompt(_Entry):
    """What is asked about an excerpt; ``{who}`` is replaced by whoever promised something."""

    question: str = Field(min_length=1)
    examples: tuple[Worked, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        wanted = placeholders(self.question)
        if wanted - {"who"}:
            raise ValueError("question: {who} is its only placeholder")
        for at, one in enumerate(self.examples, start=1):
            if bool(one.who) != bool(wanted) or one.who not in one.text:
                raise ValueError(
                    f"example {at}: who must be said where the question asks for it, and only there"
                )
        return self


class WorkedPair(_Entry):
    """An excerpt, the question that somebody asked in it, and the answer that was given."""

    text: str = Field(min_length=1)
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)


class PairPrompt(_Entry):
    """What is asked about an excerpt with a question and an answer; the keys are those of the form."""

    ask: str = Field(min_length=1)
    question_key: str = Field(min_length=1)
    answer_key: str = Field(min_length=1)
    examples: tuple[WorkedPair, ...] = Field(min_length=1)


class MinutesPrompts(_Entry):
    """Everything for one language; ``somebody`` stands for a person without a name."""

    role: str = Field(min_length=1)
    ask: str = Field(min_length=1)
    somebody: str = Field(min_length=1)
    decision: PointPrompt
    task: PointPrompt
    question: PointPrompt
    topic: PointPrompt
    plain: PointPrompt
    headline: PointPrompt
    pair: PairPrompt

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if placeholders(self.ask) != {"text", "question"}:
            raise ValueError("ask: {text} and {question} are its placeholders")
        if "who" not in placeholders(self.task.question):
            raise ValueError("task: the question must say {who}")
        return self

    def of(self, asked: Asked) -> PointPrompt:
        """Return what is asked about a kind of point."""
        prompt: PointPrompt = getattr(self, asked)
        return prompt


@cache
def prompts(language: Language, file: Path = FILE) -> MinutesPrompts:
    """Return what the model is told in a language.

    Raises:
        ModelError: ``minutes.broken_file`` naming the file and what is wrong.
    """
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
        if missing := [each for each in LANGUAGES if each not in given]:
            raise ValueError(f"{missing[0]} is missing")
        return MinutesPrompts.model_validate(given[language])
    except ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join(filter(None, (".".join(map(str, (language, *first["loc"]))), first["msg"])))
    except (ValueError, OSError) as error:  # TOML and Unicode errors are ValueErrors
        problem = str(error)
    raise ModelError("minutes.broken_file", file=file.name, problem=problem)


def pair_request(text: str, language: Language) -> list[Message]:
    """Return the conversation that asks for the question and the answer in an excerpt, as JSON."""
    known = prompts(language)
    keys = known.pair
    turns = [Message("system", known.role.strip())]
    for one in keys.examples:
        form = {keys.question_key: one.question, keys.answer_key: one.answer}
        turns.append(Message("user", known.ask.format(text=one.text.strip(), question=keys.ask).strip()))
        turns.append(Message("assistant", json.dumps(form, ensure_ascii=False)))
    return [*turns, Message("user", known.ask.format(text=text.strip(), question=keys.ask).strip())]


def pair_schema(language: Language) -> str:
    """Return the JSON schema that holds a model to a question and an answer; its keys keep it in the language."""
    keys = prompts(language).pair
    fields = {
        keys.question_key: {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION},
        keys.answer_key: {"type": "string", "minLength": 1, "maxLength": LONGEST_ANSWER},
    }
    form = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return json.dumps(form, ensure_ascii=False)


def pair_filled(answer: str, language: Language) -> tuple[str, str]:
    """Return the question and the answer that a model wrote, ``""`` for what is missing or no text."""
    from pydantic_core import from_json

    keys, begin = prompts(language).pair, answer.find("{")
    try:
        form = from_json(answer[begin:]) if begin >= 0 else {}
    except ValueError:
        return "", ""
    said = (form.get(key) if isinstance(form, dict) else "" for key in (keys.question_key, keys.answer_key))
    question, reply = (harmless(" ".join(each.split())) if isinstance(each, str) else "" for each in said)
    return question, reply


def request(asked: Asked, text: str, language: Language, who: str = "") -> list[Message]:
    """Return the conversation that asks what an excerpt says; the worked examples come first."""
    known = prompts(language)
    turns = [Message("system", known.role.strip())]
    for one in known.of(asked).examples:
        turns.append(Message("user", _ask(asked, one.text, language, one.who)))
        turns.append(Message("assistant", one.what))
    return [*turns, Message("user", _ask(asked, text, language, who))]


def _ask(asked: Asked, text: str, language: Language, who: str) -> str:
    known = prompts(language)
    question = known.of(asked).question.format(who=who or known.somebody)
    return known.ask.format(text=text.strip(), question=question).strip()
