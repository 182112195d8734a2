"""A model hub that speaks Hugging Face's protocol; ``HF_ENDPOINT`` names another one than huggingface.co.

``huggingface_hub`` asks for size, checksum and commit, and moves the bytes (proxies, certificates, retries).
It has stopped keeping half a download from one run to the next, so the half file is ours, and it is told
where to go on.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models.catalog import HubSource, Model, ModelFile
from models.errors import ModelError
from models.sources.base import CHUNK, FULL, CountingFile, Meter, size_of

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError

SHA256 = re.compile(r"[0-9a-f]{64}")
GIT_SHA1 = re.compile(r"[0-9a-f]{40}")
COMMIT = GIT_SHA1
QUIET = ("HF_HUB_DISABLE_XET", "HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS")
ATTEMPTS = 50
UNAUTHORISED, NOT_FOUND = (401, 403), 404


@dataclass(frozen=True)
class Stated:
    """What the hub says of a file; ``etag`` is a sha256 (large files) or a git blob's sha1 (small ones)."""

    location: str
    size: int
    etag: str
    commit: str


class HubRepository:
    """Downloads the files of one pinned revision."""

    def __init__(self, entry: HubSource) -> None:
        self._entry = entry
        self._endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or None

    @property
    def name(self) -> str:
        """Who this is, for receipts and errors."""
        return f"hub {self._entry.repo}@{self._entry.revision}"

    def bring(self, model: Model, file: ModelFile, part: Path, meter: Meter) -> ModelFile:  # noqa: ARG002
        """Download one file, asking only for what is missing, and check it against the hub's own statement.

        Raises:
            ModelError: ``store.hub_silent``, ``store.hub_lacks`` (404), ``store.hub_refused`` (401, 403),
                ``store.hub_other_bytes`` (the hub offers something else than the catalogue pins).
        """
        _quiet()
        with self._in_our_words(file):
            stated = self._ask(file)
        self._compare(file, stated)
        self._download_patiently(file, stated, part, meter)
        return self._proven(file, stated, part)

    @contextmanager
    def _in_our_words(self, file: ModelFile) -> Iterator[None]:
        """Turn what huggingface_hub raises into a ModelError; the own disk's errors pass through."""
        from huggingface_hub.errors import HfHubHTTPError, HTTPError  # type: ignore[attr-defined]

        try:
            yield
        except HfHubHTTPError as error:
            raise self._refusal(error, file) from error
        except HTTPError as error:
            raise ModelError("store.hub_silent", hub=self._host) from error
        except OSError as error:
            if error.errno in FULL or error.filename:
                raise
            raise ModelError("store.hub_silent", hub=self._host) from error

    @property
    def _host(self) -> str:
        return urlsplit(self._endpoint or "https://huggingface.co").netloc

    def _ask(self, file: ModelFile) -> Stated:
        from huggingface_hub import get_hf_file_metadata, hf_hub_url

        path = f"{self._entry.folder}/{file.path}".lstrip("/")
        url = hf_hub_url(self._entry.repo, path, revision=self._entry.revision, endpoint=self._endpoint)
        answer = get_hf_file_metadata(url, endpoint=self._endpoint)
        if answer.size is None or not answer.etag:  # without a statement nothing could be verified
            raise ModelError("store.hub_silent", hub=self._host)
        return Stated(answer.location, answer.size, answer.etag, answer.commit_hash or "")

    def _compare(self, file: ModelFile, stated: Stated) -> None:
        """Refuse before downloading gigabytes that the check afterwards would throw away."""
        sha256 = stated.etag if SHA256.fullmatch(stated.etag) else file.sha256
        moved = COMMIT.fullmatch(self._entry.revision) and stated.commit not in ("", self._entry.revision)
        if file.bytes not in (None, stated.size) or file.sha256 not in (None, sha256) or moved:
            raise ModelError("store.hub_other_bytes", hub=self._host, file=file.path)

    def _download_patiently(self, file: ModelFile, stated: Stated, part: Path, meter: Meter) -> None:
        """Go on after every break, as long as each attempt has brought something."""
        for attempt in range(ATTEMPTS):
            before = size_of(part)
            if before > stated.size:
                part.unlink()
            try:
                with self._in_our_words(file):
                    self._download(stated, part, meter)
                return
            except ModelError as error:
                if error.key != "store.hub_silent" or size_of(part) == before or attempt == ATTEMPTS - 1:
                    raise

    def _download(self, stated: Stated, part: Path, meter: Meter) -> None:
        from huggingface_hub.file_download import http_get
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

        headers = build_hf_headers()
        if urlsplit(stated.location).netloc != self._host:  # the token is for the hub, not for its storage
            headers.pop("authorization", None)
        with CountingFile(part, meter, "store.downloading") as out:
            http_get(stated.location, out, resume_size=out.tell(), headers=headers, expected_size=stated.size)

    def _proven(self, file: ModelFile, stated: Stated, part: Path) -> ModelFile:
        """Return the file with the strongest statement there is; small ones are compared here, git's way."""
        if SHA256.fullmatch(stated.etag):
            return file.model_copy(update={"bytes": stated.size, "sha256": stated.etag})
        if GIT_SHA1.fullmatch(stated.etag):
            content = part.read_bytes()
            if (
                hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
                == stated.etag
            ):
                return file.model_copy(update={"bytes": stated.size})
            part.unlink()
            raise ModelError("store.wrong_checksum", file=file.path)
        if file.sha256:
            return file.model_copy(update={"bytes": stated.size})
        raise ModelError("store.hub_silent", hub=self._host)

    def _refusal(self, error: "HfHubHTTPError", file: ModelFile) -> ModelError:
        status = error.response.status_code if error.response is not None else 0
        if status in UNAUTHORISED:
            return ModelError("store.hub_refused", hub=self._host, repo=self._entry.repo, status=status)
        if status == NOT_FOUND:
            return ModelError("store.hub_lacks", hub=self._host, repo=self._entry.repo, file=file.path)
        return ModelError("store.hub_silent", hub=self._host)


def _quiet() -> None:
    """Plain HTTP, no telemetry, no bars of its own; read by huggingface_hub when it is first imported."""
    for name in QUIET:
        os.environ.setdefault(name, "1")
    from huggingface_hub import constants
    from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

    disable_progress_bars()
    constants.DOWNLOAD_CHUNK_SIZE = CHUNK  # its 10 MB are half a minute without a sign of life on a slow line
