"""A database server's share of a collection: connections, tables, and what its errors mean."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from models.engines.fingerprint import same_space
from models.errors import ModelError
from models.index import words
from models.index.base import Space

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

VERSION = 1
WAIT_S = 10.0
"""How long a connection may take."""
CONNECTIONS = 8
FORM = """
CREATE TABLE about (version integer, fingerprint text, dimensions integer, words text);
CREATE TABLE documents (
    row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text UNIQUE, name text, sha256 text, language text,
    modified text, pages integer, passages integer, words bigint);
CREATE TABLE passages (
    row bigint PRIMARY KEY, document bigint REFERENCES documents ON DELETE CASCADE, number integer, page integer,
    label text, heading text, text text, begins integer, ends integer, words integer, vector halfvec);
CREATE INDEX passages_of ON passages (document, number);
CREATE SEQUENCE passage_rows;
CREATE TABLE postings (
    word text COLLATE "C", passage bigint REFERENCES passages ON DELETE CASCADE, times integer,
    PRIMARY KEY (word, passage));
CREATE INDEX postings_of ON postings (passage);
CREATE FUNCTION found(low text[], high text[]) RETURNS TABLE (term bigint, passage bigint, times float)
    LANGUAGE sql STABLE AS $$
    SELECT a.term, p.passage, sum(p.times)::float
    FROM unnest(low, high) WITH ORDINALITY AS a (low, high, term)
    JOIN postings p ON p.word >= a.low COLLATE "C" AND p.word < a.high COLLATE "C" GROUP BY a.term, p.passage $$;
CREATE VIEW whole AS SELECT
    p.row, d.id AS document, p.number, p.page, p.label, p.heading, p.text, p.begins, p.ends,
    d.id, d.name, d.sha256, d.language, d.modified, d.pages
    FROM passages p JOIN documents d ON d.row = p.document
"""


class Server:
    """One collection on a PostgreSQL server with pgvector, in a schema of its own.

    ``address`` is what libpq takes (``postgresql://user@host/database``). Tables are made if there are none.

    Raises:
        ModelError: ``index.no_driver``, ``index.no_server``, ``index.no_pgvector``, ``index.no_permission``, and as for
            a file: ``index.newer``, ``index.outdated``, ``index.other_model``.
    """

    def __init__(self, address: str, collection: str, space: Space) -> None:
        if find_spec("psycopg") is None:
            raise ModelError("index.no_driver")
        self._collection, self._schema = collection, _schema(collection)
        self._pool = _pool(address, self._configured)
        try:
            with self.connection() as db:
                self._made_ours(db, space)
        except ModelError:
            self.close()
            raise

    @contextmanager
    def connection(self, *, reading: bool = False) -> Iterator["Connection"]:
        """Lend a connection; its changes are kept together at the end, or not at all.

        With ``reading`` it sees one state of the collection for as long as it is lent.
        """
        import psycopg
        from psycopg_pool import PoolClosed, PoolTimeout

        try:
            with self._pool.connection(timeout=WAIT_S) as db:
                if reading:
                    db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield db
        except PoolClosed as error:
            raise ModelError("index.closed", file=self._collection) from error
        except PoolTimeout as error:
            raise ModelError("index.no_server", file=self._collection) from error
        except psycopg.Error as error:
            if (key := _meaning(error)) is None:
                raise
            raise ModelError(key, file=self._collection) from error

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close()

    def _configured(self, db: "Connection") -> None:
        """Make every command of a new connection speak of this collection's tables."""
        from psycopg import sql

        db.execute(sql.SQL("SET search_path TO {}, public").format(sql.Identifier(self._schema)))
        db.commit()

    def _made_ours(self, db: "Connection", space: Space) -> None:
        from psycopg import sql

        db.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (self._schema,))  # two may be first
        if db.execute("SELECT to_regclass('about')").fetchone() == (None,):
            if db.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchone() is None:
                db.execute("CREATE EXTENSION vector SCHEMA public")
            db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(self._schema)))
            db.execute(FORM)
            facts = (VERSION, space.fingerprint, space.dimensions, words.VERSION)
            db.execute("INSERT INTO about VALUES (%s, %s, %s, %s)", facts)
        self._check(db, space)

    def _check(self, db: "Connection", space: Space) -> None:
        found = db.execute("SELECT version, words, dimensions, fingerprint FROM about").fetchone()
        version, made_by, dimensions, made_of = found or (0, "", 0, "")
        if version > VERSION:
            raise ModelError("index.newer", file=self._collection)
        if made_by != words.VERSION:
            raise ModelError("index.outdated", file=self._collection)
        if dimensions != space.dimensions or not same_space(made_of, space.fingerprint):
            raise ModelError("index.other_model", file=self._collection)


def _schema(collection: str) -> str:
    """Return a name that PostgreSQL takes, another for every collection: readable, and a checksum of the whole."""
    readable = re.sub(r"[^a-z0-9]+", "_", collection.lower())[:30]
    return f"kiw_{readable}_{hashlib.sha256(collection.encode()).hexdigest()[:12]}"


def _pool(address: str, configure: object) -> "ConnectionPool":
    import logging

    from psycopg_pool import ConnectionPool

    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # it would log the server's own words
    return ConnectionPool(
        address,
        min_size=0,
        max_size=CONNECTIONS,
        timeout=WAIT_S,
        reconnect_timeout=WAIT_S,
        configure=configure,  # type: ignore[arg-type]
        check=ConnectionPool.check_connection,
        open=True,
    )


def _meaning(error: Exception) -> str | None:
    """Return the sentence for what a server says; ``None`` for errors of our own."""
    from psycopg import errors

    meaning: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
        (errors.InsufficientPrivilege, "index.no_permission"),
        (errors.ReadOnlySqlTransaction, "index.no_permission"),
        ((errors.FeatureNotSupported, errors.UndefinedFile, errors.UndefinedObject), "index.no_pgvector"),
        ((errors.DiskFull, errors.OutOfMemory), "index.disk_full"),
        ((errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected), "index.busy"),
        ((errors.DataCorrupted, errors.IndexCorrupted), "index.broken"),
        (errors.OperationalError, "index.no_server"),
    )
    return next((key for kind, key in meaning if isinstance(error, kind)), None)
