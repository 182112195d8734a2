"""What a model is told when it words a point of the minutes, from ``configs/minutes.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.engines.base import Message
from models.errors import ModelError
from stations.speech.meeting.points import Kind
from stations.texts import LANGUAGES, Language, placeholders

FILE = Path(__file__).resolve().parents[3] / "configs" / "minutes.toml"
Asked = Literal[Kind, "topic"]


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


class MinutesPrompts(_Entry):
    """Everything for one language; ``somebody`` stands for a person without a name."""

    role: str = Field(min_length=1)
    ask: str = Field(min_length=1)
    somebody: str = Field(min_length=1)
    decision: PointPrompt
    task: PointPrompt
    question: PointPrompt
    topic: PointPrompt

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
