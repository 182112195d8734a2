"""Subtitles by the rules of the trade: short lines, broken where a thought ends, long enough on the screen to read.

At most two lines of 42 characters, 1-7 seconds, about 17 characters a second, a new subtitle for a new speaker (Netflix
Timed Text Style Guide, BBC Subtitle Guidelines). Which words share a subtitle is the cheapest of all ways to part them
(dynamic programming), not a guess from left to right, so that no word is left over at the end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from stations.speech.phrasing import SENTENCE
from stations.speech.spoken import LINE_LETTERS, Run, Token, runs
from stations.speech.transcript import Transcript

SHORTEST_S, LONGEST_S = 1.0, 7.0
EASY_RATE, FASTEST_RATE = 17.0, 20.0
"""Letters a second that people read with ease, and that they still manage."""
GAP_S = 0.08
"""Two pictures of a film between subtitles: the eye notices that the text has changed."""
FLICKER_S = 0.5
"""A shorter pause without text only distracts."""
DASH = "– "
_PER_CUE, _PER_INNER_SENTENCE, _ORPHAN, _SHORT = 3.0, 2.0, 4.0, 6.0
_ORPHAN_LETTERS = 10


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
    layout = _Layout(run.tokens)
    for begin, end in layout.parts():
        lines = layout.lines(begin, end)
        names = (run.speaker,) * len(lines) if run.speaker else ()
        yield Cue(run.tokens[begin].start_s, run.tokens[end - 1].end_s, lines, names)


class _Layout:
    """All ways to show the words of one run, and what each costs."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._widths = [0, *accumulate(len(token.text) + token.spaced for token in tokens)]
        inner = (token.joint == SENTENCE for token in tokens)
        self._sentences = [0, *accumulate(map(int, inner))]

    def parts(self) -> list[tuple[int, int]]:
        """Return the cheapest way to part the words: begin and end of each subtitle."""
        count = len(self._tokens)
        best, came_from = [0.0, *[float("inf")] * count], [0] * (count + 1)
        for begin in range(count):
            for end, cost in self._from(begin):
                if best[begin] + cost < best[end]:
                    best[end], came_from[end] = best[begin] + cost, begin
        ends = [count]
        while ends[-1]:
            ends.append(came_from[ends[-1]])
        return list(pairwise(reversed(ends)))

    def lines(self, begin: int, end: int) -> tuple[str, ...]:
        """Return the words on one line, or on two that are broken at the best place."""
        if self._width(begin, end) <= LINE_LETTERS:
            return (self._text(begin, end),)
        _, middle = self._fold(begin, end)
        return self._text(begin, middle), self._text(middle, end)

    def _from(self, begin: int) -> Iterator[tuple[int, float]]:
        """Yield where a subtitle that begins here may end, and what it costs."""
        for end in range(begin + 1, len(self._tokens) + 1):
            spoken_s = self._tokens[end - 1].end_s - self._tokens[begin].start_s
            fold, _ = self._fold(begin, end)
            if end > begin + 1 and (fold == float("inf") or spoken_s > LONGEST_S):
                return
            yield end, fold + self._cost(begin, end)

    def _fold(self, begin: int, end: int) -> tuple[float, int]:
        """Return what the best line break costs, and before which word it is; no cost when one line is enough."""
        if self._width(begin, end) <= LINE_LETTERS:
            return 0.0, end
        first = bisect_left(self._widths, self._widths[end] - LINE_LETTERS - 1, begin + 1, end)
        last = bisect_right(self._widths, self._widths[begin] + LINE_LETTERS + 1, begin + 1, end)
        return min((self._folded(begin, at, end) for at in range(first, last)), default=(float("inf"), end))

    def _folded(self, begin: int, middle: int, end: int) -> tuple[float, int]:
        top, bottom = self._width(begin, middle), self._width(middle, end)
        if max(top, bottom) > LINE_LETTERS:
            return float("inf"), middle
        uneven = 3 * abs(top - bottom) / LINE_LETTERS + 0.3 * (top > bottom)
        return self._tokens[middle - 1].joint + uneven + _ORPHAN * (
            min(top, bottom) < _ORPHAN_LETTERS
        ), middle

    def _cost(self, begin: int, end: int) -> float:
        joint = 2 * self._tokens[end - 1].joint if end < len(self._tokens) else 0.0
        whole = begin == 0 or self._tokens[begin - 1].joint == SENTENCE
        per_sentence = _PER_INNER_SENTENCE * (1 if whole and joint == SENTENCE else 2)
        sentences = per_sentence * (self._sentences[end - 1] - self._sentences[begin])
        lonely = self._width(begin, end) < _ORPHAN_LETTERS and not whole
        return _PER_CUE + joint + sentences + _ORPHAN * lonely + self._haste(begin, end)

    def _haste(self, begin: int, end: int) -> float:
        """Return what it costs that people have too little time to read."""
        last = self._tokens[end - 1].end_s + SHORTEST_S
        seconds = (self._tokens[end].start_s if end < len(self._tokens) else last) - self._tokens[
            begin
        ].start_s
        width = self._width(begin, end)
        excess = max(0.0, min(width / max(seconds, GAP_S), 3 * FASTEST_RATE) - EASY_RATE)
        return _SHORT * (seconds < SHORTEST_S + GAP_S) + 0.3 * excess * width / LINE_LETTERS

    def _width(self, begin: int, end: int) -> int:
        return self._widths[end] - self._widths[begin] - self._tokens[begin].spaced

    def _text(self, begin: int, end: int) -> str:
        return "".join(" " * token.spaced + token.text for token in self._tokens[begin:end]).strip()


def _dialogues(spoken: Sequence[Cue]) -> list[Cue]:
    """Return subtitles where two people who speak too quickly for two subtitles share one."""
    found: list[Cue] = []
    for cue in spoken:
        if found and _may_share(found[-1], cue):
            found[-1] = _shared(found[-1], cue)
        else:
            found.append(cue)
    return found


def _shared(before: Cue, after: Cue) -> Cue:
    lines = (DASH + before.lines[0], DASH + after.lines[0])
    return Cue(before.start_s, max(before.end_s, after.end_s), lines, _names(before) + _names(after))


def _may_share(before: Cue, after: Cue) -> bool:
    hasty = min(after.start_s - before.start_s, after.end_s - after.start_s) < SHORTEST_S
    spoken_s = max(before.end_s, after.end_s) - before.start_s
    near = after.start_s - before.end_s < SHORTEST_S
    fits = all(len(cue.lines) == 1 and len(DASH + cue.lines[0]) <= LINE_LETTERS for cue in (before, after))
    return hasty and near and fits and spoken_s <= LONGEST_S and before.speakers != after.speakers


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
