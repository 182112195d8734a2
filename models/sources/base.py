"""What every source promises, and what they share: a meter, checksums, a file that counts itself."""

import errno
import hashlib
import io
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from models.catalog import Model, ModelFile
from models.errors import ModelError
from models.progress import Progress, Report

CHUNK = 1 << 20
REPORT_EVERY_S = 0.1
LONG_TO_READ = 256_000_000
"""Bytes from which checking takes long enough to be named as a step of its own."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

Told = Callable[[int], None]
"""Is told how many bytes are done."""


class Meter:
    """Tells how far one model is, over all its files, at most ten times a second."""

    def __init__(self, report: Report, model: Model, total: int) -> None:
        self._report, self._model, self._total = report, model, total
        self._before, self._told_at = 0, 0.0

    def at(self, key: str, done: int, *, now: bool = False) -> None:
        """Say that ``done`` bytes of the file in hand are there; ``now`` skips no report."""
        if not now and time.monotonic() - self._told_at < REPORT_EVERY_S:
            return
        self._told_at = time.monotonic()
        reached = self._before + done
        facts = {"model": self._model.title}
        self._report(Progress(key, reached, max(self._total, reached), "bytes", facts))

    def begin(self, key: str) -> None:
        """Name a step that cannot count itself, with the bytes reached so far."""
        self.at(key, 0, now=True)

    def file_done(self, size: int) -> None:
        """Count a whole file as reached."""
        self._before += size


class Source(Protocol):
    """A place that can bring the files of a model."""

    @property
    def name(self) -> str:
        """Who this is, for receipts and errors: ``hub owner/name``, ``folder E:/``."""
        ...

    def bring(self, model: Model, file: ModelFile, part: Path, meter: Meter) -> ModelFile:
        """Fill ``part`` with the whole file, going on where an earlier try stopped.

        Returns the file as this source states it: size and checksum filled in where the catalogue knows
        neither. The store checks ``part`` against that; nothing else gets the final name.

        Raises:
            ModelError: when this source cannot; the next one is tried.
            OSError: when the own disk refuses; no source can help then.
        """
        ...


class CountingFile(io.BufferedWriter):
    """A file opened for going on at its end that tells the meter how long it is."""

    def __init__(self, part: Path, meter: Meter, key: str) -> None:
        part.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(io.FileIO(part, "ab"), buffer_size=CHUNK)
        self._meter, self._key = meter, key

    def write(self, chunk) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001  # any bytes-like, as in io
        """Write, and tell the meter."""
        written = super().write(chunk)
        self._meter.at(self._key, self.tell())
        return written


def size_of(file: Path) -> int:
    """Return the size of a file, 0 if there is none (any more)."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def sizes_in(folder: Path) -> Iterator[int]:
    """Yield the sizes of all files below ``folder``, while another program may be making and deleting them."""
    for where, _, names in os.walk(folder):  # unlike rglob it passes over a folder that has just gone
        for name in names:
            yield size_of(Path(where) / name)


def checksum(file: Path, kind: str = "sha256", told: Told = lambda _: None) -> str:
    """Return a file's checksum in hex, telling how many bytes have been read."""
    digest, done = hashlib.new(kind, usedforsecurity=False), 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            told(done := done + len(chunk))
    return digest.hexdigest()


def check(file: ModelFile, part: Path, meter: Meter) -> ModelFile:
    """Return ``file`` with the measured size and sha256 after comparing both with what is stated.

    Raises:
        ModelError: ``store.wrong_size`` or ``store.wrong_checksum``.
    """
    size = size_of(part)
    if file.bytes is not None and size != file.bytes:
        raise ModelError("store.wrong_size", file=file.path, stated=file.bytes, size=size)
    worth_telling = size > LONG_TO_READ
    sha256 = checksum(part, told=lambda done: meter.at("store.checking", done) if worth_telling else None)
    if file.sha256 not in (None, sha256) or (file.md5 and checksum(part, "md5") != file.md5):
        raise ModelError("store.wrong_checksum", file=file.path)
    return file.model_copy(update={"bytes": size, "sha256": sha256})


def settle(part: Path, final: Path) -> None:
    """Give a checked file its final name in one step that survives a power cut."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    final.parent.mkdir(parents=True, exist_ok=True)
    part.replace(final)


@contextmanager
def own_disk(folder: Path) -> Iterator[None]:
    """Turn what the own disk says into an error for people.

    Raises:
        ModelError: ``store.disk_full``, ``store.file_too_big``, ``store.no_permission`` or
            ``store.disk_error``.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise ModelError("store.disk_full", folder=str(folder)) from error
        if error.errno == errno.EFBIG:  # sticks come with a file system that ends at 4 GB
            raise ModelError("store.file_too_big", folder=str(folder)) from error
        if error.errno in FORBIDDEN:
            raise ModelError("store.no_permission", folder=str(error.filename or folder)) from error
        raise ModelError(
            "store.disk_error", folder=str(folder), problem=error.strerror or str(error)
        ) from error
