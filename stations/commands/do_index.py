"""``do index``: documents into a collection."""

from pathlib import Path

from models.progress import Progress
from stations.commandline import Options
from stations.commands.collected import Tools, new_or_known, tools
from stations.retrieval.collection import Collection
from stations.retrieval.service import taken_in


def run(options: Options) -> int:
    """Take documents in and return 0, or 1 when one of them could not be read.

    Reads ``lang``, ``names`` (files and folders), ``collection`` and ``profile``. What was named before belongs to the
    collection too. Interrupted, it keeps what is whole and goes on the next time.

    Raises:
        ModelError: ``command.not_there``, or what is wrong with the model or the collection.
    """
    wanted = new_or_known(options)
    with tools(options) as own:
        wanted.came_from([Path(name) for name in options.names])
        return 1 if take_in(wanted, own) else 0


def take_in(wanted: Collection, own: Tools) -> int:
    """Take in whatever belongs to a collection, tell what is done, and return how many files were refused."""
    refused = 0
    for step in taken_in(wanted, own.library, own.indexes):
        if step.problem:
            refused += 1
            own.screen.say(step.problem.key, **step.problem.facts)
        elif step.key == "gathering.done":
            own.screen.finish()
            own.screen.say(step.key, **step.facts)
        else:
            share = round(100 * step.done / step.total) if step.total else 0
            own.screen.report(Progress(step.key, share, 100, facts=step.facts))
    return refused
