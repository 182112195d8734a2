"""Another laptop of the room that serves its models folder over plain HTTP: ``<address>/<model id>/…``.

Any static file server on that folder will do; one that knows ``Range`` lets a broken transfer go on.
"""

import http.client
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from models.catalog import Model, ModelFile
from models.errors import ModelError
from models.receipt import NAME, parse_receipt
from models.sources.base import CHUNK, CountingFile, Meter, size_of

TIMEOUT_S = 15.0
PARTIAL, NOT_FOUND = 206, 404
RECEIPT_LIMIT = 1 << 20
# A neighbour in the room is never behind the proxy of the house.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class PeerSource:
    """Downloads from a neighbour.

    What arrives is checked like everything else, so the neighbour need not be trusted for files that the
    catalogue pins; for others its receipt is believed, as a stick's would be.
    """

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    @property
    def name(self) -> str:
        """Who this is, for receipts and errors."""
        return f"room {self._address}"

    def bring(self, model: Model, file: ModelFile, part: Path, meter: Meter) -> ModelFile:
        """Download one file, asking only for what is missing.

        Raises:
            ModelError: ``store.peer_silent``, ``store.peer_lacks``, ``store.peer_refused``.
        """
        stated = self._stated(model, file)
        if size_of(part) > (stated.bytes or 0):
            part.unlink()
        if size_of(part) < (stated.bytes or 0):
            self._download(f"{model.id}/{file.path}", stated, part, meter)
        return stated

    def _stated(self, model: Model, file: ModelFile) -> ModelFile:
        if file.bytes and file.sha256:
            return file
        with self._open(f"{model.id}/{NAME}", 0) as answer:
            receipt = parse_receipt(answer.read(RECEIPT_LIMIT).decode(errors="replace"))
        for entry in receipt.files if receipt else ():
            if entry.path == file.path:
                return entry.model_copy(update={"md5": file.md5})
        raise ModelError("store.peer_lacks", peer=self._address, file=file.path)

    def _download(self, path: str, stated: ModelFile, part: Path, meter: Meter) -> None:
        with CountingFile(part, meter, "store.downloading") as out, self._open(path, out.tell()) as answer:
            if answer.status != PARTIAL:  # a server that does not know Range sends everything again
                out.seek(0)
                out.truncate()
            while chunk := self._read(answer):
                out.write(chunk)
        if size_of(part) < (stated.bytes or 0):  # broken off without a word; the half is kept
            raise ModelError("store.peer_silent", peer=self._address)

    def _open(self, path: str, start: int) -> http.client.HTTPResponse:
        headers = {"Range": f"bytes={start}-"} if start else {}
        request = urllib.request.Request(f"{self._address}/{quote(path)}", headers=headers)  # noqa: S310
        try:
            answer: http.client.HTTPResponse = _direct.open(request, timeout=TIMEOUT_S)
        except urllib.error.HTTPError as error:
            if error.code == NOT_FOUND:
                raise ModelError("store.peer_lacks", peer=self._address, file=path) from error
            raise ModelError("store.peer_refused", peer=self._address, status=error.code) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise ModelError("store.peer_silent", peer=self._address) from error
        return answer

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        try:
            return answer.read1(CHUNK)  # what has arrived, so that little is lost
        except (OSError, http.client.HTTPException) as error:
            raise ModelError("store.peer_silent", peer=self._address) from error
