"""Who may use how many cores, with a made-up machine and made-up neighbours."""

from contextlib import suppress
from types import SimpleNamespace

import pytest

from models import turns
from models.turns import LOOK_EVERY_S, Fixed, Kind, OtherPrograms, Turns, cores_to_leave


def threads(cores, kind, *, interactive=0, background=0, foreign=0.0):
    """How many threads an engine may use while so many are at work (itself among them)."""
    shared = Turns(cores, lambda: foreign)
    for each, count in ((Kind.INTERACTIVE, interactive), (Kind.BACKGROUND, background)):
        for _ in range(count):
            shared.enter(each)
    return shared.turn(kind).threads


# --- Sharing among this program's engines -----------------------------------------------------------------------------


@pytest.mark.parametrize("cores", [1, 2, 4, 8])
def test_alone_an_engine_that_people_wait_for_has_all_cores(cores):
    assert threads(cores, Kind.INTERACTIVE, interactive=1) == cores


@pytest.mark.parametrize(("cores", "half"), [(1, 1), (2, 1), (4, 2), (8, 4)])
def test_beside_background_work_people_get_the_other_half(cores, half):
    assert threads(cores, Kind.BACKGROUND, background=1) == half
    assert threads(cores, Kind.INTERACTIVE, interactive=1, background=1) == max(1, cores - half)


@pytest.mark.parametrize(
    ("cores", "engines", "each"), [(2, 2, 1), (4, 2, 2), (4, 3, 1), (8, 2, 4), (8, 3, 2), (2, 5, 1)]
)
def test_several_engines_of_a_kind_share_alike(cores, engines, each):
    assert threads(cores, Kind.INTERACTIVE, interactive=engines) == each


@pytest.mark.parametrize(("cores", "engines", "each"), [(2, 2, 1), (8, 2, 2), (8, 4, 1), (8, 9, 1)])
def test_several_background_engines_share_one_half(cores, engines, each):
    assert threads(cores, Kind.BACKGROUND, background=engines) == each


def test_more_background_engines_take_no_more_from_people():
    assert threads(8, Kind.INTERACTIVE, interactive=1, background=1) == 4
    assert threads(8, Kind.INTERACTIVE, interactive=1, background=5) == 4


@pytest.mark.parametrize(("cores", "foreign", "left"), [(2, 1.0, 1), (4, 1.0, 3), (4, 0.2, 4), (8, 2.5, 5)])
def test_what_other_programs_use_is_left_to_them(cores, foreign, left):
    assert threads(cores, Kind.INTERACTIVE, interactive=1, foreign=foreign) == left


@pytest.mark.parametrize("cores", [1, 2, 3, 4, 6, 8, 16])
@pytest.mark.parametrize("foreign", [0.0, 0.3, 1.0, 2.7, 8.0, 100.0])
@pytest.mark.parametrize("interactive", [0, 1, 3, 20])
@pytest.mark.parametrize("background", [0, 1, 4])
def test_nobody_ever_gets_less_than_one_thread_or_more_than_there_are(
    cores, foreign, interactive, background
):
    for kind in Kind:
        got = threads(cores, kind, interactive=interactive, background=background, foreign=foreign)
        assert 1 <= got <= cores


def test_an_engine_that_asks_before_it_is_at_work_counts_as_one():
    assert threads(4, Kind.INTERACTIVE) == 4
    assert threads(4, Kind.BACKGROUND) == 2


# --- Coming and going -------------------------------------------------------------------------------------------------


def test_the_number_changes_as_others_come_and_go():
    shared = Turns(8, lambda: 0.0)
    chat, index = shared.turn(Kind.INTERACTIVE), shared.turn(Kind.BACKGROUND)
    with chat as mine:
        assert mine.threads == 8
        with index:
            assert mine.threads == 4
            with shared.turn(Kind.INTERACTIVE):
                assert mine.threads == 2
        assert mine.threads == 8


def test_an_engine_that_breaks_gives_its_turn_back():
    shared = Turns(8, lambda: 0.0)
    with suppress(ZeroDivisionError), shared.turn(Kind.BACKGROUND):
        assert shared.turn(Kind.INTERACTIVE).threads == 4
        1 / 0  # noqa: B018
    assert shared.turn(Kind.INTERACTIVE).threads == 8


def test_one_turn_can_be_taken_again_and_again():
    shared = Turns(8, lambda: 0.0)
    turn = shared.turn(Kind.BACKGROUND)
    for _ in range(3):
        with turn:
            assert shared.turn(Kind.INTERACTIVE).threads == 4
        assert shared.turn(Kind.INTERACTIVE).threads == 8


def test_a_fixed_turn_asks_nobody():
    with Fixed(3) as turn:
        assert turn.threads == 3


# --- Other programs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("foreign", "cores", "left"),
    [
        (0.0, 2, 0),
        (0.5, 2, 0),
        (0.51, 2, 1),
        (1.5, 2, 1),
        (1.51, 2, 2),
        (0.25, 4, 0),
        (0.26, 4, 1),
        (1.0, 4, 1),
        (0.125, 8, 0),
        (0.13, 8, 1),
        (3.0, 8, 3),
        (1 / 3, 3, 0),
        (0.9, 1, 0),
    ],
)
def test_a_core_is_left_as_soon_as_sharing_it_would_cost_more_than_leaving_it(foreign, cores, left):
    assert cores_to_leave(foreign, cores) == left


class Machine:
    """Stands for the clock and the processor: every second, others use ``others`` cores and we use ``own``."""

    def __init__(self):
        self.now, self.idle, self.user, self.ours = 1000.0, 0.0, 0.0, 0.0

    def run(self, seconds, *, others=0.0, own=0.0, cores=8):
        self.now += seconds
        self.user += (others + own) * seconds
        self.ours += own * seconds
        self.idle += (cores - others - own) * seconds

    def cpu_times(self):
        return Times(self.user * 0.75, self.user * 0.25, self.idle / 2, self.idle / 2, 7.0)


class Times(tuple):
    """As psutil gives them on Linux: what a guest system uses is also counted as user time."""

    __slots__ = ()

    def __new__(cls, user, system, idle, iowait, guest):
        return super().__new__(cls, (user + guest, system, idle, iowait, guest))

    @property
    def idle(self):
        return self[2]

    @property
    def iowait(self):
        return self[3]

    @property
    def guest(self):
        return self[4]


@pytest.fixture
def machine(monkeypatch):
    made = Machine()

    class Own:
        def cpu_times(self):
            return SimpleNamespace(user=made.ours * 0.5, system=made.ours * 0.5)

    monkeypatch.setattr(turns, "psutil", SimpleNamespace(Process=Own, cpu_times=made.cpu_times))
    monkeypatch.setattr(turns, "time", SimpleNamespace(monotonic=lambda: made.now))
    return made


def test_a_busy_neighbour_is_believed_at_the_first_look(machine):
    watch = OtherPrograms()
    assert watch.busy_cores() == 0
    machine.run(LOOK_EVERY_S, others=1.5)
    assert watch.busy_cores() == pytest.approx(1.5)


def test_a_quiet_neighbour_is_not_believed_at_the_first_look_but_in_the_end(machine):
    watch = OtherPrograms()
    machine.run(LOOK_EVERY_S, others=1.5)
    seen = [watch.busy_cores()]
    for _ in range(20):
        machine.run(LOOK_EVERY_S)
        seen.append(watch.busy_cores())
    assert seen[:3] == pytest.approx([1.5] * 3)
    assert seen[-1] == 0
    assert set(map(round, seen)) == {2, 0}
    assert seen == sorted(seen, reverse=True)


def test_a_neighbour_that_comes_again_and_again_counts_all_the_time(machine):
    """A browser computes in bursts; threads that come and go with it would wait for each other."""
    watch = OtherPrograms()
    machine.run(LOOK_EVERY_S, others=1.0)
    for burst in (0.0, 1.0, 0.0, 1.0, 0.0):
        assert watch.busy_cores() == pytest.approx(1.0)
        machine.run(LOOK_EVERY_S, others=burst)


def test_our_own_work_does_not_count_as_a_neighbours(machine):
    watch = OtherPrograms()
    machine.run(3.0, own=6.0)
    assert watch.busy_cores() == pytest.approx(0)
    machine.run(3.0, own=5.0, others=2.0)
    assert watch.busy_cores() == pytest.approx(2.0)


def test_between_two_looks_the_last_one_holds(machine):
    watch = OtherPrograms()
    machine.run(LOOK_EVERY_S / 2, others=4.0)
    assert watch.busy_cores() == 0
    machine.run(LOOK_EVERY_S / 2, others=2.0)
    assert watch.busy_cores() == pytest.approx(3.0)


def test_a_counter_that_runs_backwards_counts_as_quiet(machine):
    """Kernels round the idle time; sums may shrink by a little."""
    watch = OtherPrograms()
    machine.run(1.0)
    machine.user -= 0.1
    assert watch.busy_cores() == 0


def test_a_real_machine_can_be_asked():
    shared = Turns()
    with shared.turn(Kind.INTERACTIVE) as turn:
        assert turn.threads >= 1
