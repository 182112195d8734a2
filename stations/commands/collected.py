"""The collections of this laptop for tasks without a page: found by name, and lent with their model."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.catalog import Model, Role
from models.errors import ModelError
from models.library import Library
from models.settings import data_folder
from models.store import Store
from stations.commandline import Options
from stations.commands.choice import workshop_of
from stations.commands.engines import engines, player
from stations.console import Terminal, terminal
from stations.retrieval.collection import Collection, collection, collections
from stations.retrieval.indexes import Indexes
from stations.retrieval.searching import Searcher
from stations.retrieval.service import lent


@dataclass(frozen=True)
class Tools:
    """What a task with collections works with."""

    screen: Terminal
    library: Library
    indexes: Indexes

    def searcher(self, wanted: Collection) -> AbstractContextManager[Searcher]:
        """Lend a collection to be searched."""
        return lent(self.library, self.indexes, wanted)


@contextmanager
def tools(options: Options, *, chat: bool = False) -> Iterator[Tools]:
    """Lend engines and collections.

    Raises:
        ModelError: ``command.model_not_here``, or ``engine.does_not_run``.
    """
    screen, workshop, store = terminal(options.lang), workshop_of(options), Store()
    player(workshop, store, Role.EMBED)
    model: Model | None = player(workshop, store, Role.CHAT) if chat else None
    indexes = Indexes(workshop.retrieval.database)
    with engines(workshop, store, screen, model) as library:
        try:
            yield Tools(screen, library, indexes)
        finally:
            indexes.close()


def new_or_known(options: Options) -> Collection:
    """Return the collection that documents are to go into: the one that is named, or one called like the folder.

    Raises:
        ModelError: ``command.not_there`` for documents that do not exist.
    """
    for name in options.names:
        if not Path(name).exists():
            raise ModelError("command.not_there", file=name)
    return collection(data_folder(), options.collection or Path(options.names[0]).resolve().stem, shared=True)


def known(options: Options) -> Collection:
    """Return the collection that is to be searched: the one that is named, or the only one.

    Raises:
        ModelError: ``command.no_collection``, ``which_collection`` or ``unknown_collection``.
    """
    shared = workshop_of(options).retrieval
    there = {each.name: each for each in collections(data_folder(), shared=True)}
    if shared.database:
        there |= {name: collection(data_folder(), name, shared=True) for name in shared.shared}
    if not there:
        raise ModelError("command.no_collection")
    if options.collection:
        wanted = collection(data_folder(), options.collection, shared=True).name
        if wanted not in there:
            raise ModelError("command.unknown_collection", name=wanted, known=", ".join(there))
        return there[wanted]
    if len(there) > 1:
        raise ModelError("command.which_collection", known=", ".join(there))
    return next(iter(there.values()))
