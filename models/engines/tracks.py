"""What the context remembers: sequences of tokens that may share their beginnings, the longest unused go first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol


class Context(Protocol):
    """The part of a native context that keeps tokens."""

    def forget(self, track: int, position: int) -> bool:
        """Drop what ``track`` holds from ``position`` on; ``False`` if this model can only forget everything."""
        ...

    def share(self, source: int, target: int, tokens: int) -> bool:
        """Give ``target`` the first ``tokens`` of ``source`` without copying; ``False`` if this model cannot."""
        ...


@dataclass(eq=False)
class Track:
    """One sequence in the context: its number there, its tokens, and the cell that holds each."""

    number: int
    tokens: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    busy: bool = False
    used_at: int = 0


class Tracks:
    """Hands out tracks and counts cells; a cell that several tracks share counts once."""

    def __init__(self, context: Context, *, tracks: int, cells: int) -> None:
        self._context, self._total = context, cells
        self._tracks = [Track(number) for number in range(tracks)]
        self._holders: Counter[int] = Counter()  # how many tracks share a cell
        self._names, self._clock = count(), count(1)

    @property
    def free(self) -> int:
        """Cells that hold nothing."""
        return self._total - len(self._holders)

    def begin(self, tokens: Sequence[int]) -> Track:
        """Return a track of one's own that already holds the longest known beginning of ``tokens``.

        The last token is never taken over: it must be read to know what follows. There must be a track that is not
        busy; the longest unused one gives way.
        """
        donor, known = self.best_start(tokens)
        track = self._unused(spare=donor)
        track.busy = True
        if donor is not None:
            self.take_over(track, donor, known)
        return track

    def best_start(self, tokens: Sequence[int]) -> tuple[Track | None, int]:
        """Return the track that holds the longest beginning of ``tokens`` (without the last), and how long that is."""
        starts = [(common_start(track.tokens, tokens), track.used_at, track) for track in self._tracks]
        known, _, donor = max(starts, key=lambda start: start[:2])
        known = min(known, len(tokens) - 1)
        return (donor, known) if known else (None, 0)

    def take_over(self, track: Track, donor: Track, tokens: int) -> None:
        """Let ``track`` share the first ``tokens`` of ``donor`` instead of what it holds."""
        if track is donor:
            self.cut(track, tokens)
            return
        self.cut(track, 0)
        if self._context.share(donor.number, track.number, tokens):
            track.tokens, track.cells = donor.tokens[:tokens], donor.cells[:tokens]
            self._holders.update(track.cells)
        else:
            self._context.forget(track.number, 0)

    def append(self, track: Track, tokens: Sequence[int]) -> None:
        """Note that the context has read ``tokens`` at the end of ``track``."""
        cells = [next(self._names) for _ in tokens]
        self._holders.update(cells)
        track.tokens += tokens
        track.cells += cells

    def cut(self, track: Track, length: int) -> None:
        """Keep the first ``length`` tokens of ``track``, or nothing where the model cannot forget a part."""
        if length >= len(track.tokens):
            return
        if length and not self._context.forget(track.number, length):
            length = 0
        if not length:
            self._context.forget(track.number, 0)
        for cell in track.cells[length:]:
            self._holders[cell] -= 1
            if not self._holders[cell]:
                del self._holders[cell]
        del track.tokens[length:], track.cells[length:]

    def leave(self, track: Track) -> None:
        """Give a track back; what it holds stays known until the room is needed."""
        track.busy, track.used_at = False, next(self._clock)

    def make_room(self, cells: int) -> bool:
        """Forget what was not used for longest until ``cells`` are free; tell whether they are."""
        for track in self._idle():
            if self.free >= cells:
                break
            self.cut(track, 0)
        return self.free >= cells

    def _unused(self, spare: Track | None) -> Track:
        """Return an idle track, an empty one if there is one; ``spare`` only when it is the last."""
        idle = [track for track in self._idle() if track is not spare] or self._idle()
        chosen = next((track for track in idle if not track.tokens), idle[0])
        if chosen is not spare:
            self.cut(chosen, 0)
        return chosen

    def _idle(self) -> list[Track]:
        return sorted((track for track in self._tracks if not track.busy), key=lambda track: track.used_at)


def common_start(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens two sequences share from the beginning on."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # comparing slices is done in C
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
