"""The address of a database server: it must be in the room, for the guard of Python's sockets does not see libpq's."""

from urllib.parse import urlsplit

from models.errors import ModelError
from models.room import room_host

SCHEMES = ("postgresql", "postgres")
PORT = 5432


def checked_database(text: str) -> str:
    """Return the address of a PostgreSQL server in the room (``postgresql://user:word@192.168.1.20:5432/name``).

    Nothing behind a question mark is taken: libpq would let it name another host.

    Raises:
        ModelError: ``index.not_an_address``, ``server.a_name`` or ``server.outside``.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port or PORT
    except ValueError as error:
        raise ModelError("index.not_an_address") from error
    odd = parts.scheme not in SCHEMES or parts.query or parts.fragment or "," in parts.netloc
    if odd or not parts.hostname or not parts.path.strip("/"):
        raise ModelError("index.not_an_address")
    who = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return f"postgresql://{who}{room_host(parts)}:{port}{parts.path}"
