"""The proof that nothing leaves: what was refused, what is open now, and how to check it without trusting us."""

from dataclasses import dataclass

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse

from models.offline import Guard, open_connections
from stations.room.pages import Facts, drawn, language_of
from stations.texts import Language

SHOWN = 30
"""Refused attempts on the page, the newest; the count goes on."""


@dataclass(frozen=True)
class Proof:
    """One page for everybody; it names programs and addresses, never what somebody typed."""

    guard: Guard
    language: Language

    def add_addresses(self, app: FastAPI) -> None:
        """Serve ``/proof``. Gradio must be mounted after this."""
        app.get("/proof")(self.page)

    def page(self, request: Request) -> HTMLResponse:
        """Show the state of this moment."""
        language = language_of(request, self.language)
        connections = open_connections()
        allowed = {f"{host}:{port}" for host, port in self.guard.allowed}
        facts: Facts = {
            "since": f"{self.guard.since:%H:%M}",
            "refused": self.guard.refused_count,
            "refusals": self.guard.refusals()[:SHOWN],
            "outside": [each.there for each in connections if each.outside and each.there not in allowed],
            "server": sorted(allowed),
            "inside": sum(not each.outside for each in connections),
        }
        return drawn(request, "proof.html", facts, language)
