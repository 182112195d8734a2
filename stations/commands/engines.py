"""The engines of this workshop for a task without a page: proven first, then behind a closed door."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from models.catalog import Model, Role
from models.engines.base import ChatSize
from models.errors import ModelError
from models.library import Library
from models.offline import close_the_door
from models.opening import Opening
from models.proof import extra_buffers_proven
from models.settings import engine_proof
from models.store import Store
from stations import casting
from stations.console import Terminal
from stations.settings import Workshop


@contextmanager
def engines(
    workshop: Workshop, store: Store, screen: Terminal, chat: Model | None = None
) -> Iterator[Library]:
    """Lend all installed engines; none is loaded before it is wanted. ``chat`` is the chat model that will be.

    Raises:
        ModelError: ``engine.does_not_run`` when the chat engine cannot work on this machine.
    """
    fast = True
    if chat and chat.engine == "llama":
        fast = extra_buffers_proven(store.file(chat), engine_proof(), screen.report)
    close_the_door(workshop.chat.places)
    size = ChatSize(workshop.chat.context_tokens)
    opening = Opening(size, workshop.chat.threads, fast)
    library = Library(partial(casting.players, workshop, store), store.file, opening)
    try:
        yield library
    finally:
        library.close()


def player(workshop: Workshop, store: Store, role: Role) -> Model:
    """Return the installed model that plays a role best.

    Raises:
        ModelError: ``command.model_not_here`` naming the one to fetch.
    """
    players = casting.players(workshop, store, role)
    if not players:
        best = store.catalog.players(role, casting.profile_of(workshop))[0]
        raise ModelError("command.model_not_here", model=best.id)
    return players[0]
