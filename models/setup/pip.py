"""Runs pip in the environment: on a leash, with progress, and with a reason when it fails."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.errors import ModelError
from models.setup import child, needs
from models.setup.machine import system
from models.setup.pip_output import Reading, lacking, reason
from models.setup.place import Job

RAW_PROGRESS_SINCE = (24, 1)
# Settings of the user that would put packages somewhere else; where to get them from stays the user's choice.
_ELSEWHERE = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV")
_STEADY = {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | dict.fromkeys(
    _ELSEWHERE, ""
)
_ONLY_SHELF = {"PIP_CONFIG_FILE": os.devnull} | dict.fromkeys(
    ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"), ""
)
"""On a stick the user's other package sources do not count."""
ONCE = ("--retries", "0", "--timeout", "10")
"""For sources that may be missing: one quick try."""


@dataclass(frozen=True)
class Wish:
    """One run of pip: what to do, and how to tell about it (see ``Reading``)."""

    words: tuple[str, ...]
    key: str
    expected: int = 0
    more: Mapping[str, str] | None = None

    def without_constraints(self) -> "Wish":
        """Return the same wish for whatever versions there are."""
        words = list(self.words)
        if "-c" in words:
            position = words.index("-c")
            del words[position : position + 2]
        return Wish(tuple(words), self.key, self.expected, self.more)


def upgrade(job: Job) -> None:
    """Bring a pip that is too old to tell its progress up to date."""
    if _version(job) >= RAW_PROGRESS_SINCE:
        return
    pip = f"pip=={needs.pinned(job.place)['pip']}" if "pip" in needs.pinned(job.place) else "pip"
    run(job, Wish(("install", "--upgrade", pip), "setup.pip"), bar="off")
    job.touched = False  # a newer pip changes nothing the kit stands on


def tested(job: Job) -> tuple[str, ...]:
    """Return the words that hold pip to the tested versions."""
    return ("-c", str(job.place.versions)) if job.place.versions.exists() else ()


def run_tested(job: Job, wish: Wish) -> None:
    """Run ``wish`` with the tested versions; where one does not exist for this Python or system, without them.

    Raises:
        ModelError: see ``run``.
    """
    try:
        run(job, wish)
    except ModelError as error:
        if error.key != "setup.no_version":
            raise
        job.tell("setup.untested")
        run(job, wish.without_constraints())


def run(job: Job, wish: Wish, bar: str = "raw") -> None:
    """Run pip once.

    Raises:
        ModelError: ``setup.disk_full``, ``setup.no_network``, ``setup.no_version``, ``setup.no_compiler_<system>`` or
            ``setup.pip_failed`` with pip's own words; on a stick ``kit.package_missing`` for what is not on it.
    """
    reading = Reading(job, wish.key, wish.expected)
    verb, *words = wish.words
    steady = (
        ["--progress-bar", bar, "--root-user-action", "ignore"]
        if verb == "install"
        else ["--progress-bar", bar]
    )
    itself = [str(job.place.python), "-I", "-u", "-X", "utf8", "-m", "pip"]
    command = [*itself, verb, *steady, *job.place.sources(), *words]
    with job.place.log.open("a", encoding="utf-8") as log:

        def watch(line: str | None) -> None:
            log.write(f"{line}\n" if line is not None else "")
            reading.line(line or "")

        shelf = _ONLY_SHELF if job.place.on_shelf else {}
        more = _STEADY | shelf | dict(job.scratch) | dict(wish.more or {})
        ended = child.follow(command, watch, cwd=job.place.root, more=more, keep=(job.lock,))
    if ended.code:
        raise failure(job, ended.tail)


def failure(job: Job, lines: Sequence[str]) -> ModelError:
    """Return the error that says why a program of the set-up ended early."""
    key, line = reason(lines)
    if job.place.on_shelf and key in ("setup.no_version", "setup.no_network"):
        return ModelError("kit.package_missing", problem=lacking(lines) or line, log=str(job.place.log))
    key = f"{key}_{system()}" if key == "setup.no_compiler" else key
    return ModelError(key, problem=line, log=str(job.place.log))


def _version(job: Job) -> tuple[int, ...]:
    found = re.findall(r"\d+", job.place.installed("pip") or "0")
    return tuple(int(number) for number in found[:2])
