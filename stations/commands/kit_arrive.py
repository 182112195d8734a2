"""What happens when the kit is started from a stick, or goes back to the version before. Standard library only."""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from models.errors import ModelError
from models.kit import arrival, start_files
from models.kit.installed import Installed, home_of
from models.kit.layout import HOME_VARIABLE, NAME, Kit, home, this_machine
from models.kit.manifest import Manifest
from models.kit.start_files import Start, Words
from models.setup import child, environment, needs, starter
from models.setup.place import Place
from stations.commandline import Options
from stations.console import Terminal, terminal
from stations.texts import LANGUAGES, say

ROOT = Path(__file__).resolve().parent.parent.parent
BACK = Path("back")
START_NAME, BACK_NAME = "Start", "Zurueck"


def run(options: Options, words: Sequence[str]) -> int | None:
    """Go back, or install from this stick and go on in what was installed; ``None``: nothing to do here.

    Raises:
        ModelError: ``kit.…`` with what is missing or damaged; nothing half installed ever starts.
    """
    kit, screen = Kit(ROOT.parent), terminal(options.lang)
    at_home = kit.kind == "installed"
    installed = Installed(home_of(ROOT) if at_home else home())
    if options.command == "kit" and options.folder == BACK:
        return _back(installed, screen)
    if at_home:
        os.environ[HOME_VARIABLE] = os.environ.get(HOME_VARIABLE) or str(installed.home)
        return None
    return _arrive(kit, installed, screen, words)


def proven() -> None:
    """Note that this version has started and ended well: versions older than the one before are removed now."""
    if Kit(ROOT.parent).kind == "installed":
        Installed(home_of(ROOT)).tidy()


def words_for_start_files(pythons: Iterable[str]) -> Words:
    """Return what start files say, in every language of the kit; ``pythons`` are the versions that fit."""
    return Words(
        no_python=_both("kit.file_no_python", versions=", ".join(pythons)),
        installers=_both("kit.file_installers"),
        close=_both("kit.file_close"),
    )


def starts(launcher: Path | None = None) -> tuple[Start, ...]:
    """Return what can be started: the workshop, and the way back; without ``launcher`` from a stick."""
    return (
        Start(START_NAME, _both("kit.file_title"), "", launcher),
        Start(BACK_NAME, _both("kit.file_back"), "kit back", launcher),
    )


def _both(key: str, **facts: object) -> str:
    return "\n".join(say(key, language, **facts) for language in LANGUAGES)


def _back(installed: Installed, screen: Terminal) -> int:
    with installed.alone(screen.report):
        name = installed.back()
    _offer(installed, name)
    screen.say("kit.back_done", version=name)
    return 0


def _arrive(stick: Kit, installed: Installed, screen: Terminal, words: Sequence[str]) -> int:
    found = arrival.checked(stick)
    if not installed.whole(found.id) and not arrival.can_copy(found, stick, installed.home):
        return _from_stick(found, stick, installed.home, screen, words)
    with installed.alone(screen.report):
        if not installed.whole(found.id):
            _install(found, stick, installed, screen)
        installed.finish(found.id)
        _offer(installed, found.id)
    os.environ[HOME_VARIABLE] = str(installed.home)
    screen.say("kit.installed", folder=str(installed.home))
    kit = installed.kit(found.id)
    return starter.hand_over(Place(kit.code).python, [str(kit.launcher), *words])


def _install(found: Manifest, stick: Kit, installed: Installed, screen: Terminal) -> None:
    screen.say("kit.arriving", folder=str(installed.home))
    kit = arrival.copied(found, stick, installed, screen.report)
    screen.finish()
    python = environment.ensure(kit.code, needs.extras(Place(kit.code)), screen.report)
    screen.finish()
    if found.below("models"):
        _take_models(python, kit, stick, installed.home, screen)


def _take_models(python: Path, kit: Kit, stick: Kit, folder: Path, screen: Terminal) -> None:
    """Let the new environment take over the models; every byte is compared, and what is wrong is said there."""
    command: list[str | Path] = [python, kit.launcher, "import", stick.models, "--lang", screen.language]
    if child.run(command, cwd=kit.code, more={HOME_VARIABLE: str(folder)}):
        raise ModelError("kit.model_damaged")


def _from_stick(found: Manifest, stick: Kit, folder: Path, screen: Terminal, words: Sequence[str]) -> int:
    arrival.check_stick_runs(found, stick, folder)
    screen.say("kit.from_stick", needed=arrival.needed(found, stick, folder), folder=str(folder))
    python = environment.ensure(stick.code, needs.extras(Place(stick.code)), screen.report)
    screen.finish()
    os.environ[HOME_VARIABLE] = str(stick.root)
    return starter.hand_over(python, [str(stick.launcher), *words])


def _offer(installed: Installed, name: str) -> None:
    """Put start files where people find them without the stick: into the data folder, the menu, the desktop."""
    here = this_machine()
    wanted, words = starts(installed.kit(name).launcher), words_for_start_files([here.python])
    written = start_files.write(installed.home, here.system, wanted, [here.python], words)
    for file in written:
        if file.name.startswith(START_NAME):
            _show(file)


def _show(file: Path) -> None:
    if file.suffix == ".desktop":
        menu = Path.home() / ".local" / "share" / "applications"
        menu.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, menu / f"{NAME}.desktop")
    elif file.suffix in (".bat", ".command") and (Path.home() / "Desktop").is_dir():
        shutil.copy(file, Path.home() / "Desktop" / f"KI-Werkstatt{file.suffix}")
