"""Collects wheels for laptops of another kind than this one, and says honestly what there is none of.

pip judges conditions such as ``sys_platform == "win32"`` by the machine it runs on. So it only loads here, without
dependencies; which ones a package has on the other system is read from the wheel and judged for that system.
"""

import email.parser
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from models.errors import ModelError
from models.kit.layout import Target
from models.progress import Progress, Report
from models.setup import engine, lock, needs, pip, scratch
from models.setup.pip import ONCE, Wish
from models.setup.pip_output import lacking
from models.setup.place import Job, Place

PLATFORMS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("windows", "x86_64"): ("win_amd64",),
    ("macos", "arm64"): tuple(f"macosx_{major}_0_arm64" for major in range(14, 10, -1)),
    ("macos", "x86_64"): (
        "macosx_14_0_x86_64",
        "macosx_11_0_x86_64",
        "macosx_10_13_x86_64",
        "macosx_10_9_x86_64",
    ),
    ("linux", "x86_64"): (
        *(f"manylinux_2_{minor}_x86_64" for minor in (34, 31, 28, 27, 26, 24, 17)),
        "manylinux2014_x86_64",
        "manylinux1_x86_64",
        "linux_x86_64",
    ),
    ("linux", "arm64"): (
        *(f"manylinux_2_{minor}_aarch64" for minor in (34, 31, 28, 27, 26, 24, 17)),
        "manylinux2014_aarch64",
        "linux_aarch64",
    ),
}
"""The platforms whose wheels run on a kind of laptop, as pip calls them."""
USUAL = {"windows": "x86_64", "macos": "arm64", "linux": "x86_64"}
"""The processor most laptops of a system have."""
_NAMES = {
    "windows": ("win32", "Windows", "nt"),
    "macos": ("darwin", "Darwin", "posix"),
    "linux": ("linux", "Linux", "posix"),
}


@dataclass
class _Search:
    """What has been looked for: every requirement once, and the packages that have no wheel there."""

    open: list[str]
    seen: set[str] = field(default_factory=set)
    lacking: list[str] = field(default_factory=list)
    read: set[Path] = field(default_factory=set)


def collect(
    place: Place, extras: tuple[str, ...], target: Target, folder: Path, report: Report
) -> tuple[str, ...]:
    """Load into ``folder`` the wheels that a laptop of kind ``target`` needs; return the packages that have none there.

    Wheels for every system that lie in folders beside ``folder`` (built for another kind of laptop) are used too.

    Raises:
        ModelError: as ``models.setup.pip.run``; ``kit.no_platform`` for a kind of laptop nobody makes wheels for.
    """
    if (target.system, target.machine) not in PLATFORMS:
        raise ModelError("kit.no_platform", target=target.name)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = needs.requirements(place, extras)
    ready_made = wanted.pop(engine.NAME, None)
    search = _Search([*wanted.values(), *_own(place)])
    waiting = partial(report, Progress("setup.waiting"))
    with lock.held(place.lock, waiting) as held, scratch.folder(place) as variables:
        job = Job(place, report, held, step=1, steps=1, scratch=variables)
        if ready_made:
            _load_engine(job, search, ready_made, target, folder)
        while search.open:
            _load(job, search, target, folder)
            search.open = list(_further(search, target, folder))
    return tuple(search.lacking)


def _own(place: Place) -> tuple[str, ...]:
    pinned = needs.pinned(place).get("pip")
    return (f"pip=={pinned}" if pinned else "pip", "setuptools>=77")


def _load_engine(job: Job, search: _Search, requirement: str, target: Target, folder: Path) -> None:
    """Load a ready-made engine from the user's sources or the project's own index; without one it is lacking."""
    for source in ((), ("--extra-index-url", engine.READY_MADE)):
        words = (*_words(job, [requirement], target, folder), *ONCE, *source)
        try:
            return pip.run(job, Wish(words, "setup.engine"))
        except ModelError as error:
            if error.key not in ("setup.no_version", "setup.no_network"):
                raise
    search.lacking.append(engine.NAME)
    return None


def _load(job: Job, search: _Search, target: Target, folder: Path) -> None:
    """Load what is open; what has no wheel is set aside by name and the rest tried again."""
    while search.open:
        search.seen |= set(search.open)
        try:
            return pip.run(
                job, Wish(_words(job, search.open, target, folder), "setup.packages", len(search.open))
            )
        except ModelError as error:
            _set_aside(search, error)
    return None


def _set_aside(search: _Search, error: ModelError) -> None:
    """Put the package that has no wheel there on the list and look for the others; other errors go on."""
    name = needs.name_of(lacking([str(error.facts.get("problem", ""))]) or "")
    others = [each for each in search.open if needs.name_of(each) != name]
    if error.key != "setup.no_version" or len(others) == len(search.open):
        raise error
    search.lacking.append(name)
    search.open = others


def _words(job: Job, wanted: Iterable[str], target: Target, folder: Path) -> tuple[str, ...]:
    platforms = (word for each in PLATFORMS[target.system, target.machine] for word in ("--platform", each))
    beside = sorted(each for each in folder.parent.iterdir() if each.is_dir())
    links = (word for each in beside for word in ("--find-links", str(each)))
    fixed = ("download", "--no-deps", "--only-binary=:all:", *links, "-d", str(folder))
    return (*fixed, *pip.tested(job), "--python-version", target.python, *platforms, *wanted)


def _further(search: _Search, target: Target, folder: Path) -> Iterator[str]:
    """Yield what the newly loaded wheels need on the other system and has not been looked for yet."""
    for wheel in sorted(set(folder.glob("*.whl")) - search.read):
        search.read.add(wheel)
        for needed in needed_on(wheel, target, search.seen):
            if needed not in search.seen:
                search.seen.add(needed)
                yield needed


def needed_on(wheel: Path, target: Target, asked: Iterable[str] = ()) -> list[str]:
    """Return the requirements of a wheel that hold on a laptop of kind ``target``.

    ``asked`` are requirements through which it may be wanted: their extras (``psycopg[binary]``) bring more.
    """
    from packaging.requirements import Requirement

    own = needs.name_of(wheel.name.partition("-")[0])
    extras = {""} | {
        extra for each in asked if needs.name_of(each) == own for extra in Requirement(each).extras
    }
    environment = _environment(target)
    held = (Requirement(line) for line in _requires(wheel))
    return [
        _bare(each)
        for each in held
        if each.marker is None
        or any(each.marker.evaluate({**environment, "extra": extra}) for extra in extras)
    ]


def _bare(requirement: object) -> str:
    """Return a requirement without its condition."""
    return str(requirement).partition(";")[0].strip()


def _requires(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as packed:
        name = next(each for each in packed.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", each))
        facts = email.parser.Parser().parsestr(packed.read(name).decode(errors="replace"))
    return [str(each) for each in facts.get_all("Requires-Dist", [])]


def _environment(target: Target) -> dict[str, str]:
    """Return what conditions ask about, as the other laptop would answer."""
    platform, system, kind = _NAMES[target.system]
    machine = {"windows": {"x86_64": "AMD64"}, "linux": {"arm64": "aarch64"}}.get(target.system, {})
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{target.python}.0",
        "os_name": kind,
        "platform_machine": machine.get(target.machine, target.machine),
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": system,
        "platform_version": "",
        "python_full_version": f"{target.python}.0",
        "python_version": target.python,
        "sys_platform": platform,
    }
