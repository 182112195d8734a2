"""``import``: take models over from a stick."""

from models.store import Store
from stations.commandline import Options
from stations.console import terminal


def run(options: Options) -> int:
    """Copy every model of the catalogue that lies in ``options.folder`` and is not here yet; each byte is checked.

    Reads ``lang`` and ``folder``.

    Raises:
        ModelError: as ``Store.import_``.
    """
    store, told = Store(), terminal(options.lang)
    if options.folder is None:
        told.say("store.folder_empty", folder="-")
        return 1
    new = store.import_(options.folder, told.report)
    told.finish()
    told.say("store.imported", count=len(new), folder=str(options.folder))
    return 0
