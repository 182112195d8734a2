"""Trust in the chat engine: earned once per machine, in a child process, and written down.

A native library built for another processor does not raise an error, it kills the process (llama.cpp #20824: SIGSEGV
on virtual machines with AMX). In the workshop that process serves everybody.
"""

import hashlib
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from models.engines.prove import UNREADABLE
from models.errors import ModelError
from models.progress import Progress, Report, silent
from models.setup import child

Run = Callable[[Sequence[str]], int]
LIMIT_S = 600
HUNG = -1


def extra_buffers_proven(file: Path, ledger: Path, report: Report = silent, run: Run | None = None) -> bool:
    """Return whether the engine may repack weights (15-30 % faster); ``False`` means it works only without.

    Asks the ledger first; otherwise one or two child processes decode with ``file``.

    Raises:
        ModelError: ``engine.does_not_run`` when the engine dies either way, ``chat.cannot_load`` for a damaged file.
    """
    known = _read(ledger)
    mark = _fingerprint(file)
    if mark in known:
        return known[mark]
    verdict = _try_out(file, report, run or _run)
    _write(ledger, known | {mark: verdict})
    return verdict


def _try_out(file: Path, report: Report, run: Run) -> bool:
    report(Progress("engine.proving"))
    command = [sys.executable, "-m", "models.engines.prove", str(file)]
    first = run(command)
    if first == 0:
        return True
    if first == UNREADABLE:
        raise ModelError("chat.cannot_load", file=file.name)
    report(Progress("engine.proving_plain"))
    if run([*command, "plain"]) == 0:
        report(Progress("engine.plain_works"))
        return False
    raise ModelError("engine.does_not_run", code=first)


def _run(command: Sequence[str]) -> int:
    """Return the child's exit code; a child that hangs is ended and counts as dead."""
    until = time.monotonic() + LIMIT_S

    def watch(_: str | None) -> None:
        if time.monotonic() > until:
            raise TimeoutError

    try:
        return child.follow(command, watch, cwd=Path(__file__).resolve().parent.parent).code
    except TimeoutError:
        return HUNG


def _fingerprint(file: Path) -> str:
    """Name what the proof depends on: engine, machine, processor, Python, model file."""
    parts = [
        version("llama-cpp-python"),
        platform.machine(),
        _processor(),
        sys.version.split()[0],
        file.name,
        str(file.stat().st_size),
    ]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if not listing.exists():
        return platform.processor()
    telling = ("model name", "flags", "Features")
    return "".join(line for line in listing.read_text().splitlines()[:40] if line.startswith(telling))


def _read(ledger: Path) -> dict[str, bool]:
    try:
        found = json.loads(ledger.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(mark): bool(verdict) for mark, verdict in found.items()} if isinstance(found, dict) else {}


def _write(ledger: Path, known: dict[str, bool]) -> None:
    ledger.parent.mkdir(parents=True, exist_ok=True)
    half = ledger.with_suffix(".part")
    half.write_text(json.dumps(known, indent=1), encoding="utf-8")
    half.replace(ledger)
