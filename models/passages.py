"""What a search works on: documents, the passages they are cut into, and the hits."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """One file of a collection.

    ``id`` names it within its collection (a relative path, say) and stays the same when the file changes; ``sha256`` of
    its bytes tells whether it did. ``language`` is a code such as ``de`` or ``""``; ``modified`` is a date in ISO form
    (``2026-11-22`` or longer), so that dates sort as text, or ``""``. ``pages`` is 0 where a format has none.
    """

    id: str
    name: str
    sha256: str
    language: str
    modified: str
    pages: int


@dataclass(frozen=True)
class Passage:
    """A stretch of a document that can be cited.

    ``document`` is the document's ``id``; ``number`` counts its passages from 0. ``page`` counts from 1 (``None`` where
    a format has no pages), ``label`` is what is printed on that page (``xiv``) or ``""``. ``heading`` is the path of
    headings above it, outermost first. ``text`` is the characters ``begin`` to ``end`` of the document's text.
    """

    document: str
    number: int
    page: int | None
    label: str
    heading: tuple[str, ...]
    text: str
    begin: int
    end: int

    @property
    def read_text(self) -> str:
        """What is searched: the headings, outermost first, each on a line of its own, then the text."""
        return "\n".join((*self.heading, self.text))


@dataclass(frozen=True)
class Hit:
    """A passage that was found.

    ``score`` orders the hits of one search and means nothing beyond it. ``dense`` is the cosine of question and
    passage, -1..1, ``keyword`` the weight of shared words (BM25, higher is better, no upper end): ``None`` where that
    way of searching did not take part, and 0 where it found nothing.
    """

    passage: Passage
    document: Document
    score: float
    dense: float | None = None
    keyword: float | None = None
