"""A collection on a PostgreSQL server with pgvector, for those who outgrow one file.

It finds what ``SqliteIndex`` finds, with the same scores: BM25 over the same words (written out in SQL, since
PostgreSQL's own ranking knows nothing of rare and common words), and exact cosines.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.engines.embedder import Vectors
from models.index import postgres_rows as rows
from models.index.base import Everything, Question, Space
from models.index.fusion import NEAREST, Shared, full_weight
from models.index.postgres_server import Server
from models.index.ranking import KEYWORD_HITS, checked, ranked, telling
from models.index.words import WordMaker
from models.passages import Document, Hit, Passage

if TYPE_CHECKING:
    from psycopg import Connection


class PostgresIndex:
    """The collection named ``collection`` on the server at ``address`` (see ``Index``).

    Raises:
        ModelError: what ``postgres_server`` says of a server that cannot be used, or of another model's collection.
    """

    def __init__(self, address: str, collection: str, space: Space) -> None:
        self._server, self._dimensions = Server(address, collection, space), space.dimensions
        self._words = WordMaker()

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Take a document in, in place of any with the same id (see ``Index.put``)."""
        vectors = checked(passages, vectors, self._dimensions)
        words = [Counter(self._words.of_passage(each.read_text, document.language)) for each in passages]
        with self._server.connection() as db:
            db.execute("LOCK TABLE documents IN SHARE ROW EXCLUSIVE MODE")  # one writes, all may read
            db.execute("DELETE FROM documents WHERE id = %s", (document.id,))
            row = rows.add_document(db, document, words)
            new = rows.new_rows(db, len(passages))
            rows.add_passages(db, row, zip(new, passages, vectors, words, strict=True))
            rows.add_words(db, zip(new, words, strict=True))

    def remove(self, document_id: str) -> bool:
        """Forget a document; return whether it was there."""
        with self._server.connection() as db:
            return db.execute("DELETE FROM documents WHERE id = %s", (document_id,)).rowcount > 0

    def holds(self, document_id: str, sha256: str) -> bool:
        """Return whether a document is there with just these bytes."""
        command = "SELECT 1 FROM documents WHERE id = %s AND sha256 = %s"
        with self._server.connection(reading=True) as db:
            return db.execute(command, (document_id, sha256)).fetchone() is not None

    def documents(self) -> tuple[Document, ...]:
        """Return all documents, by name."""
        with self._server.connection(reading=True) as db:
            return tuple(document for _, document in rows.documents_of(db))

    def sizes(self) -> Mapping[str, int]:
        """Return how many passages each document has, by its id."""
        with self._server.connection(reading=True) as db:
            return dict(db.execute("SELECT id, passages FROM documents").fetchall())

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document in order."""
        with self._server.connection(reading=True) as db:
            return tuple(rows.passages_of(db, document_id))

    def search(self, question: Question) -> list[Hit]:
        """Return the best passages, best first (see ``Index.search``)."""
        with self._server.connection(reading=True) as db:
            place, near = rows.where(db, question.only), None
            shared = self._by_words(db, question, place) if question.by_words else None
            if question.by_meaning and question.vector is not None:
                vector, also = rows.written(question.vector), list(shared.weights) if shared else []
                near = rows.nearest(db, vector, place, max(NEAREST, question.count), also)
            return rows.hits(db, ranked(near, shared, question.weight, question.count))

    def like(self, document_id: str, number: int, question: Question) -> list[Hit]:
        """Return passages that resemble one that is there, without it (see ``Index.like``)."""
        with self._server.connection(reading=True) as db:
            if (found := rows.vector_of(db, document_id, number)) is None:
                return []
            row, vector = found
            near = rows.nearest(db, vector, rows.where(db, question.only, without=row), question.count)
            return rows.hits(db, ranked(near, None, 1.0, question.count))

    def everything(self) -> Everything:
        """Return all passages and their vectors, document by document."""
        with self._server.connection(reading=True) as db:
            passages, vectors = rows.every_passage(db), rows.every_vector(db)
        return Everything(tuple(passages), np.array(vectors, np.float32).reshape(-1, self._dimensions))

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()

    def _by_words(self, db: "Connection", question: Question, place: rows.Where) -> Shared:
        terms = self._words.of_question(question.text, rows.languages_of(db))
        passages, having = rows.counts(db, terms)
        chosen = telling(terms, having)
        weights = rows.weights(db, chosen, place, KEYWORD_HITS) if chosen else {}
        return Shared(weights, full_weight(passages, having))
