"""Searches one collection: the question is embedded where meaning counts."""

from dataclasses import dataclass, field

from models.engines.embedder import Embedder, Vectors, embed_all
from models.index.base import Index, Mode, Only, Question
from models.passages import Hit, Passage

MODES: tuple[Mode, ...] = ("hybrid", "keyword", "dense")


@dataclass(frozen=True)
class Searcher:
    """A collection, the model whose vectors it holds, and the part of it that is searched."""

    index: Index
    embedder: Embedder
    only: Only = field(default_factory=Only)

    def hits(self, text: str, mode: Mode = "hybrid", count: int = 10) -> list[Hit]:
        """Return the best passages for a question, best first; ``mode`` says whether words or meaning count, or both.

        Raises:
            ModelError: ``index.…`` or ``embed.…`` where the collection or the model fails.
        """
        vector = self.vector(text) if mode != "keyword" else None
        return self.index.search(self._question(text, vector, mode, count))

    def ways(self, text: str, count: int = 10) -> dict[str, list[Hit]]:
        """Return the best passages by each way of searching, beside each other; the question is embedded once."""
        vector = self.vector(text)
        return {mode: self.index.search(self._question(text, vector, mode, count)) for mode in MODES}

    def like(self, hit: Hit, count: int = 10) -> list[Hit]:
        """Return passages that resemble one."""
        question = self._question("", None, "dense", count)
        return self.index.like(hit.passage.document, hit.passage.number, question)

    def passage(self, document: str, number: int) -> Passage | None:
        """Return a passage by its place in the collection."""
        return next((each for each in self.index.passages(document) if each.number == number), None)

    def vector(self, text: str) -> Vectors:
        """Return what a question is about, in numbers."""
        vector: Vectors = embed_all(self.embedder, [text], "query")[0]
        return vector

    def _question(self, text: str, vector: Vectors | None, mode: Mode, count: int) -> Question:
        return Question(text, vector, mode, count, self.embedder.fusion_weight, self.only)
