"""What people see in the terminal."""

import errno
import io

import pytest

from models.errors import ModelError
from models.progress import Progress
from stations import console
from stations.console import Terminal, duration


class Screen(io.StringIO):
    """A stream that says it is a screen."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _packages(done: float, **facts: object) -> Progress:
    return Progress("setup.packages", done, 80, facts={"step": 1, "steps": 2, **facts})


def _lines(out: io.StringIO) -> list[str]:
    return [line.rstrip() for line in out.getvalue().replace("\r", "\n").splitlines() if line.strip()]


def test_a_long_step_says_what_how_much_and_how_long_still() -> None:
    out, clock = Screen(), Clock()
    terminal = Terminal("de", out, clock, width=120)
    terminal.report(_packages(0))
    clock.now += 10
    terminal.report(_packages(20, item="gradio", size=31_400_000.0, share=0.5))
    assert (
        _lines(out)[-1] == "[1/2] Pakete suchen und laden · 20 von 80 · noch etwa 30 s · gradio (31,4 MB) 50%"
    )


def test_the_time_left_counts_only_what_was_done_since_the_step_began() -> None:
    out, clock = Screen(), Clock()
    terminal = Terminal("en", out, clock, width=120)
    terminal.report(_packages(60))
    clock.now += 10
    terminal.report(_packages(70))
    assert "about 10 s left" in _lines(out)[-1]


def test_a_step_nobody_can_measure_shows_the_time_gone() -> None:
    out, clock = Screen(), Clock()
    terminal = Terminal("en", out, clock, width=120)
    for _ in range(2):
        terminal.report(Progress("setup.environment", facts={"step": 1, "steps": 2}))
        clock.now += 6
    assert _lines(out)[-1] == "[1/2] Making the Python environment · for 6 s now"


def test_bytes_are_shown_with_their_unit() -> None:
    out = Screen()
    Terminal("de", out, Clock(), width=120).report(
        Progress("setup.torch", 1.5e6, 3e9, unit="bytes", facts={"step": 1, "steps": 2})
    )
    assert _lines(out)[-1].endswith("1,5 MB von 3,0 GB")


def test_a_moving_line_is_overdrawn_completely_and_never_wraps() -> None:
    out, clock = Screen(), Clock()
    terminal = Terminal("de", out, clock, width=60)
    terminal.report(_packages(10, item="a-package-with-a-very-long-name-indeed"))
    clock.now += 1
    terminal.report(_packages(11, item="x"))
    drawn = out.getvalue().split("\r")[1:]
    assert max(map(len, drawn)) < 60
    assert len(drawn[1]) == len(drawn[0]), "rests of the longer line stay on the screen"


def test_a_log_gets_few_plain_lines_without_control_characters() -> None:
    out, clock = io.StringIO(), Clock()
    terminal = Terminal("de", out, clock, width=120)
    for done in range(80):
        terminal.report(_packages(done))
        clock.now += 0.25
    terminal.finish()
    assert len(_lines(out)) == 3, "one at the beginning, one after ten seconds, one at the end"
    assert "\r" not in out.getvalue()
    assert _lines(out)[-1].endswith("fertig nach 20 s")


def test_a_sentence_begins_on_a_line_of_its_own() -> None:
    out = Screen()
    terminal = Terminal("de", out, Clock(), width=120)
    terminal.report(_packages(1))
    terminal.problem(ModelError("setup.disk_small", needed=2_500_000_000, free=1_000_000, folder="x"))
    assert _lines(out)[-1].startswith("Auf der Festplatte ist zu wenig Platz")
    assert "Gebraucht werden 2,5 GB, frei sind 1,0 MB" in _lines(out)[-1]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (540, "9 min"), (5700, "1 h 35 min")]
)
def test_durations_are_said_the_way_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds, "de") == words


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Screen:
    out = Screen()
    monkeypatch.setattr(console, "terminal", lambda language: Terminal(language, out, width=200))
    return out


def _raising(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ModelError("setup.broken", folder=".venv"), 1, "Bitte den Ordner .venv löschen"),
        (KeyboardInterrupt(), 130, "Abgebrochen. Der nächste Start macht hier weiter."),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "Die Festplatte ist voll."),
    ],
)
def test_what_people_can_act_on_becomes_a_sentence(
    told: Screen, error: BaseException, code: int, words: str
) -> None:
    assert console.shown("de", lambda: _raising(error)) == code
    assert words in told.getvalue()


def test_a_bug_keeps_its_trace() -> None:
    with pytest.raises(ZeroDivisionError):
        console.shown("de", lambda: 1 // 0)
