"""A stick arrives at a laptop: is it whole, is it for this laptop, where does it go? Standard library only."""

import os
import shutil
import tempfile
from pathlib import Path

from models.errors import ModelError
from models.kit import copying, manifest
from models.kit.installed import Installed
from models.kit.layout import Kit, this_machine
from models.kit.manifest import Entry, Manifest
from models.progress import Report
from models.setup import machine

SPARE = 200_000_000
"""Bytes that stay free on the laptop's disk."""


def checked(stick: Kit) -> Manifest:
    """Return the manifest of a stick that is whole as far as names and sizes tell, and meant for this laptop.

    Checksums are compared while copying, so that a stick is read only once.

    Raises:
        ModelError: ``kit.incomplete``, ``kit.missing``, ``kit.damaged`` or ``kit.other_laptop``.
    """
    found, here = manifest.read(stick), this_machine()
    if here not in found.targets:
        listed = "; ".join(target.name for target in found.targets)
        raise ModelError("kit.other_laptop", here=here.name, targets=listed)
    manifest.check_sizes(stick, found.for_target(here))
    return found


def program_files(found: Manifest, stick: Kit) -> tuple[Entry, ...]:
    """Return what is copied to the laptop besides the models; the card is written anew there."""
    card = stick.card.relative_to(stick.root).as_posix()
    wanted = (*found.below("code"), *found.below("wheels"))
    here = set(found.for_target(this_machine()))
    return tuple(entry for entry in wanted if entry in here and entry.path != card)


def can_copy(found: Manifest, stick: Kit, home: Path) -> bool:
    """Tell whether the laptop's disk takes the program, its environment and the models that are not there yet."""
    return _writable(home) and _free(home) >= needed(found, stick, home)


def needed(found: Manifest, stick: Kit, home: Path) -> int:
    """Return how many bytes the laptop's disk needs for this version."""
    program = sum(entry.bytes for entry in program_files(found, stick))
    models = sum(entry.bytes for entry in found.below("models") if not (home / entry.path).exists())
    return program + models + room_for_environment(found) + SPARE


def room_for_environment(found: Manifest) -> int:
    """Return how many bytes the environment needs, with torch where the kit has it."""
    has_torch = any("/torch-" in entry.path for entry in found.below("wheels"))
    return int(machine.ROOM[""] + (machine.ROOM["torch"] if has_torch else 0))


def copied(found: Manifest, stick: Kit, installed: Installed, report: Report) -> Kit:
    """Copy program and packages into a folder of their own, checking every byte, and return it.

    What was copied before an interruption is used again. The folder gets its name when everything is there.

    Raises:
        ModelError: ``kit.missing`` or ``kit.damaged`` with the file's name.
    """
    final = installed.kit(found.id)
    if final.launcher.exists():
        return final
    part = installed.part(found.id)
    copying.copy_checked(program_files(found, stick), stick.root, part.root, report)
    part.write_card("installed")
    part.root.replace(final.root)
    return final


def check_stick_runs(found: Manifest, stick: Kit, home: Path) -> None:
    """Make sure the program can run on the stick itself, where the laptop has no room.

    Raises:
        ModelError: ``kit.no_place`` with the bytes the laptop would need and has.
    """
    if not _writable(stick.root) or _free(stick.root) < room_for_environment(found) or not _links(stick.root):
        raise ModelError(
            "kit.no_place", needed=needed(found, stick, home), free=_free(home), folder=str(home)
        )


def _links(folder: Path) -> bool:
    """Tell whether an environment can be made here: on Linux and macOS it consists of links, which FAT lacks."""
    if os.name == "nt":
        return True
    with tempfile.TemporaryDirectory(dir=folder) as trial:
        try:
            (Path(trial) / "link").symlink_to("target")
        except OSError:
            return False
    return True


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _free(folder: Path) -> int:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free
