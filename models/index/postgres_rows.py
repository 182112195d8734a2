"""What is read from and written to the tables of a collection in PostgreSQL, one command at a time."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.engines.embedder import Vectors
from models.index.base import Only
from models.index.ranking import Found, storable
from models.index.words import Term
from models.passages import Document, Hit, Passage

if TYPE_CHECKING:
    from psycopg import Connection

Near = tuple[NDArray[np.int64], NDArray[np.float32]]
LAST = "\U0010ffff"
"""Behind every letter: words that begin with a stem lie between the stem and the stem with this."""
ITSELF = "\x01"
"""Before every letter: between a stem and the stem with this lies only the stem."""
_COUNTS = """
WITH having_it AS (SELECT term, count(*) AS so_many FROM found(%(low)s, %(high)s) GROUP BY term)
SELECT (SELECT sum(passages) FROM documents)::bigint, term, so_many FROM having_it
"""
_WEIGHTS = """
WITH found AS (SELECT * FROM found(%(low)s, %(high)s)),
having_it AS (SELECT term, count(*) AS so_many FROM found GROUP BY term),
every AS (SELECT sum(passages)::float AS passages, sum(words)::float / sum(passages) AS mean FROM documents)
SELECT f.passage, sum(
    greatest(1e-6, ln((e.passages - h.so_many + 0.5) / (h.so_many + 0.5)))
    * f.times * 2.2 / (f.times + 1.2 * (0.25 + 0.75 * p.words / e.mean))) AS weight
FROM found f JOIN having_it h USING (term) CROSS JOIN every e JOIN passages p ON p.row = f.passage
WHERE %(everywhere)s OR p.document = ANY (%(documents)s)
GROUP BY f.passage ORDER BY weight DESC, f.passage LIMIT %(count)s
"""  # FTS5's BM25: k1 = 1.2, b = 0.75
_NEAREST = """
SELECT row, (-(vector <#> %(vector)s::halfvec))::real FROM passages
WHERE (%(everywhere)s OR document = ANY (%(documents)s)) AND row IS DISTINCT FROM %(without)s
ORDER BY vector <#> %(vector)s::halfvec LIMIT %(count)s
"""


@dataclass(frozen=True)
class Where:
    """Among which passages to look: those of ``documents`` by row (``None``: of all), and one that is left out."""

    documents: list[int] | None = None
    without: int | None = None

    @property
    def facts(self) -> dict[str, object]:
        """What the commands call it."""
        everywhere = self.documents is None
        return {"everywhere": everywhere, "documents": self.documents or [], "without": self.without}


def documents_of(db: "Connection") -> list[tuple[int, Document]]:
    """Return all documents with their rows, by name."""
    command = (
        "SELECT row, id, name, sha256, language, modified, pages FROM documents"
        ' ORDER BY name COLLATE "C", id COLLATE "C"'
    )
    return [(row, Document(*facts)) for row, *facts in db.execute(command)]


def where(db: "Connection", only: Only, without: int | None = None) -> Where:
    """Return where to look, within limits."""
    if only == Only():
        return Where(None, without)
    return Where([row for row, document in documents_of(db) if only.takes(document)], without)


def languages_of(db: "Connection") -> list[str]:
    """Return the languages of a collection, that of most passages first; three at most."""
    command = "SELECT language FROM documents GROUP BY language ORDER BY sum(passages) DESC, language LIMIT 3"
    return [row[0] for row in db.execute(command)]


def passages_of(db: "Connection", document_id: str) -> list[Passage]:
    """Return the passages of a document in order."""
    command = "SELECT * FROM whole WHERE document = %s ORDER BY number"
    return [_passage(row) for row in db.execute(command, (document_id,))]


def every_passage(db: "Connection") -> list[Passage]:
    """Return all passages in the order of their rows."""
    return [_passage(row) for row in db.execute("SELECT * FROM whole ORDER BY row")]


def every_vector(db: "Connection") -> list[list[float]]:
    """Return all vectors in the order of their passages' rows."""
    with db.cursor(binary=True) as cursor:
        found = cursor.execute("SELECT vector::real[] FROM passages ORDER BY row").fetchall()
    return [row[0] for row in found]


def vector_of(db: "Connection", document_id: str, number: int) -> tuple[int, str] | None:
    """Return the row of one passage, and its vector as pgvector writes it."""
    command = (
        "SELECT p.row, p.vector::text FROM passages p JOIN documents d ON d.row = p.document"
        " WHERE d.id = %s AND p.number = %s"
    )
    return db.execute(command, (document_id, number)).fetchone()


def hits(db: "Connection", found: Sequence[Found]) -> list[Hit]:
    """Return what was found with its passages and documents."""
    command = "SELECT * FROM whole WHERE row = ANY (%s)"
    rows = {row[0]: row for row in db.execute(command, ([each.row for each in found],))}
    return [
        Hit(_passage(rows[each.row]), Document(*rows[each.row][9:]), each.score, each.dense, each.keyword)
        for each in found
    ]


def weights(db: "Connection", terms: Sequence[Term], place: Where, count: int) -> dict[int, float]:
    """Return the ``count`` passages with the heaviest words and their weights (BM25)."""
    found = db.execute(_WEIGHTS, {**_ranges(terms), **place.facts, "count": count})
    return {row: float(weight) for row, weight in found}


def counts(db: "Connection", terms: Sequence[Term]) -> tuple[int, list[int]]:
    """Return how many passages there are, and how many have each term; none where no passage has any."""
    found = db.execute(_COUNTS, _ranges(terms)).fetchall()
    having = {term: count for _, term, count in found}
    return max([row[0] for row in found], default=0), [having.get(n + 1, 0) for n in range(len(terms))]


def nearest(db: "Connection", vector: str, place: Where, count: int, also: Sequence[int] = ()) -> Near:
    """Return the nearest passages, and those of the rows ``also``, with their cosines, by rows."""
    facts = {"vector": vector, "count": count, **place.facts}
    found: dict[int, float] = dict(db.execute(_NEAREST, facts).fetchall())
    if also:
        command = "SELECT row, (-(vector <#> %s::halfvec))::real FROM passages WHERE row = ANY (%s)"
        found.update(db.execute(command, (vector, list(also))).fetchall())
    rows = np.array(sorted(found), np.int64)
    return rows, np.array([found[row] for row in rows.tolist()], np.float32)


def written(vector: Vectors) -> str:
    """Return a vector as pgvector reads it."""
    return "[" + ",".join(f"{number:.7g}" for number in vector.tolist()) + "]"


def add_document(db: "Connection", document: Document, words: Sequence[Counter[str]]) -> int:
    """Insert a document with the words of its passages; return its row."""
    facts = (
        document.id,
        document.name,
        document.sha256,
        document.language,
        document.modified,
        document.pages,
    )
    command = (
        "INSERT INTO documents (id, name, sha256, language, modified, pages, passages, words)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING row"
    )
    (row,) = db.execute(command, (*facts, len(words), sum(each.total() for each in words))).fetchone() or (0,)
    return int(row)


def new_rows(db: "Connection", count: int) -> list[int]:
    """Return rows for so many passages, in ascending order."""
    found = db.execute("SELECT nextval('passage_rows') FROM generate_series(1, %s)", (count,))
    return sorted(row[0] for row in found)


def add_passages(
    db: "Connection", document: int, coming: Iterable[tuple[int, Passage, Vectors, Counter[str]]]
) -> None:
    """Insert passages by their rows."""
    with db.cursor() as cursor, cursor.copy("COPY passages FROM STDIN") as copy:
        for row, each, vector, words in coming:
            place = (each.number, each.page, each.label, json.dumps(each.heading))
            text = (storable(each.text), each.begin, each.end, words.total())
            copy.write_row((row, document, *place, *text, written(vector)))


def add_words(db: "Connection", coming: Iterable[tuple[int, Counter[str]]]) -> None:
    """Insert which words passages have, and how often."""
    with db.cursor() as cursor, cursor.copy("COPY postings FROM STDIN") as copy:
        for row, words in coming:
            for word, times in words.items():
                copy.write_row((word, row, times))


def _ranges(terms: Sequence[Term]) -> dict[str, list[str]]:
    ends = [term.stem + (LAST if term.begins else ITSELF) for term in terms]
    return {"low": [term.stem for term in terms], "high": ends}


def _passage(row: Sequence[object]) -> Passage:
    """Return a row of the view ``whole`` as a passage."""
    _, document, number, page, label, heading, text, begin, end = row[:9]
    path = tuple(json.loads(str(heading)))
    return Passage(document, number, page, label, path, text, begin, end)  # type: ignore[arg-type]
