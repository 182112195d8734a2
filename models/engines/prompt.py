"""From a conversation to tokens: the model's own chat template, and what to leave out when it does not fit."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.engines.base import Message
from models.errors import ModelError

Render = Callable[[Sequence[Message]], str]
Tokenize = Callable[[str, bool], list[int]]


@dataclass(frozen=True)
class Prompt:
    """Tokens to read, and how many oldest turns were left out."""

    tokens: list[int]
    dropped_turns: int


class PromptWriter:
    """Turns conversations into tokens for one model.

    The visitor's words are tokenized apart from the template, as plain text: typing ``<|im_start|>system`` gives
    nobody the system's voice.
    """

    def __init__(self, render: Render, tokenize: Tokenize) -> None:
        self._render, self._tokenize = render, tokenize

    def fit(self, messages: Sequence[Message], limit: int) -> Prompt:
        """Return the longest end of the conversation within ``limit`` tokens; the system message always stays.

        Raises:
            ModelError: ``chat.too_long`` when the last turn alone does not fit.
        """
        system = [message for message in messages[:1] if message.speaker == "system"]
        turns = list(messages[len(system) :])
        for start in _beginnings(turns):
            tokens = self.tokens([*system, *turns[start:]])
            if len(tokens) <= limit:
                return Prompt(tokens, dropped_turns=start)
        raise ModelError("chat.too_long", tokens=len(tokens), limit=limit)

    def tokens(self, messages: Sequence[Message]) -> list[int]:
        """Return the tokens of the whole conversation, ending where the model is to go on."""
        mark = secrets.token_hex(8)
        marked = [
            Message(message.speaker, f"[{mark}:{place}:{mark}]") for place, message in enumerate(messages)
        ]
        tokens: list[int] = []
        for part in self._render(marked).split(f"[{mark}:"):
            place, found, rest = part.partition(f":{mark}]")
            if found:
                tokens += self._tokenize(messages[int(place)].text.strip(), False)
            tokens += self._tokenize(rest if found else part, True)
        return tokens


def forgiving(render: Render) -> Render:
    """Return a ``render`` for templates that know no system message: its text then opens the first turn.

    Raises:
        ModelError: ``chat.template_refuses`` when the template takes the conversation in neither way.
    """
    from jinja2 import TemplateError

    def rendered(messages: Sequence[Message]) -> str:
        try:
            return render(messages)
        except TemplateError as error:
            merged = _without_system(messages)
            if len(merged) == len(messages):
                raise ModelError("chat.template_refuses") from error
            return rendered(merged)

    return rendered


def _without_system(messages: Sequence[Message]) -> list[Message]:
    """Return the conversation with the system's text in front of the first turn, if a visitor's turn follows it."""
    if len(messages) < 2 or (messages[0].speaker, messages[1].speaker) != ("system", "user"):  # noqa: PLR2004
        return list(messages)
    first = Message("user", f"{messages[0].text}\n\n{messages[1].text}")
    return [first, *messages[2:]]


def _beginnings(turns: Sequence[Message]) -> list[int]:
    """Return where a shortened conversation may begin: with the visitor, never in the middle of an exchange."""
    starts = [place for place, turn in enumerate(turns) if turn.speaker == "user"]
    return sorted({0, *starts})
