"""The way in: the page for the wall, the page for the PIN, and help with the phone's warning."""

import hashlib
import json
import math
from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from stations.room.admission import Admission
from stations.room.asked import from_the_room
from stations.room.pages import FRESH, Facts, drawn, language_of
from stations.room.passes import Entrance
from stations.room.qr import address_code, wifi_code
from stations.settings import Room
from stations.texts import Language

LONGEST_PIN = 12
TOO_OFTEN, WRONG, NOT_HERE = 429, 403, 404


@dataclass(frozen=True)
class Wall:
    """The pages before the workshop itself."""

    admission: Admission
    settings: Room
    language: Language

    def add_addresses(self, app: FastAPI) -> None:
        """Serve ``/join``, ``/wall`` and ``/help-certificate``. Gradio must be mounted after this."""
        app.get("/join")(self.asked)
        app.post("/join")(self.answered)
        app.get("/wall")(self.shown)
        app.get("/wall.json")(self.state)
        app.get("/help-certificate")(self.help)

    def asked(self, request: Request, pin: str = "") -> Response:
        """Ask for the PIN; the QR code brings it along."""
        everybody = self.admission.everybody
        if everybody is None or everybody.opens(request.cookies):
            return RedirectResponse("/", status_code=303)
        return self._judged(everybody, request, pin) if pin else self._page(request, "join.html", {})

    def answered(self, request: Request, pin: Annotated[str, Form(max_length=LONGEST_PIN)] = "") -> Response:
        """Let somebody in who typed the right PIN."""
        everybody = self.admission.everybody
        if everybody is None:
            return RedirectResponse("/", status_code=303)
        return self._judged(everybody, request, pin)

    def shown(self, request: Request) -> Response:
        """Show how to join, for the wall; only on this laptop, or to whoever leads the room."""
        if not self._leads(request):
            return Response(status_code=NOT_HERE)
        return self._page(request, "wall.html", {**self._facts(), "version": self._version()})

    def state(self, request: Request) -> Response:
        """Tell the wall whether it has to be drawn anew."""
        if not self._leads(request):
            return Response(status_code=NOT_HERE)
        return JSONResponse({"version": self._version()}, headers=FRESH)

    def help(self, request: Request) -> Response:
        """Show what to tap when the phone warns."""
        lan = self.admission.lan
        return self._page(
            request, "help_certificate.html", {"address": lan.network.addresses[:1] if lan else ()}
        )

    def _judged(self, door: Entrance, request: Request, pin: str) -> Response:
        address = request.client.host if request.client else ""
        if wait_s := door.attempts.wait_s(address):
            return self._page(request, "join.html", {"wait": math.ceil(wait_s)}, TOO_OFTEN)
        if not door.guess(pin, address):
            return self._page(request, "join.html", {"wrong": True}, WRONG)
        answer = RedirectResponse("/", status_code=303, headers=FRESH)
        door.let_in(answer, secure=request.url.scheme == "https")
        return answer

    def _leads(self, request: Request) -> bool:
        return not from_the_room(request.scope) or self.admission.host.leads(request)

    def _facts(self) -> Facts:
        lan, everybody = self.admission.lan, self.admission.everybody
        if lan is None or everybody is None:
            return {"open": False}
        wifi, password = self.settings.wifi, self.settings.wifi_password.get_secret_value()
        inviting = f"{lan.address}/join?pin={everybody.pin}"
        return {
            "open": True,
            "typed": lan.typed,
            "address": lan.network.addresses[:1],
            "code": address_code(inviting) if lan.address else "",
            "pin": everybody.pin,
            "wifi": wifi,
            "wifi_password": password,
            "wifi_code": wifi_code(wifi, password) if wifi else "",
        }

    def _version(self) -> str:
        return hashlib.sha256(json.dumps(self._facts()).encode()).hexdigest()[:16]

    def _page(self, request: Request, template: str, facts: Facts, status: int = 200) -> HTMLResponse:
        return drawn(request, template, facts, language_of(request, self.language), status)
