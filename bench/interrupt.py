"""Kills a first set-up of the whole project at random moments and shows what became of it. Run by hand on Linux.

    python3 bench/interrupt.py [--kills 10] [--longest 60] [--seed 1] [--command models]

Copies the project to a temporary folder with a space and an umlaut, starts the real launcher, kills it (-9), looks for
processes that outlived it, starts it again, and lets the last start finish. Needs the network (or pip's memory).
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("launcher.py", "pyproject.toml", "README.md", "LICENSE", "configs", "models", "stations")


def main() -> int:
    wishes = _wishes()
    dice = random.Random(wishes.seed)
    with tempfile.TemporaryDirectory() as folder:
        copy = _copy(Path(folder) / "Werkstatt für alle")
        bad = 0
        for number in range(1, wishes.kills + 1):
            moment, step, left = _kill_once(copy, wishes.command, dice.uniform(0.1, wishes.longest))
            bad += bool(left)
            print(f"{number:2} {moment:6.1f} s  survivors: {len(left)}  {step}", flush=True)
        return _last(copy, wishes.command) or bad


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--longest", type=float, default=60.0, help="latest moment of a kill, in seconds")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--command", default="models")
    return parser.parse_args()


def _copy(folder: Path) -> Path:
    folder.mkdir()
    for part in filter(Path.exists, (ROOT / name for name in PARTS)):
        if part.is_dir():
            shutil.copytree(
                part, folder / part.name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
            )
        else:
            shutil.copy(part, folder)
    return folder


def _start(copy: Path, command: str, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as out:
        return subprocess.Popen([sys.executable, "launcher.py", command], cwd=copy, stdout=out, stderr=out)


def _kill_once(copy: Path, command: str, moment: float) -> tuple[float, str, list[str]]:
    """Return the moment, the last line that was shown, and the command lines of survivors after ten seconds."""
    log = copy.parent / "out.log"
    began = time.monotonic()
    process = _start(copy, command, log)
    try:
        process.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    told = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["-"]
    return time.monotonic() - began, told[-1], _survivors(copy)


def _survivors(copy: Path) -> list[str]:
    deadline = time.monotonic() + 10
    while (found := _working_in(copy)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _working_in(copy: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(copy) in words or str((process / "cwd").readlink()).startswith(str(copy)):
                found.append(words)
        except OSError:
            continue
    return found


def _last(copy: Path, command: str) -> int:
    log = copy.parent / "out.log"
    for words in ("last start", "start after that"):
        began = time.monotonic()
        code = _start(copy, command, log).wait()
        print(f"{words}: exit code {code} after {time.monotonic() - began:.1f} s")
    print("\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]))
    mark = copy / ".venv" / "ki-werkstatt.json"
    print("mark:", mark.read_text(encoding="utf-8") if mark.exists() else "missing")
    return code


if __name__ == "__main__":
    sys.exit(main())
