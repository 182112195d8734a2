"""Who works with which engine right now: seen by the host, called back by the host, refused while a station pauses.

Every engine that a station uses is on loan. That is the one place where all stations can be watched and stopped
without any of them knowing about it.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from models.catalog import Model, Role
from models.engines.base import Engine
from models.errors import ModelError
from models.library import Library


class Loan:
    """One engine at work for one station; ``place`` is its request's place in the line, 0 once it has begun."""

    def __init__(self, number: int, station: str, role: Role) -> None:
        self.number, self.station, self.role = number, station, role
        self.place = 0
        self._began, self._called_back = time.monotonic(), threading.Event()

    @property
    def seconds(self) -> float:
        """Return for how long it has been on loan."""
        return time.monotonic() - self._began

    @property
    def called_back(self) -> bool:
        """Whether its work shall end."""
        return self._called_back.is_set()

    def call_back(self) -> None:
        """End the work at its next step."""
        self._called_back.set()

    def check(self) -> None:
        """Go on only if nobody has called it back.

        Raises:
            ModelError: ``room.called_back``.
        """
        if self.called_back:
            raise ModelError("room.called_back")

    def steps(self, items: Iterator[Any]) -> Iterator[Any]:
        """Pass the steps of some work on, and end it between two of them when it is called back."""
        try:
            for item in items:
                self.check()
                self.place = getattr(getattr(item, "tally", None), "place", 0)
                yield item
        finally:
            if close := getattr(items, "close", None):
                close()


class Loans:
    """All engines on loan, and the stations that pause; safe for several threads. ``ended`` hears of each that ends."""

    def __init__(self, ended: Callable[[Loan], None] = lambda _: None) -> None:
        self._ended = ended
        self._current: dict[int, Loan] = {}
        self._numbers = itertools.count(1)
        self._paused: frozenset[str] = frozenset()
        self._resumed = threading.Condition()

    @property
    def current(self) -> tuple[Loan, ...]:
        """All loans of now, the oldest first."""
        with self._resumed:
            return tuple(self._current.values())

    @property
    def paused(self) -> frozenset[str]:
        """Stations that lend nothing at the moment."""
        return self._paused

    def pause(self, stations: Iterable[str]) -> None:
        """Let exactly these stations pause: what is at work there goes on, new work is refused."""
        with self._resumed:
            self._paused = frozenset(stations)
            self._resumed.notify_all()

    def call_back(self, number: int) -> bool:
        """Call one loan back; ``False`` if it has ended meanwhile."""
        with self._resumed:
            loan = self._current.get(number)
        if loan:
            loan.call_back()
        return loan is not None

    @contextmanager
    def lent(self, station: str, role: Role, *, patient: bool = False) -> Iterator[Loan]:
        """Write a loan down for as long as it lasts; a ``patient`` one waits while its station pauses.

        Raises:
            ModelError: ``room.paused``.
        """
        with self._resumed:
            while station in self._paused:
                if not patient:
                    raise ModelError("room.paused")
                self._resumed.wait()
            loan = Loan(next(self._numbers), station, role)
            self._current[loan.number] = loan
        try:
            yield loan
        finally:
            with self._resumed:
                self._current.pop(loan.number, None)
            self._ended(loan)


class StationLibrary(Library):
    """What one station sees of the library that all share."""

    def __init__(self, shared: Library, loans: Loans, station: str, *, patient: bool = False) -> None:
        self._shared, self._loans, self._station, self._patient = shared, loans, station, patient

    def players(self, role: Role) -> tuple[Model, ...]:
        """Return the installed models that can play ``role``, best first."""
        return self._shared.players(role)

    def is_loaded(self, model: Model) -> bool:
        """Tell whether ``model`` answers without being loaded first."""
        return self._shared.is_loaded(model)

    @contextmanager
    def borrow(self, role: Role, model_id: str | None = None) -> Iterator[Engine]:
        """Lend an engine (see ``Library.borrow``) that the host sees and may call back."""
        lent = self._loans.lent(self._station, role, patient=self._patient)
        with lent as loan, self._shared.borrow(role, model_id) as engine:
            yield cast(Engine, _OnLoan(engine, loan))

    def patient(self) -> Library:
        """Return the same for work beside the page, which waits while the station pauses."""
        return StationLibrary(self._shared, self._loans, self._station, patient=True)


class _OnLoan:
    """An engine that ends its work when it is called back; everything else passes through."""

    def __init__(self, engine: Engine, loan: Loan) -> None:
        self._engine, self._loan = engine, loan

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the engine has
        found = getattr(self._engine, name)
        return _watched(found, self._loan) if callable(found) and name != "close" else found


def _watched(method: Callable[..., Any], loan: Loan) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401
        loan.check()
        result = method(*given, **named)
        return loan.steps(result) if isinstance(result, Iterator) else result

    return call
