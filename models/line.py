"""A fair line: nobody's second request before everybody's first, and a guess how long it takes."""

import heapq
from collections import Counter
from collections.abc import Hashable, Iterable
from itertools import count
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item", bound=Hashable)


class _Place(NamedTuple):
    round: int
    arrival: int
    person: str


class FairLine(Generic[Item]):
    """Requests that wait, each with the person it belongs to. Not safe for several threads: its owner locks.

    A request keeps its round, so that nobody is moved back when somebody else's answer ends.
    """

    def __init__(self) -> None:
        self._waiting: dict[Item, _Place] = {}
        self._arrivals = count()
        self._next_round: Counter[str] = Counter()
        self._now = 0
        """The round that is being answered."""

    def __len__(self) -> int:
        return len(self._waiting)

    def join(self, item: Item, person: str, served: Iterable[str] = ()) -> None:
        """Stand in the line; ``served`` names the person of each request being answered now.

        The first request of a person since the line was empty belongs to round 0, their next to the round after, but
        to none that is over: whoever comes late need not be made up for what others had.
        """
        if not self._waiting:
            self._next_round, self._now = Counter(served), 0
        own = self._next_round[person] and max(self._next_round[person], self._now)
        self._next_round[person] = own + 1
        self._waiting[item] = _Place(own, next(self._arrivals), person)

    def begin(self, item: Item) -> None:
        """Leave the line to be answered."""
        self._now = max(self._now, self._waiting.pop(item).round)

    def leave(self, item: Item) -> bool:
        """Give up waiting, which costs nobody a round; ``False`` if ``item`` was not in the line."""
        if (place := self._waiting.pop(item, None)) is None:
            return False
        own = [each.round + 1 for each in self._waiting.values() if each.person == place.person]
        self._next_round[place.person] = max(self._next_round[place.person] - 1, *own, 0)
        return True

    def order(self) -> list[Item]:
        """Return all that wait in the order in which they will be served: rounds go before arrival."""
        return sorted(self._waiting, key=self._waiting.__getitem__)


def expected_wait_s(remaining_s: Iterable[float], typical_s: float, places: int, ahead: int) -> float:
    """Return in how many seconds a request is likely to begin.

    ``remaining_s`` are the seconds that each request being answered will still take, at most ``places`` of them;
    ``ahead`` requests of ``typical_s`` each begin first, each as soon as a place is free.
    """
    ends = [*remaining_s]
    ends += [0.0] * (places - len(ends))
    heapq.heapify(ends)
    for _ in range(ahead):
        heapq.heapreplace(ends, ends[0] + typical_s)
    return ends[0]
