"""Understands what pip prints, line by line: how far it is, and why it failed."""

import re
from collections.abc import Sequence
from pathlib import Path

from models.setup.place import Job

_FOUND = re.compile(r"\s*(Collecting|Processing|Requirement already satisfied:) (?P<name>[\w./-]+)")
_FILE = re.compile(
    r"\s*(Downloading|Using cached) (?P<name>[\w.]+?)-\d\S* \((?P<size>[\d.]+) (?P<unit>\w?)B\)"
)
_BYTES = re.compile(r"\s*Progress (?P<done>\d+) of (?P<total>\d+)")
# At the beginning of the line: an indented one is about the tools of a build, which touch nothing.
_INSTALL = re.compile(r"Installing collected packages: (?P<names>.+)")
_NINJA = re.compile(r"\s*\[(?P<done>\d+)/(?P<total>\d+)\]")
_NOWHERE = re.compile(r"No matching distribution found for (?P<name>[\w.-]+)")
_NOWHERE_BELOW = re.compile(r"have no matching distributions available for your environment:")
_UNITS = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9}
_LINE = 200  # characters of pip's own words that a sentence can carry
_LARGE = 20_000_000  # bytes from which a single download deserves its own numbers

# In this order: a full disk or a missing network also makes versions "not found".
_REASONS = (
    ("setup.disk_full", r"No space left on device|Errno 28\b|WinError 112|not enough space on the disk"),
    (
        "setup.no_network",
        r"Retrying \(|connection broken|Failed to establish|NewConnectionError|ConnectTimeout|Read timed out"
        r"|ReadTimeout|ConnectionReset|IncompleteRead|name resolution|getaddrinfo|Network is unreachable|ProxyError",
    ),
    (
        "setup.no_version",
        r"from versions:|ResolutionImpossible|No matching distribution|requires a different Python",
    ),
    ("setup.no_compiler", r"CMAKE_C(XX)?_COMPILER not (set|found)|No CMAKE_C(XX)?_COMPILER|Visual C\+\+ 14"),
)


def reason(lines: Sequence[str]) -> tuple[str, str]:
    """Return why pip failed: the key of the sentence that says so, and the line it was read from."""
    for key, pattern in _REASONS:
        for line in reversed(lines):
            if re.search(pattern, line):
                return key, line.strip()[:_LINE]
    return "setup.pip_failed", _last_error(lines)


def lacking(lines: Sequence[str]) -> str | None:
    """Return the package that pip found nowhere, or ``None`` if it names none."""
    for line, after in zip(lines, [*lines[1:], ""], strict=False):
        if match := _NOWHERE.search(line):
            return match["name"]
        if _NOWHERE_BELOW.search(line):
            return after.strip()
    return None


def _last_error(lines: Sequence[str]) -> str:
    """Return the line that says most about a failure."""
    told = [line.strip() for line in lines if "error" in line.lower()] or [line.strip() for line in lines]
    return told[-1][:_LINE] if told else "-"


class Reading:
    """Follows one run of pip and reports what it is doing.

    ``expected`` is about how many packages will be looked at (0: just one thing, not worth counting); the exact
    number is known only when pip has found them all. ``key`` names the sentence for finding and loading,
    ``key + "_install"`` the one for unpacking, ``key + "_build"`` the one for compiling.
    """

    def __init__(self, job: Job, key: str, expected: int) -> None:
        self._job, self._key, self._expected = job, key, expected
        self._found: set[str] = set()
        self._item = ""
        self._before = self._to_install = 0
        self._size = self._share = 0.0
        self._ninja: tuple[int, int] | None = None

    def line(self, line: str) -> None:
        """Take in one line (an empty one is a sign of life) and report where things stand."""
        if match := _FOUND.match(line):
            self._found.add(match["name"])
            self._item, self._size = Path(match["name"]).name.split("-")[0], 0.0
        elif match := _FILE.match(line):
            self._item, self._size = match["name"], float(match["size"]) * _UNITS[match["unit"]]
        elif match := _BYTES.match(line):
            self._share = float(match["done"]) / max(float(match["total"]), 1.0)
        elif match := _NINJA.match(line):
            self._ninja = int(match["done"]), int(match["total"])
        elif match := _INSTALL.match(line):
            self._begin_install(len(match["names"].split(",")))
        self._tell()

    def _tell(self) -> None:
        if self._ninja:
            self._job.tell(f"{self._key}_build", *self._ninja)
        elif self._to_install:
            done = min(self._count() - self._before, self._to_install)
            self._job.tell(f"{self._key}_install", max(done, 0), self._to_install)
        else:
            total = max(self._expected, len(self._found)) if self._expected else None
            self._job.tell(self._key, len(self._found), total, **self._details())

    def _begin_install(self, names: int) -> None:
        self._job.touched = True
        self._ninja, self._to_install, self._before = None, names, self._count()

    def _details(self) -> dict[str, object]:
        """Return what is being fetched, its size, and how much of a large file has come."""
        if self._size < _LARGE:
            return {"item": self._item, "size": self._size}
        return {"item": self._item, "size": self._size, "share": self._share}

    def _count(self) -> int:
        return sum(1 for _ in self._job.place.packages().glob("*.dist-info"))
