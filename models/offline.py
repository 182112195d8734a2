"""The guard: this process refuses to talk to the outside, and can show it.

It works with Python's audit hooks (PEP 578), which see every connection and name look-up made from Python and cannot
be taken away again. Native code that opens sockets by itself is not seen by them; that is why the guard also lists
the connections that the operating system really holds open for this process and its children.
"""

import ipaddress
import os
import socket
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import FrameType
from typing import Any, Protocol

REMEMBERED = 200
"""Refused attempts kept for showing; the count goes on."""

SWITCHES = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_NODE_SERVER": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_SSR_MODE": "False",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "NO_PROXY": "localhost,127.0.0.1,::1",
    "TRANSFORMERS_OFFLINE": "1",
}
"""What the libraries want to be told before they are imported (facts: each of them calls home otherwise)."""

_CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOKS_UP = {
    "socket.getaddrinfo",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "socket.getnameinfo",
}
_OWN_WORDS = {"", "localhost", "ip6-localhost", "localhost.localdomain"}


Place = tuple[str, int]
"""An address and a port."""


class _SocketAddress(Protocol):
    @property
    def ip(self) -> str: ...
    @property
    def port(self) -> int: ...


class OfflineError(PermissionError):
    """The guard refused a connection; libraries see an ordinary operating-system error."""


@dataclass(frozen=True)
class Refusal:
    """One attempt to reach the outside: where to, when, and the first module outside the standard library."""

    target: str
    when: datetime
    module: str


@dataclass(frozen=True)
class Connection:
    """One open connection of this process or its children, as the operating system lists it."""

    here: str
    there: str
    outside: bool


class Guard:
    """Refuses what leads out of this machine; counts and remembers it."""

    def __init__(self, allowed: Iterable[Place] = ()) -> None:
        self.since = datetime.now()
        self.allowed = frozenset(allowed)
        self._lock = threading.Lock()
        self._count = 0
        self._refused: deque[Refusal] = deque(maxlen=REMEMBERED)

    @property
    def refused_count(self) -> int:
        """How many attempts were refused since the start."""
        return self._count

    def refusals(self) -> list[Refusal]:
        """Return the latest refused attempts, newest first."""
        with self._lock:
            return list(reversed(self._refused))

    def refused_by_target(self) -> Counter[str]:
        """Return how often each target was refused, among those remembered."""
        return Counter(refusal.target for refusal in self.refusals())

    def watch(self, event: str, arguments: tuple[object, ...]) -> None:
        """Judge one audit event; the hook that Python calls.

        Raises:
            OfflineError: for a connection or look-up that leads outside.
        """
        if event in _CONNECTS:
            target, port = _address(arguments)
        elif event in _LOOKS_UP:
            target, port = _name(arguments[0]), None
        else:
            return
        if target is not None and not self._may(target, port):
            self._refuse(target)

    def _may(self, target: str, port: object) -> bool:
        return target.lower() in _OWN_WORDS or (target, port) in self.allowed or is_loopback(target)

    def _refuse(self, target: str) -> None:
        refusal = Refusal(target, datetime.now(), _culprit(sys._getframe(2)))
        with self._lock:
            self._count += 1
            self._refused.append(refusal)
        raise OfflineError(f"offline: connection to {target} refused")


def close_the_door(allowed: Iterable[Place] = ()) -> Guard:
    """Set the libraries' offline switches and refuse, for good, every way out of this process.

    Call it before gradio or any hub library is imported. ``allowed`` are the places in the room that the host has
    named, each an address and a port; looking anything up stays refused. The guard cannot be removed again: that is
    the point.
    """
    os.environ.update(SWITCHES)
    guard = Guard(allowed)
    sys.addaudithook(guard.watch)
    for method in ("connect", "connect_ex", "sendto", "sendmsg"):
        _ask_before(method, guard)
    return guard


def _ask_before(method: str, guard: Guard) -> None:
    """Let the guard judge an address before the C code of ``method`` looks its name up.

    The audit event comes only after that look-up: the connection is refused, but the question to the name server
    would have left the machine.
    """
    original = getattr(socket.socket, method)

    def judged(own: socket.socket, *arguments: Any) -> Any:  # noqa: ANN401 - passes on whatever it gets
        for address in arguments:
            if isinstance(address, tuple):
                guard.watch("socket.connect", (own, address))
        return original(own, *arguments)

    setattr(socket.socket, method, judged)


def is_loopback(target: str) -> bool:
    """Tell whether an address literal stays on this machine; names other than ``localhost`` do not count."""
    try:
        address = ipaddress.ip_address(target.split("%", 1)[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback or address.is_unspecified


def open_connections() -> list[Connection]:
    """Return the connected sockets of this process and its children, from the operating system."""
    import psutil

    own = psutil.Process()
    found: list[Connection] = []
    for process in [own, *own.children(recursive=True)]:
        try:
            listed = process.net_connections(kind="inet")
        except psutil.Error:  # ended meanwhile, or belongs to somebody else
            continue
        ports = {each.laddr.port for each in listed if each.status == psutil.CONN_LISTEN}
        found += [_connection(each.laddr, each.raddr, ports) for each in listed if each.raddr]
    return found


def _connection(here: _SocketAddress, there: _SocketAddress, own_ports: set[int]) -> Connection:
    came_to_us = here.port in own_ports  # a phone in the room that opened our page
    outside = not came_to_us and not is_loopback(there.ip)
    return Connection(f"{here.ip}:{here.port}", f"{there.ip}:{there.port}", outside)


def _address(arguments: tuple[object, ...]) -> tuple[str | None, object]:
    """Return host and port of a socket event, or ``None`` for families that cannot leave the machine."""
    sock, address = arguments[0], arguments[1]
    if getattr(sock, "family", None) not in (socket.AF_INET, socket.AF_INET6):
        return None, None
    if not isinstance(address, tuple) or not address:
        return None, None
    return _name(address[0]), address[1] if len(address) > 1 else None


def _name(host: object) -> str:
    if isinstance(host, tuple):  # getnameinfo gives an address
        host = host[0]
    return host.decode(errors="replace") if isinstance(host, bytes) else str(host or "")


def _culprit(frame: FrameType | None) -> str:
    """Return the first module on the way up that is not Python's own."""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", "?"))
        if module.split(".", maxsplit=1)[0] not in sys.stdlib_module_names and module != __name__:
            return module
        frame = frame.f_back
    return "?"
