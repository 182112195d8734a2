"""What every open page asks for every few seconds: the host's notice, pauses, and the end of the round."""

from dataclasses import dataclass

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse

from stations.base import Workbench
from stations.room.moderation import Moderation
from stations.room.pages import FRESH, language_of
from stations.texts import Language, say
from stations.units import wait_text


@dataclass(frozen=True)
class News:
    """``group`` changes with every reset: a page of the group before then begins anew."""

    bench: Workbench
    moderation: Moderation
    group: str

    def add_addresses(self, app: FastAPI) -> None:
        """Serve ``/room.json``. Gradio must be mounted after this."""
        app.get("/room.json")(self.tell)

    def tell(self, request: Request) -> JSONResponse:
        """Return the sentences to show now, in the visitor's language; empty ones show nothing."""
        self.bench.visitors.here(request.cookies)
        language = language_of(request, self.bench.workshop.language)
        news = {
            "notice": self.moderation.notice,
            "pause": self._pause(language),
            "round": self._round(language),
            "group": self.group,
        }
        return JSONResponse(news, headers=FRESH)

    def _pause(self, language: Language) -> str:
        stations = self.bench.workshop.stations
        paused = [name for name in stations if name in self.bench.loans.paused]
        if not paused:
            return ""
        if len(paused) == len(stations):
            return say("room.all_paused", language)
        titles = ", ".join(say(f"{name}.title", language) for name in paused)
        return say("room.some_paused", language, stations=titles)

    def _round(self, language: Language) -> str:
        left = self.moderation.seconds_left
        if left is None or not self.moderation.ends_soon:
            return ""
        if left == 0:
            return say("room.round_over", language)
        return say("room.round_ends", language, time=wait_text(left, language))
