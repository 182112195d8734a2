"""Runs a start file where there is no network but loopback, and tells what came of it as one line of JSON.

Run by ``unshare --net``: ``kit_namespace.py SECONDS LOG START_FILE WORDS…``. With ``--health PORT`` among the words it
waits for the page instead of the end. Standard library only: nothing of the kit is installed for it.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

SIOCGIFFLAGS, SIOCSIFFLAGS, UP = 0x8913, 0x8914, 0x1


def raise_loopback():
    with socket.socket() as own:
        asked = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(own, SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(own, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | UP))


def way_out():
    """Return why nobody outside can be reached, or None if somebody can."""
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=3).close()
    except OSError as error:
        return error.strerror or str(error)
    return None


def healthy(port, process, until):
    while time.monotonic() < until and process.poll() is None:
        with (
            contextlib.suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer,
        ):
            return json.load(answer)
        time.sleep(0.3)
    return None


def main(seconds, log, *command):
    raise_loopback()
    facts = {"interfaces": [name for _, name in socket.if_nameindex()], "way_out": way_out()}
    until = time.monotonic() + float(seconds)
    with Path(log).open("w") as out:
        process = subprocess.Popen(["/bin/sh", *command], stdout=out, stderr=out, start_new_session=True)
    try:
        if "--port" in command:
            facts["health"] = healthy(command[command.index("--port") + 1], process, until)
        else:
            facts["code"] = process.wait(max(until - time.monotonic(), 1))
        facts["code"] = process.poll()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    print(json.dumps(facts))


main(*sys.argv[1:])
