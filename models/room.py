"""A server in the room that plays a role: where it is, and the model it stands for."""

import ipaddress
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from models.catalog import Model, ModelFile, SourceEntry
from models.errors import ModelError
from models.offline import Place

ROOM = tuple(
    ipaddress.ip_network(net)
    for net in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",  # what devices give themselves where nobody hands out addresses
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
"""The addresses that no router passes on to the internet (RFC 1918, 3927, 4193, 4291), and this machine itself."""
USUAL_PATH = "/v1"
PORTS = {"http": 80, "https": 443}


class RoomServer(BaseModel):
    """Where an OpenAI-compatible server of the room answers, and how it wants to be asked.

    ``address`` is one that ``checked_address`` has returned. Without ``model`` the first one the server lists is asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    model: str = ""
    key: SecretStr = SecretStr("")

    @property
    def place(self) -> Place:
        """The one address and port that the guard has to open."""
        parts = urlsplit(self.address)
        return parts.hostname or "", parts.port or PORTS[parts.scheme]

    @property
    def name(self) -> str:
        """Address and port as people write them."""
        return urlsplit(self.address).netloc

    @property
    def elsewhere(self) -> bool:
        """Tell whether it runs on another device than this one."""
        return not ipaddress.ip_address(self.place[0]).is_loopback


class RoomModel(Model):
    """A model at work on another device: nothing to fetch, to keep or to load here."""

    engine: Literal["server"] = "server"
    memory_mb: int = 0
    files: tuple[ModelFile, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    server: RoomServer


def checked_address(text: str) -> str:
    """Return the address of a server in the room, written the one way everything here expects.

    A missing path becomes ``/v1``, where these servers answer. Names are refused: looking one up is a question to a
    server that nobody in the room may know.

    Raises:
        ModelError: ``server.not_an_address``, ``server.a_name`` or ``server.outside``.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise ModelError("server.not_an_address") from error
    odd = parts.username is not None or "%" in parts.netloc or parts.query or parts.fragment
    if not parts.hostname or odd:
        raise ModelError("server.not_an_address")
    host = room_host(parts)
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/') or USUAL_PATH}"


def room_host(parts: SplitResult) -> str:
    """Return the host of an address as a number that lies in the room.

    Raises:
        ModelError: ``server.a_name`` or ``server.outside``.
    """
    try:
        found = ipaddress.ip_address(parts.hostname or "")
    except ValueError as error:
        raise ModelError("server.a_name", name=parts.hostname) from error
    if not any(found in net for net in ROOM):
        raise ModelError("server.outside", address=str(found))
    return f"[{found}]" if found.version == 6 else str(found)  # noqa: PLR2004 - the two versions there are
