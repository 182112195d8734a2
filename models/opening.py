"""Which runtime opens which model file."""

from pathlib import Path

from models.catalog import Model
from models.engines.base import ChatModel, ChatSize
from models.errors import ModelError
from models.room import RoomModel
from models.turns import Turn


def open_chat(
    model: Model, file: Path, turn: Turn, size: ChatSize, *, extra_buffers: bool = True
) -> ChatModel:
    """Load a chat model. A server in the room needs neither ``file`` nor a turn at this processor.

    Raises:
        ModelError: ``library.no_engine`` for a model of another kind, or what the engine says about the file.
    """
    if isinstance(model, RoomModel):
        from models.engines.chat_server import ServerChat

        return ServerChat(model.server)
    if model.engine != "llama":
        raise ModelError("library.no_engine", model=model.title, engine=model.engine)
    from models.engines.llama import LlamaChat

    return LlamaChat(file, turn, size, extra_buffers=extra_buffers)
