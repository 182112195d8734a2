"""What a model is told when it summarises, from ``configs/summary.toml``, and what is left of its answers."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.engines.base import Message
from models.errors import ModelError
from stations.prose.harmless import harmless
from stations.prose.repetition import copied, without_loop
from stations.prose.sentences import ELLIPSIS, sentences, words
from stations.texts import Language, placeholders, say

FILE = Path(__file__).resolve().parent.parent.parent / "configs" / "summary.toml"
Step = Literal["note", "sentence"]
COPY = 0.4
"""Share of five-word runs from which a sentence counts as taken from somewhere."""
LEAST_COPIED = 5
LONGEST_AFTER_EXAMPLE = 1_200
"""Letters of a text up to which a model still tells it from the example before."""
_MARKS = re.compile(r"^(?:[\s>#*•–-]+|\(?\d{1,2}[.)]\s+)+|\*\*|__|\"{3}")
"""Signs of lists, headings and bold letters: a summary is plain prose."""
_QUOTES = '"""'
"""What stands around a text in a request: inside it, it would seem to end there."""
_ENDED = re.compile(r"[.!?…][\"'“”»«)\]]*$")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Worked(_Entry):
    """A text and the sentences that sum it up, the most important first."""

    text: str = Field(min_length=1)
    answers: tuple[str, ...] = Field(min_length=1)


class StepPrompt(_Entry):
    """What the model is told at one step; ``{text}`` is replaced by what it is to read."""

    role: str = Field(min_length=1)
    ask: str = Field(min_length=1)
    example: Worked | None = None

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if placeholders(self.ask) != {"text"}:
            raise ValueError("ask: {text} is its only placeholder")
        return self


class SummaryPrompts(_Entry):
    """The two steps: from a part of a document to a note, from notes to sentences."""

    note: dict[Language, StepPrompt]
    sentence: dict[Language, StepPrompt]

    @model_validator(mode="after")
    def _has_all_languages(self) -> Self:
        for step in (self.note, self.sentence):
            if missing := {"de", "en"} - set(step):
                raise ValueError(f"{sorted(missing)[0]} is missing")
        return self


@cache
def prompts(file: Path = FILE) -> SummaryPrompts:
    """Return what the model is told.

    Raises:
        ModelError: ``text.broken_summary_file`` naming the file and what is wrong.
    """
    try:
        return SummaryPrompts.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        problem = ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))
    except (ValueError, OSError) as error:  # TOML and Unicode errors are ValueErrors
        problem = str(error)
    raise ModelError("text.broken_summary_file", file=file.name, problem=problem)


def request(step: Step, text: str, count: int, language: Language, reminders: str = "") -> list[Message]:
    """Return the conversation that asks for ``count`` sentences about a text.

    ``reminders`` are said last. The worked example is left out of a second try, which has reminders, and before a long
    text: small models took it for what they were to write about.
    """
    prompt: StepPrompt = getattr(prompts(), step)[language]
    turns = [Message("system", prompt.role)]
    if prompt.example and not reminders and len(text) <= LONGEST_AFTER_EXAMPLE:
        shown = prompt.example.answers[:count]
        turns.append(Message("user", _ask(prompt, prompt.example.text, len(shown), language)))
        turns.append(Message("assistant", " ".join(shown)))
    return [*turns, Message("user", f"{_ask(prompt, text, count, language)}\n{reminders}".strip())]


def from_example(text: str, source: str, language: Language) -> bool:
    """Tell whether a text was taken from a worked example and not from its source; too few words tell nothing."""
    if len(words(text)) < LEAST_COPIED:
        return False
    for step in (prompts().note, prompts().sentence):
        example = step[language].example
        if example and copied(" ".join((example.text, *example.answers)), text) >= COPY:
            return copied(source, text) < COPY
    return False


@lru_cache(maxsize=1_000)
def prose(answer: str, count: int, language: Language, broken_off: bool = False) -> str:
    """Return the first ``count`` sentences of an answer as one plain line; ``""`` if it has none.

    Lines that only announce what follows are left out. The last sentence of an answer that is ``broken_off`` ends
    with ``…``; a full stop that a model forgot is added.
    """
    plain = harmless(without_loop(answer.strip()))
    found = [_MARKS.sub("", each).strip() for each in sentences(plain, language)]
    said = [each for each in found if words(each) and not each.endswith(":")]
    whole = len(said) - 1 if broken_off else len(said)
    return " ".join(_ended(each, "." if at < whole else ELLIPSIS) for at, each in enumerate(said[:count]))


def _ended(sentence: str, end: str) -> str:
    return sentence if _ENDED.search(sentence) else f"{sentence}{end}"


def _ask(prompt: StepPrompt, text: str, count: int, language: Language) -> str:
    key = "text.ask_sentences" if count > 1 else "text.ask_sentence"
    asked = prompt.ask.format(text=text.replace(_QUOTES, "'"))
    return f"{asked}\n{say(key, language, count=count)}"
