"""What this machine must have before anything is installed, and which remedy fits it."""

import importlib.util
import platform
import shutil
import struct
import subprocess
import sys
from collections.abc import Collection
from functools import cache
from pathlib import Path

from models.errors import ModelError
from models.setup.place import Place

GIGABYTE = 10**9
ROOM = {"": 1.2 * GIGABYTE, "test": 0.5 * GIGABYTE, "torch": 1.5 * GIGABYTE}
"""Free space a first set-up needs, in bytes: measured size of the environment, and as much again for unpacking."""


def check_python() -> None:
    """Make sure this Python can make an environment.

    Raises:
        ModelError: ``setup.python_32bit`` or ``setup.no_venv_<system>``.
    """
    if struct.calcsize("P") * 8 < 64:  # noqa: PLR2004
        raise ModelError("setup.python_32bit", version=platform.python_version())
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise ModelError(f"setup.no_venv_{system()}", version=version)


def check_room(place: Place, parts: Collection[str]) -> None:
    """Make sure the disk has room for a first set-up.

    Raises:
        ModelError: ``setup.disk_small`` with the bytes needed and free.
    """
    needed = sum(size for part, size in ROOM.items() if part in ("", *parts))
    free = shutil.disk_usage(place.root).free
    if free < needed:
        raise ModelError("setup.disk_small", needed=needed, free=free, folder=str(place.root))


def check_compiler() -> None:
    """Make sure a C++ compiler is there (Windows: the build itself finds out).

    Raises:
        ModelError: ``setup.no_compiler_<system>``.
    """
    if system() == "windows":
        return
    if system() == "macos":
        found = not subprocess.run(["xcode-select", "-p"], check=False, capture_output=True).returncode
    else:
        found = compiler() is not None and any(shutil.which(name) for name in ("c++", "g++", "clang++"))
    if not found:
        raise ModelError(f"setup.no_compiler_{system()}")


def compiler() -> str | None:
    """Return the C compiler's path, or ``None``."""
    return next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)


def has_nvidia() -> bool:
    """Return whether an NVIDIA graphics processor is usable here."""
    return shutil.which("nvidia-smi") is not None or Path("/proc/driver/nvidia/version").exists()


@cache
def system() -> str:
    """Return ``windows``, ``macos``, ``debian`` (and its family), ``fedora`` (and its family) or ``linux``."""
    if sys.platform in ("win32", "darwin"):
        return {"win32": "windows", "darwin": "macos"}[sys.platform]
    try:
        facts = platform.freedesktop_os_release()
    except OSError:
        return "linux"
    family = f"{facts.get('ID', '')} {facts.get('ID_LIKE', '')}".split()
    return next((name for name in ("debian", "fedora") if name in family), "linux")


def processor() -> str:
    """Return what a natively built engine depends on: the processor's name and abilities."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    facts = {line for line in lines if line.startswith(("flags", "Features", "model name"))}
    return f"{platform.machine()} {sorted(facts)}"
