"""Chat with a GGUF model through llama.cpp: many people, one copy of the model, one thread that owns it."""

import logging
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from models.engines.base import BEAT_S, ChatSize, Message, Piece, Sampling
from models.engines.batching import Batch
from models.engines.forecast import Forecast
from models.engines.llama_native import NativeModel
from models.engines.prompt import PromptWriter, Render, forgiving
from models.engines.request import Request
from models.errors import ModelError
from models.line import FairLine
from models.turns import Turn

TRACKS_PER_PERSON = 3
"""Conversations remembered beside those in progress: a person's latest, and one for another role or model."""


LOG = logging.getLogger(__name__)


class LlamaChat:
    """Answers several conversations at once with one GGUF file; who comes too many waits in a fair line.

    The context of all together has room for half of them at full length, or less where memory is short; requests
    wait until theirs fits.
    """

    def __init__(self, file: Path, turn: Turn, size: ChatSize, *, extra_buffers: bool = True) -> None:
        tracks = TRACKS_PER_PERSON * size.people
        self._native = NativeModel(
            file,
            cells=size.context_tokens * max(2, size.people) // 2,
            least_cells=size.context_tokens,
            tracks=tracks,
            extra_buffers=extra_buffers,
        )
        self._prompts = _prompt_writer(self._native)
        self._room = min(size.context_tokens, self._native.trained_tokens, self._native.cells)
        self._batch = Batch(self._native, places=size.people, tracks=tracks)
        self._turn, self._people_waiting = turn, size.people_waiting
        self._forecast = Forecast()
        self._line: FairLine[Request] = FairLine()
        self._changed = threading.Condition()
        self._closing, self._counting = False, 0
        self._owner = threading.Thread(target=self._own, name=f"chat {file.name}", daemon=True)
        self._owner.start()

    @property
    def is_open(self) -> bool:
        """Whether its thread still works (see ``ChatModel.is_open``)."""
        return not self._closing and self._owner.is_alive()

    def close(self) -> None:
        """Give the memory back; answers in progress end with an error."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._owner.join()

    def reply(self, messages: Sequence[Message], sampling: Sampling, *, person: str = "") -> Iterator[Piece]:
        """Yield the answer as it is written (see ``ChatModel.reply``); the writing does not wait for the reader."""
        request = self._request(messages, sampling, person)
        self._join(request)
        try:
            yield from request.answer(BEAT_S)
        finally:
            self._withdraw(request)

    def _request(self, messages: Sequence[Message], sampling: Sampling, person: str) -> Request:
        with self._kept_open():
            prompt = self._prompts.fit(messages, self._room - min(sampling.max_tokens, self._room // 4))
        most = min(sampling.max_tokens, self._room - len(prompt.tokens))
        return Request(prompt, sampling, most, person or secrets.token_hex(8))

    @contextmanager
    def _kept_open(self) -> Iterator[None]:
        """Keep the model in memory while a visitor's thread counts tokens with it."""
        with self._changed:
            self._refuse_when_closing()
            self._counting += 1
        try:
            yield
        finally:
            with self._changed:
                self._counting -= 1
                self._changed.notify()

    def _refuse_when_closing(self) -> None:
        if self._closing:
            raise ModelError("chat.engine_gone")

    def _join(self, request: Request) -> None:
        with self._changed:
            self._refuse_when_closing()
            if len(self._line) >= self._people_waiting + self._batch.free_places:
                raise ModelError("chat.full", limit=self._people_waiting)
            self._line.join(
                request, request.person, served=[each.person for each in tuple(self._batch.active)]
            )
            self._tell_places()
            self._changed.notify()

    def _withdraw(self, request: Request) -> None:
        with self._changed:
            request.withdrawn = True
            self._line.leave(request)
            self._changed.notify()

    def _own(self) -> None:
        """Own the model: the only thread that reads with it."""
        try:
            while self._has_work():
                with self._turn:
                    while self._arrange():
                        self._step()
        finally:
            self._send_away()
            self._native.close()

    def _step(self) -> None:
        """Take one step; a bug in it costs those in progress their answers, not the others their engine."""
        try:
            self._native.use_threads(self._turn.threads)
            self._forecast.learn(self._batch.step())
        except Exception:
            LOG.exception("A step of the chat engine failed; it begins afresh.")
            self._batch.give_up()

    def _send_away(self) -> None:
        """Let nobody in any more, and tell those who are here."""
        with self._changed:
            self._closing = True
            for request in [*self._line.order(), *self._batch.active]:
                request.fail(ModelError("chat.engine_gone"))
            self._changed.wait_for(lambda: not self._counting)

    def _has_work(self) -> bool:
        """Wait for a request; ``False`` when the engine is to be closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or len(self._line))
            return not self._closing

    def _arrange(self) -> bool:
        """Let people leave and join; tell whether there is anything to do."""
        with self._changed:
            self._batch.drop_withdrawn()
            for request in self._line.order():
                if not self._batch.admit(request):
                    break
                self._line.begin(request)
            self._tell_places()
            return bool(self._batch.active) and not self._closing

    def _tell_places(self) -> None:
        for place, request in enumerate(self._line.order(), start=1):
            request.note(place=place, expected_s=self._forecast.wait_s(self._batch, ahead=place - 1))


def _prompt_writer(native: NativeModel) -> PromptWriter:
    try:
        return PromptWriter(_template(native), lambda text, special: native.tokens(text, special=special))
    except BaseException:
        native.close()
        raise


def _template(native: NativeModel) -> Render:
    """Return the function that writes a conversation the way this model was trained to read it."""
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    template = native.chat_template()
    if template is None:
        raise ModelError("chat.no_template")
    formatter = Jinja2ChatFormatter(
        template=template, eos_token=native.special_text("eos"), bos_token=native.special_text("bos")
    )

    def render(messages: Sequence[Message]) -> str:
        turns = [{"role": message.speaker, "content": message.text} for message in messages]
        return str(formatter(messages=turns).prompt)

    return forgiving(render)
