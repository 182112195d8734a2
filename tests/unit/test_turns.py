"""Who may use how many cores, with a made-up machine and made-up neighbours."""

import threading
from contextlib import suppress
from types import SimpleNamespace

import pytest

from models import turns
from models.turns import LOOK_EVERY_S, LOOKS, Fixed, Kind, OtherPrograms, Turns, cores_to_leave


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


class Watch(OtherPrograms):
    """Looks when told to; a thread of its own does it in the program."""

    def __init__(self, machine):
        self._machine = machine
        super().__init__()

    def after(self, seconds, **used):
        self._machine.run(seconds, **used)
        self.look()
        return self.busy_cores()


def test_before_the_first_look_nobody_else_is_there(machine):
    assert Watch(machine).busy_cores() == 0


def test_a_busy_neighbour_is_believed_at_the_first_look(machine):
    assert Watch(machine).after(LOOK_EVERY_S, others=1.5) == pytest.approx(1.5)


def test_a_quiet_neighbour_is_believed_after_several_looks(machine):
    watch = Watch(machine)
    seen = [watch.after(LOOK_EVERY_S, others=1.5)] + [watch.after(LOOK_EVERY_S) for _ in range(LOOKS + 1)]
    assert seen == pytest.approx([1.5] * LOOKS + [0.0] * 2)


def test_a_neighbour_that_comes_again_and_again_counts_all_the_time(machine):
    """A browser computes in bursts; threads that come and go with it would wait for each other."""
    watch = Watch(machine)
    for burst in (1.0, 0.0, 1.0, 0.0, 0.0, 1.0):
        assert watch.after(LOOK_EVERY_S, others=burst) == pytest.approx(1.0)


def test_our_own_work_does_not_count_as_a_neighbours(machine):
    watch = Watch(machine)
    assert watch.after(3.0, own=6.0) == pytest.approx(0)
    assert watch.after(3.0, own=5.0, others=2.0) == pytest.approx(2.0)


def test_how_long_a_look_took_does_not_matter(machine):
    watch = Watch(machine)
    assert watch.after(60.0, others=2.0) == pytest.approx(2.0)


def test_a_counter_that_runs_backwards_counts_as_quiet(machine):
    """Kernels round the idle time; sums may shrink by a little."""
    watch = Watch(machine)
    for _ in range(LOOKS + 1):
        machine.user -= 0.1
        assert watch.after(1.0) == 0


def test_the_watch_looks_by_itself(monkeypatch):
    looked = threading.Event()

    def look(_):
        looked.set()
        threading.Event().wait()  # once is enough

    monkeypatch.setattr(turns, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(OtherPrograms, "look", look)
    OtherPrograms().watch()
    assert looked.wait(30.0)


def test_a_real_machine_can_be_asked():
    shared = Turns()
    with shared.turn(Kind.INTERACTIVE) as turn:
        assert turn.threads >= 1
