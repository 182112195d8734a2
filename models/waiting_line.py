"""First come, first served, with a place number people can be told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class WaitingLine:
    """A lock that serves callers in the order they came and tells each how many are ahead."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._places: list[Place] = []

    @contextmanager
    def join(self) -> Iterator["Place"]:
        """Stand in line until the block is left, whether served or not."""
        place = Place(self)
        with self._turn:
            self._places.append(place)
        try:
            yield place
        finally:
            with self._turn:
                self._places.remove(place)
                self._turn.notify_all()

    def ahead_of(self, place: "Place") -> int:
        """Return how many stand before ``place``, the one being served included."""
        with self._turn:
            return self._places.index(place)

    def wait_for(self, place: "Place", seconds: float) -> bool:
        """Wait at most ``seconds``; ``True`` once ``place`` is first."""
        with self._turn:
            return self._turn.wait_for(lambda: self._places[0] is place, seconds)


class Place:
    """One caller's place in the line."""

    def __init__(self, line: WaitingLine) -> None:
        self._line = line

    @property
    def ahead(self) -> int:
        """How many are served before this one; 0 means it is this one's turn."""
        return self._line.ahead_of(self)

    def wait(self, seconds: float) -> bool:
        """Wait at most ``seconds`` for the turn."""
        return self._line.wait_for(self, seconds)
