"""Subtitles by the rules of the trade: short lines, broken where a thought ends, long enough on the screen to read.

At most two lines of 42 characters, 1-7 seconds, about 17 characters a second, a new subtitle for a new speaker (Netflix
Timed Text Style Guide, BBC Subtitle Guidelines). A subtitle may stay into the pause that follows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from stations.speech.layout import EASY_RATE, FASTEST_RATE, GAP_S, LONGEST_S, SHORTEST_S, Layout
from stations.speech.spoken import LINE_LETTERS, Run, runs
from stations.speech.transcript import Transcript

FLICKER_S = 0.5
"""A shorter pause without text only distracts."""
DASH = "– "


@dataclass(frozen=True)
class Cue:
    """What stands on the screen from ``start_s`` to ``end_s``.

    ``lines`` are shown below each other; ``speakers`` are the names of who says each line, ``""`` where unknown, or
    empty when nobody is known.
    """

    start_s: float
    end_s: float
    lines: tuple[str, ...]
    speakers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines as one text with line breaks."""
        return "\n".join(self.lines)


def cues(transcript: Transcript, language: str = "") -> tuple[Cue, ...]:
    """Return the subtitles of a recording in order of time; they never overlap and hold every word in order.

    Args:
        transcript: What was said; words without times of their own may share one moment.
        language: Code of the language that is spoken, for the rules where to break; that of the transcript if empty.

    Returns:
        Lines of at most ``LINE_LETTERS``, at most two a cue, each shown ``SHORTEST_S`` to ``LONGEST_S``. Where people
        speak faster than others read, a subtitle may stay shorter than reading it takes. A longer word is hyphenated.
    """
    language = language or transcript.language
    spoken = [cue for run in runs(transcript, language) for cue in _of_run(run)]
    return tuple(_timed(_dialogues(spoken), transcript.seconds))


def _of_run(run: Run) -> Iterator[Cue]:
    layout = Layout(run.tokens)
    for begin, end in layout.parts():
        lines = layout.lines(begin, end)
        names = (run.speaker,) * len(lines) if run.speaker else ()
        yield Cue(run.tokens[begin].start_s, run.tokens[end - 1].end_s, lines, names)


def _dialogues(spoken: Sequence[Cue]) -> list[Cue]:
    """Return subtitles where two people who speak too quickly for two subtitles share one."""
    found: list[Cue] = []
    for cue, following in zip_longest(spoken, spoken[1:]):
        next_s = following.start_s if following else float("inf")
        hasty = bool(found) and min(cue.start_s - found[-1].start_s, next_s - cue.start_s) < SHORTEST_S
        if hasty and _may_share(found[-1], cue):
            found[-1] = _shared(found[-1], cue)
        else:
            found.append(cue)
    return found


def _shared(before: Cue, after: Cue) -> Cue:
    lines = (DASH + before.lines[0], DASH + after.lines[0])
    return Cue(before.start_s, max(before.end_s, after.end_s), lines, _names(before) + _names(after))


def _may_share(before: Cue, after: Cue) -> bool:
    spoken_s = max(before.end_s, after.end_s) - before.start_s
    near = after.start_s - before.end_s < SHORTEST_S
    fits = all(len(cue.lines) == 1 and len(DASH + cue.lines[0]) <= LINE_LETTERS for cue in (before, after))
    return near and fits and spoken_s <= LONGEST_S and before.speakers != after.speakers


def _names(cue: Cue) -> tuple[str, ...]:
    return cue.speakers or ("",)


def _timed(spoken: Sequence[Cue], seconds: float) -> Iterator[Cue]:
    """Yield the subtitles with times to read them: into the pause that follows, never into the next one."""
    starts = list(_starts(spoken))
    for number, (cue, start_s) in enumerate(zip(spoken, starts, strict=True)):
        wanted = max(cue.end_s, start_s + max(SHORTEST_S, len(cue.text) / EASY_RATE))
        if number + 1 < len(starts):
            limit = starts[number + 1] - GAP_S
            wanted = limit if limit - wanted < FLICKER_S else wanted
        elif seconds > 0:
            wanted = min(wanted, max(seconds, start_s + SHORTEST_S))
        yield replace(cue, start_s=start_s, end_s=min(wanted, start_s + LONGEST_S))


def _starts(spoken: Sequence[Cue]) -> Iterator[float]:
    """Yield when each subtitle appears: with its first word, or as soon as the one before has been read."""
    free_s = 0.0
    for cue in spoken:
        start_s = max(cue.start_s, free_s)
        read_s = min(start_s + len(cue.text) / FASTEST_RATE + GAP_S, cue.end_s)
        free_s = max(start_s + SHORTEST_S + GAP_S, read_s)
        yield start_s
