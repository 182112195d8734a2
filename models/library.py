"""Engines on loan: loaded when first wanted, shared by everybody, given back when memory is short."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import psutil

from models.catalog import Model, Role
from models.engines.base import ChatModel, Engine, Transcriber, Translator
from models.engines.embedder import Embedder
from models.errors import ModelError
from models.voice.base import Voice

MEGABYTE = 1_000_000
SHORT_OF_MEMORY = 0.15
"""Share of the machine's memory below which idle engines are put away."""

Opener = Callable[[Model, Path], Engine]
Available = Callable[[], int]


@dataclass
class _Shelf:
    """One engine's place: the engine while it is loaded, who uses it, and when it was last used."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    engine: Engine | None = None
    borrowers: int = 0
    used_at: float = 0.0

    @property
    def working_engine(self) -> Engine | None:
        """The engine, unless it broke down: then the next borrower gets a new one."""
        return self.engine if self.engine is not None and self.engine.is_open else None


class Library:
    """Lends engines by role or by model; loads at most one copy of each.

    ``playing`` says which installed models play a role, best first. ``open_engine`` makes an engine from a model and
    its file.
    """

    def __init__(
        self,
        playing: Callable[[Role], tuple[Model, ...]],
        file_of: Callable[[Model], Path],
        open_engine: Opener,
        *,
        idle_s: float = 600.0,
        available: Available = lambda: int(psutil.virtual_memory().available),
    ) -> None:
        self._playing, self._file_of, self._open = playing, file_of, open_engine
        self._idle_s, self._available = idle_s, available
        self._shelves: dict[str, _Shelf] = {}
        self._lock = threading.Lock()

    def players(self, role: Role) -> tuple[Model, ...]:
        """Return the installed models that can play ``role``, best first."""
        return self._playing(role)

    def loaded(self) -> list[str]:
        """Return the ids of the models that are in memory now."""
        with self._lock:
            return [name for name, shelf in self._shelves.items() if shelf.working_engine is not None]

    def is_loaded(self, model: Model) -> bool:
        """Tell whether ``model`` answers without being loaded first."""
        return self._shelf(model).working_engine is not None

    def borrow_chat(self, model_id: str | None = None) -> AbstractContextManager[ChatModel]:
        """Lend a chat engine (see ``borrow``)."""
        return cast(AbstractContextManager[ChatModel], self.borrow(Role.CHAT, model_id))

    def borrow_transcriber(self, model_id: str | None = None) -> AbstractContextManager[Transcriber]:
        """Lend an engine that writes down speech (see ``borrow``)."""
        return cast(AbstractContextManager[Transcriber], self.borrow(Role.TRANSCRIBE, model_id))

    def borrow_translator(self, model_id: str | None = None) -> AbstractContextManager[Translator]:
        """Lend an engine that only translates (see ``borrow``); a chat model that can is lent as one."""
        return cast(AbstractContextManager[Translator], self.borrow(Role.TRANSLATE, model_id))

    def borrow_voice(self, model_id: str | None = None) -> AbstractContextManager[Voice]:
        """Lend a voice (see ``borrow``)."""
        return cast(AbstractContextManager[Voice], self.borrow(Role.VOICE, model_id))

    def borrow_embedder(self, model_id: str | None = None) -> AbstractContextManager[Embedder]:
        """Lend a model that says in numbers what texts are about (see ``borrow``)."""
        return cast(AbstractContextManager[Embedder], self.borrow(Role.EMBED, model_id))

    @contextmanager
    def borrow(self, role: Role, model_id: str | None = None) -> Iterator[Engine]:
        """Lend an engine, loading it if needed; without ``model_id`` the one that plays the role best.

        Raises:
            ModelError: ``library.not_installed`` or ``library.no_memory``.
        """
        model = self._find(role, model_id)
        shelf = self._shelf(model)
        with shelf.lock:
            engine = shelf.working_engine or self._load(model, shelf)
            shelf.borrowers += 1
        try:
            yield engine
        finally:
            with shelf.lock:
                shelf.borrowers -= 1
                shelf.used_at = time.monotonic()

    def patient(self) -> "Library":
        """Return the library for work that nobody looks at: where lending pauses, it waits instead of failing."""
        return self

    def tidy(self) -> list[str]:
        """Put away engines that nobody has used for a while, if memory is short; return their model ids."""
        total = int(psutil.virtual_memory().total)
        if self._available() > total * SHORT_OF_MEMORY:
            return []
        return self._put_away(idle_s=self._idle_s)

    def close(self) -> None:
        """Put every engine away that is not on loan."""
        self._put_away(idle_s=0.0)

    def _find(self, role: Role, model_id: str | None) -> Model:
        for model in self.players(role):
            if model_id in (None, model.id):
                return model
        raise ModelError("library.not_installed", model=model_id or role.value)

    def _shelf(self, model: Model) -> _Shelf:
        with self._lock:
            return self._shelves.setdefault(model.id, _Shelf())

    def _load(self, model: Model, shelf: _Shelf) -> Engine:
        needed = model.memory_mb * MEGABYTE
        if self._available() < needed:
            self._put_away(idle_s=0.0)
        if (free := self._available()) < needed:
            raise ModelError("library.no_memory", model=model.title, needed=needed, free=free)
        shelf.engine = self._open(model, self._file_of(model))
        return shelf.engine

    def _put_away(self, idle_s: float) -> list[str]:
        with self._lock:
            shelves = list(self._shelves.items())
        return [name for name, shelf in shelves if _emptied(shelf, idle_s)]


def _emptied(shelf: _Shelf, idle_s: float) -> bool:
    """Close the engine unless it is on loan, being loaded, or used lately."""
    if not shelf.lock.acquire(blocking=False):
        return False
    try:
        if shelf.engine is None or shelf.borrowers or time.monotonic() - shelf.used_at < idle_s:
            return False
        shelf.engine.close()
        shelf.engine = None
        return True
    finally:
        shelf.lock.release()
