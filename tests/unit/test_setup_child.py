"""Programs on a leash, and one set-up at a time. Starts small real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.errors import ModelError
from models.setup import child, lock, scratch, starter
from models.setup.place import Place

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="signals and sessions")


def test_lines_arrive_and_the_exit_code_too(tmp_path: Path) -> None:
    seen: list[str | None] = []
    program = "import sys; print('für'); print('Äpfel', file=sys.stderr); sys.exit(3)"
    ended = child.follow([sys.executable, "-X", "utf8", "-c", program], seen.append, cwd=tmp_path)
    assert ended.code == 3
    assert sorted(line for line in seen if line) == sorted(ended.tail) == ["für", "Äpfel"]


def test_a_silent_program_gives_signs_of_life(tmp_path: Path) -> None:
    seen: list[str | None] = []
    child.follow([sys.executable, "-c", "import time; time.sleep(1.3)"], seen.append, cwd=tmp_path)
    assert seen.count(None) >= 1


def test_another_pythons_variables_do_not_reach_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    seen: list[str | None] = []
    program = "import os; print(os.environ.get('PYTHONPATH'), os.environ['MORE'])"
    child.follow([sys.executable, "-c", program], seen.append, cwd=tmp_path, more={"MORE": "1"})
    assert "None 1" in seen


@posix
def test_a_program_killed_by_a_signal_is_not_taken_for_a_success(tmp_path: Path) -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    ended = child.follow([sys.executable, "-c", program], lambda _: None, cwd=tmp_path)
    assert ended.code == 128 + signal.SIGSEGV


# The grandchild puts itself into a group of its own, as ninja does with every compiler.
FAMILY = """
import subprocess, sys, time
g = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], process_group=0)
print(g.pid, flush=True)
time.sleep(60)
"""


@posix
def test_nothing_outlives_a_killed_launcher(tmp_path: Path) -> None:
    starter_program = (
        "import sys; from pathlib import Path; from models.setup import child\n"
        f"child.follow([sys.executable, '-c', {FAMILY!r}], lambda l: l and print(l, flush=True), cwd=Path('/'))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", starter_program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert launcher.stdout is not None
        grandchild = int(launcher.stdout.readline())
        launcher.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _lives(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(grandchild)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@posix
def test_a_lock_waits_for_its_holder_and_for_the_program_that_inherited_it(tmp_path: Path) -> None:
    file = tmp_path / "build" / "setup.lock"
    waits: list[None] = []
    sleeper = [sys.executable, "-c", "import time; time.sleep(1.2)"]
    with lock.held(file, lambda: None) as opened:
        heir = subprocess.Popen(sleeper, pass_fds=[opened])
    with lock.held(file, lambda: waits.append(None)):
        assert heir.poll() is not None, "the lock was given while the heir still worked"
    assert waits


@posix
def test_the_lock_reaches_the_program_through_the_leash(tmp_path: Path) -> None:
    with lock.held(tmp_path / "setup.lock", lambda: None) as opened:
        command = [sys.executable, "-c", f"import os; os.fstat({opened})"]
        assert child.follow(command, lambda _: None, cwd=tmp_path, keep=[opened]).code == 0
        assert child.follow(command, lambda _: None, cwd=tmp_path).code != 0


def test_two_pythons_do_not_hand_over_to_each_other_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(starter.HANDED_OVER, "2")
    monkeypatch.setattr(os, "execve", lambda *_: None)
    with pytest.raises(ModelError, match=r"setup\.broken"):
        starter.hand_over(Path(sys.executable), ["launcher.py"])
    starter.arrived()
    assert starter.HANDED_OVER not in os.environ


def test_only_the_projects_own_environment_counts_as_inside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    assert starter.is_inside(tmp_path)
    assert not starter.is_inside(tmp_path / "other")
    assert Place(tmp_path).venv == tmp_path / ".venv"


def test_temporary_files_of_a_killed_setup_are_removed_by_the_next_one(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.lock.parent.mkdir()
    killed = scratch.folder(place)
    left = Path(killed.__enter__()["TMPDIR"])
    (left / "half-built").write_text("x", encoding="utf-8")
    with scratch.folder(place) as variables:
        fresh = Path(variables["TMPDIR"])
        assert fresh.is_dir()
        assert not left.exists()
    assert not fresh.exists()


def test_a_folder_that_is_not_the_setups_own_is_never_removed(tmp_path: Path) -> None:
    place, precious = Place(tmp_path), tmp_path / "precious"
    precious.mkdir()
    place.lock.parent.mkdir()
    (place.root / "build" / "setup.temporary").write_text(str(precious), encoding="utf-8")
    with scratch.folder(place):
        assert precious.is_dir()
