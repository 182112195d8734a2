"""Files out of folders, packets (ZIP) and e-mails, one after another, each with a name people understand.

Nothing is unpacked under a name that somebody else chose, so a name cannot lead out of the folder; and nothing is
unpacked before it is wanted, so a packet never lies on the disk as a whole.
"""

import hashlib
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from models.errors import ModelError
from models.reading.document import ReadingLimits, Source
from models.reading.kinds import Kind, kind_of
from models.reading.mail import attachments
from models.reading.names import harmless_parts, passed_over, readable_name
from models.reading.packed import DAMAGED
from models.reading.structuring import SEARCH_LIMITS


@dataclass(frozen=True)
class GatheringLimits:
    """How much may come out of what was given. What goes beyond is named, and the rest goes on."""

    files: int = 20_000
    packet_bytes: int = 4_000_000_000
    """All that is in one packet, by its own account and counted again while it is unpacked."""
    depth: int = 3
    """Packets in packets, mails in mails."""
    reading: ReadingLimits = SEARCH_LIMITS


@dataclass(frozen=True)
class Found:
    """A file that was found, or why there is none.

    ``file`` can be read until the next one is asked for. ``name`` is where it is for people, with slashes:
    ``Archiv.zip/2024/Protokoll.pdf``. ``modified`` is a date in ISO form or ``""``. ``sha256`` is ``""`` and
    ``problem`` is set where the file cannot be had.
    """

    file: Path
    name: str
    origin: Path
    """The file that was given, or that lies in a given folder: this one, or the packet or mail it came from."""
    modified: str = ""
    sha256: str = ""
    problem: ModelError | None = None
    share: float = 1.0
    """How much of ``origin`` is through when this file is, 0..1."""


GATHERING_LIMITS = GatheringLimits()
CHUNK_BYTES = 1_000_000


def gathered(given: Iterable[Path], limits: GatheringLimits = GATHERING_LIMITS) -> Iterator[Found]:
    """Yield the files of what was given, which may be files, folders and packets: sorted, lazily, without links.

    Hidden files, those that systems leave behind and empty folders are passed over. Whatever cannot be had is
    yielded with its ``problem`` (``reading.not_found``, ``encrypted``, ``broken``, ``too_big``;
    ``gathering.packet_too_big``, ``too_many``, ``too_deep``), and the others go on.
    """
    count = 0
    for path, name in paths(given):
        for found in _opened(Found(path, name, path, _modified(path)), limits, limits.depth):
            count += 1
            if count > limits.files:
                yield replace(found, problem=ModelError("gathering.too_many", most=limits.files))
                return
            yield found


def sha256_of(file: Path) -> str:
    """Return the checksum of a file's bytes as 64 hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def paths(given: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Yield the files of what was given as they lie on the disk, packets closed, each with its name for people."""
    for path in given:
        if not path.is_dir():
            yield path, path.name
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(each for each in folders if not passed_over(each))
            for name in sorted(files):
                file = Path(folder) / name
                if not (passed_over(name) or file.is_symlink()):
                    yield file, file.relative_to(path).as_posix()


def _modified(file: Path) -> str:
    try:
        seconds = file.stat().st_mtime
    except OSError:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _opened(found: Found, limits: GatheringLimits, depth: int) -> Iterator[Found]:
    """Yield a file, or what is in it if it is a packet; a mail, and what hangs on it."""
    try:
        kind = _kind(found, limits)
        if kind is not Kind.ZIP:
            yield replace(found, sha256=sha256_of(found.file))
        if kind not in (Kind.ZIP, Kind.MAIL):
            return
        inside = _in_packet(found, limits) if kind is Kind.ZIP else _on_mail(found, limits)
        for each in inside:
            if depth == 0:
                raise ModelError("gathering.too_deep", name=found.name)
            yield from [each] if each.problem else _opened(each, limits, depth - 1)
    except OSError:
        yield replace(found, problem=ModelError("reading.not_found", name=found.name))
    except ModelError as error:
        yield replace(found, problem=error)


def _kind(found: Found, limits: GatheringLimits) -> Kind | None:
    """Return what a file is; ``None`` where the reader will say what is wrong with it."""
    reading = replace(limits.reading, unpacked_bytes=limits.packet_bytes)
    with found.file.open("rb") as file:
        is_packed = file.read(4) == b"PK\x03\x04"
    try:
        return kind_of(Source(found.file, found.name, reading))
    except ModelError as error:
        if is_packed and error.key == "reading.bomb":
            raise ModelError(
                "gathering.packet_too_big", name=found.name, bytes=limits.packet_bytes
            ) from error
        if is_packed:
            raise
        return None


def _in_packet(found: Found, limits: GatheringLimits) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(found.file) as packet:
            for member, share in _members(packet):
                parts = harmless_parts(readable_name(member))
                if parts and not any(map(passed_over, parts)):
                    whole = share if found.file == found.origin else found.share
                    named = replace(found, name="/".join((found.name, *parts)), share=whole)
                    with _unpacked(packet, member, named, limits) as inside:
                        yield inside
    except DAMAGED as error:
        raise ModelError("reading.broken", name=found.name) from error


def _members(packet: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, float]]:
    """Yield the files of a packet, each with the share of the packet that is through after it."""
    total, through = max(1, sum(member.compress_size for member in packet.infolist())), 0
    for member in packet.infolist():
        through += member.compress_size
        if not (member.is_dir() or _is_link(member)):
            yield member, through / total


@contextmanager
def _unpacked(
    packet: zipfile.ZipFile, member: zipfile.ZipInfo, found: Found, limits: GatheringLimits
) -> Iterator[Found]:
    """Give a member as a file with a name of ours, until the next one is wanted."""
    most = limits.reading.file_bytes
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"member{PurePosixPath(found.name).suffix[:10]}"
        inside = replace(found, file=file, modified=_member_date(member))
        try:
            _unpack(packet, member, file, most)
        except DAMAGED:  # this member; the others may be whole
            inside = replace(inside, problem=ModelError("reading.broken", name=found.name))
        except OverflowError:
            inside = replace(
                inside,
                problem=ModelError("reading.too_big", name=found.name, size=member.file_size, bytes=most),
            )
        yield inside


def _unpack(packet: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path, most: int) -> None:
    """Write a member to ``file``, counting: the size that a packet states may be a lie."""
    left = most
    with packet.open(member) as inside, file.open("xb") as out:
        while chunk := inside.read(CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise OverflowError
            out.write(chunk)


def _on_mail(found: Found, limits: GatheringLimits) -> Iterator[Found]:
    with tempfile.TemporaryDirectory() as folder:
        for number, (said, content) in enumerate(
            attachments(Source(found.file, found.name, limits.reading)), 1
        ):
            name = "/".join(harmless_parts(said)) or str(number)
            file = Path(folder) / f"attachment{PurePosixPath(name).suffix[:10]}"
            file.write_bytes(content)
            yield replace(found, file=file, name=f"{found.name}/{name}")
            file.unlink()


def _is_link(member: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(member.external_attr >> 16)


def _member_date(member: zipfile.ZipInfo) -> str:
    try:
        return datetime(*member.date_time).isoformat()  # in a zone that the packet does not say
    except ValueError:
        return ""
