"""Whose recording is worked on when: in turns, fairly, and without one spoiling another's."""

import threading
import time
from pathlib import Path

import pytest

from models.errors import ModelError
from stations.speech.jobs import Asked, Job, JobFolder, Stage, job_folder, jobs_in, new_job
from stations.speech.runner import AT_ONCE, Runner

WAIT_S = 10


class Steps:
    """Work that goes on when the test allows it, and remembers who had a step."""

    def __init__(self):
        self.had, self.begun, self.allowed, self.count = [], [], threading.Semaphore(0), {}

    def process(self, work):
        work.change(stage=Stage.LISTENING)
        self.begun.append(work.job.name)
        for _ in range(self.count.get(work.job.name, 1)):
            while not self.allowed.acquire(timeout=0.02):
                if work.stopping.is_set():
                    work.change(stage=Stage.STOPPED)
                    return
                yield
            self.had.append(work.job.name)
            if work.job.name == "bug":
                raise ValueError("a mistake of ours")
            yield
        work.change(stage=Stage.DONE)


@pytest.fixture
def steps():
    return Steps()


@pytest.fixture
def runner(steps):
    runner = Runner(steps.process)
    yield runner
    runner.close()


def job(tmp_path, name, visitor="anna"):
    file = tmp_path / f"{name}.wav"
    file.write_bytes(b"sound")
    (tmp_path / visitor).mkdir(exist_ok=True)
    return new_job(tmp_path / visitor, file, Asked(), name)


def until(condition):
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def stage(runner, folder):
    return runner.work_on(folder).job.stage


def test_a_new_job_takes_the_file_into_the_visitors_own_folder(tmp_path):
    folder = job(tmp_path, "Interview")
    found = folder.load()
    assert (found.name, found.stage, found.upload) == ("Interview", Stage.WAITING, "upload.wav")
    assert folder.upload(found).read_bytes() == b"sound"
    assert not (tmp_path / "Interview.wav").exists()
    assert folder.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["böse.wa/../v", "x.", "x", "x.mp3;rm", "x." + "a" * 300])
def test_a_strange_ending_never_becomes_part_of_a_path(tmp_path, name):
    file = tmp_path / "strange"
    file.write_bytes(b"sound")
    folder = new_job(tmp_path, Path(file), Asked(), name)
    assert folder.upload(folder.load()).parent == folder.path


def test_jobs_of_others_cannot_be_named(tmp_path):
    mine = job(tmp_path, "mine")
    yours = job(tmp_path, "yours", "berta")
    assert job_folder(tmp_path / "anna", mine.path.name).path == mine.path
    for wish in (yours.path.name, f"../../berta/speech/{yours.path.name}", "", ".", "..", "/etc", "\0"):
        assert job_folder(tmp_path / "anna", wish) is None


def test_a_broken_state_is_a_sentence(tmp_path):
    folder = job(tmp_path, "mine")
    (folder.path / "job.json").write_text("{")
    with pytest.raises(ModelError) as caught:
        folder.load()
    assert caught.value.key == "speech.job_gone"


def test_a_job_is_worked_on_to_its_end(tmp_path, runner, steps):
    folder = job(tmp_path, "Interview")
    runner.add(folder)
    steps.allowed.release()
    until(lambda: stage(runner, folder) is Stage.DONE)
    assert folder.load().stage is Stage.DONE


def test_a_short_job_does_not_wait_for_a_long_one_to_end(tmp_path, runner, steps):
    steps.count = {"long": 1000}
    long, short = job(tmp_path, "long"), job(tmp_path, "short", "berta")
    runner.add(long)
    steps.allowed.release(20)
    until(lambda: len(steps.had) >= 20)
    runner.add(short)
    steps.allowed.release(10)
    until(lambda: stage(runner, short) is Stage.DONE)
    assert stage(runner, long) is Stage.LISTENING
    runner.stop(long)


def test_a_persons_second_job_waits_behind_anothers_first(tmp_path, runner, steps):
    steps.count = {f"a{n}": 1000 for n in range(AT_ONCE + 1)}
    mine = [job(tmp_path, f"a{n}") for n in range(AT_ONCE + 1)]
    for each in mine:
        runner.add(each)
    until(lambda: runner.place(mine[-1].path.name) == 1)
    yours = job(tmp_path, "yours", "berta")
    runner.add(yours)
    assert (runner.place(yours.path.name), runner.place(mine[-1].path.name)) == (1, 2)
    assert runner.place(mine[0].path.name) == 0


def test_stop_ends_one_job_and_no_other(tmp_path, runner, steps):
    steps.count = {"one": 1000, "two": 2}
    one, two = job(tmp_path, "one"), job(tmp_path, "two", "berta")
    runner.add(one)
    runner.add(two)
    until(lambda: stage(runner, two) is Stage.LISTENING)
    runner.stop(one)
    until(lambda: stage(runner, one) is Stage.STOPPED)
    steps.allowed.release(10)
    until(lambda: stage(runner, two) is Stage.DONE)


def test_what_waits_can_be_stopped_too_and_go_on_later(tmp_path, runner, steps):
    steps.count = {f"a{n}": 1000 for n in range(AT_ONCE)}
    for n in range(AT_ONCE):
        runner.add(job(tmp_path, f"a{n}", f"visitor{n}"))
    until(lambda: len(steps.begun) == AT_ONCE)
    late = job(tmp_path, "late", "berta")
    runner.add(late)
    runner.stop(late)
    assert stage(runner, late) is Stage.STOPPED
    assert runner.place(late.path.name) == 0
    runner.add(late)
    assert stage(runner, late) is Stage.WAITING
    assert runner.place(late.path.name) == 1


def test_a_mistake_of_ours_in_one_job_does_not_end_the_others(tmp_path, runner, steps):
    bug, good = job(tmp_path, "bug"), job(tmp_path, "good", "berta")
    runner.add(bug)
    runner.add(good)
    steps.allowed.release(5)
    until(lambda: stage(runner, bug) is Stage.FAILED and stage(runner, good) is Stage.DONE)
    assert folder_problem(bug) == "speech.bug"


def folder_problem(folder):
    return folder.load().problem.key


def test_a_deleted_job_leaves_nothing(tmp_path, runner, steps):
    steps.count = {"mine": 1000}
    folder = job(tmp_path, "mine")
    runner.add(folder)
    until(lambda: stage(runner, folder) is Stage.LISTENING)
    runner.delete(folder)
    assert not folder.path.exists()
    assert list(jobs_in(tmp_path / "anna")) == []


def test_what_a_crash_left_is_taken_up_and_what_was_over_is_not(tmp_path, runner, steps):
    left = {}
    for n, stage_then in enumerate(Stage):
        folder = job(tmp_path, f"j{n}", f"visitor{n % 3}")
        folder.save(folder.load().model_copy(update={"stage": stage_then, "heard_s": 12.5}))
        left[stage_then] = folder
    (tmp_path / "visitor0" / "speech" / "rubbish").mkdir()
    (tmp_path / "visitor0" / "speech" / "rubbish" / "job.json").write_text("{")
    assert runner.take_up(tmp_path) == 3
    steps.allowed.release(9)
    for then in (Stage.WAITING, Stage.LISTENING, Stage.VOICES):
        until(lambda then=then: stage(runner, left[then]) is Stage.DONE)
        assert left[then].load().heard_s == 12.5
    assert left[Stage.STOPPED].load().stage is Stage.STOPPED
    assert left[Stage.FAILED].load().stage is Stage.FAILED


def test_closing_leaves_the_job_to_be_taken_up_again(tmp_path, steps):
    steps.count = {"mine": 1000}
    runner, folder = Runner(steps.process), job(tmp_path, "mine")
    runner.add(folder)
    until(lambda: stage(runner, folder) is Stage.LISTENING)
    runner.close()
    assert JobFolder(folder.path).load().stage is Stage.LISTENING


def test_the_share_is_between_nothing_and_everything():
    base = {"id": "a", "name": "x", "asked": Asked(), "upload": "u", "made_at": "2026-01-01T00:00:00Z"}
    assert Job(**base).share == 0
    assert Job(**base, heard_s=30, seconds=60).share == 0.5
    assert Job(**base, heard_s=90, seconds=60).share == 1
