"""The browser of the browser tests: the one that is there, else one that can be had."""

import os
import shutil
import sys
from pathlib import Path

from models.setup import child, machine
from stations.console import Terminal

VARIABLE = "KIWERKSTATT_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300")
APT_QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


def find() -> str | None:
    """Return the path of a Chromium: the one named in ``KIWERKSTATT_CHROMIUM``, the system's, or Playwright's."""
    named = os.environ.get(VARIABLE)
    if named and Path(named).exists():
        return named
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights()


def find_or_get(screen: Terminal) -> str | None:
    """Return the path of a Chromium, fetching one where there is none; ``None`` after saying what is missing."""
    found = find()
    if found:
        return found
    screen.say("command.chromium_getting")
    if machine.system() == "debian" and os.geteuid() == 0:
        child.run((*APT, "update"), cwd=Path.cwd(), more=APT_QUIET)
        child.run((*APT, "install", "-y", "chromium"), cwd=Path.cwd(), more=APT_QUIET)
    else:
        child.run((sys.executable, "-m", "playwright", "install", "chromium"), cwd=Path.cwd())
    found = find()
    if found is None:
        screen.say(f"command.chromium_missing_{machine.system()}")
    return found


def _playwrights() -> str | None:
    """Return Playwright's own Chromium if it has been fetched."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None
