"""What the retrieval station keeps for everybody: open collections, the work in the background, pictures of pages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from models.index.base import Only
from models.index.contents import contents
from models.library import Library
from models.passages import Document
from models.reading.ocr import best_recogniser
from models.settings import data_folder
from stations.base import Workbench
from stations.retrieval.collection import Collection, collection, collections
from stations.retrieval.feed import Reading
from stations.retrieval.indexes import Indexes
from stations.retrieval.ingest import ingested
from stations.retrieval.searching import Searcher
from stations.retrieval.taking import Steps, Takings


@dataclass(frozen=True)
class Service:
    """The collections of this program and the work on them. ``shared`` are names of those that everybody may ask."""

    library: Library
    indexes: Indexes
    takings: Takings
    shared: tuple[str, ...] = ()
    database: str = ""

    def collections(self, home: Path) -> list[Collection]:
        """Return a visitor's own collections, then those of the room that are there."""
        room = (collection(data_folder(), name, shared=True) for name in self.shared)
        return [*collections(home), *(each for each in room if self.database or each.file.exists())]

    def contents(self, wanted: Collection) -> tuple[tuple[Document, ...], Mapping[str, int]]:
        """Return the documents of a collection and how many passages each has; files need no model for that.

        Raises:
            ModelError: ``index.…``.
        """
        if not (self.database and wanted.shared):
            return contents(wanted.file)
        with self.searcher(wanted) as searcher:
            return searcher.index.documents(), searcher.index.sizes()

    @contextmanager
    def searcher(self, wanted: Collection, only: Only | None = None) -> Iterator[Searcher]:
        """Lend a collection, or the part of it that ``only`` takes, to be searched with its model.

        Raises:
            ModelError: ``library.…`` or ``index.…`` where one of them cannot be used.
        """
        with lent(self.library, self.indexes, wanted) as searcher:
            yield replace(searcher, only=only or Only())

    def forget(self, folder: Path) -> None:
        """End the work on a visitor's collections and close them: they are about to be deleted."""
        for own in collections(folder):
            self.takings.end(own)
            self.indexes.close_one(own)

    def close(self) -> None:
        """End the work and close the collections; documents that are not whole are read again the next time."""
        self.takings.close()
        self.indexes.close()


def service(bench: Workbench) -> Service:
    """Return the one of this program."""
    return bench.once(_begun)


@contextmanager
def lent(library: Library, indexes: Indexes, wanted: Collection) -> Iterator[Searcher]:
    """Lend a collection with its model.

    Raises:
        ModelError: ``library.…`` or ``index.…`` where one of them cannot be used.
    """
    with library.borrow_embedder() as embedder, indexes.borrow(wanted, embedder) as index:
        yield Searcher(index, embedder)


def taken_in(wanted: Collection, library: Library, indexes: Indexes) -> Steps:
    """Yield the steps of taking in all that belongs to a collection; files that are gone are forgotten.

    Raises:
        ModelError: see ``ingested``, and ``library.…`` where there is no model for it.
    """
    with lent(library, indexes, wanted) as own:
        reading = Reading(lambda text: len(own.embedder.tokens(text)), best_recogniser())
        yield from ingested(wanted.origins, own.index, own.embedder, reading, remove_gone=True)


def _begun(bench: Workbench) -> Service:
    asked, indexes = bench.workshop.retrieval, Indexes(bench.workshop.retrieval.database)
    takings = Takings(lambda wanted: taken_in(wanted, bench.library, indexes))
    return Service(bench.library, indexes, takings, asked.shared, asked.database)
