"""``remove``: delete models from this machine."""

from models.store import Store
from stations.commandline import Options
from stations.console import terminal


def run(options: Options) -> int:
    """Delete the models with the ids in ``options.names``, and what is half fetched of them.

    Reads ``lang`` and ``names``. All names are looked up before anything is deleted.

    Raises:
        ModelError: ``store.unknown_model``, ``store.no_permission`` (in use, on Windows).
    """
    store = Store()
    for model in [store.catalog.model(name) for name in options.names]:
        size = store.remove(model)
        terminal(options.lang).say("store.removed", model=model.title, bytes=size)
    return 0
