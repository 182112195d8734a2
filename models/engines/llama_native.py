"""The few calls of llama.cpp that the chat engine needs, with Python's manners.

llama-cpp-python's own ``Llama`` class answers one caller at a time, reads a whole prompt in one call (nobody can stop
it) and keeps the logits of every position for token probabilities (gigabytes); the functions below it do neither.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil

from models.engines.base import Sampling
from models.engines.llama_sampler import NativeSampler
from models.errors import ModelError

CACHE_SHARE = 0.3
"""Share of the free memory that the context of a chat engine may take."""
MOST_ROWS = 512


@dataclass(frozen=True)
class Row:
    """One token to read: where it goes, and whether the scores after it are wanted."""

    token: int
    position: int
    track: int
    scored: bool = False


class NativeModel:
    """A GGUF file in memory and one context in which several tracks are written."""

    def __init__(
        self, file: Path, *, cells: int, least_cells: int, tracks: int, extra_buffers: bool = True
    ) -> None:
        import llama_cpp  # heavy: loads the native library

        self._api = llama_cpp
        self._silence = _silence(llama_cpp)
        self._model = self._load(file, extra_buffers)
        self.trained_tokens: int = llama_cpp.llama_model_n_ctx_train(self._model)
        self._context = self._open(max(least_cells, min(cells, self._affordable_cells())), tracks)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._pieces: dict[int, bytes] = {}
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(MOST_ROWS, 0, 1)
        self._threads = 1
        self.vocabulary_size: int = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        self.cells: int = llama_cpp.llama_n_ctx(self._context)

    def _load(self, file: Path, extra_buffers: bool) -> Any:
        parameters = self._api.llama_model_default_params()
        parameters.use_extra_bufts = extra_buffers
        model = self._api.llama_model_load_from_file(str(file).encode(), parameters)
        if not model:
            raise ModelError("chat.cannot_load", file=file.name)
        return model

    def _affordable_cells(self) -> int:
        """Return how many tokens fit into a fair share of the free memory, at 16 bits a number."""
        api, model = self._api, self._model
        head = api.llama_model_n_embd(model) // api.llama_model_n_head(model)
        numbers = 2 * api.llama_model_n_layer(model) * api.llama_model_n_head_kv(model) * head
        return int(psutil.virtual_memory().available * CACHE_SHARE / (2 * max(1, numbers)))

    def _open(self, cells: int, tracks: int) -> Any:
        parameters = self._api.llama_context_default_params()
        parameters.n_ctx = cells
        parameters.n_seq_max = tracks
        parameters.kv_unified = True  # tracks share one store of cells: a common beginning is kept once
        parameters.n_threads = parameters.n_threads_batch = 1
        context = self._api.llama_init_from_model(self._model, parameters)
        if not context:
            self._api.llama_model_free(self._model)
            raise ModelError("chat.no_memory_for_context", tokens=cells)
        return context

    def close(self) -> None:
        """Free the context and the model; safe to call twice."""
        if self._context:
            self._api.llama_batch_free(self._batch)
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
        raw = text.encode(errors="replace")  # half a surrogate pair is no text
        room = (self._api.llama_token * (len(raw) + 8))()
        count = self._api.llama_tokenize(self._vocabulary, raw, len(raw), room, len(room), False, special)
        return list(room[:count])

    def piece(self, token: int) -> bytes:
        """Return the bytes a token stands for; they may end in the middle of a character."""
        if token not in self._pieces:  # asked six times per token; a native call may wait for other threads
            room = ctypes.create_string_buffer(256)
            size = self._api.llama_token_to_piece(self._vocabulary, token, room, len(room), 0, False)
            self._pieces[token] = room.raw[: max(size, 0)]
        return self._pieces[token]

    def is_end(self, token: int) -> bool:
        """Tell whether the model wants to stop here."""
        return bool(self._api.llama_vocab_is_eog(self._vocabulary, token))

    def use_threads(self, threads: int) -> None:
        """Read with that many threads from now on."""
        if threads != self._threads:
            self._api.llama_set_n_threads(self._context, threads, threads)
            self._threads = threads

    def read(self, rows: Sequence[Row]) -> None:
        """Read up to ``MOST_ROWS`` tokens in one go; afterwards ``scores`` and samplers know their rows by place.

        Raises:
            ModelError: ``chat.decode_failed`` with llama.cpp's code (1 means that no cell is free).
        """
        batch = self._batch
        batch.n_tokens = len(rows)
        for place, row in enumerate(rows):
            batch.token[place] = row.token
            batch.pos[place] = row.position
            batch.n_seq_id[place] = 1
            batch.seq_id[place][0] = row.track
            batch.logits[place] = row.scored
        if code := self._api.llama_decode(self._context, batch):
            raise ModelError("chat.decode_failed", code=code)

    def forget(self, track: int, position: int) -> bool:
        """Drop what ``track`` holds from ``position`` on; ``False`` if this model can only forget everything."""
        return bool(self._api.llama_memory_seq_rm(self._memory, track, position, -1))

    def share(self, source: int, target: int, tokens: int) -> bool:
        """Give ``target`` the first ``tokens`` of ``source`` instead of what it holds, without copying.

        ``False``, and nothing changes, for models with a sliding window or a running state instead of a full memory:
        they do not hold a beginning for itself.
        """
        memory = self._memory
        if self._api.llama_memory_seq_pos_min(memory, source) != 0:
            return False
        self._api.llama_memory_seq_rm(memory, target, 0, -1)
        self._api.llama_memory_seq_cp(memory, source, target, 0, tokens)
        return True

    def scores(self, place: int) -> npt.NDArray[np.float32]:
        """Return the scores after one row, one per word of the vocabulary; a view valid until the next ``read``."""
        pointer = self._api.llama_get_logits_ith(self._context, place)
        return np.ctypeslib.as_array(pointer, shape=(self.vocabulary_size,))

    def sampler(self, sampling: Sampling) -> NativeSampler:
        """Return a chooser of tokens for one answer; close it afterwards.

        Raises:
            ModelError: ``chat.bad_schema``.
        """
        return NativeSampler(self._api, self._vocabulary, self.vocabulary_size, sampling)


def _silence(api: Any) -> Any:
    """Keep llama.cpp's own lines off the terminal; the returned callback must stay alive as long as the library."""

    def drop(_level: int, _text: bytes, _data: ctypes.c_void_p) -> None:
        pass

    callback = api.llama_log_callback(drop)
    api.llama_log_set(callback, ctypes.c_void_p(0))
    _KEPT.append(callback)
    return callback


_KEPT: list[Any] = []
