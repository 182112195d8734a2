"""A model hub on loopback that speaks enough of Hugging Face's protocol: HEAD, ETag, X-Repo-Commit, redirects, Range.

It remembers what it was asked, can be slow, and can drop the connection in the middle of a file.
"""

import hashlib
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 10_000


class Hub:
    """One repository with files; large ones are stated by sha256 and lie elsewhere, as on the real hub."""

    def __init__(self, files, repo="owner/name", commit=COMMIT):
        self.files, self.repo, self.commit = dict(files), repo, commit
        self.drop_after = None  # bytes after which the next download breaks off, once
        self.chunk, self.pause_s = 65_536, 0.0
        self.refuse_with = None  # a status for everything
        self.knows_range = True
        self.asked = []  # (method, file, Range or "")
        self.address = self.storage = ""
        self.authorised = []  # who sent a token, by path

    def downloads(self, file):
        """Return the Range headers ("" for none) with which a file's bytes were asked for."""
        return [wanted for method, name, wanted in self.asked if method == "GET" and name == file]


def git_checksum(content):
    """Return what git calls these bytes, as the hub does for small files."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


@contextmanager
def serving(hub):
    """Serve ``hub`` while the block runs; ``hub.address`` is for ``HF_ENDPOINT``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_port}"
    hub.storage = f"http://localhost:{server.server_port}"  # another host, as on the real hub
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self._answer(send_body=False)

    def do_GET(self):
        self._answer(send_body=True)

    def _answer(self, *, send_body):
        hub, (kind, name) = self.hub, self._wanted()
        if self.headers.get("Authorization"):
            hub.authorised.append(kind)
        hub.asked.append((self.command, name, self.headers.get("Range", "")))
        if hub.refuse_with or name not in hub.files:
            return self._nothing(hub.refuse_with or 404)
        content = hub.files[name]
        if kind == "resolve" and len(content) > LARGE:
            return self._elsewhere(name, content)
        return self._bytes(name, content, send_body=send_body)

    def _wanted(self):
        path = self.path.lstrip("/")
        if path.startswith("storage/"):
            return "storage", path.removeprefix("storage/")
        repo, _, rest = path.partition("/resolve/")
        return "resolve", rest.partition("/")[2] if repo == self.hub.repo else ""

    def _nothing(self, status):
        self.send_response(status)
        if status == 404:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _elsewhere(self, name, content):
        self.send_response(302)
        self.send_header("Location", f"{self.hub.storage}/storage/{name}")
        self.send_header("X-Repo-Commit", self.hub.commit)
        self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("X-Linked-ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _bytes(self, name, content, *, send_body):
        wanted = self.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted and self.hub.knows_range else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("X-Repo-Commit", self.hub.commit)
        self.send_header("ETag", f'"{git_checksum(content)}"')
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if send_body:
            self._send(content[start:])

    def _send(self, content):
        sent = 0
        while sent < len(content):
            piece = content[sent : sent + self.hub.chunk]
            if self.hub.drop_after is not None and sent + len(piece) > self.hub.drop_after:
                self.wfile.write(piece[: self.hub.drop_after - sent])
                self.wfile.flush()
                self.hub.drop_after = None
                self.close_connection = True
                self.connection.shutdown(2)
                return
            try:
                self.wfile.write(piece)
            except OSError:  # whoever asked has gone
                self.close_connection = True
                return
            sent += len(piece)
            time.sleep(self.hub.pause_s)
