"""The few calls of llama.cpp that the chat engine needs, with Python's manners.

llama-cpp-python's own ``Llama`` class reads a whole prompt in one call (nobody can stop it) and keeps the logits of
every position for token probabilities (gigabytes); the functions below it do neither.
"""

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.engines.base import Sampling
from models.errors import ModelError

PENALTY_WINDOW = 256
"""Tokens that the repetition penalty looks back on."""


class NativeModel:
    """A GGUF file in memory and one context to write in."""

    def __init__(self, file: Path, *, context_tokens: int, threads: int, extra_buffers: bool = True) -> None:
        import llama_cpp  # heavy: loads the native library

        self._api = llama_cpp
        self._silence = _silence(llama_cpp)
        self._model = self._load(file, extra_buffers)
        self._context = self._open(context_tokens, threads)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._pieces: dict[int, bytes] = {}
        self._memory = llama_cpp.llama_get_memory(self._context)
        self.vocabulary_size: int = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        self.context_tokens: int = llama_cpp.llama_n_ctx(self._context)

    def _load(self, file: Path, extra_buffers: bool) -> Any:
        parameters = self._api.llama_model_default_params()
        parameters.use_extra_bufts = extra_buffers
        model = self._api.llama_model_load_from_file(str(file).encode(), parameters)
        if not model:
            raise ModelError("chat.cannot_load", file=file.name)
        return model

    def _open(self, context_tokens: int, threads: int) -> Any:
        parameters = self._api.llama_context_default_params()
        trained = self._api.llama_model_n_ctx_train(self._model)
        parameters.n_ctx = min(context_tokens, trained)
        parameters.n_threads = parameters.n_threads_batch = threads
        context = self._api.llama_init_from_model(self._model, parameters)
        if not context:
            self._api.llama_model_free(self._model)
            raise ModelError("chat.no_memory_for_context", tokens=context_tokens)
        return context

    def close(self) -> None:
        """Free the context and the model; safe to call twice."""
        if self._context:
            self._api.llama_free(self._context)
            self._api.llama_model_free(self._model)
            self._context = self._model = None

    def chat_template(self) -> str | None:
        """Return the Jinja template that the model's makers put into the file."""
        found = self._api.llama_model_chat_template(self._model, None)
        return found.decode() if found else None

    def special_text(self, which: str) -> str:
        """Return the text of the ``bos`` or ``eos`` token, empty if the model has none."""
        token = getattr(self._api, f"llama_vocab_{which}")(self._vocabulary)
        return self._api.llama_vocab_get_text(self._vocabulary, token).decode() if token >= 0 else ""

    def tokens(self, text: str, *, special: bool) -> list[int]:
        """Return the tokens of ``text``; only with ``special`` do control words such as ``<|im_end|>`` count."""
        raw = text.encode()
        room = (self._api.llama_token * (len(raw) + 8))()
        count = self._api.llama_tokenize(self._vocabulary, raw, len(raw), room, len(room), False, special)
        return list(room[:count])

    def piece(self, token: int) -> bytes:
        """Return the bytes a token stands for; they may end in the middle of a character."""
        if (
            token not in self._pieces
        ):  # asked six times per token; every native call may wait for other threads
            room = ctypes.create_string_buffer(256)
            size = self._api.llama_token_to_piece(self._vocabulary, token, room, len(room), 0, False)
            self._pieces[token] = room.raw[: max(size, 0)]
        return self._pieces[token]

    def is_end(self, token: int) -> bool:
        """Tell whether the model wants to stop here."""
        return bool(self._api.llama_vocab_is_eog(self._vocabulary, token))

    def read(self, tokens: Sequence[int]) -> None:
        """Append tokens to the context; afterwards ``logits`` are those after the last one.

        Raises:
            ModelError: ``chat.decode_failed`` with llama.cpp's code (1 means that the context is full).
        """
        array = (self._api.llama_token * len(tokens))(*tokens)
        code = self._api.llama_decode(self._context, self._api.llama_batch_get_one(array, len(tokens)))
        if code != 0:
            raise ModelError("chat.decode_failed", code=code)

    def forget_from(self, position: int) -> bool:
        """Drop everything from ``position`` on; ``False`` if this kind of model can only forget everything."""
        return bool(self._api.llama_memory_seq_rm(self._memory, 0, position, -1))

    def forget_all(self) -> None:
        """Empty the context."""
        self._api.llama_memory_clear(self._memory, True)

    def logits(self) -> npt.NDArray[np.float32]:
        """Return the scores for the next token, one per word of the vocabulary; a view valid until the next read."""
        pointer = self._api.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self.vocabulary_size,))

    def sampler(self, sampling: Sampling) -> "NativeSampler":
        """Return a chooser of tokens for one answer; close it afterwards."""
        return NativeSampler(self._api, self._context, self.vocabulary_size, sampling)


class NativeSampler:
    """A chain of llama.cpp's samplers for one answer."""

    def __init__(self, api: Any, context: Any, vocabulary_size: int, sampling: Sampling) -> None:
        self._api, self._context, self._words = api, context, vocabulary_size
        self._chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        for link in self._links(sampling):
            api.llama_sampler_chain_add(self._chain, link)

    def _links(self, sampling: Sampling) -> list[Any]:
        api = self._api
        penalties = api.llama_sampler_init_penalties(
            self._words, PENALTY_WINDOW, sampling.repetition, 0.0, 0.0
        )
        if sampling.temperature <= 0:
            return [penalties, api.llama_sampler_init_greedy()]
        seed = api.LLAMA_DEFAULT_SEED if sampling.seed is None else sampling.seed
        return [
            penalties,
            api.llama_sampler_init_top_k(40),
            api.llama_sampler_init_top_p(sampling.top_p, 1),
            api.llama_sampler_init_min_p(sampling.min_p, 1),
            api.llama_sampler_init_temp(sampling.temperature),
            api.llama_sampler_init_dist(seed),
        ]

    def choose(self) -> int:
        """Return the next token and remember it for the penalties."""
        return int(self._api.llama_sampler_sample(self._chain, self._context, -1))

    def close(self) -> None:
        """Free the chain."""
        self._api.llama_sampler_free(self._chain)


def _silence(api: Any) -> Any:
    """Keep llama.cpp's own lines off the terminal; the returned callback must stay alive as long as the library."""

    def drop(_level: int, _text: bytes, _data: ctypes.c_void_p) -> None:
        pass

    callback = api.llama_log_callback(drop)
    api.llama_log_set(callback, ctypes.c_void_p(0))
    _KEPT.append(callback)
    return callback


_KEPT: list[Any] = []
