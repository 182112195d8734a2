"""Trust in the chat engine: a child that dies shows it, and what it showed is written down."""

import json
import signal
import sys

import pytest

from models import proof
from models.errors import ModelError
from models.proof import extra_buffers_proven

DIED = -int(signal.SIGSEGV) if hasattr(signal, "SIGSEGV") else 3221225477


class Runs:
    """Stands in for child processes: answers with exit codes and remembers the commands."""

    def __init__(self, *codes):
        self.codes, self.commands = list(codes), []

    def __call__(self, command):
        self.commands.append(list(command))
        return self.codes.pop(0)


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "model.gguf"
    place.write_bytes(b"GGUF" * 100)
    return place


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "deep" / "engine-proof.json"


def test_an_engine_that_runs_at_once_may_repack(file, ledger):
    runs = Runs(0)
    assert extra_buffers_proven(file, ledger, run=runs) is True
    assert runs.commands == [[sys.executable, "-m", "models.engines.prove", str(file)]]


def test_an_engine_that_dies_first_and_works_plain_must_not_repack(file, ledger):
    runs, told = Runs(DIED, 0), []
    assert extra_buffers_proven(file, ledger, report=told.append, run=runs) is False
    assert [command[-1] for command in runs.commands] == [str(file), "plain"]
    assert [step.key for step in told] == ["engine.proving", "engine.proving_plain", "engine.plain_works"]


def test_an_engine_that_dies_twice_does_not_run(file, ledger):
    with pytest.raises(ModelError) as caught:
        extra_buffers_proven(file, ledger, run=Runs(DIED, 1))
    assert caught.value.key == "engine.does_not_run"
    assert caught.value.facts == {"code": DIED}


def test_a_failure_is_not_remembered(file, ledger):
    with pytest.raises(ModelError):
        extra_buffers_proven(file, ledger, run=Runs(DIED, DIED))
    assert not ledger.exists()
    assert extra_buffers_proven(file, ledger, run=Runs(0)) is True


@pytest.mark.parametrize(("codes", "verdict"), [((0,), True), ((DIED, 0), False)])
def test_what_was_proven_is_not_tried_again(file, ledger, codes, verdict):
    assert extra_buffers_proven(file, ledger, run=Runs(*codes)) is verdict
    nobody = Runs()
    assert extra_buffers_proven(file, ledger, run=nobody) is verdict
    assert nobody.commands == []
    assert not ledger.with_suffix(".part").exists()


def test_each_model_file_is_proven_for_itself(file, ledger, tmp_path):
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF")
    assert extra_buffers_proven(file, ledger, run=Runs(0)) is True
    assert extra_buffers_proven(other, ledger, run=Runs(DIED, 0)) is False
    assert extra_buffers_proven(file, ledger, run=Runs()) is True
    assert extra_buffers_proven(other, ledger, run=Runs()) is False


@pytest.mark.parametrize(
    "part", ["version", "_processor"], ids=["another engine version", "another processor"]
)
def test_a_proof_holds_only_where_it_was_made(file, ledger, monkeypatch, part):
    assert extra_buffers_proven(file, ledger, run=Runs(0)) is True
    monkeypatch.setattr(proof, part, lambda *_: "another")
    runs = Runs(DIED, 0)
    assert extra_buffers_proven(file, ledger, run=runs) is False
    assert len(runs.commands) == 2


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b'"text"'], ids=repr)
def test_a_damaged_ledger_is_ignored_and_mended(file, ledger, damage):
    ledger.parent.mkdir()
    ledger.write_bytes(damage)
    assert extra_buffers_proven(file, ledger, run=Runs(DIED, 0)) is False
    assert list(json.loads(ledger.read_text()).values()) == [False]


CHILD = """
import os, signal, sys
if "plain" not in sys.argv or {dies_twice}:
    os.kill(os.getpid(), signal.SIGSEGV)
"""


def crashing(dies_twice):
    """The kit's own runner, with a child that really dies."""

    def run(command):
        assert command[:2] == [sys.executable, "-m"]
        return proof._run([sys.executable, "-c", CHILD.format(dies_twice=dies_twice), *command[3:]])

    return run


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal to die by")
def test_a_child_that_really_dies_of_a_signal_leaves_us_alive_and_informed(file, ledger):
    assert extra_buffers_proven(file, ledger, run=crashing(dies_twice=False)) is False
    with pytest.raises(ModelError) as caught:
        extra_buffers_proven(file, ledger.with_name("other.json"), run=crashing(dies_twice=True))
    assert caught.value.facts == {"code": 128 + signal.SIGSEGV}  # as a shell counts it


def test_a_child_that_hangs_is_ended_and_counts_as_a_failure(monkeypatch):
    monkeypatch.setattr(proof, "LIMIT_S", 0.2)
    assert proof._run([sys.executable, "-c", "import time; time.sleep(60)"]) != 0


def test_the_childs_words_do_not_reach_a_result_on_standard_output(capfd):
    assert proof._run([sys.executable, "-c", "print('noise')"]) == 0
    assert capfd.readouterr().out == ""
