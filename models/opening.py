"""Which runtime opens which model file."""

from pathlib import Path

import psutil

from models.catalog import Model
from models.engines.base import ChatModel
from models.errors import ModelError
from models.room import RoomModel


def open_chat(
    model: Model, file: Path, *, context_tokens: int, threads: int, extra_buffers: bool
) -> ChatModel:
    """Load a chat model; ``threads`` 0 leaves one core to the browser and the rest of the machine.

    A server in the room needs neither ``file`` nor threads.

    Raises:
        ModelError: ``library.no_engine`` for a model of another kind, or what the engine says about the file.
    """
    if isinstance(model, RoomModel):
        from models.engines.chat_server import ServerChat

        return ServerChat(model.server)
    if model.engine != "llama":
        raise ModelError("library.no_engine", model=model.title, engine=model.engine)
    from models.engines.llama import LlamaChat

    return LlamaChat(
        file, context_tokens=context_tokens, threads=threads or default_threads(), extra_buffers=extra_buffers
    )


def default_threads() -> int:
    """Return all cores but one, at least one.

    llama.cpp's threads wait for each other hundreds of times per token; when anything else runs on one of their
    cores, all of them wait for it. Measured with the 1.5B model on two cores (tokens per second): two threads 24 alone
    but 1-3 beside a busy process, one thread 18 alone and 17 beside it. See ``docs/decisions.md``.
    """
    return max(1, (psutil.cpu_count(logical=False) or 1) - 1)
