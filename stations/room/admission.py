"""Who may come in, and how: the laptop's addresses in the room, the PIN for everybody, the PIN of the host."""

import socket
from dataclasses import dataclass
from pathlib import Path

from stations.room.host_door import HostDoor
from stations.room.lan import HERE, Lan
from stations.room.listeners import HTTP_PORTS, HTTPS_PORTS, room_socket
from stations.room.passes import Entrance
from stations.settings import Room


@dataclass(frozen=True)
class RoomSockets:
    """The two sockets of the room: https for phones, and http that sends them there."""

    https: socket.socket
    http: socket.socket

    @property
    def ports(self) -> tuple[int, int]:
        """Return the ports of both."""
        return self.https.getsockname()[1], self.http.getsockname()[1]


@dataclass(frozen=True)
class Admission:
    """The doors: ``host`` is the panel's; without ``lan`` and ``everybody`` only this laptop itself is served."""

    host: HostDoor
    lan: Lan | None = None
    everybody: Entrance | None = None

    def knows(self, host: str) -> bool:
        """Tell whether a browser may ask for this host (without its port)."""
        return self.lan.knows(host) if self.lan else host in HERE

    def close(self) -> None:
        """Stop looking for new addresses."""
        if self.lan:
            self.lan.close()


def room_sockets(settings: Room) -> RoomSockets | None:
    """Take the room's ports, or none while the workshop is for this laptop only.

    Raises:
        ModelError: ``room.port_busy``.
    """
    if not settings.open:
        return None
    https = room_socket(settings.https_port, HTTPS_PORTS)
    return RoomSockets(https, room_socket(settings.http_port, HTTP_PORTS))


def admission(settings: Room, folder: Path, sockets: RoomSockets | None) -> Admission:
    """Return the doors as the host has set them; what must last between starts is kept in ``folder``."""
    host = HostDoor(folder, settings.host_pin)
    if sockets is None:
        return Admission(host)
    return Admission(host, Lan(folder, *sockets.ports), Entrance("room", folder, settings.pin))
