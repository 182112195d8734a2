"""What a station is, and what it is given to work with. Imports no Gradio: commands that draw nothing stay quick."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from models.catalog import Role
from models.errors import ModelError
from models.library import Library
from stations.room.loans import Loans, StationLibrary
from stations.room.results import Keep, Result, Results, Wanted
from stations.settings import Workshop
from stations.texts import Language, known_language

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

    from stations.room.visitors import Visitors

LANGUAGE_COOKIE = "ki_language"


class Lasting(Protocol):
    """Something that a station keeps running for everybody until the program ends."""

    def close(self) -> None:
        """End it."""
        ...

    def forget(self, folder: Path) -> None:
        """End what is done in a visitor's folder, which is about to be deleted."""
        ...


Thing = TypeVar("Thing", bound=Lasting)


class Level(StrEnum):
    """How much a station asks of people."""

    BASIS = "basis"
    FORTGESCHRITTEN = "fortgeschritten"
    EXPLORATIV = "explorativ"


@dataclass(frozen=True)
class Workbench:
    """What every station works with: words, settings, engines. Nothing of any visitor."""

    words: gr.I18n
    workshop: Workshop
    library: Library
    visitors: Visitors
    loans: Loans
    station: str = ""
    _made: dict[Callable[[Workbench], Any], Any] = field(default_factory=dict, repr=False, compare=False)

    def of_station(self, name: str) -> Workbench:
        """Return the bench as one station has it: what it borrows is written down under its name."""
        return replace(self, library=StationLibrary(self.library, self.loans, name), station=name)

    def label(self, key: str) -> str:
        """Return a label that the browser shows in the visitor's language (in truth Gradio's marker for one)."""
        return cast(str, self.words(key))

    def once(self, make: Callable[[Workbench], Thing]) -> Thing:
        """Return what ``make`` makes of this bench, made once and closed with it."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(Thing, self._made[make])

    def forget(self, folder: Path) -> None:
        """Let stations end what they do with a visitor's folder: it is about to be deleted."""
        for thing in self._made.values():
            thing.forget(folder)

    def close(self) -> None:
        """End what stations keep running, then give the engines back."""
        for thing in self._made.values():
            thing.close()
        self.library.close()

    def person(self, request: gr.Request) -> str:
        """Return a name for whoever opened this page; nobody is served twice before everybody was once."""
        return self.visitors.of(request.cookies) or request.session_hash or ""

    def folder(self, request: gr.Request) -> Path:
        """Return the private folder of whoever opened this page.

        Raises:
            ModelError: ``page.no_cookie`` for a browser that keeps no cookies.
        """
        if visitor := self.visitors.of(request.cookies):
            return self.visitors.folder(visitor)
        raise ModelError("page.no_cookie")

    def keeping(self, request: gr.Request, wanted: Wanted) -> AbstractContextManager[Keep]:
        """Keep what is made here for whoever opened this page (see ``Results``); without a cookie nothing is."""
        visitor = self.visitors.of(request.cookies)
        if visitor is None:
            return nullcontext(_forget)
        return Results(self.visitors.folder(visitor)).keeping(self.station, wanted)

    def language(self, request: gr.Request | None) -> Language:
        """Return the language that this visitor chose."""
        cookies = request.cookies if request else {}
        return known_language(cookies.get(LANGUAGE_COOKIE), self.workshop.language)


def _forget(_: Callable[[], str]) -> None:
    """Keep nothing."""


@dataclass(frozen=True)
class Station:
    """One tab. The words ``<id>.title`` and ``<id>.purpose`` must exist.

    ``needs`` are the roles without which it cannot work, ``wishes`` those with which it can do more; ``panel`` is the
    module whose ``build(bench)`` draws it, ``service`` one whose ``add_addresses(app, bench)`` serves what Gradio
    cannot, ``keeper`` one whose ``kept(home, language)`` lists what it keeps in a visitor's folder in its own way.
    """

    id: str
    level: Level
    needs: tuple[Role, ...]
    panel: str
    wishes: tuple[Role, ...] = ()
    service: str = ""
    keeper: str = ""

    @property
    def build(self) -> Callable[[Workbench], None]:
        """The function that draws the station; its module is imported only now."""
        return cast(Callable[[Workbench], None], import_module(self.panel).build)

    def kept(self, home: Path, language: Language) -> list[Result]:
        """Return what this station keeps for a visitor in an own way."""
        return list(import_module(self.keeper).kept(home, language)) if self.keeper else []

    def add_addresses(self, app: FastAPI, bench: Workbench) -> None:
        """Serve the station's own addresses, if it has any and can work."""
        if self.service and all(bench.library.players(role) for role in self.needs):
            import_module(self.service).add_addresses(app, bench)
