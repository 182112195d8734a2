"""``kit FOLDER --serve``: other laptops of the room take the kit from this one."""

import html
import sys
import threading

from models.errors import ModelError
from models.kit.layout import Kit
from models.kit.sharing import ZIP, KitServer
from stations.commands.kit_papers import page as page_of
from stations.console import Terminal
from stations.room.network import in_the_room, network
from stations.room.qr import address_code
from stations.texts import LANGUAGES, say

PORT = 7870


def serve(kit: Kit, port: int | None, screen: Terminal) -> int:
    """Lend the kit on this laptop's private addresses until Ctrl-C.

    Raises:
        ModelError: ``kit.no_network`` without one, ``kit.port_busy``, ``kit.incomplete`` or ``kit.missing``.
    """
    addresses = network().addresses
    if not addresses:
        raise ModelError("kit.no_network")
    servers = [_server(kit, address, port or PORT) for address in addresses]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    _tell(servers[0], screen)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        screen.say("kit.serving_ended")
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
    return 0


def _server(kit: Kit, address: str, port: int) -> KitServer:
    page = welcome(f"http://{address}:{port}").encode()
    try:
        return KitServer(kit, (address, port), page, in_the_room)
    except OSError as error:
        raise ModelError("kit.port_busy", port=port) from error


def _tell(server: KitServer, screen: Terminal) -> None:
    import segno

    host, port = server.server_address[:2]
    address = f"http://{host!s}:{port}"
    screen.say("kit.serving", address=address)
    if sys.stderr.isatty():
        segno.make(address, micro=False).terminal(out=sys.stderr, compact=True)


def welcome(address: str) -> str:
    """Return the page other laptops see first: what to do, the one file, and the address as a QR code."""
    parts = []
    for language in LANGUAGES:
        title, button, *steps = (html.escape(say(key, language, file=ZIP)) for key in WELCOME)
        listed = "".join(f"<li>{step}</li>" for step in steps)
        link = f'<p><a class="big" href="/{ZIP}">{button}</a></p>'
        parts.append(f'<section lang="{language}"><h1>{title}</h1>{link}<ol>{listed}</ol></section>')
    code = f'<p class="code">{address_code(address)}<br>{html.escape(address)}</p>'
    return page_of(say("kit.welcome_title"), "".join(parts) + code, "de")


WELCOME = (
    "kit.welcome_title",
    "kit.welcome_button",
    "kit.welcome_take",
    "kit.welcome_unpack",
    "kit.welcome_start",
)
