"""The collections that are open: each is opened once, and those that nobody uses make room."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from models.engines.embedder import Embedder
from models.index.base import Index
from models.index.indexing import space_of
from models.index.sqlite_index import SqliteIndex
from stations.retrieval.collection import Collection

MOST_OPEN = 24
"""A small collection takes a few megabytes while it is open, one of 100,000 passages 80 MB."""


@dataclass(eq=False)
class _Open:
    index: Index
    borrowers: int = 0


class Indexes:
    """Lends collections. ``database`` is the address of a server that keeps the shared ones, ``""``: files do."""

    def __init__(self, database: str = "") -> None:
        self._database, self._lock = database, threading.Lock()
        self._open: OrderedDict[str, _Open] = OrderedDict()

    @contextmanager
    def borrow(self, wanted: Collection, embedder: Embedder) -> Iterator[Index]:
        """Lend a collection, made if there is none.

        Raises:
            ModelError: ``index.…`` where it cannot be used, or was made with another model.
        """
        opened = self._lent(wanted, embedder)
        try:
            yield opened.index
        finally:
            with self._lock:
                opened.borrowers -= 1
                self._make_room()

    def close_one(self, gone: Collection) -> None:
        """Close a collection that is about to be deleted, whoever uses it."""
        with self._lock:
            opened = self._open.pop(str(gone.file), None)
        if opened:
            opened.index.close()

    def close(self) -> None:
        """Close all of them."""
        with self._lock:
            opened, self._open = list(self._open.values()), OrderedDict()
        for each in opened:
            each.index.close()

    def _lent(self, wanted: Collection, embedder: Embedder) -> _Open:
        key = str(wanted.file)
        with self._lock:
            opened = self._open.get(key) or _Open(self._opened(wanted, embedder))
            self._open[key] = opened
            self._open.move_to_end(key)
            opened.borrowers += 1
        return opened

    def _opened(self, wanted: Collection, embedder: Embedder) -> Index:
        if self._database and wanted.shared:
            from models.index.postgres_index import PostgresIndex

            return PostgresIndex(self._database, wanted.name, space_of(embedder))
        return SqliteIndex(wanted.file, space_of(embedder))

    def _make_room(self) -> None:
        idle = [key for key, each in self._open.items() if not each.borrowers]
        for key in idle[: max(0, len(self._open) - MOST_OPEN)]:
            self._open.pop(key).index.close()
