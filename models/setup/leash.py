"""A program on a leash: it ends when whoever started it is gone, even by ``kill -9``.

Run by path with any Python: ``python -I -S leash.py program arguments …``. Standard input is a pipe from the starter;
when it closes, the leash ends the program and everything the program has started. Nothing else imports this file.
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path


def main(command: list[str]) -> None:
    """Start ``command`` and leave with its exit code, or end it when standard input closes."""
    # close_fds=False: the program keeps the set-up's lock held until it is really gone.
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=False)
    threading.Thread(target=_pass_on, args=(child,), daemon=True).start()
    while os.read(0, 1):
        pass
    _end(child.pid)
    os._exit(1)


def _pass_on(child: "subprocess.Popen[bytes]") -> None:
    code = child.wait()
    os._exit(code if code >= 0 else 128 - code)


def _end(child: int) -> None:
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(child)], check=False, capture_output=True)
        return
    # A whole session, not a process group: ninja puts every compiler into a group of its own.
    for _ in range(20):
        for pid in (others := _session()):
            _kill(pid)
        if not others:
            return


def _session() -> list[int]:
    """Return the other processes of this session."""
    own, session = os.getpid(), os.getsid(0)
    return [pid for pid in _all_processes() if pid != own and _session_of(pid) == session]


def _all_processes() -> list[int]:
    if Path("/proc/self").exists():
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    listed = subprocess.run(["ps", "-A", "-o", "pid="], check=False, capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return


if __name__ == "__main__":
    main(sys.argv[1:])
