"""``do watch``: a folder whose new and changed documents go into a collection as they arrive."""

import threading
from pathlib import Path

from stations.commandline import Options
from stations.commands.collected import new_or_known, tools
from stations.commands.do_index import take_in
from stations.retrieval.watching import changes


def run(options: Options) -> int:
    """Watch until somebody presses Ctrl-C.

    Reads ``lang``, ``names`` (folders), ``collection`` and ``profile``.

    Raises:
        ModelError: ``command.not_there``, or what is wrong with the model or the collection.
    """
    wanted = new_or_known(options)
    with tools(options) as own:
        wanted.came_from([Path(name) for name in options.names])
        for _ in changes(wanted.origins, threading.Event()):
            take_in(wanted, own)
            own.screen.say("command.watching")
    return 0
