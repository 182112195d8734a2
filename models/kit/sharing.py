"""Lends the kit to other laptops of the room: one ZIP, or single files, nothing but what the manifest lists."""

import zipfile
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from models.kit import manifest
from models.kit.layout import Kit
from models.kit.manifest import Manifest

ZIP = "KI-Werkstatt.zip"
FOLDER = "KI-Werkstatt"
EXECUTABLE = (".sh", ".command", ".desktop")
_UNIX = 3
_QUIET_S = 60.0
"""Seconds after which somebody who takes nothing any more is let go."""

Allowed = Callable[[str], bool]


class KitServer(ThreadingHTTPServer):
    """Serves one kit on one address; ``page`` is what a browser sees first, in HTML.

    Raises (while being made):
        ModelError: ``kit.incomplete`` or ``kit.missing``: half a kit is lent to nobody.
        OSError: when the port is taken.
    """

    daemon_threads = True

    def __init__(self, kit: Kit, where: tuple[str, int], page: bytes, allowed: Allowed) -> None:
        self.kit, self.page, self.allowed = kit, page, allowed
        self.listed = manifest.read(kit)
        manifest.check_sizes(kit, self.listed.files)
        self.files = _files(kit, self.listed)
        super().__init__(where, _Handler)


def _files(kit: Kit, listed: Manifest) -> Mapping[str, Path]:
    """Return the files that are lent, by their place in the kit; the manifest and the mark belong to them."""
    own = {kit.manifest.name: kit.manifest, kit.mark.name: kit.mark}
    return {entry.path: manifest.inside(kit.root, entry) for entry in listed.files} | own


def write_zip(files: Mapping[str, Path], out: IO[bytes]) -> None:
    """Write files as a ZIP without ever holding more than a piece of one; the mark comes last.

    Nothing is compressed: models and wheels would not get smaller.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for path in files:
            info = zipfile.ZipInfo(f"{FOLDER}/{path}")
            info.create_system = _UNIX
            info.external_attr = (0o100755 if path.endswith(EXECUTABLE) else 0o100644) << 16
            with packed.open(info, "w", force_zip64=True) as place:
                for chunk in manifest.chunks(files[path]):
                    place.write(chunk)


class _Chunked:
    """A file to write to that sends pieces with their lengths, so that a browser notices when something is missing."""

    def __init__(self, send: Callable[[bytes], object]) -> None:
        self._send = send

    def write(self, piece: bytes) -> int:
        if piece:
            self._send(b"%x\r\n%b\r\n" % (len(piece), bytes(piece)))
        return len(piece)

    def flush(self) -> None:
        """Nothing is kept back."""

    def end(self) -> None:
        self._send(b"0\r\n\r\n")


class _Handler(BaseHTTPRequestHandler):
    server: KitServer
    protocol_version = "HTTP/1.1"
    timeout = _QUIET_S

    def do_GET(self) -> None:
        """Answer with the page, the ZIP, or one listed file."""
        path = unquote(urlsplit(self.path).path).removeprefix("/")
        if not self.server.allowed(self.client_address[0]):
            self._short(HTTPStatus.FORBIDDEN)
        elif path == "":
            self._send(self.server.page, "text/html; charset=utf-8")
        elif path == ZIP:
            self._send_zip()
        elif path in self.server.files:
            self._send_file(self.server.files[path])
        else:
            self._short(HTTPStatus.NOT_FOUND)

    def log_message(self, *_: object) -> None:
        """Say nothing: who takes the kit is nobody's business."""

    def _short(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _begin(self, kind: str, *headers: tuple[str, str]) -> None:
        self.send_response(HTTPStatus.OK)
        own = (("Content-Type", kind), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"))
        policy = ("Content-Security-Policy", "default-src 'none'; img-src data:; style-src 'unsafe-inline'")
        for name, value in (*own, policy, *headers):
            self.send_header(name, value)
        self.end_headers()

    def _send(self, content: bytes, kind: str) -> None:
        self._begin(kind, ("Content-Length", str(len(content))))
        self.wfile.write(content)

    def _send_zip(self) -> None:
        name = ("Content-Disposition", f'attachment; filename="{ZIP}"')
        self._begin("application/zip", name, ("Transfer-Encoding", "chunked"))
        out = _Chunked(self.wfile.write)
        self.close_connection = True
        try:
            write_zip(self.server.files, out)  # type: ignore[arg-type]  # zipfile asks for no more than this
        except OSError:  # gone away, or the stick was pulled out: without an end the browser knows
            return
        out.end()

    def _send_file(self, file: Path) -> None:
        self._begin("application/octet-stream", ("Content-Length", str(file.stat().st_size)))
        for chunk in manifest.chunks(file):
            self.wfile.write(chunk)
