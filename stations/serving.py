"""Serves the page on this machine, and in the room if the host wants that, until somebody ends it."""

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from models.engines.base import ChatSize
from models.errors import ModelError
from models.library import Library
from models.offline import close_the_door
from models.opening import Opening
from models.settings import data_folder
from models.store import Store
from stations.private_temp import private_temp_folder
from stations.settings import Workshop

if TYPE_CHECKING:
    from stations.room.admission import Admission, RoomSockets

HOST = "127.0.0.1"
TIDY_EVERY_S = 30.0
SWITCH_S = 0.0005
"""How soon Python's threads give way to each other: the engine must not wait five milliseconds for the page."""


@dataclass(frozen=True)
class Sockets:
    """Taken before anything slow begins: one for this machine, and those of the room if it is open."""

    page: socket.socket
    room: "RoomSockets | None" = None


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


def serve(
    workshop: Workshop,
    store: Store,
    sockets: Sockets,
    opened: Callable[["Admission"], None],
    *,
    extra_buffers: bool,
) -> None:
    """Close the door, build the page and serve it until Ctrl-C or a signal; ``opened`` is called once it is there.

    Gradio and everything below it is imported only after the door is closed.
    """
    guard, room = close_the_door(workshop.chat.places), sockets.room
    sys.setswitchinterval(SWITCH_S)
    with private_temp_folder(data_folder() / "temp"):
        from stations.app import build_page, make_bench
        from stations.room.admission import admission
        from stations.room.listeners import room_listeners, run_servers
        from stations.room.visitors import Visitors
        from stations.shell import make_app

        chat = workshop.chat
        size = ChatSize(chat.context_tokens, chat.people, workshop.limits.people_waiting)
        opener = Opening(size, chat.threads, extra_buffers)
        visitors = Visitors(data_folder() / "visitors")
        visitors.sweep(workshop.limits.keep_days)
        bench = make_bench(workshop, store, opener, visitors)
        doors = admission(workshop.room, data_folder() / "room", room)
        app = make_app(bench, build_page(bench, store.catalog), guard, doors)
        threading.Thread(target=_tidy, args=(bench.library,), daemon=True).start()
        # uvicorn hands a signal on after it has closed down; the temporary folder is still to be wiped then
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        beside = room_listeners(app, doors.lan, room.https, room.http) if room and doors.lan else []
        with suppress(KeyboardInterrupt):
            run_servers(app, sockets.page, beside, partial(opened, doors))
        doors.close()
        bench.close()


def _tidy(library: Library) -> None:
    while True:
        time.sleep(TIDY_EVERY_S)
        library.tidy()
