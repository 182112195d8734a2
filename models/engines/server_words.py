"""The words of OpenAI's chat interface: what is asked of a server, what it says, and how it refuses."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.engines.base import PENALTY_WINDOW, Alternative, End, Message, Sampling, Token
from models.errors import ModelError
from models.room import RoomServer

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionChunk
    from openai.types.chat.chat_completion_token_logprob import ChatCompletionTokenLogprob

BARE, TUNED, OPEN = range(3)
"""How much is asked: what every server knows; how llama.cpp and vLLM choose words; candidates too."""
_TOO_LONG = re.compile(r"maximum context length is (\d+)\D+(\d+)")
_REFUSALS = {
    401: "server.key_refused",
    403: "server.key_refused",
    404: "server.not_found",
    429: "server.busy",
    503: "server.busy",
}


@dataclass(frozen=True)
class Heard:
    """What one chunk of the stream says; ``changes`` are those of the tally."""

    text: str = ""
    tokens: tuple[Token, ...] = ()
    changes: Mapping[str, object] = field(default_factory=dict)
    end: End | None = None


def wishes(sampling: Sampling, level: int) -> dict[str, object]:
    """Return the fields of a request besides model and messages.

    Raises:
        ModelError: ``server.no_form`` when the schema is none.
    """
    asked: dict[str, object] = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_tokens": sampling.max_tokens,
    }
    if sampling.seed is not None:
        asked["seed"] = sampling.seed
    if sampling.stop:
        asked["stop"] = list(sampling.stop)
    if level >= TUNED:
        asked |= _tuning(sampling)
    if level >= OPEN and sampling.candidates:
        asked |= {"logprobs": True, "top_logprobs": sampling.candidates}
    return asked | _form(sampling, level)


def _tuning(sampling: Sampling) -> dict[str, object]:
    """Return what OpenAI's own interface does not know: two names for one thing, one per family of servers."""
    return {
        "min_p": sampling.min_p,
        "repeat_penalty": sampling.repetition,  # llama.cpp
        "repeat_last_n": PENALTY_WINDOW,
        "repetition_penalty": sampling.repetition,  # vLLM
        **({"dry_multiplier": sampling.dry} if sampling.dry > 0 else {}),
        "return_progress": True,
        "stream_options": {"include_usage": True},
    }


def _form(sampling: Sampling, level: int) -> dict[str, object]:
    """Return the form the answer is held to; the bare way is the older one, which llama-cpp-python knows."""
    if not sampling.json_schema:
        return {"grammar": sampling.grammar} if sampling.grammar else {}
    try:
        schema = json.loads(sampling.json_schema)
    except ValueError as error:
        raise ModelError("server.no_form") from error
    if level == BARE:
        return {"response_format": {"type": "json_object", "schema": schema}}
    form = {"name": "answer", "schema": schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": form}}


def shortened(messages: Sequence[Message]) -> list[Message]:
    """Return the conversation without its older half; system message and last question stay.

    The server alone knows how long a text is for its model, so halves are tried until one fits.
    """
    head = list(messages[: messages[0].speaker == "system"])
    turns = list(messages[len(head) :])
    starts = [place for place, turn in enumerate(turns) if turn.speaker == "user" and place]
    return [*head, *turns[starts[(len(starts) - 1) // 2] :]] if starts else [*head, *turns]


def heard(chunk: "ChatCompletionChunk") -> Heard:
    """Return what a chunk says; whatever a server leaves out is simply not known."""
    changes: dict[str, object] = {}
    if progress := (chunk.model_extra or {}).get("prompt_progress"):  # llama.cpp
        changes = {"prompt_tokens": progress["total"], "prompt_read": progress["processed"]}
    if usage := chunk.usage:
        read = usage.prompt_tokens
        changes = {"prompt_tokens": read, "prompt_read": read, "new_tokens": usage.completion_tokens}
    if not chunk.choices:
        return Heard(changes=changes)
    choice = chunk.choices[0]
    text = (choice.delta and choice.delta.content) or ""
    seen = tuple(map(_token, (choice.logprobs and choice.logprobs.content) or ()))
    end: End = "length" if choice.finish_reason == "length" else "done"
    return Heard(text, seen, changes, end if choice.finish_reason else None)


def _token(seen: "ChatCompletionTokenLogprob") -> Token:
    rivals = tuple(Alternative(each.token, math.exp(each.logprob)) for each in seen.top_logprobs or ())
    return Token(seen.token, math.exp(seen.logprob), rivals)


def problem(error: Exception, server: RoomServer, *, written: bool) -> ModelError:
    """Return the sentence for what went wrong. The server's own words stay out: they may repeat a visitor's."""
    import httpx2
    import openai

    if isinstance(error, openai.APIError) and (lengths := _lengths(error)):
        return ModelError("chat.too_long", tokens=lengths[0], limit=lengths[1])
    if isinstance(error, openai.APIStatusError):
        return _refusal(error, server)
    if isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout):
        return ModelError("server.unreachable", address=server.name)
    return ModelError("server.broke_off" if written else "server.no_answer", address=server.name)


def _refusal(error: "openai.APIStatusError", server: RoomServer) -> ModelError:
    code = error.status_code
    if 300 <= code < 400:  # noqa: PLR2004 - what HTTP calls a redirection
        return ModelError("server.redirects", address=server.name)
    if error.code == "model_not_found":
        code = 404
    if key := _REFUSALS.get(code):
        return ModelError(key, address=server.name)
    return ModelError("server.refused", address=server.name, code=code)


def _lengths(error: "openai.APIError") -> tuple[int, int] | None:
    """Return how long the request was and how long it may be, if the server says so: llama.cpp's way, OpenAI's way."""
    body = error.body if isinstance(error.body, dict) else {}
    if "n_ctx" in body and "n_prompt_tokens" in body:
        return int(body["n_prompt_tokens"]), int(body["n_ctx"])
    if found := _TOO_LONG.search(str(error)):
        return int(found[2]), int(found[1])
    return None
