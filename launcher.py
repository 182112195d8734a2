"""Starts the KI-Werkstatt: ``python3 launcher.py``. Makes everything ready first; needs only Python.

This file must be readable for every Python since 3.6, so that one that is too old can say so. The work is done in
``models.setup`` (outside the environment) and ``stations.commands`` (inside it).
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stations.commandline import Options

ROOT = Path(__file__).resolve().parent
OLD = """Die KI-Werkstatt braucht Python 3.11 oder neuer; dies ist Python {0}.
Bitte von https://www.python.org/downloads/ installieren (Debian, Ubuntu: sudo apt install python3 python3-venv)
und dann noch einmal starten, zum Beispiel: python3.13 launcher.py

KI-Werkstatt needs Python 3.11 or newer; this is Python {0}.
Please install it from https://www.python.org/downloads/ (Debian, Ubuntu: sudo apt install python3 python3-venv)
and start again, for example: python3.13 launcher.py
"""


def main() -> int:
    """Run the command line; return the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- whoever has an older one meets this line first
        sys.stderr.write(OLD.format(sys.version.split()[0]))
        return 1
    from stations import commandline, console

    words = sys.argv[1:]
    return console.shown(commandline.wished_language(words), lambda: run(commandline.parse(words)))


def run(options: "Options") -> int:
    """Do what was asked, after making the environment and going on inside it."""
    from models.setup import environment, needs, place, starter
    from stations import console

    portable = (ROOT / place.PORTABLE).exists()  # the kit came on a stick
    if portable and not starter.is_inside(ROOT):
        code = import_module("stations.commands.kit_arrive").run(options, sys.argv[1:])
        if code is not None:
            return int(code)
    extras = needs.extras(place.Place(ROOT), options.station, testing=options.command == "test")
    again = [str(ROOT / "launcher.py"), *sys.argv[1:]]
    if not starter.is_inside(ROOT):
        python = environment.ensure(ROOT, extras, console.terminal(options.lang).report)
        console.terminal(options.lang).finish()
        return starter.hand_over(python, again)
    if not environment.is_ready(ROOT, extras):
        return starter.hand_over(starter.outside(), again)
    starter.arrived()
    module = {"export": "export_", "import": "import_"}.get(options.command, options.command)
    code = import_module("stations.commands." + module).run(options)
    if portable and options.command == "start" and not code:
        import_module("stations.commands.kit_arrive").proven()
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
