"""``start``, the command without a name: everything that is still missing, then the page."""

import os
import sys
import webbrowser
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.catalog import Model
from models.errors import ModelError
from models.proof import extra_buffers_proven
from models.settings import engine_proof
from models.setup import child, starter
from models.store import Store
from stations import casting
from stations.commandline import Options
from stations.commands.choice import workshop_of
from stations.console import Terminal, terminal
from stations.serving import HOST, Plan, Sockets, listening_socket, serve
from stations.settings import Workshop

if TYPE_CHECKING:
    from stations.room.admission import Admission

ANEW = "KIWERKSTATT_ANEW"
"""Set for a start after a reset: the browser is open already."""
ROOT = Path(__file__).resolve().parent.parent.parent


def run(options: Options) -> int:
    """Fetch what is missing (in a process of its own), prove the engine, close the door, serve until Ctrl-C.

    Reads ``lang``, ``station``, ``profile``, ``port``, ``room`` and ``no_browser``.

    Raises:
        ModelError: ``start.port_busy``, ``room.port_busy``, or why a model is missing or does not run.
    """
    screen, workshop, store = terminal(options.lang), workshop_of(options), Store()
    sockets = _sockets(options, workshop)
    _fetch_missing(workshop, store, screen)
    extra_buffers = _prove_engine(workshop, store, screen)
    screen.say("start.opening")
    address = f"http://{HOST}:{sockets.page.getsockname()[1]}"
    browser = not options.no_browser and not os.environ.pop(ANEW, "")
    opened = partial(_opened, address, screen, browser=browser)
    if serve(Plan(workshop, store, sockets, extra_buffers), opened):
        screen.say("start.anew")
        os.environ[ANEW] = "1"
        return starter.hand_over(Path(sys.executable), sys.orig_argv[1:])
    screen.say("start.ended")
    return 0


def _sockets(options: Options, workshop: Workshop) -> Sockets:
    page = listening_socket(options.port or workshop.room.port)
    if not workshop.room.open:
        return Sockets(page)
    # the server and what makes certificates are not needed by any other command
    from stations.room.admission import room_sockets

    return Sockets(page, room_sockets(workshop.room))


def _opened(address: str, screen: Terminal, doors: "Admission", *, browser: bool) -> None:
    screen.say("start.ready", address=address)
    wall = f"{address}/wall"
    panel = {"host_address": f"{address}/host", "host_pin": doors.host.pin}
    if doors.lan and doors.everybody:
        key = "room.opened" if doors.lan.address else "room.opened_no_network"
        screen.say(key, address=doors.lan.address, pin=doors.everybody.pin, wall=wall, **panel)
    if browser:
        webbrowser.open(wall if doors.lan else address)


def _fetch_missing(workshop: Workshop, store: Store, screen: Terminal) -> None:
    missing = casting.missing_models(workshop, store)
    if not missing or _fetched(missing, screen):
        return
    for profile in casting.smaller_profiles(workshop):
        smaller = workshop.model_copy(update={"profile": profile})
        screen.say("start.smaller_profile", profile=profile)
        if _fetched(casting.missing_models(smaller, store), screen):
            return
    raise ModelError("start.model_missing", models=", ".join(model.title for model in missing))


def _fetched(models: list[Model], screen: Terminal) -> bool:
    ids = [model.id for model in models]
    command: list[str | Path] = [
        sys.executable,
        ROOT / "launcher.py",
        "fetch",
        *ids,
        "--lang",
        screen.language,
    ]
    return not ids or child.run(command, cwd=ROOT) == 0


def _prove_engine(workshop: Workshop, store: Store, screen: Terminal) -> bool:
    """Return whether the chat engine may repack weights; asked of every chat model the stations would open first."""
    ledger = engine_proof()
    profile = casting.profile_of(workshop)
    players = [casting.installed_players(store, profile, role)[:1] for role in casting.roles(workshop)]
    files = [store.file(model) for best in players for model in best if model.engine == "llama"]
    proven = map(partial(extra_buffers_proven, ledger=ledger, report=screen.report), files)
    return all(list(proven))
