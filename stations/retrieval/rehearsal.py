"""One small real run before people come: the kit's own guide is taken in and a passage of it is found."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from models.engines.embedder import Embedder
from models.index.indexing import space_of
from models.index.sqlite_index import SqliteIndex
from stations.retrieval.feed import Reading
from stations.retrieval.ingest import ingested
from stations.retrieval.searching import Searcher

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "host.md"
QUESTION, ANSWER = "Wie kommen Modelle mit einem Stick auf einen anderen Laptop?", "import ORDNER"


@dataclass(frozen=True)
class Rehearsal:
    """How many passages were taken in, in how many seconds, and whether one was found by its meaning."""

    passages: int
    work_s: float
    found: bool


def rehearse(embedder: Embedder) -> Rehearsal:
    """Take the guide in and search it.

    Raises:
        ModelError: what the model or the disk says.
    """
    with tempfile.TemporaryDirectory() as folder:
        index = SqliteIndex(Path(folder) / "rehearsal.sqlite", space_of(embedder))
        began = time.monotonic()
        for _ in ingested([GUIDE], index, embedder, Reading(lambda text: len(embedder.tokens(text)))):
            pass
        took = time.monotonic() - began
        hits = Searcher(index, embedder).hits(QUESTION, "dense", count=3)
        passages = sum(index.sizes().values())
        index.close()
    return Rehearsal(passages, took, any(ANSWER in hit.passage.text for hit in hits))
