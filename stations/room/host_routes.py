"""The host's panel: who waits, what runs, pause, notice, timer, reset. Only with the host's PIN."""

import math
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Body, Depends, FastAPI, Form, HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from models.catalog import Role
from models.offline import Guard
from stations.base import Workbench
from stations.room.admission import Admission
from stations.room.day import Diary
from stations.room.loans import Loan
from stations.room.machine import machine
from stations.room.moderation import LONGEST_NOTICE, Moderation
from stations.room.pages import FRESH, Facts, drawn, from_own_site, language_of
from stations.room.reset import Deleted, last_report
from stations.texts import Language, say, sentences
from stations.units import bytes_text

LONGEST_PIN = 12
LONGEST_ROUND = 600
NO_PASS, WRONG, TOO_OFTEN, BUSY, FOREIGN = 401, 403, 429, 409, 403
SPOKEN = (
    "end",
    "none",
    "numbers",
    "of",
    "pause",
    "paused",
    "restarting",
    "resume",
    "seconds",
    "shown",
    "sure",
    "sure_busy",
    "sure_pin",
    "unknown",
    "waits",
    "wrong",
)
"""What the panel's script says by itself."""


@dataclass(frozen=True)
class HostPanel:
    """The panel's addresses; ``begin_anew`` ends the program so that it deletes everything and starts again."""

    bench: Workbench
    admission: Admission
    moderation: Moderation
    diary: Diary
    guard: Guard
    folder: Path
    begin_anew: Callable[[], None]

    def add_addresses(self, app: FastAPI) -> None:
        """Serve ``/host`` and what it asks for. Gradio must be mounted after this."""
        only_host = [Depends(self._must_lead)]
        app.get("/host")(self.page)
        app.post("/host")(self.enter)
        app.get("/host/sheet", dependencies=only_host)(self.sheet)
        app.get("/host/state.json", dependencies=only_host)(self.state)
        for name in ("pause", "notice", "round", "call_back", "new_pin", "reset"):
            app.post(f"/host/{name}", dependencies=only_host)(getattr(self, name))

    def page(self, request: Request) -> Response:
        """Show the panel, or ask for its PIN."""
        if not self.admission.host.leads(request):
            return self._page(request, "host_enter.html", {})
        language, report = self._language(request), last_report(self.folder)
        facts: Facts = {
            "words": self._words(language),
            "report": report and _told(report, language),
            "longest": LONGEST_NOTICE,
        }
        return self._page(request, "host.html", facts)

    def enter(self, request: Request, pin: Annotated[str, Form(max_length=LONGEST_PIN)] = "") -> Response:
        """Let the host in."""
        door, address = self.admission.host, request.client.host if request.client else ""
        if wait_s := door.attempts.wait_s(address):
            return self._page(request, "host_enter.html", {"wait": math.ceil(wait_s)}, TOO_OFTEN)
        if not door.guess(pin, address):
            return self._page(request, "host_enter.html", {"wrong": True}, WRONG)
        answer = RedirectResponse("/host", status_code=303, headers=FRESH)
        door.welcome(answer, request)
        return answer

    def sheet(self, request: Request) -> Response:
        """Show today's counts and the sheet for those who took part, to print."""
        titles = self._titles(self._language(request))
        return self._page(request, "host_sheet.html", {"day": self.diary.today, "titles": titles})

    def state(self) -> Response:
        """Tell what goes on right now: numbers, never names or texts."""
        return JSONResponse(self._state(), headers=FRESH)

    def pause(self, stations: Annotated[list[str], Body(embed=True)]) -> Response:
        """Let exactly these stations pause."""
        self.bench.loans.pause(set(stations) & set(self.bench.workshop.stations))
        return self.state()

    def notice(self, text: Annotated[str, Body(embed=True, max_length=LONGEST_NOTICE)]) -> Response:
        """Show a notice on every page."""
        self.moderation.say(text)
        return self.state()

    def round(self, minutes: Annotated[float, Body(embed=True, ge=0, le=LONGEST_ROUND)]) -> Response:
        """Begin a round; 0 ends it."""
        self.moderation.begin_round(minutes)
        return self.state()

    def call_back(self, number: Annotated[int, Body(embed=True)]) -> Response:
        """End one running work."""
        self.bench.loans.call_back(number)
        return self.state()

    def new_pin(self) -> Response:
        """Draw another PIN for everybody: whoever is inside has to come in again."""
        if self.admission.everybody:
            self.admission.everybody.renew()
        return self.state()

    def reset(self, sure: Annotated[bool, Body(embed=True)]) -> Response:
        """Delete everything of everybody and start again; while somebody works, only if the host is sure."""
        if self.bench.loans.current and not sure:
            return JSONResponse({"working": len(self.bench.loans.current)}, BUSY, FRESH)
        self.diary.next_group()
        self.new_pin()
        threading.Timer(0.5, self.begin_anew).start()  # after this answer has gone
        return JSONResponse({"working": 0}, headers=FRESH)

    def _must_lead(self, request: Request) -> None:
        if not self.admission.host.leads(request):
            raise HTTPException(NO_PASS)
        if request.method != "GET" and not from_own_site(request):
            raise HTTPException(FOREIGN)

    def _state(self) -> Facts:
        everybody, lan = self.admission.everybody, self.admission.lan
        return {
            "stations": [self._station(name) for name in self.bench.workshop.stations],
            "works": [_work(loan) for loan in self.bench.loans.current],
            "present": self.bench.visitors.present,
            "machine": asdict(machine(self.folder)),
            "models": self.bench.library.loaded(),
            "notice": self.moderation.notice,
            "seconds_left": self.moderation.seconds_left,
            "pin": everybody.pin if everybody else "",
            "addresses": lan.typed if lan else (),
            "wrong_pins": everybody.attempts.wrong_lately if everybody else 0,
            "refused": self.guard.refused_count,
        }

    def _station(self, name: str) -> Facts:
        loans = [loan for loan in self.bench.loans.current if loan.station == name]
        waiting = sum(loan.place > 0 for loan in loans)
        return {
            "id": name,
            "paused": name in self.bench.loans.paused,
            "working": len(loans) - waiting,
            "waiting": waiting,
        }

    def _language(self, request: Request) -> Language:
        return language_of(request, self.bench.workshop.language)

    def _titles(self, language: Language) -> dict[str, str]:
        return {name: say(f"{name}.title", language) for name in self.bench.workshop.stations}

    def _words(self, language: Language) -> Facts:
        """Return what the script says; the placeholders in it are filled there."""
        own: Facts = {name: sentences(language)[f"host.{name}"] for name in SPOKEN}
        roles = {role.value: say(f"host.role_{role.value}", language) for role in Role}
        return own | {"titles": self._titles(language), "roles": roles}

    def _page(self, request: Request, template: str, facts: Facts, status: int = 200) -> HTMLResponse:
        return drawn(request, template, facts, self._language(request), status)


def _told(report: Deleted, language: Language) -> Facts:
    """Return a reset's report in words."""
    files = {say(f"host.kind_{kind}", language): count for kind, count in sorted(report.files.items())}
    size = bytes_text(report.bytes, language)
    return report.model_dump() | {"files": files, "size": size}


def _work(loan: Loan) -> Facts:
    return {
        "number": loan.number,
        "station": loan.station,
        "role": loan.role.value,
        "seconds": loan.seconds,
        "waiting": loan.place > 0,
    }
