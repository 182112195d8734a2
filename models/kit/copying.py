"""Copies files so that a half one never has a whole one's name, and checks them on the way. Standard library only."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from models.errors import ModelError
from models.kit.manifest import Entry, chunks, entry_of, inside
from models.progress import Progress, Report

PART = ".part"


def copy_checked(entries: Iterable[Entry], source: Path, target: Path, report: Report) -> None:
    """Copy files from ``source`` to ``target``, comparing each with its checksum while it is read.

    What is there already and right is left alone.

    Raises:
        ModelError: ``kit.missing`` or ``kit.damaged`` with the file's name.
    """
    entries = tuple(entries)
    done, total = 0, sum(entry.bytes for entry in entries)
    for entry in entries:
        report(Progress("kit.copying", done, total, "bytes"))
        file = inside(target, entry)
        if not is_right(file, entry, target):
            _copy_one(inside(source, entry), file, entry)
        done += entry.bytes
    report(Progress("kit.copying", done, total, "bytes"))


def is_right(file: Path, entry: Entry, root: Path) -> bool:
    """Tell whether a file is there with exactly the entry's content; reads it only if the size is right."""
    return file.is_file() and file.stat().st_size == entry.bytes and entry_of(root, file) == entry


def _copy_one(source: Path, target: Path, entry: Entry) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part, digest = target.with_name(target.name + PART), hashlib.sha256()
    try:
        with part.open("wb") as out:
            for chunk in chunks(source):
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except FileNotFoundError as error:
        part.unlink(missing_ok=True)
        raise ModelError("kit.missing", file=entry.path) from error
    if digest.hexdigest() != entry.sha256:
        part.unlink()
        raise ModelError("kit.damaged", file=entry.path)
    part.replace(target)


def sync(source: Path, target: Path) -> bool:
    """Make ``target`` a copy of the file ``source``; return whether it had to be written."""
    wanted = entry_of(source.parent, source)
    found = entry_of(target.parent, target) if target.is_file() else None
    if found and (found.bytes, found.sha256) == (wanted.bytes, wanted.sha256):
        return False
    _copy_one(source, target, wanted)
    shutil.copymode(source, target)
    return True
