"""The proof that nothing leaves: what was refused, what is open now, and how to check it without trusting us."""

from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse

from models.offline import Guard, open_connections
from stations.base import LANGUAGE_COOKIE
from stations.page import templates
from stations.texts import LANGUAGES, Language, known_language, say

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
        language = known_language(request.cookies.get(LANGUAGE_COOKIE), self.language)
        connections = open_connections()
        allowed = {f"{host}:{port}" for host, port in self.guard.allowed}
        facts = {
            "say": partial(say, language=language),
            "language": language,
            "languages": LANGUAGES,
            "here": "/proof",
            "since": f"{self.guard.since:%H:%M}",
            "refused": self.guard.refused_count,
            "refusals": self.guard.refusals()[:SHOWN],
            "outside": [each.there for each in connections if each.outside and each.there not in allowed],
            "server": sorted(allowed),
            "inside": sum(not each.outside for each in connections),
        }
        page = templates().get_template("proof.html").render(facts)
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})
