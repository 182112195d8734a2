"""What lies in a collection's file, without the model that its vectors come from."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from models.errors import ModelError
from models.index import sqlite_rows as rows
from models.index.sqlite_file import BUSY_S, OURS, own_file
from models.passages import Document


def contents(file: Path) -> tuple[tuple[Document, ...], Mapping[str, int]]:
    """Return the documents of a collection by name, and how many passages each has by its id; nothing if it is new.

    Raises:
        ModelError: ``index.foreign``, ``index.broken`` and the like.
    """
    if not file.is_file() or not file.stat().st_size:
        return (), {}
    with (
        own_file(file),
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", BUSY_S, uri=True)) as db,
    ):
        if db.execute("PRAGMA application_id").fetchone()[0] != OURS:
            raise ModelError("index.foreign", file=file.name)
        sizes = dict(db.execute("SELECT id, passages FROM documents").fetchall())
        return tuple(document for _, document in rows.documents_of(db)), sizes
