"""What is read from and written to the tables of a collection in SQLite, one command at a time."""

import json
import sqlite3
from collections.abc import Sequence

import numpy as np

from models.index.base import Only
from models.index.matrix import Rows
from models.index.ranking import KEYWORD_HITS, MOST_SHARING, Found, storable
from models.index.words import Term
from models.passages import Document, Hit, Passage


def documents_of(db: sqlite3.Connection) -> list[tuple[int, Document]]:
    """Return all documents with their rows, by name."""
    command = "SELECT row, id, name, sha256, language, modified, pages FROM documents ORDER BY name, id"
    return [(row, Document(*facts)) for row, *facts in db.execute(command)]


def documents_within(db: sqlite3.Connection, only: Only) -> Rows | None:
    """Return the rows of the documents within limits; ``None`` where there are no limits."""
    if only == Only():
        return None
    return np.array([row for row, document in documents_of(db) if only.takes(document)], np.int64)


def languages_of(db: sqlite3.Connection) -> list[str]:
    """Return the languages of a collection, that of most passages first; three at most."""
    command = "SELECT language FROM documents GROUP BY language ORDER BY sum(passages) DESC, language LIMIT 3"
    return [row[0] for row in db.execute(command)]


def passages_of(db: sqlite3.Connection, document_id: str) -> list[Passage]:
    """Return the passages of a document in order."""
    command = "SELECT * FROM whole WHERE document = ? ORDER BY number"
    return [_passage(row) for row in db.execute(command, (document_id,))]


def every_passage(db: sqlite3.Connection) -> list[Passage]:
    """Return all passages in the order of their rows."""
    return [_passage(row) for row in db.execute("SELECT * FROM whole ORDER BY row")]


def row_of(db: sqlite3.Connection, document_id: str, number: int) -> int | None:
    """Return the row of one passage."""
    command = "SELECT row FROM whole WHERE document = ? AND number = ?"
    found = db.execute(command, (document_id, number)).fetchone()
    return int(found[0]) if found else None


def hits(db: sqlite3.Connection, found: Sequence[Found]) -> list[Hit]:
    """Return what was found with its passages and documents."""
    rows = [db.execute("SELECT * FROM whole WHERE row = ?", (each.row,)).fetchone() for each in found]
    return [
        Hit(_passage(row), Document(*row[9:]), each.score, each.dense, each.keyword)
        for row, each in zip(rows, found, strict=True)
    ]


def weights(db: sqlite3.Connection, terms: Sequence[Term], documents: Rows | None) -> dict[int, float]:
    """Return the passages with the heaviest words and their weights (BM25), those of ``documents`` only."""
    command, facts = "SELECT rowid, -rank FROM words WHERE words MATCH ?", [_quoted(terms)]
    if documents is not None:
        command = (
            "SELECT w.rowid, -w.rank FROM words w JOIN passages p ON p.row = w.rowid WHERE w.said MATCH ?"
            " AND p.document IN (SELECT value FROM json_each(?))"
        )
        facts.append(json.dumps(documents.tolist()))
    return dict(db.execute(command + " ORDER BY rank LIMIT ?", (*facts, KEYWORD_HITS)).fetchall())


def counts(db: sqlite3.Connection, terms: Sequence[Term]) -> tuple[int, list[int]]:
    """Return how many passages there are, and how many have each term; beyond ``MOST_SHARING`` nobody counts."""
    command = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    having = [int(db.execute(command, (_quoted([term]), MOST_SHARING + 1)).fetchone()[0]) for term in terms]
    return int(db.execute("SELECT coalesce(sum(passages), 0) FROM documents").fetchone()[0]), having


def forget(db: sqlite3.Connection, document_id: str) -> bool:
    """Delete a document with all that belongs to it; return whether it was there."""
    found = db.execute("SELECT row FROM documents WHERE id = ?", (document_id,)).fetchone()
    if found is None:
        return False
    db.execute("DELETE FROM words WHERE rowid IN (SELECT row FROM passages WHERE document = ?)", found)
    db.execute("DELETE FROM vectors WHERE passage IN (SELECT row FROM passages WHERE document = ?)", found)
    db.execute("DELETE FROM passages WHERE document = ?", found)
    db.execute("DELETE FROM documents WHERE row = ?", found)
    db.execute("UPDATE about SET removed_at = changes")
    return True


def add_document(db: sqlite3.Connection, document: Document, passages: int) -> int | None:
    """Insert a document; return its row."""
    facts = (
        document.id,
        document.name,
        document.sha256,
        document.language,
        document.modified,
        document.pages,
    )
    command = (
        "INSERT INTO documents (id, name, sha256, language, modified, pages, passages)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    return db.execute(command, (*facts, passages)).lastrowid


def add_passage(db: sqlite3.Connection, document: int | None, passage: Passage) -> int | None:
    """Insert a passage; return its row."""
    where = (passage.number, passage.page, passage.label, json.dumps(passage.heading))
    command = (
        "INSERT INTO passages (document, number, page, label, heading, text, begins, ends)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    return db.execute(
        command, (document, *where, storable(passage.text), passage.begin, passage.end)
    ).lastrowid


def _quoted(terms: Sequence[Term]) -> str:
    """Return terms in FTS5's language; they are letters and digits only, so quotes hold them."""
    return " OR ".join(f'"{term.stem}"{"*" if term.begins else ""}' for term in terms)


def _passage(row: Sequence[object]) -> Passage:
    """Return a row of the view ``whole`` as a passage."""
    _, document, number, page, label, heading, text, begin, end = row[:9]
    path = tuple(json.loads(str(heading)))
    return Passage(document, number, page, label, path, text, begin, end)  # type: ignore[arg-type]
