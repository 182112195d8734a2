"""A fair line: nobody's second request before everybody's first, and a guess how long it takes."""

import heapq
from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class FairLine(Generic[Item]):
    """Requests that wait, each with the person it belongs to. Not safe for several threads: its owner locks."""

    def __init__(self) -> None:
        self._waiting: dict[Item, str] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def join(self, item: Item, person: str) -> None:
        """Stand at the end."""
        self._waiting[item] = person

    def leave(self, item: Item) -> bool:
        """Leave the line; ``False`` if ``item`` was not in it."""
        return self._waiting.pop(item, None) is not None

    def order(self, served: Iterable[str] = ()) -> list[Item]:
        """Return all that wait in the order in which they will be served.

        ``served`` names the person of each request being answered now. A person's first request that is neither
        answered nor waiting before counts as round 0, the next as round 1; rounds go before arrival.
        """
        had = Counter(served)
        rounds: list[tuple[int, int, Item]] = []
        for arrival, (item, person) in enumerate(self._waiting.items()):
            rounds.append((had[person], arrival, item))
            had[person] += 1
        return [item for _, _, item in sorted(rounds, key=lambda entry: entry[:2])]


def expected_wait_s(remaining_s: Iterable[float], typical_s: float, places: int, ahead: int) -> float:
    """Return in how many seconds a request is likely to begin.

    ``remaining_s`` are the seconds that each request being answered will still take, at most ``places`` of them;
    ``ahead`` requests of ``typical_s`` each begin first, each as soon as a place is free.
    """
    ends = sorted([*remaining_s])
    ends = [0.0] * (places - len(ends)) + ends
    heapq.heapify(ends)
    for _ in range(ahead):
        heapq.heapreplace(ends, ends[0] + typical_s)
    return ends[0]
