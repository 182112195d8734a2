"""Installs llama-cpp-python: a ready-made wheel where there is one, else built here with flags that do not crash.

Ready-made wheels are tried by loading them once: some of those on the project's own index were linked for another
C library and cannot be loaded everywhere.
"""

import hashlib
import os
import platform
import shutil
import subprocess
from pathlib import Path

from models.errors import ModelError
from models.setup import child, machine, pip
from models.setup.pip import ONCE, Wish
from models.setup.place import Job

NAME = "llama-cpp-python"
READY_MADE = "https://abetlen.github.io/llama-cpp-python/whl/cpu"
# Virtual machines that announce AMX crash in it (llama.cpp #20824).
NO_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
# GGML's own threads share the cores with a second engine three times better than OpenMP's (docs/decisions.md).
PLAIN_FLAGS = "-DGGML_OPENMP=OFF"


def install(job: Job, requirement: str) -> None:
    """Install ``requirement`` (``llama-cpp-python==…``) unless it is there.

    Raises:
        ModelError: ``setup.no_compiler_<system>`` where it must be built and cannot, ``kit.engine_missing`` where the
            stick has none that can be loaded, or what ``pip.run`` raises.
    """
    if job.place.installed(NAME):
        return
    sources = (("--index-url", READY_MADE), ())
    if any(_ready_made(job, requirement, source) for source in reversed(sources)):
        return
    if job.place.on_shelf:
        raise ModelError("kit.engine_missing", package=requirement)
    shelf = _shelf(job, requirement)
    if not shelf.exists():
        machine.check_compiler()
        _build(job, requirement, shelf)
    _put_in(job, str(next(shelf.glob("*.whl"))), ("--force-reinstall", "--no-index"))


def _ready_made(job: Job, requirement: str, source: tuple[str, ...]) -> bool:
    """Try a wheel from the user's own package sources, or from the index ``source``; tell whether it can be loaded."""
    try:
        _put_in(job, requirement, ("--only-binary=:all:", *source, *ONCE))
        return _loads(job)
    except ModelError as error:
        if error.key == "setup.disk_full":
            raise
        return False


def _put_in(job: Job, what: str, words: tuple[str, ...]) -> None:
    pip.run(job, Wish(("install", "--no-deps", *words, what), "setup.engine"))


def _loads(job: Job) -> bool:
    """Load the engine once, with what it needs, in a process of its own."""
    pip.run_tested(job, Wish(("install", *pip.tested(job), NAME), "setup.engine"))
    command = [str(job.place.python), "-I", "-c", "import llama_cpp"]
    return child.follow(command, lambda _: None, cwd=job.place.root, keep=(job.lock,)).code == 0


def _shelf(job: Job, requirement: str) -> Path:
    """Return the folder that keeps a built wheel: found again only for the same flags, processor and Python.

    pip's own memory of built wheels does not look at the flags: it might hand out one that crashes.
    """
    facts = "\n".join((requirement, flags(), machine.processor(), platform.python_version()))
    return _cache(job) / "ki-werkstatt" / hashlib.sha256(facts.encode()).hexdigest()[:16]


def _cache(job: Job) -> Path:
    """Return pip's folder for things that can be had again, or one of our own where pip keeps nothing."""
    command = [str(job.place.python), "-I", "-X", "utf8", "-m", "pip", "cache", "dir"]
    told = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    return Path(told.stdout.strip()) if told.returncode == 0 else job.place.root / "build"


def _build(job: Job, requirement: str, shelf: Path) -> None:
    """Build the wheel beside its final folder, then rename: a half-built one never has the right name."""
    part = shelf.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    words = ("wheel", "-v", "--no-deps", "--no-binary", NAME, "--no-cache-dir", "-w", str(part), requirement)
    pip.run(job, Wish(words, "setup.engine", more={"CMAKE_ARGS": flags()}))
    part.replace(shelf)


def flags() -> str:
    """Return CMake's arguments for this machine; the user's own ``CMAKE_ARGS`` come last and win."""
    chosen = PLAIN_FLAGS
    if platform.system() == "Linux" and platform.machine() in ("x86_64", "AMD64") and _knows_amx():
        chosen += f" -DGGML_NATIVE=ON -DCMAKE_C_FLAGS='{NO_AMX}' -DCMAKE_CXX_FLAGS='{NO_AMX}'"
    return f"{chosen} {os.environ.get('CMAKE_ARGS', '')}".strip()


def _knows_amx() -> bool:
    """Return whether the compiler knows the AMX switches; an older one would refuse them, and needs none."""
    compiler = machine.compiler()
    if compiler is None:
        return False
    command = [compiler, *NO_AMX.split(), "-fsyntax-only", "-x", "c", "-"]
    return subprocess.run(command, check=False, input=b"", capture_output=True).returncode == 0
