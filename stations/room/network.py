"""This laptop's addresses in the room's network, as phones there can reach it."""

import ipaddress
import socket
from dataclasses import dataclass

import psutil

from models.room import ROOM

VIRTUAL = (
    "br-",
    "docker",
    "hyper-v",
    "ifb",
    "tap",
    "tun",
    "utun",
    "vboxnet",
    "vethernet",
    "veth",
    "virbr",
    "virtualbox",
    "vmnet",
    "vmware",
    "wg",
    "zt",
)
"""How interfaces begin behind which there is no phone: containers, virtual machines, tunnels."""
USUAL = ("192.168.", "10.", "172.", "169.254.")
"""What phones most likely share with this laptop comes first; the last is what devices give themselves."""


@dataclass(frozen=True)
class Network:
    """What this laptop is called in the room: IPv4 addresses, the likeliest first, and host names."""

    addresses: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def hosts(self) -> frozenset[str]:
        """Return everything a browser of the room may write in its address line."""
        return frozenset((*self.addresses, *self.names))


def network() -> Network:
    """Return how this laptop can be reached now; without a network there are no addresses."""
    return Network(_addresses(), _names())


def in_the_room(address: str) -> bool:
    """Tell whether no router passes this address on to the internet; whatever is no address is outside."""
    try:
        found = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in net for net in ROOM if net.version == found.version)


def _addresses() -> tuple[str, ...]:
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        each.address
        for name, listed in psutil.net_if_addrs().items()
        if name in up and not name.lower().startswith(VIRTUAL)
        for each in listed
        if each.family == socket.AF_INET and _for_phones(each.address)
    ]
    return tuple(sorted(dict.fromkeys(found), key=_rank))


def _for_phones(address: str) -> bool:
    return in_the_room(address) and not ipaddress.ip_address(address).is_loopback


def _rank(address: str) -> tuple[int, str]:
    return next((n for n, start in enumerate(USUAL) if address.startswith(start)), len(USUAL)), address


def _names() -> tuple[str, ...]:
    own = socket.gethostname().split(".")[0].lower()
    return (f"{own}.local", own) if own and own != "localhost" else ()
