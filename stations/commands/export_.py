"""``export``: put models on a stick."""

from models.store import Store
from stations.commandline import Options
from stations.console import terminal


def run(options: Options) -> int:
    """Copy the models with the ids in ``options.names``, else all that are here, to ``options.folder``.

    Reads ``lang``, ``folder`` and ``names``.

    Raises:
        ModelError: as ``Store.export``, and ``store.nothing_here`` when there is nothing to copy.
    """
    store, told = Store(), terminal(options.lang)
    names = options.names or tuple(model.id for model in store.installed())
    if options.folder is None or not names:
        told.say("store.nothing_here")
        return 1
    store.export(names, options.folder, told.report)
    told.finish()
    told.say("store.exported", count=len(names), folder=str(options.folder))
    return 0
