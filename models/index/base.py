"""What an index promises, and the values that go in and come out.

It keeps documents, their passages and one vector for each passage. It knows no embedder: whoever asks brings the
vectors, and a fingerprint (see ``Embedder.fingerprint``) says from which model they come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from models.engines.embedder import Vectors
from models.passages import Document, Hit, Passage

Mode = Literal["hybrid", "keyword", "dense"]


@dataclass(frozen=True)
class Space:
    """From which model an index has its vectors: the embedder's fingerprint, and how many numbers make a vector."""

    fingerprint: str
    dimensions: int


@dataclass(frozen=True)
class Only:
    """Where to search: what is empty does not narrow the search.

    ``documents`` are ids. ``since`` and ``until`` are compared with ``Document.modified`` as text, both included:
    ``2026`` as ``until`` takes in all of 2026. Documents without a date fall out as soon as a date is asked for.
    """

    documents: tuple[str, ...] = ()
    language: str = ""
    since: str = ""
    until: str = ""

    def takes(self, document: Document) -> bool:
        """Return whether a document is within these limits."""
        if self.documents and document.id not in self.documents:
            return False
        if self.language and document.language != self.language:
            return False
        if (self.since or self.until) and not document.modified:
            return False
        return self.since <= document.modified and (
            not self.until or document.modified[: len(self.until)] <= self.until
        )


@dataclass(frozen=True)
class Question:
    """What is looked for, and how.

    ``vector`` is the question's embedding, of length 1; without one (``None``) only words are searched. ``weight`` is
    the part of meaning in the score of ``hybrid``, 0..1 (see ``models.index.fusion``).
    """

    text: str
    vector: Vectors | None = None
    mode: Mode = "hybrid"
    count: int = 10
    weight: float = 0.6
    only: Only = field(default_factory=Only)

    @property
    def by_meaning(self) -> bool:
        """Whether vectors are compared."""
        return self.mode != "keyword" and self.vector is not None

    @property
    def by_words(self) -> bool:
        """Whether words are compared."""
        return self.mode != "dense" or self.vector is None


@dataclass(frozen=True)
class Everything:
    """All passages of a collection with their vectors, row by row: what a map is drawn from."""

    passages: tuple[Passage, ...]
    vectors: Vectors


class Index(Protocol):
    """A collection of documents that can be searched by words and by meaning.

    Safe for several threads at once. A document is there whole or not at all, whatever happens while it is written;
    what ``put`` has returned from survives the end of the program. Every method raises ``ModelError`` with ``index.…``
    where the disk or the server fails (see ``models.index.trouble``).
    """

    def put(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Take a document in, in place of any with the same id; one row of ``vectors`` for each passage.

        Passages come back with this document's id, in the order of their numbers.

        Raises:
            ValueError: rows and passages differ in number, or rows are not as long as the index's vectors.
        """
        ...

    def remove(self, document_id: str) -> bool:
        """Forget a document; return whether it was there."""
        ...

    def holds(self, document_id: str, sha256: str) -> bool:
        """Return whether a document is there with just these bytes, so that it need not be read again."""
        ...

    def documents(self) -> tuple[Document, ...]:
        """Return all documents, by name."""
        ...

    def sizes(self) -> Mapping[str, int]:
        """Return how many passages each document has, by its id."""
        ...

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document in order; none for one that is not there."""
        ...

    def search(self, question: Question) -> list[Hit]:
        """Return the best passages, best first, at most ``question.count``.

        Every word of the question counts as a word, whatever signs are in it. Dense search finds something in any
        collection that is not empty; keyword search finds only passages that share a word.
        """
        ...

    def like(self, document_id: str, number: int, question: Question) -> list[Hit]:
        """Return passages that resemble one that is there, without it; nothing when it is not there.

        Of ``question`` only ``count`` and ``only`` matter.
        """
        ...

    def everything(self) -> Everything:
        """Return all passages and their vectors, document by document."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
