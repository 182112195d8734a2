"""The kit on a stick, for real: written here, then installed where there is no network at all.

What is tried on Linux only: the start files of Windows and macOS cannot run here.
"""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from models.kit import start_files, writing
from models.kit.installed import Installed
from models.kit.layout import Kit, this_machine
from models.kit.writing import Plan
from models.progress import silent
from models.store import Store
from stations.commands.kit_arrive import starts, words_for_start_files
from stations.texts import say
from tests.real.conftest import file_of

ROOT = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).with_name("kit_namespace.py")
BASE = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
WRITE = "import sys; from stations import commandline, console; from stations.commands import kit; "
WRITE += "sys.exit(console.shown('en', lambda: kit.run(commandline.parse(sys.argv[1:]))))"
LONGEST_S = 600
LINUX = sys.platform == "linux"
NAMESPACE = ["unshare", "--net"] if LINUX and os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]

pytestmark = pytest.mark.skipif(not LINUX, reason="looks at the Linux start files")


@pytest.fixture(scope="module")
def namespace() -> list[str]:
    """The words that run a program without any network."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    tried = subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"this system allows no network namespaces: {tried.stderr.strip()}")
    return [*NAMESPACE, str(BASE), str(INSIDE), str(LONGEST_S)]


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    """A stick with the chatbot and the smallest model; where it stands the paths have a space and an umlaut."""
    file_of("smollm2")
    folder = tmp_path_factory.mktemp("kit") / "Stick für alle"
    words = ["kit", str(folder), "smollm2", "--station", "chatbot", "--lang", "en"]
    done = subprocess.run(
        [sys.executable, "-c", WRITE, *words],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )
    if "no internet could be reached" in done.stderr:
        pytest.skip("the packages for the stick are neither here nor reachable")
    assert done.returncode == 0, done.stderr[-3000:]
    return Kit(folder)


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Somebody with an empty home and nothing but a Python."""
    home = tmp_path_factory.mktemp("empty home")
    return {"HOME": str(home), "PATH": f"{BASE.parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}


def home_of(person: dict[str, str]) -> Path:
    return Path(person["HOME"]) / ".local" / "share" / "ki-werkstatt"


def started(
    namespace: list[str], person: dict[str, str], file: Path, *words: str
) -> tuple[dict[str, object], str]:
    """Double-click a start file without any network; return what came of it and what was said."""
    log = Path(person["HOME"]) / "said.txt"
    command = [*namespace, str(log), str(file), *words]
    done = subprocess.run(
        command,
        check=False,
        cwd=person["HOME"],
        env=person,
        capture_output=True,
        text=True,
        timeout=LONGEST_S + 60,
    )
    said = log.read_text(encoding="utf-8") if log.exists() else ""
    assert done.returncode == 0, done.stderr + said
    return json.loads(done.stdout), said


def free_port() -> str:
    with closing(socket.socket()) as own:
        own.bind(("127.0.0.1", 0))
        return str(own.getsockname()[1])


def test_a_stick_without_one_model_file_names_it_and_installs_nothing(
    namespace: list[str], stick: Kit, person: dict[str, str]
) -> None:
    file = next(stick.models.rglob("*.gguf"))
    aside = file.rename(file.with_suffix(".aside"))
    try:
        facts, said = started(namespace, person, stick.root / "Start-Linux.sh")
    finally:
        aside.rename(file)
    assert facts["code"] == 1
    assert said.strip() == say("kit.missing", file=file.relative_to(stick.root).as_posix())
    assert not home_of(person).exists(), "neither a mark nor half an installation"


def test_a_stick_without_its_mark_installs_nothing(
    namespace: list[str], stick: Kit, person: dict[str, str]
) -> None:
    aside = stick.mark.rename(stick.mark.with_suffix(".aside"))
    try:
        facts, said = started(namespace, person, stick.root / "Start-Linux.sh")
    finally:
        aside.rename(stick.mark)
    assert (facts["code"], said.strip()) == (1, say("kit.incomplete", folder=str(stick.root)))
    assert not home_of(person).exists()


def test_the_stick_installs_and_serves_where_there_is_no_network_at_all(
    namespace: list[str], stick: Kit, person: dict[str, str]
) -> None:
    words = ["--no-browser", "--port", free_port()]
    facts, said = started(namespace, person, stick.root / "Start-Linux.sh", *words)
    assert facts["interfaces"] == ["lo"]
    assert facts["way_out"] is not None, "something outside could be reached"
    assert facts["health"], said[-3000:]
    installed = Installed(home_of(person))
    assert installed.whole(installed.current.now)
    away = stick.root.rename(stick.root.with_name("pulled out"))
    try:
        facts, said = started(namespace, person, home_of(person) / "Start-Linux.sh", *words)
    finally:
        away.rename(stick.root)
    assert facts["health"], said[-3000:]


PROJECT = """
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
[project]
name = "ki-werkstatt"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["iniconfig>=2"]
[project.optional-dependencies]
chatbot = ["pluggy>=1"]
[tool.setuptools]
py-modules = ["launcher"]
[tool.setuptools.packages.find]
include = ["models*", "stations*"]
"""
READY = """
from stations.console import result
def run(options):
    import iniconfig, pluggy
    result("version {0} is ready")
    return 0
"""
PARTS = (
    "launcher.py",
    "models/setup",
    "models/kit",
    "models/errors.py",
    "models/progress.py",
    "models/__init__.py",
)
NAMES = ("arguments", "console", "commandline", "tasks", "texts", "units", "__init__")
PARTS += tuple(f"stations/{name}.py" for name in (*NAMES, "commands/__init__", "commands/kit_arrive"))
PARTS += ("configs/texts", "configs/versions.txt")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    wanted = ("iniconfig==2.3.1", "pluggy==1.7.0", "pip==26.3", "setuptools>=77")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), *wanted]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LONGEST_S)
    if done.returncode:
        pytest.skip(f"small packages cannot be had here: {done.stderr[-300:]}")
    return folder


def tiny_stick(place: Path, version: int, wheels: Path) -> Kit:
    """Write a stick with the kit's own set-up code around a project that only says its version."""
    root, papers, here = place / f"project {version}", place / f"papers {version}", this_machine()
    for part in PARTS:
        target = root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, target)
    (root / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (root / "configs/workshop.toml").write_text('stations = ["chatbot"]\n', encoding="utf-8")
    (root / "stations/commands/models.py").write_text(READY.format(version), encoding="utf-8")
    papers.mkdir()
    start_files.write(papers, here.system, starts(), [here.python], words_for_start_files([here.python]))
    found = tuple((wheel, here) for wheel in sorted(wheels.glob("*.whl")))
    kit = Kit(place / f"stick {version}")
    writing.write(kit, Plan(root, ("chatbot",), (), found, papers), Store(place / "no models"), silent)
    return kit


def test_a_newer_stick_updates_even_when_killed_and_there_is_a_way_back(
    namespace: list[str], wheels: Path, tmp_path: Path
) -> None:
    person = {"HOME": str(tmp_path / "home"), "PATH": f"{BASE.parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    (tmp_path / "home").mkdir()
    sticks = [tiny_stick(tmp_path, version, wheels) for version in (1, 2)]
    installed = home_of(person) / "Start-Linux.sh"

    def said_by(file: Path, *words: str) -> str:
        return started(namespace, person, file, *words)[1]

    assert "version 1 is ready" in said_by(sticks[0].root / "Start-Linux.sh", "models")
    dice = random.Random()
    for _ in range(3):
        command = ["/bin/sh", str(sticks[1].root / "Start-Linux.sh"), "models"]
        process = subprocess.Popen(
            command, env=person, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(dice.uniform(0.1, 4.0))
        os.killpg(process.pid, 9)
        process.wait()
        assert "version 1 is ready" in said_by(installed, "models"), (
            "the old one waits until the new one is whole"
        )
    assert "version 2 is ready" in said_by(sticks[1].root / "Start-Linux.sh", "models")
    assert "version 2 is ready" in said_by(installed, "models")
    said_by(home_of(person) / "Zurueck-Linux.sh")
    assert "version 1 is ready" in said_by(installed, "models")
    said_by(sticks[1].root / "Zurueck-Linux.sh")
    assert "version 2 is ready" in said_by(installed, "models")


def test_where_the_laptop_has_no_room_the_workshop_runs_from_the_stick(
    namespace: list[str], wheels: Path, tmp_path: Path
) -> None:
    person = {"HOME": str(tmp_path / "home"), "PATH": f"{BASE.parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    person["KIWERKSTATT_HOME"] = "/proc/no room"  # a file system that takes nothing, not even from root
    (tmp_path / "home").mkdir()
    stick = tiny_stick(tmp_path, 1, wheels)
    for _ in range(2):
        _, said = started(namespace, person, stick.root / "Start-Linux.sh", "models")
        assert "version 1 is ready" in said
        assert "vom Stick" in said
    assert {each.name for each in (tmp_path / "home").iterdir()} == {"said.txt"}


def test_a_stick_without_one_package_ends_with_a_sentence_and_no_installation(
    namespace: list[str], wheels: Path, tmp_path: Path
) -> None:
    person = {"HOME": str(tmp_path / "home"), "PATH": f"{BASE.parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    (tmp_path / "home").mkdir()
    few = tmp_path / "few"
    shutil.copytree(wheels, few, ignore=shutil.ignore_patterns("pluggy*"))
    stick = tiny_stick(tmp_path, 1, few)
    facts, said = started(namespace, person, stick.root / "Start-Linux.sh", "models")
    assert facts["code"] == 1
    assert say("kit.package_missing", problem="", log="").partition("\n")[0] in said
    assert "pluggy" in said
    assert "Traceback" not in said
    assert not (home_of(person) / "program" / "current.json").exists()
    assert not (home_of(person) / "Start-Linux.sh").exists()
