"""``do``: one task without a browser; each task is a module of its own."""

from importlib import import_module

from stations.commandline import Options


def run(options: Options) -> int:
    """Do ``options.action`` and return its exit code."""
    return int(import_module(f"stations.commands.do_{options.action}").run(options))
