"""Chat with a GGUF model through llama.cpp, one answer at a time, in the order people asked."""

import codecs
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.engines.ahead import ahead
from models.engines.base import Alternative, Message, Piece, Sampling, Tally, Token
from models.engines.llama_native import NativeModel, NativeSampler
from models.engines.prompt import Prompt, PromptWriter, Render
from models.errors import ModelError
from models.waiting_line import WaitingLine

BEAT_S = 0.4
"""Longest silence between two pieces: a Stop or a closed page is noticed within that time."""
FIRST_CHUNK_TOKENS = 32
LIKELY_RANGE = 10_000
"""How much less likely than the best a token may be and still be shown as a candidate without a full sort."""


@dataclass
class _Clock:
    """When a request came, and its tally so far."""

    started: float = field(default_factory=time.monotonic)
    tally: Tally = field(default_factory=Tally)

    def note(self, **changes: object) -> Tally:
        self.tally = replace(self.tally, seconds=time.monotonic() - self.started, **changes)  # type: ignore[arg-type]
        return self.tally


class LlamaChat:
    """Answers conversations with one GGUF file; several callers wait in line."""

    def __init__(
        self, file: Path, *, context_tokens: int = 4096, threads: int, extra_buffers: bool = True
    ) -> None:
        self._native = NativeModel(
            file, context_tokens=context_tokens, threads=threads, extra_buffers=extra_buffers
        )
        self._prompts = PromptWriter(
            _template(self._native), lambda text, special: self._native.tokens(text, special=special)
        )
        self._line = WaitingLine()
        self._read: list[int] = []  # what the context holds, token by token

    def close(self) -> None:
        """Give the memory back."""
        self._native.close()

    def reply(self, messages: Sequence[Message], sampling: Sampling, *, person: str = "") -> Iterator[Piece]:  # noqa: ARG002
        """Yield the answer as it is written (see ``ChatModel.reply``); the writing does not wait for the reader."""
        yield from ahead(self._answer(messages, sampling))

    def _answer(self, messages: Sequence[Message], sampling: Sampling) -> Generator[Piece, None, None]:
        clock = _Clock()
        room = self._native.context_tokens
        prompt = self._prompts.fit(messages, room - min(sampling.max_tokens, room // 4))
        clock.note(prompt_tokens=len(prompt.tokens), dropped_turns=prompt.dropped_turns)
        with self._line.join() as place:
            while not place.wait(BEAT_S):
                yield Piece("", (), clock.note(waiting=place.ahead))
            clock.note(waiting=0)
            yield from self._read_prompt(prompt, clock)
            yield from self._write(sampling, clock)

    def _read_prompt(self, prompt: Prompt, clock: _Clock) -> Iterator[Piece]:
        """Read what the context does not hold yet, in chunks of about one beat."""
        at = self._keep_common_start(prompt.tokens)
        size = FIRST_CHUNK_TOKENS
        while at < len(prompt.tokens):
            begun = time.monotonic()
            chunk = prompt.tokens[at : at + size]
            self._take_in(chunk)
            at += len(chunk)
            yield Piece("", (), clock.note(prompt_read=at))
            size = max(16, min(512, int(len(chunk) * BEAT_S / (time.monotonic() - begun))))

    def _keep_common_start(self, tokens: list[int]) -> int:
        """Forget what differs from last time; the last token is always read again, for its logits."""
        same = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(self._read, tokens, strict=False))
        )
        keep = min(same, len(tokens) - 1)
        if not self._native.forget_from(keep):
            self._native.forget_all()
            keep = 0
        del self._read[keep:]
        return keep

    def _take_in(self, tokens: list[int]) -> None:
        try:
            self._native.read(tokens)
        except ModelError:
            self._native.forget_all()  # its state is unknown now
            self._read.clear()
            raise
        self._read += tokens

    def _write(self, sampling: Sampling, clock: _Clock) -> Iterator[Piece]:
        sampler = self._native.sampler(sampling)
        try:
            yield from self._words(sampler, sampling, clock)
        finally:
            sampler.close()

    def _words(self, sampler: NativeSampler, sampling: Sampling, clock: _Clock) -> Iterator[Piece]:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        last = time.monotonic() + sampling.max_seconds  # from here on: waiting and reading cost nobody words
        room = self._native.context_tokens - len(self._read)
        for count in range(1, min(sampling.max_tokens, room) + 1):
            number = sampler.choose()
            if self._native.is_end(number):
                yield Piece(decoder.decode(b"", final=True), (), clock.note(end="done"))
                return
            if clock.tally.first_token_s is None:
                clock.note(first_token_s=time.monotonic() - clock.started)
            raw = self._native.piece(number)
            seen = self._look_inside(number, raw, sampling.candidates)
            yield Piece(decoder.decode(raw), seen, clock.note(new_tokens=count))
            if time.monotonic() > last:
                yield Piece(decoder.decode(b"", final=True), (), clock.note(end="time"))
                return
            self._take_in([number])
        yield Piece(decoder.decode(b"", final=True), (), clock.note(end="length"))

    def _look_inside(self, number: int, raw: bytes, candidates: int) -> tuple[Token, ...]:
        if not candidates:
            return ()
        chances = _softmax(self._native.logits())
        ranked = _likeliest(chances, candidates)
        found = tuple(Alternative(_shown(self._native.piece(each)), float(chances[each])) for each in ranked)
        return (Token(_shown(raw), float(chances[number]), found),)


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

    return render


def _likeliest(chances: npt.NDArray[np.float32], count: int) -> list[int]:
    """Return the ``count`` likeliest tokens, best first; sorts only those that can be among them (0.2 ms, not 2)."""
    worth_a_look = np.flatnonzero(chances > chances.max() / LIKELY_RANGE)
    if len(worth_a_look) < count:
        worth_a_look = np.arange(len(chances))
    order = np.argsort(-chances[worth_a_look], kind="stable")[:count]
    return [int(token) for token in worth_a_look[order]]


def _softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    chances: npt.NDArray[np.float32] = np.exp(logits - logits.max())
    chances /= chances.sum()
    return chances


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")
