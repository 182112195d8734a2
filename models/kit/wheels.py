"""Collects the packages a kit needs as wheels, so that a laptop without a network can install them."""

import platform
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from models.errors import ModelError
from models.kit.layout import Target
from models.progress import Progress, Report
from models.setup import engine, lock, machine, needs, pip, scratch, torch_cpu
from models.setup.pip import ONCE, Wish
from models.setup.place import Job, Place

ANY = "any"
PIP = ("pip", "setuptools>=77")
"""What pip itself needs to install the program: the newest pip where a laptop's is old, and its builder."""
PORTABLE_FLAGS = "-DGGML_NATIVE=OFF -DGGML_OPENMP=OFF"
"""An engine for other laptops too: every processor since 2013, not only this one."""


def collect(place: Place, extras: tuple[str, ...], folder: Path, report: Report) -> None:
    """Fill ``folder`` (emptied first) with wheels of everything the ``extras`` need on a laptop like this one.

    Wheels that are in nobody's index are built. What pip has loaded before comes from its own memory.

    Raises:
        ModelError: as ``models.setup.pip.run``, or ``setup.no_compiler_<system>`` when the engine has to be built.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    wanted = needs.requirements(place, extras)
    waiting = partial(report, Progress("setup.waiting"))
    with lock.held(place.lock, waiting) as held, scratch.folder(place) as variables:
        place.log.write_text("", encoding="utf-8")
        _collect(Job(place, report, held, step=1, steps=3, scratch=variables), wanted, folder)


def _collect(job: Job, wanted: Mapping[str, str], folder: Path) -> None:
    if engine.NAME in wanted:
        _engine(job, wanted[engine.NAME], folder)
    job.step = 2
    if torch_cpu.is_wanted(wanted):
        _torch(job, folder)
    job.step = 3
    requirements = _with_pip(job.place, wanted)
    _wheel(
        job, "setup.packages", folder, *pip.tested(job), *requirements, expected=len(needs.pinned(job.place))
    )


def _with_pip(place: Place, wanted: Mapping[str, str]) -> tuple[str, ...]:
    pinned = needs.pinned(place).get("pip")
    own = (f"pip=={pinned}" if pinned else PIP[0], *PIP[1:])
    return (*wanted.values(), *own)


def _engine(job: Job, requirement: str, folder: Path) -> None:
    """Take a ready-made engine from the user's sources or the project's own index, else build one for any laptop."""
    ready = ("--no-deps", "--only-binary=:all:", *ONCE)
    for source in ((), ("--index-url", engine.READY_MADE)):
        try:
            return _wheel(job, "setup.engine", folder, *ready, *source, requirement)
        except ModelError as error:
            if error.key == "setup.disk_full":
                raise
    machine.check_compiler()
    words = ("--no-deps", "--no-binary", engine.NAME, "--no-cache-dir", "-v", requirement)
    return _wheel(job, "setup.engine", folder, *words, more={"CMAKE_ARGS": PORTABLE_FLAGS})


def _torch(job: Job, folder: Path) -> None:
    """Take torch without the gigabytes for graphics processors, which only Linux's plain wheel brings."""
    torch = f"torch=={needs.pinned(job.place).get('torch', torch_cpu.TESTED)}"
    sources = ((), ("--index-url", torch_cpu.CPU_INDEX)) if platform.system() == "Linux" else ()
    for source in sources:
        try:
            return _wheel(
                job, "setup.torch", folder, "--no-deps", "--only-binary=:all:", *ONCE, *source, f"{torch}+cpu"
            )
        except ModelError as error:
            if error.key == "setup.disk_full":
                raise
    return _wheel(job, "setup.torch", folder, "--no-deps", torch)


def _wheel(
    job: Job, key: str, folder: Path, *words: str, expected: int = 0, more: Mapping[str, str] | None = None
) -> None:
    """Run ``pip wheel``; what is in the folder already counts as found."""
    own = ("wheel", "--find-links", str(folder), "-w", str(folder), *words)
    pip.run(job, Wish(own, key, expected, more))


def shelved(wheel: Path, target: Target) -> str:
    """Return the folder of a kit in which a wheel belongs: ``any``, or the system's."""
    return ANY if wheel.stem.endswith("-none-any") else target.system
