"""Which runtime opens which model file, and with which share of the processor."""

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import cast

from models.catalog import Model
from models.engines.base import ChatModel, ChatSize, Engine
from models.errors import ModelError
from models.room import RoomModel
from models.turns import Fixed, Kind, Turn, Turns

RUNTIMES = {
    "whisper": ("models.engines.whisper", "WhisperTranscriber", Kind.BACKGROUND),
    "campplus": ("models.speakers.embedding", "VoicePrints", Kind.BACKGROUND),
    "sentence": ("models.engines.sentence", "SentenceEmbedder", Kind.BACKGROUND),
    "usem3": ("models.engines.usem3", "Usem3Embedder", Kind.BACKGROUND),
    "piper": ("models.engines.piper", "PiperVoice", Kind.INTERACTIVE),
    "pico": ("models.engines.pico", "PicoVoice", Kind.INTERACTIVE),
}
"""Where the runtime of each kind of model is, made from a file and a turn, and whether people wait for it."""


@dataclass(frozen=True)
class Opening:
    """How the engines of one program are opened, so that together they share its processor.

    ``threads`` holds chat engines to that many, 0 lets them take turns; ``extra_buffers`` lets llama.cpp repack
    weights (see ``proof``).
    """

    size: ChatSize = field(default_factory=ChatSize)
    threads: int = 0
    extra_buffers: bool = True
    turns: Turns = field(default_factory=Turns)

    def __call__(self, model: Model, file: Path) -> Engine:
        """Load a model of any kind from its file.

        Raises:
            ModelError: ``library.no_engine`` where there is no runtime for it, or what the engine says about the file.
        """
        if model.engine == "ctranslate":
            from models.engines.ctranslate import CTranslator

            return CTranslator(file, self.turns.turn(Kind.BACKGROUND), model.languages)
        if model.engine in RUNTIMES:
            module, name, kind = RUNTIMES[model.engine]
            return cast(Engine, getattr(import_module(module), name)(file, self.turns.turn(kind)))
        return self.chat(model, file)

    def chat(self, model: Model, file: Path) -> ChatModel:
        """Load a chat model (see ``open_chat``)."""
        turn = Fixed(self.threads) if self.threads else self.turns.turn(Kind.INTERACTIVE)
        return open_chat(model, file, turn, self.size, extra_buffers=self.extra_buffers)


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
