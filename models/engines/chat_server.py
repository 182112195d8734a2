"""Chat with a model that a server in the room runs: llama-server, vLLM, Ollama, whatever speaks OpenAI's interface."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from models.engines.base import BEAT_S, End, Message, Piece, Sampling
from models.engines.clock import Clock
from models.engines.server_words import OPEN, Heard, heard, problem, shortened, wishes
from models.errors import ModelError
from models.room import RoomServer

if TYPE_CHECKING:
    from openai import AsyncStream
    from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam

CONNECT_S = 5.0
"""In one room a server answers in milliseconds; who says nothing for this long is not there."""
FIRST_WORD_S = 180.0
"""A laptop without a graphics card reads 4,096 tokens in 80 s, and somebody else's answer may come first."""
NEXT_WORD_S = 60.0
MODESTY = {"server.refused", "server.no_answer"}
"""What a server may mean by "I do not know that field": it is asked again with fewer wishes."""

Ready = queue.SimpleQueue[Heard | None]


@dataclass(eq=False)
class _Answer(Clock):
    """An answer under way: when the server was last heard, and how it said that it ends."""

    heard_at: float = field(default_factory=time.monotonic)
    end: End | None = None

    def take(self, news: Heard) -> Piece:
        """Return the next piece."""
        self.heard_at = time.monotonic()
        self.end = self.end or news.end
        if news.text:
            self.count(max(1, len(news.tokens)))
        return self.piece(news.text, news.tokens, **news.changes)


class ServerChat:
    """Passes conversations on to one server; whose turn it is there is the server's own business.

    Requests run in an event loop with a thread of its own, because only there can a request be given up at any
    moment: while it connects, while the server reads, between two words.
    """

    def __init__(
        self, server: RoomServer, *, first_word_s: float = FIRST_WORD_S, next_word_s: float = NEXT_WORD_S
    ) -> None:
        import httpx2
        import openai

        self._server, self._model = server, server.model
        self._proven: dict[bool, int] = {}  # how much may be asked, without and with a form
        self._first_word_s, self._next_word_s = first_word_s, next_word_s
        self._client = openai.AsyncOpenAI(
            base_url=server.address,
            api_key=server.key.get_secret_value() or "-",  # empty would mean: one from the environment
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=CONNECT_S),
            http_client=httpx2.AsyncClient(
                trust_env=False,  # no proxy
                follow_redirects=False,
                limits=httpx2.Limits(max_keepalive_connections=0),  # a restarted server is a new one
            ),
        )
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._loop = self._runner.get_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="server", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether requests can be made (see ``ChatModel.is_open``); the server itself may be away for a while."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Hang up."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        with self._runner:
            self._runner.run(self._client.close())

    def reply(self, messages: Sequence[Message], sampling: Sampling, *, person: str = "") -> Iterator[Piece]:  # noqa: ARG002
        """Yield the answer as it comes (see ``ChatModel.reply``); the last pieces may be followed by an error.

        Raises:
            ModelError: ``chat.too_long`` or one of ``server.…``; what was yielded before stays true.
        """
        ready: Ready = queue.SimpleQueue()
        asking = asyncio.run_coroutine_threadsafe(self._ask(messages, sampling, ready.put), self._loop)
        asking.add_done_callback(lambda _: ready.put(None))
        try:
            yield from self._pieces(ready, asking, sampling)
        finally:
            asking.cancel()  # closes the connection, by which the server knows

    def _pieces(self, ready: Ready, asking: Future[None], sampling: Sampling) -> Iterator[Piece]:
        answer = _Answer()
        while answer.writing_s <= sampling.max_seconds:
            try:
                news = ready.get(timeout=BEAT_S)
            except queue.Empty:
                if answer.end:  # said, though the server keeps the line open
                    break
                self._check_patience(answer)
                yield answer.piece()
                continue
            if news is None:
                asking.result()
                break
            yield answer.take(news)
        yield answer.piece(end=answer.end or "time")

    def _check_patience(self, answer: _Answer) -> None:
        limit = self._first_word_s if answer.tally.first_token_s is None else self._next_word_s
        if time.monotonic() - answer.heard_at > limit:
            raise ModelError("server.too_slow", address=self._server.name, seconds=round(limit))

    async def _ask(
        self, messages: Sequence[Message], sampling: Sampling, tell: Callable[[Heard], None]
    ) -> None:
        """Ask until the server takes it: with fewer old turns, with fewer wishes."""
        kept, level = list(messages), self._proven.get(bool(sampling.json_schema), OPEN)
        while True:
            try:
                return await self._listen(kept, sampling, level, tell)
            except ModelError as error:
                shorter, fewer = shortened(kept), _next_level(sampling, level)
                if self._too_long(error, sampling, level) and len(shorter) < len(kept):
                    kept = shorter
                    tell(Heard(changes={"dropped_turns": len(messages) - len(kept)}))
                elif error.key in MODESTY and fewer is not None:
                    level = fewer
                else:
                    raise

    def _too_long(self, error: ModelError, sampling: Sampling, level: int) -> bool:
        """Tell whether the length is to blame; llama-cpp-python hangs up without a word then."""
        silent = error.key == "server.no_answer" and self._proven.get(bool(sampling.json_schema)) == level
        return silent or error.key == "chat.too_long"

    async def _listen(
        self, messages: Sequence[Message], sampling: Sampling, level: int, tell: Callable[[Heard], None]
    ) -> None:
        import openai

        written, ended = False, False
        try:
            async with await self._stream(messages, sampling, level) as chunks:
                async for chunk in chunks:
                    news = heard(chunk)
                    written, ended = written or bool(news.text), ended or news.end is not None
                    tell(news)
            if not ended:
                raise EOFError
        except (openai.OpenAIError, ValueError, EOFError) as error:
            raise self._noted(problem(error, self._server, written=written)) from None
        self._proven[bool(sampling.json_schema)] = level

    async def _stream(
        self, messages: Sequence[Message], sampling: Sampling, level: int
    ) -> "AsyncStream[ChatCompletionChunk]":
        if not self._model:
            self._model = await self._first_model()
        turns = [{"role": each.speaker, "content": each.text} for each in messages]
        return await self._client.chat.completions.create(
            model=self._model,
            messages=cast("list[ChatCompletionMessageParam]", turns),
            stream=True,
            extra_body=wishes(sampling, level),
        )

    async def _first_model(self) -> str:
        """Return the first model that the server lists; ``models.list`` falls over a page that is no list."""
        listed = await self._client.get("/models", cast_to=object)
        models = listed.get("data") if isinstance(listed, dict) else None
        if not models:
            raise ModelError("server.not_found", address=self._server.name)
        return str(models[0]["id"])

    def _noted(self, error: ModelError) -> ModelError:
        if error.key == "server.not_found":
            self._model = self._server.model  # it may have been started again with another one
        return error


def _next_level(sampling: Sampling, level: int) -> int | None:
    """Return the next level at which less is asked, ``None`` below the last."""
    asked = wishes(sampling, level)
    return next((each for each in range(level - 1, -1, -1) if wishes(sampling, each) != asked), None)
