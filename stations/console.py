"""What people see in the terminal: one line that moves for long steps, and sentences. Standard library only.

Progress and problems go to standard error, results (a table, JSON) to standard output: they can be kept in a file.
"""

import errno
import shutil
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import TextIO

from models.errors import ModelError
from models.progress import Progress
from stations.texts import Language, say
from stations.units import bytes_text, spoken

INTERRUPTED = 130
_REDRAW_S = 0.1
_PLAIN_S = 10.0
_ESTIMATE_AFTER_S = 3.0
_MOVING = ("item", "size", "share")
"""Facts that change within one step: they stand at the end of its line."""
_MINUTE, _HOUR = 60, 3600


class Terminal:
    """Tells one person what is going on. ``report`` is the ``Report`` that long steps want.

    On a screen the line of the current step is drawn again and again; in a file or a CI log it is written when
    the step begins, about every ten seconds, and when it ends.
    """

    def __init__(
        self,
        language: Language,
        out: TextIO,
        clock: Callable[[], float] = time.monotonic,
        width: int | None = None,
    ) -> None:
        self.language: Language = language
        self._out, self._clock = out, clock
        self._alive = out.isatty()
        self._width = width or shutil.get_terminal_size().columns
        self._step: _Step | None = None
        self._drawn = ""

    def say(self, key: str, **facts: object) -> None:
        """Say one sentence."""
        self.show(self.sentence(key, **facts))

    def sentence(self, key: str, **facts: object) -> str:
        """Return one sentence in this person's language, with numbers the way people write them."""
        return say(key, self.language, **spoken(facts, self.language))

    def show(self, text: str) -> None:
        """Write text as it is, below what was said before."""
        self.close()
        self._write(text + "\n")

    def report(self, progress: Progress) -> None:
        """Show one moment of a long step."""
        facts = {name: fact for name, fact in progress.facts.items() if name not in _MOVING}
        label = self.sentence(progress.key, **facts)
        if self._step is None or self._step.label != label:
            self.finish()
            self._step = _Step(label, self._clock(), progress.done)
        self._draw(self._step, progress)

    def close(self) -> None:
        """End the current line; the next words begin on a new one."""
        if self._drawn:
            self._write("\n")
        self._drawn, self._step = "", None

    def problem(self, error: ModelError) -> None:
        """Say what happened and what to do."""
        self.say(error.key, **error.facts)

    def finish(self) -> None:
        """Close the line of a step that went well with how long it took."""
        if self._step is None:
            return
        seconds = self._clock() - self._step.began
        took = say("command.took", self.language, time=duration(seconds, self.language))
        self._put(f"{self._step.label} · {took}")
        self.close()

    def _draw(self, step: "_Step", progress: Progress) -> None:
        now = self._clock()
        whole = progress.total is not None and progress.done >= progress.total
        pause = _REDRAW_S if self._alive else _PLAIN_S
        if step.drawn is not None and now - step.drawn < pause and not (whole and self._alive):
            return
        step.drawn = now
        amount = _amount(progress, self.language)
        left = step.left(now, progress, self.language)
        parts = (step.label, amount, left, _details(progress, self.language))
        self._put(" · ".join(filter(None, parts)))

    def _put(self, line: str) -> None:
        """Draw a line: over the last one on a screen, below it elsewhere."""
        if not self._alive:
            if line != self._drawn:
                self._write(line + "\n")
            self._drawn = ""
            return
        line = line[: self._width - 1]
        self._write("\r" + line.ljust(len(self._drawn)))
        self._drawn = line

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


class _Step:
    """One long step: its words, when it began, and how fast it goes."""

    def __init__(self, label: str, began: float, done: float) -> None:
        self.label, self.began, self._first = label, began, done
        self.drawn: float | None = None

    def left(self, now: float, progress: Progress, language: Language) -> str:
        """Return the time left in words, the time gone where nobody can know, or nothing at the beginning."""
        gone = now - self.began
        if gone < _ESTIMATE_AFTER_S:
            return ""
        advanced = progress.done - self._first
        if progress.total is None or advanced <= 0:
            return say("command.gone", language, time=duration(gone, language))
        left = gone * max(progress.total - progress.done, 0) / advanced
        return say("command.left", language, time=duration(left, language))


def duration(seconds: float, language: Language) -> str:
    """Return a time span the way people say it: seconds up to 90, then minutes, then hours and minutes."""
    if seconds < 1.5 * _MINUTE:
        return say("command.seconds", language, count=max(round(seconds), 1))
    if seconds < 1.5 * _HOUR:
        return say("command.minutes", language, count=round(seconds / _MINUTE))
    hours, rest = divmod(round(seconds / _MINUTE), _MINUTE)
    return say("command.hours", language, hours=hours, minutes=rest)


def _amount(progress: Progress, language: Language) -> str:
    if progress.total is None:
        return bytes_text(progress.done, language) if progress.unit == "bytes" and progress.done else ""
    if progress.unit == "bytes":
        done, total = bytes_text(progress.done, language), bytes_text(progress.total, language)
    else:
        done, total = f"{progress.done:.0f}", f"{progress.total:.0f}"
    return say("command.amount", language, done=done, total=total)


def _details(progress: Progress, language: Language) -> str:
    """Return what the step is busy with: its name, its size in bytes, and the share that is done."""
    item, size, share = (progress.facts.get(name) for name in _MOVING)
    words = [str(item or "")]
    if isinstance(size, float | int) and size:
        words.append(f"({bytes_text(size, language)})")
    if isinstance(share, float):
        words.append(f"{share:.0%}")
    return " ".join(filter(None, words))


def terminal(language: Language) -> Terminal:
    """Return the terminal for progress and problems (always the same one, so that lines do not run together)."""
    return _terminal_on(language, sys.stderr)


@cache
def _terminal_on(language: Language, out: TextIO) -> Terminal:
    return Terminal(language, _speaking(out))


def result(text: str) -> None:
    """Write a command's result (a table, JSON) to standard output."""
    out = _speaking(sys.stdout)
    out.write(text + "\n")
    out.flush()


def shown(language: Language, work: Callable[[], int]) -> int:
    """Do ``work`` and return its exit code; what people can act on becomes a sentence, Ctrl-C too.

    Bugs pass through: their trace is for whoever repairs them.
    """
    try:
        return work()
    except ModelError as error:
        terminal(language).problem(error)
        return 1
    except KeyboardInterrupt:
        terminal(language).say("command.interrupted")
        return INTERRUPTED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        terminal(language).say("command.disk_full")
        return 1


def _speaking(stream: TextIO) -> TextIO:
    """Let a stream replace letters its encoding lacks instead of failing on an umlaut."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    return stream
