"""Serves the page on this machine, and in the room if the host wants that, until somebody ends it."""

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import ModelError
from models.offline import close_the_door
from models.settings import data_folder
from models.store import Store
from stations.private_temp import private_temp_folder
from stations.settings import Workshop

if TYPE_CHECKING:
    from stations.room.admission import Admission, RoomSockets

HOST = "127.0.0.1"
SWITCH_S = 0.0005
"""How soon Python's threads give way to each other: the engine must not wait five milliseconds for the page."""


@dataclass(frozen=True)
class Sockets:
    """Taken before anything slow begins: one for this machine, and those of the room if it is open."""

    page: socket.socket
    room: "RoomSockets | None" = None


@dataclass(frozen=True)
class Plan:
    """What a start has found out before the page is built."""

    workshop: Workshop
    store: Store
    sockets: Sockets
    extra_buffers: bool


def listening_socket(port: int) -> socket.socket:
    """Return a socket bound to ``port`` of this machine, taken before anything slow begins.

    Raises:
        ModelError: ``start.port_busy`` when another program has it.
    """
    own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        own.bind((HOST, port))
    except OSError as error:
        own.close()
        raise ModelError("start.port_busy", port=port, other=port + 1) from error
    return own


def serve(plan: Plan, opened: Callable[["Admission"], None]) -> bool:
    """Close the door, build the page and serve it until Ctrl-C or a signal; ``opened`` is called once it is there.

    Gradio and everything below it is imported only after the door is closed. Returns ``True`` when the host wants to
    begin anew: all that visitors left has been deleted then, and the program has to be started again.
    """
    guard = close_the_door(plan.workshop.chat.places)
    sys.setswitchinterval(SWITCH_S)
    home = data_folder()
    with private_temp_folder(home / "temp"):
        from stations import program

        anew = program.run(plan, guard, opened)
    if anew:
        from stations.room.reset import wipe

        wipe(home / "visitors", home / "temp", home / "room")
    return anew
