"""What a request says about itself: for whom it is, and through which listener it came."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope


def from_the_room(scope: Scope) -> bool:
    """Tell whether a request came through the listener for phones and other laptops."""
    return scope["scheme"] in ("https", "wss")


def host_of(scope: Scope) -> str:
    """Return the host a browser asked for, without its port."""
    try:
        host = urlsplit("//" + Headers(scope=scope).get("host", "")).hostname or ""
    except ValueError:
        return ""
    return f"[{host}]" if ":" in host else host
