"""Whether a stick takes what is meant for it: its room, and the largest file its file system knows."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import psutil

from models.errors import ModelError

FAT = {"vfat", "msdos", "fat", "fat32", "fat16"}
FAT_LIMIT = (4 << 30) - 1
"""Bytes of the largest file on FAT32."""


def check_disk(folder: Path, files: Iterable[tuple[str, int]], already: int) -> None:
    """Make sure that files (name, bytes) fit into ``folder``, where ``already`` bytes of them lie.

    Raises:
        ModelError: ``kit.fat`` naming the first file that is too large for FAT32, or ``kit.disk_small``.
    """
    files = tuple(files)
    largest = max(files, key=lambda each: each[1], default=("", 0))
    if largest[1] > FAT_LIMIT and file_system(folder) in FAT:
        raise ModelError("kit.fat", file=largest[0], size=largest[1])
    needed = sum(size for _, size in files) - already
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise ModelError("kit.disk_small", needed=needed, free=free, folder=str(folder))


def file_system(folder: Path) -> str:
    """Return the file system that holds ``folder``, in small letters; empty where the system does not say."""
    place = folder.resolve()
    mounted = {Path(part.mountpoint): part.fstype.lower() for part in psutil.disk_partitions(all=True)}
    return next((mounted[each] for each in (place, *place.parents) if each in mounted), "")
