"""The room's side of the server: where phones reach it now, and the certificate that goes with it.

A laptop may change its network while the workshop runs. Addresses are looked up again every few seconds; a new one
gets into the certificate without a restart.
"""

import ssl
import threading
from collections.abc import Callable
from pathlib import Path

from stations.room.certificate import Certificate, certificate
from stations.room.network import Network, network

LOOK_EVERY_S = 5.0
HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""What a browser on this laptop writes in its address line."""


class Lan:
    """Knows the network of now; ``https_port`` and ``http_port`` are those that phones are told."""

    def __init__(
        self, folder: Path, https_port: int, http_port: int, look: Callable[[], Network] = network
    ) -> None:
        self.https_port, self.http_port = https_port, http_port
        self._folder, self._look, self._ended = folder, look, threading.Event()
        self.network = look()
        self.certificate: Certificate = certificate(folder, self.network)
        self._context: ssl.SSLContext | None = None

    @property
    def address(self) -> str:
        """The address to show, ``https://192.168.1.20:8443``; empty without a network."""
        return self.addresses[0] if self.network.addresses else ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses of the page, the likeliest first."""
        return tuple(self.at(host) for host in self.network.addresses)

    @property
    def typed(self) -> tuple[str, ...]:
        """What people type on a phone, the likeliest first: without ``https://`` browsers ask plain http."""
        end = "" if self.http_port == 80 else f":{self.http_port}"  # noqa: PLR2004
        return tuple(f"{host}{end}" for host in self.network.addresses)

    def at(self, host: str) -> str:
        """Return the page's address under one of this laptop's names."""
        return f"https://{host}" + ("" if self.https_port == 443 else f":{self.https_port}")  # noqa: PLR2004

    def knows(self, host: str) -> bool:
        """Tell whether a browser may ask for this host (without its port)."""
        return host in HERE or host.lower() in self.network.hosts

    def keep_current(self, context: ssl.SSLContext) -> None:
        """Look for changes in a thread until ``close``; new certificates go into ``context``."""
        self._context = context
        threading.Thread(target=self._watch, name="lan", daemon=True).start()

    def look(self) -> bool:
        """Look once; return whether something had changed."""
        found = self._look()
        if found == self.network:
            return False
        self.certificate = certificate(self._folder, found)
        if self._context:
            self._context.load_cert_chain(self.certificate.file, self.certificate.key)
        self.network = found
        return True

    def close(self) -> None:
        """Stop looking."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            self.look()
