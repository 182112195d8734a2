"""Which words share a subtitle, and where its two lines are parted.

The cheapest of all ways to part the words (dynamic programming), not a guess from left to right: so no word is left
over at the end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from stations.speech.phrasing import SENTENCE
from stations.speech.spoken import LINE_LETTERS, Token

SHORTEST_S, LONGEST_S = 1.0, 7.0
EASY_RATE, FASTEST_RATE = 17.0, 20.0
"""Letters a second that people read with ease, and that they still manage."""
GAP_S = 0.08
"""Two pictures of a film between subtitles: the eye notices that the text has changed."""
_PER_CUE, _PER_INNER_SENTENCE, _ORPHAN, _SHORT = 3.0, 2.0, 4.0, 6.0
"""In units of ``stations.speech.phrasing``; chosen by reading the results of German and English speeches."""
_ORPHAN_LETTERS = 10


class Layout:
    """All ways to show the words of one run, and what each costs."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._widths = [0, *accumulate(len(token.text) + token.spaced for token in tokens)]
        self._sentences = [0, *accumulate(int(token.joint == SENTENCE) for token in tokens)]

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
        lonely = min(top, bottom) < _ORPHAN_LETTERS
        return self._tokens[middle - 1].joint + uneven + _ORPHAN * lonely, middle

    def _cost(self, begin: int, end: int) -> float:
        joint = 2 * self._tokens[end - 1].joint if end < len(self._tokens) else 0.0
        whole = begin == 0 or self._tokens[begin - 1].joint == SENTENCE
        per_sentence = _PER_INNER_SENTENCE * (1 if whole and joint == SENTENCE else 2)
        sentences = per_sentence * (self._sentences[end - 1] - self._sentences[begin])
        lonely = self._width(begin, end) < _ORPHAN_LETTERS and not whole
        return _PER_CUE + joint + sentences + _ORPHAN * lonely + self._haste(begin, end)

    def _haste(self, begin: int, end: int) -> float:
        """Return what it costs that people have too little time to read."""
        is_last = end == len(self._tokens)
        until_s = self._tokens[end - 1].end_s + SHORTEST_S if is_last else self._tokens[end].start_s
        seconds = until_s - self._tokens[begin].start_s
        width = self._width(begin, end)
        excess = max(0.0, min(width / max(seconds, GAP_S), 3 * FASTEST_RATE) - EASY_RATE)
        return _SHORT * (seconds < SHORTEST_S + GAP_S) + 0.3 * excess * width / LINE_LETTERS

    def _width(self, begin: int, end: int) -> int:
        return self._widths[end] - self._widths[begin] - self._tokens[begin].spaced

    def _text(self, begin: int, end: int) -> str:
        return "".join(" " * token.spaced + token.text for token in self._tokens[begin:end]).strip()
