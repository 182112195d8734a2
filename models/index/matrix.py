"""All vectors of a collection in memory, kept in step with its file."""

import sqlite3
import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.engines.embedder import Vectors
from models.errors import ModelError

Rows = NDArray[np.int64]
_STORED = np.dtype("<f2")


@dataclass(frozen=True)
class State:
    """How far a file is: its version, and in which of them something was last taken away."""

    changes: int
    removed_at: int


@dataclass(frozen=True)
class Matrix:
    """The vectors as they were at one state of the file, one row for each passage, by ``rows``, ascending."""

    state: State
    rows: Rows
    documents: Rows
    vectors: Vectors

    def cosines(self, vector: Vectors, documents: Rows | None) -> tuple[Rows, NDArray[np.float32]]:
        """Return passages and their cosines with ``vector``, those of ``documents`` only (``None``: of all)."""
        if documents is None:
            return self.rows, self.vectors @ vector
        chosen = np.flatnonzero(np.isin(self.documents, documents))
        return self.rows[chosen], self.vectors[chosen] @ vector


class Cache:
    """Holds the newest matrix that anybody has asked for; safe for several threads."""

    def __init__(self, dimensions: int, file_name: str) -> None:
        self._dimensions, self._name = dimensions, file_name
        self._lock = threading.Lock()
        empty = np.empty(0, np.int64)
        self._held = Matrix(State(0, 0), empty, empty, np.empty((0, dimensions), np.float32))

    def at(self, state: State, db: sqlite3.Connection) -> Matrix | None:
        """Return the matrix of the state that ``db`` sees; ``None`` when a newer one is held already.

        Only what has come since is read, unless something was taken away.

        Raises:
            ModelError: ``index.broken`` when a vector is not as long as it must be.
        """
        with self._lock:
            if state.changes < self._held.state.changes:
                return None
            if state.changes > self._held.state.changes:
                self._held = self._grown(state, db)
            return self._held

    def _grown(self, state: State, db: sqlite3.Connection) -> Matrix:
        before = self._held
        if state.removed_at > before.state.changes:
            before = Matrix(state, before.rows[:0], before.documents[:0], before.vectors[:0])
        last = int(before.rows[-1]) if len(before.rows) else 0
        found = db.execute(
            "SELECT passage, document, vector FROM vectors WHERE passage > ? ORDER BY passage", (last,)
        ).fetchall()
        rows, documents = (np.array([row[column] for row in found], np.int64) for column in (0, 1))
        vectors = self._read([row[2] for row in found])
        return Matrix(
            state,
            np.concatenate([before.rows, rows]),
            np.concatenate([before.documents, documents]),
            np.concatenate([before.vectors, vectors]),
        )

    def _read(self, blobs: list[bytes]) -> Vectors:
        length = self._dimensions * _STORED.itemsize
        if any(len(blob) != length for blob in blobs):
            raise ModelError("index.broken", file=self._name)
        numbers = np.frombuffer(b"".join(blobs), _STORED).reshape(-1, self._dimensions)
        return numbers.astype(np.float32)


def packed(vectors: Vectors) -> list[bytes]:
    """Return each row as it lies in the file: 16-bit floats, which cost less than 0.001 of a cosine."""
    return [row.tobytes() for row in vectors.astype(_STORED)]
