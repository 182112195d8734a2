"""The page around the stations: FastAPI with Gradio inside, security headers, language, the header line, health."""

import mimetypes
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from models.offline import Guard, open_connections
from stations.base import LANGUAGE_COOKIE, Workbench
from stations.page import LARGEST_UPLOAD, PageMiddleware
from stations.registry import station
from stations.room import task_routes
from stations.room.door import Door
from stations.room.house import House
from stations.room.ownership import Ownership
from stations.room.visitors import VisitorCookies
from stations.security import SecurityHeaders
from stations.texts import known_language, say
from stations.theme import CSS_FILE, theme

ASSETS = Path(__file__).resolve().parent / "assets"
BACK = ("/", "/join", "/wall", "/help-certificate", "/host", "/results", "/proof")
"""Where one may go on after choosing a language."""
YEAR_S = 365 * 24 * 3600
mimetypes.add_type("text/javascript", ".js")  # Windows may call it plain text, and browsers then refuse it


def make_app(bench: Workbench, demo: gr.Blocks, house: House) -> FastAPI:
    """Return the whole page as an ASGI application.

    Routes of our own come before Gradio's, which is mounted at "/" and would swallow them.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    _add_routes(app, bench, house.guard)
    task_routes.add_routes(app, bench)
    house.add_addresses(app, bench)
    for name in bench.workshop.stations:
        station(name).add_addresses(app, bench.of_station(name))
    app.mount("/assets-ki", StaticFiles(directory=ASSETS), name="assets-ki")
    _mount(app, bench, demo)
    _add_middleware(app, bench, house)
    return app


def offline_state(guard: Guard) -> dict[str, Any]:
    """Return what the header shows: refused attempts and the connections really open, the named server's apart."""
    connections = open_connections()
    outside = [connection.there for connection in connections if connection.outside]
    allowed = {f"{host}:{port}" for host, port in guard.allowed}
    return {
        "refused": guard.refused_count,
        "targets": [f"{target} ({count})" for target, count in guard.refused_by_target().most_common(10)],
        "outside": [there for there in outside if there not in allowed],
        "server": [there for there in outside if there in allowed],
        "inside": len(connections) - len(outside),
    }


def _add_routes(app: FastAPI, bench: Workbench, guard: Guard) -> None:
    @app.get("/health")
    def health() -> JSONResponse:
        return JSONResponse({"ok": True, "stations": list(bench.workshop.stations)})

    @app.get("/offline.json")
    def offline(request: Request) -> JSONResponse:
        language = known_language(request.cookies.get(LANGUAGE_COOKIE), bench.workshop.language)
        state = offline_state(guard)
        state["text"] = say("page.offline_state", language, refused=state["refused"])
        return JSONResponse(state, headers={"Cache-Control": "no-store"})

    @app.get("/language/{wish}")
    def language(wish: str, back: str = "/") -> Response:
        answer = RedirectResponse(back if back in BACK else "/", status_code=303)
        chosen = known_language(wish, bench.workshop.language)
        answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR_S, samesite="lax", httponly=True)
        return answer


def _mount(app: FastAPI, bench: Workbench, demo: gr.Blocks) -> None:
    gr.mount_gradio_app(
        app,
        demo,
        path="/",
        footer_links=[],
        run_history=False,
        app_kwargs={"openapi_url": None},
        show_error=False,
        max_file_size=LARGEST_UPLOAD,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        i18n=bench.words,
        mcp_server=False,
        theme=theme(),
        css_paths=[CSS_FILE],
    )


def _add_middleware(app: FastAPI, bench: Workbench, house: House) -> None:
    """The last one added sees a request first."""
    server = bench.workshop.chat.room_server
    app.add_middleware(Ownership, visitors=bench.visitors, owners=house.owners)
    app.add_middleware(VisitorCookies, visitors=bench.visitors)
    app.add_middleware(PageMiddleware, default_language=bench.workshop.language, server=server)
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(GZipMiddleware, minimum_size=800)
    app.add_middleware(Door, admission=house.admission)
    app.add_middleware(SecurityHeaders)
