"""Makes the environment in ``.venv`` and keeps it up to date; does nothing at all when it is."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from models.errors import ModelError
from models.progress import Progress, Report, silent
from models.setup import child, engine, lock, machine, mark, needs, pip, scratch, torch_cpu
from models.setup.pip import Wish
from models.setup.place import Job, Place


def is_ready(root: Path, extras: Iterable[str]) -> bool:
    """Return whether the environment is whole and has all ``extras``. Starts nothing, takes milliseconds."""
    place = Place(root)
    found = mark.read(place)
    return found is not None and mark.holds(place, found, extras)


def ensure(root: Path, extras: Iterable[str], report: Report = silent) -> Path:
    """Return the Python of an environment that has all ``extras``, making or completing it first.

    Interrupted anywhere, the next call carries on: what pip has loaded comes from its own memory.

    Raises:
        ModelError: ``setup.…`` with what is missing and what to do.
    """
    place, extras = Place(root), tuple(extras)
    if not is_ready(root, extras):
        machine.check_python()
        with lock.held(place.lock, lambda: report(Progress("setup.waiting"))) as opened:
            if not is_ready(root, extras):  # another launcher may have finished it meanwhile
                with scratch.folder(place) as variables:
                    _set_up(Job(place, report, opened, scratch=variables), extras)
    return place.python


def _set_up(job: Job, extras: tuple[str, ...]) -> None:
    job.place.log.write_text("", encoding="utf-8")
    found = mark.read(job.place)
    usable = found is not None and mark.can_run(job.place, found)
    if found and usable:
        extras = tuple(sorted({*extras, *found.extras}))
    steps = _steps(job, extras, anew=not usable)
    job.steps = len(steps)
    with mark.lifted(job.place, lambda: job.touched):
        for number, step in enumerate(steps, start=1):
            job.step = number
            step()
        _prove(job)
        mark.write(job.place, extras)


def _steps(job: Job, extras: tuple[str, ...], *, anew: bool) -> list[Callable[[], None]]:
    wanted = needs.requirements(job.place, extras)
    steps: list[Callable[[], None]] = []
    if anew:
        torch = ("torch",) if torch_cpu.is_wanted(wanted) else ()
        machine.check_room(job.place, (*extras, *torch))
        steps += [partial(_make, job), partial(pip.upgrade, job)]
    if engine.NAME in wanted:
        steps.append(partial(engine.install, job, wanted[engine.NAME]))
    if torch_cpu.is_wanted(wanted):
        steps.append(partial(torch_cpu.install, job))
    return [*steps, partial(_packages, job, extras)]


def _make(job: Job) -> None:
    """Make an empty environment where there was none, or half of one."""
    job.touched = True

    def watch(_: str | None) -> None:
        job.tell("setup.environment")

    watch(None)
    command = [sys.executable, "-I", "-X", "utf8", "-m", "venv", "--clear", str(job.place.venv)]
    ended = child.follow(command, watch, cwd=job.place.root, keep=(job.lock,))
    if ended.code:
        raise _unless_known(pip.failure(job, ended.tail))


def _unless_known(error: ModelError) -> ModelError:
    if error.key == "setup.disk_full":
        return error
    return ModelError("setup.environment_failed", problem=error.facts["problem"])


def _packages(job: Job, extras: tuple[str, ...]) -> None:
    project = f".[{','.join(extras)}]" if extras else "."
    expected = len(needs.pinned(job.place))
    # Upgrading what no longer fits, but "only if needed": what was installed before stays (the CPU build of torch).
    pip.run_tested(job, Wish(("install", *pip.tested(job), "-e", project), "setup.packages", expected))


def _prove(job: Job) -> None:
    """Let the new environment find the project before anybody believes in it."""
    command = [str(job.place.python), "-I", "-c", "import launcher, models, stations"]
    ended = child.follow(command, lambda _: None, cwd=job.place.root, keep=(job.lock,))
    if ended.code:
        raise pip.failure(job, ended.tail)
