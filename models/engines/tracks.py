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
        """Give ``target`` the first ``tokens`` of ``source`` instead of what it holds, without copying.

        ``False`` if this model cannot; then ``target`` holds what it held.
        """
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
        if donor is None:
            self.cut(track, 0)
        elif not self.take_over(track, donor, known):
            if _goes_on(donor, known):
                track = donor
            else:
                self.cut(track, 0)
        track.busy = True
        return track

    def best_start(self, tokens: Sequence[int]) -> tuple[Track | None, int]:
        """Return the track that holds the longest beginning of ``tokens`` (without the last), and how long that is."""
        starts = [(common_start(track.tokens, tokens), track.used_at, track) for track in self._tracks]
        known, _, donor = max(starts, key=lambda start: start[:2])
        known = min(known, len(tokens) - 1)
        return (donor, known) if known else (None, 0)

    def take_over(self, track: Track, donor: Track, tokens: int) -> bool:
        """Let ``track`` share the first ``tokens`` of ``donor`` instead of what it holds; tell whether that went well.

        Where the model cannot share, ``track`` keeps what it holds.
        """
        if track is donor:
            self.cut(track, tokens)
            return True
        if not self._context.share(donor.number, track.number, tokens):
            return False
        self._release(track, 0)
        track.tokens, track.cells = donor.tokens[:tokens], donor.cells[:tokens]
        self._holders.update(track.cells)
        return True

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
        if length:
            self._release(track, length)
        else:
            self._lose(track)

    def take_back(self, track: Track) -> bool:
        """Drop what the context may have read beyond the tokens of ``track``; ``False`` if everything had to go."""
        if self._context.forget(track.number, len(track.tokens)):
            return True
        self._lose(track)
        return False

    def lose_all(self) -> None:
        """Forget everything, busy or not."""
        for track in self._tracks:
            self._lose(track)

    def _lose(self, track: Track) -> None:
        self._context.forget(track.number, 0)
        self._release(track, 0)

    def _release(self, track: Track, length: int) -> None:
        """Note that ``track`` holds no more than its first ``length`` tokens."""
        for cell in track.cells[length:]:
            self._holders[cell] -= 1
            if not self._holders[cell]:
                del self._holders[cell]
        del track.tokens[length:], track.cells[length:]

    def leave(self, track: Track) -> None:
        """Give a track back; what it holds stays known until the room is needed."""
        track.busy, track.used_at = False, next(self._clock)

    def make_room(self, cells: int) -> bool:
        """Forget what was not used for longest until ``cells`` are free; tell whether they are.

        Nothing is forgotten where even all of it would not be enough.
        """
        in_use = {cell for track in self._tracks if track.busy for cell in track.cells}
        if self._total - len(in_use) < cells:
            return False
        for track in self._idle():
            if self.free >= cells:
                break
            self.cut(track, 0)
        return True

    def _unused(self, spare: Track | None) -> Track:
        """Return an idle track, an empty one if there is one; ``spare`` only when it is the last."""
        idle = [track for track in self._idle() if track is not spare] or self._idle()
        return next((track for track in idle if not track.tokens), idle[0])

    def _idle(self) -> list[Track]:
        return sorted((track for track in self._tracks if not track.busy), key=lambda track: track.used_at)


def _goes_on(donor: Track, known: int) -> bool:
    """Tell whether a conversation can simply be continued where it lies: for models that cannot share a beginning."""
    return not donor.busy and known == len(donor.tokens)


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
