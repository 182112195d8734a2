"""The sockets and servers of the room: https for phones, and http that only sends them there."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, cast

import uvicorn
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from models.errors import ModelError
from stations.room.asked import host_of
from stations.room.lan import Lan

FAREWELL_S = 3
HTTPS_PORTS, HTTP_PORTS = (443, 8443), (80, 8080)
"""Tried in this order: the first needs no number in the address, but some systems keep it for their own."""
EVERYWHERE = "0.0.0.0"  # noqa: S104 - the door refuses what is not from the room; addresses may change meanwhile


def room_socket(wish: int, usual: Sequence[int]) -> socket.socket:
    """Return a socket for the room's network: at the port ``wish``, or the first of ``usual`` that is free.

    Raises:
        ModelError: ``room.port_busy``.
    """
    ports = [wish] if wish else usual
    for port in ports:
        own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            own.bind((EVERYWHERE, port))
        except OSError:
            own.close()
        else:
            return own
    raise ModelError("room.port_busy", port=ports[-1])


class ToHttps:
    """Sends everybody to the same page over https."""

    def __init__(self, lan: Lan) -> None:
        self._lan = lan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI); a host that is not this laptop's is never sent anywhere."""
        if scope["type"] == "http":
            await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        host = host_of(scope)
        if not self._lan.knows(host):
            return Response(status_code=400)
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        return RedirectResponse(f"{self._lan.at(host)}/{scope['path'].lstrip('/')}{query}", status_code=307)


class _Beside(uvicorn.Server):
    """A server in the loop of another one, which alone hears signals."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


Listener = tuple[uvicorn.Server, socket.socket]
"""A server that runs beside the main one, with its socket."""


def room_listeners(app: ASGIApp, lan: Lan, https: socket.socket, http: socket.socket) -> list[Listener]:
    """Return the two servers of the room, each with its socket; the certificate stays current."""
    config = server_config(
        app, ssl_certfile=lan.certificate.file, ssl_keyfile=lan.certificate.key, lifespan="off"
    )
    config.load()
    lan.keep_current(cast(ssl.SSLContext, config.ssl))
    forwarding = _Beside(server_config(ToHttps(lan), lifespan="off"))
    return [(_Beside(config), https), (forwarding, http)]


def server_config(app: ASGIApp, **more: Any) -> uvicorn.Config:  # noqa: ANN401 - uvicorn's own settings
    """Return how every server here is set up."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # addresses of visitors are nobody's business
        timeout_graceful_shutdown=FAREWELL_S,
        server_header=False,
        proxy_headers=False,  # nobody may say that they come from elsewhere
        **more,
    )


@dataclass(frozen=True)
class Course:
    """How a run goes: ``opened`` is called once all servers are there, ``ending`` ends them when it is set."""

    opened: Callable[[], None]
    ending: threading.Event


def run_servers(app: ASGIApp, own: socket.socket, beside: Sequence[Listener], course: Course) -> None:
    """Serve on ``own`` and beside it until a signal comes or the course ends."""
    _MainServer(app, beside, course).run(sockets=[own])


class _MainServer(uvicorn.Server):
    """The laptop's own server; those of the room live and end with it."""

    def __init__(self, app: ASGIApp, beside: Sequence[Listener], course: Course) -> None:
        super().__init__(server_config(app))
        self._others, self._course = beside, course
        self._running: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open all servers, then tell that the page is there."""
        await super().startup(sockets)
        self._running = [asyncio.create_task(server.serve([own])) for server, own in self._others]
        while not all(server.started for server, _ in self._others):
            await asyncio.sleep(0.01)
        self._course.opened()

    async def on_tick(self, counter: int) -> bool:
        """Tell, ten times a second, whether it is time to end."""
        return await super().on_tick(counter) or self._course.ending.is_set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the room's servers first."""
        for server, _ in self._others:
            server.should_exit = True
        await asyncio.gather(*self._running)
        await super().shutdown(sockets)
