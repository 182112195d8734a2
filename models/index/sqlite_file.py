"""One SQLite file as a collection: its form, its connections, and what its errors mean."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Empty, LifoQueue

from models.engines.fingerprint import same_space
from models.errors import ModelError
from models.index import words
from models.index.base import Space

OURS = 0x4B495753
"""``application_id`` of our files: "KIWS"."""
VERSION = 1
BUSY_S = 30.0
"""How long another program may be writing before we give up."""
FORM = """
CREATE TABLE about (fingerprint TEXT, dimensions INTEGER, words TEXT, changes INTEGER, removed_at INTEGER);
CREATE TABLE documents (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, name TEXT, sha256 TEXT, language TEXT, modified TEXT,
    pages INTEGER, passages INTEGER);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER, number INTEGER, page INTEGER, label TEXT, heading TEXT,
    text TEXT, begins INTEGER, ends INTEGER);
CREATE INDEX passages_of ON passages (document, number);
CREATE TABLE vectors (passage INTEGER PRIMARY KEY, document INTEGER, vector BLOB);
CREATE VIEW whole AS SELECT
    p.row, d.id AS document, p.number, p.page, p.label, p.heading, p.text, p.begins, p.ends,
    d.id, d.name, d.sha256, d.language, d.modified, d.pages
    FROM passages p JOIN documents d ON d.row = p.document;
CREATE VIRTUAL TABLE words USING fts5 (said, tokenize = "unicode61 remove_diacritics 0");
"""
_MEANING = {
    sqlite3.SQLITE_NOTADB: "index.foreign",
    sqlite3.SQLITE_CORRUPT: "index.broken",
    sqlite3.SQLITE_BUSY: "index.busy",
    sqlite3.SQLITE_LOCKED: "index.busy",
    sqlite3.SQLITE_FULL: "index.disk_full",
    sqlite3.SQLITE_READONLY: "index.no_permission",
    sqlite3.SQLITE_CANTOPEN: "index.no_permission",
    sqlite3.SQLITE_PERM: "index.no_permission",
    sqlite3.SQLITE_AUTH: "index.no_permission",
    sqlite3.SQLITE_IOERR: "index.disk_error",
}


@contextmanager
def own_file(file: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into a sentence for people; other errors are ours and pass.

    Raises:
        ModelError: ``index.foreign``, ``.broken``, ``.busy``, ``.disk_full``, ``.no_permission``, ``.disk_error``.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None or (key := _MEANING.get(code & 0xFF)) is None:
            raise
        raise ModelError(key, file=file.name) from error


class Connections:
    """Connections to one file that are used again; each by one thread at a time."""

    def __init__(self, file: Path, space: Space) -> None:
        self._file, self._free = file, LifoQueue[sqlite3.Connection]()
        self._open = True
        with own_file(file):
            _lay_out(file, space)
            with self.borrowed() as db:
                _check(file, db, space)

    @contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection; whatever it has begun and not committed is undone."""
        if not self._open:
            raise ModelError("index.closed", file=self._file.name)
        try:
            db = self._free.get_nowait()
        except Empty:
            db = self._connected()
        try:
            yield db
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
            self._free.put(db)
            if not self._open:
                self.close()

    def close(self) -> None:
        """Close what nobody uses; the rest follows when it is given back."""
        self._open = False
        while True:
            try:
                self._free.get_nowait().close()
            except Empty:
                return

    def _connected(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._file, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA synchronous = FULL")  # a committed document also survives a power cut
        return db


def _lay_out(file: Path, space: Space) -> None:
    """Make an empty collection unless a file is there: whole in one step, and nobody else's to read.

    Raises:
        ModelError: ``index.disk_full``, ``index.no_permission``.
    """
    if file.is_file() and file.stat().st_size:
        return
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
        os.close(handle)
        try:
            _fill(Path(name), space)
            _put_in_place(Path(name), file)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        raise ModelError("index.disk_full" if full else "index.no_permission", file=file.name) from error


def _fill(file: Path, space: Space) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA application_id = {OURS}")
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.executescript(FORM)
        facts = (space.fingerprint, space.dimensions, words.VERSION)
        db.execute("INSERT INTO about VALUES (?, ?, ?, 1, 0)", facts)


def _put_in_place(new: Path, file: Path) -> None:
    try:
        file.hardlink_to(new)  # fails where somebody was quicker, unlike a renaming
    except OSError:
        if not file.is_file() or not file.stat().st_size:  # a disk without links, or a file of no bytes
            new.replace(file)


def _check(file: Path, db: sqlite3.Connection, space: Space) -> None:
    """Compare a file with what is wanted; another program's file is not touched.

    Raises:
        ModelError: ``index.foreign`` for another program's file, ``index.newer`` for one of a later version of the kit,
            ``index.outdated`` for one whose words are made another way, ``index.other_model`` for another model's
            vectors.
    """
    if db.execute("PRAGMA application_id").fetchone()[0] != OURS:
        raise ModelError("index.foreign", file=file.name)
    if db.execute("PRAGMA user_version").fetchone()[0] > VERSION:
        raise ModelError("index.newer", file=file.name)
    made_of, dimensions, made_by = db.execute("SELECT fingerprint, dimensions, words FROM about").fetchone()
    if made_by != words.VERSION:
        raise ModelError("index.outdated", file=file.name)
    if dimensions != space.dimensions or not same_space(made_of, space.fingerprint):
        raise ModelError("index.other_model", file=file.name)
