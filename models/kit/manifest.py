"""Every file of a kit with its size and checksum, and the mark that says the kit is whole. Standard library only."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from models.errors import ModelError
from models.kit.layout import Kit, Target

CHUNK = 1 << 20
ID_LETTERS = 12


@dataclass(frozen=True)
class Entry:
    """One file: its place in the kit with forward slashes, its bytes, its sha256 in hex."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a kit is for and what is in it. ``stations`` are those it starts with."""

    stations: tuple[str, ...]
    targets: tuple[Target, ...]
    files: tuple[Entry, ...]

    @property
    def text(self) -> str:
        """The manifest as it stands on the stick: the same content, the same letters."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @property
    def id(self) -> str:
        """A short name that changes with every file."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:ID_LETTERS]

    def for_target(self, target: Target) -> tuple[Entry, ...]:
        """Return the files that a laptop of this kind needs: not the wheels of other systems."""
        wanted = {"any", target.system}
        return tuple(entry for entry in self.files if _system(entry) in wanted)

    def below(self, folder: str) -> tuple[Entry, ...]:
        """Return the files in one of the kit's folders."""
        return tuple(entry for entry in self.files if entry.path.startswith(f"{folder}/"))


def write(kit: Kit, manifest: Manifest) -> None:
    """Write the manifest, and after it, as the very last step, the mark."""
    _write(kit.manifest, manifest.text)
    _write(kit.mark, json.dumps({"manifest": _sha256(manifest.text)}) + "\n")


def lift_mark(kit: Kit) -> None:
    """Take the mark away before anything changes: from here on the kit refuses to start."""
    kit.mark.unlink(missing_ok=True)


def read(kit: Kit) -> Manifest:
    """Return the manifest of a kit that was written to its end.

    Raises:
        ModelError: ``kit.incomplete`` without a mark, ``kit.damaged`` when the manifest is not the marked one.
    """
    try:
        marked = json.loads(kit.mark.read_text(encoding="utf-8"))["manifest"]
        text = kit.manifest.read_text(encoding="utf-8")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError("kit.incomplete", folder=str(kit.root)) from error
    if _sha256(text) != marked:
        raise ModelError("kit.damaged", file=kit.manifest.name)
    try:
        return _parsed(text)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError("kit.damaged", file=kit.manifest.name) from error


def check_sizes(kit: Kit, entries: Iterable[Entry]) -> None:
    """Make sure every file is there and as long as it was; reads no content.

    Raises:
        ModelError: ``kit.missing`` or ``kit.damaged`` with the first such file.
    """
    for entry in entries:
        file = inside(kit.root, entry)
        if not file.is_file():
            raise ModelError("kit.missing", file=entry.path)
        if file.stat().st_size != entry.bytes:
            raise ModelError("kit.damaged", file=entry.path)


def inside(root: Path, entry: Entry) -> Path:
    """Return the file an entry means.

    Raises:
        ModelError: ``kit.damaged`` for a path that leads out of the kit: a stick has been in many hands.
    """
    pure = PurePosixPath(entry.path)
    odd = pure.is_absolute() or "\\" in entry.path or ":" in entry.path or str(pure) != entry.path
    if odd or ".." in pure.parts:
        raise ModelError("kit.damaged", file=entry.path)
    return root.joinpath(*pure.parts)


def entry_of(root: Path, file: Path) -> Entry:
    """Return the entry of a file below ``root``; reads it whole."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(file):
        digest.update(chunk)
        size += len(chunk)
    return Entry(file.relative_to(root).as_posix(), size, digest.hexdigest())


def chunks(file: Path) -> Iterator[bytes]:
    """Yield a file's bytes, a megabyte at a time."""
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def earlier_names(kit: Kit) -> list[str]:
    """Return the files that the last kit put at the top of this stick, finished or not; none where nobody knows."""
    try:
        files = json.loads(kit.manifest.read_text(encoding="utf-8"))["files"]
        return [str(each["path"]) for each in files if re.fullmatch(r"[\w-]+\.\w+", str(each["path"]))]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _system(entry: Entry) -> str:
    """Return the system a file is only for, or ``any``."""
    first, _, rest = entry.path.partition("/")
    return rest.partition("/")[0] if first == "wheels" else "any"


def _parsed(text: str) -> Manifest:
    found = json.loads(text)
    targets = tuple(Target(**each) for each in found["targets"])
    return Manifest(tuple(found["stations"]), targets, tuple(Entry(**each) for each in found["files"]))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _write(file: Path, text: str) -> None:
    part = file.with_name(file.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
