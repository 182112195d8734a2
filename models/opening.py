"""Which runtime opens which model file."""

from pathlib import Path

import psutil

from models.catalog import Model
from models.engines.base import ChatModel
from models.errors import ModelError


def open_chat(model: Model, file: Path, *, context_tokens: int, threads: int, extra_buffers: bool) -> ChatModel:
    """Load a chat model; ``threads`` 0 means one per core.

    Raises:
        ModelError: ``library.no_engine`` for a model of another kind, or what the engine says about the file.
    """
    if model.engine != "llama":
        raise ModelError("library.no_engine", model=model.title, engine=model.engine)
    from models.engines.llama import LlamaChat

    return LlamaChat(
        file, context_tokens=context_tokens, threads=threads or _cores(), extra_buffers=extra_buffers
    )


def _cores() -> int:
    return psutil.cpu_count(logical=False) or 1
