"""The addresses of the task cards: beside a station, on paper, their material, and a visitor's ticks."""

import io
import mimetypes
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from models.errors import ModelError
from stations.base import LANGUAGE_COOKIE, Workbench
from stations.messages import sentence
from stations.room import task_view
from stations.room.task_cards import SAMPLES, Card, Sample, cards
from stations.room.task_ticks import Ticks, read_ticks, write_ticks
from stations.texts import LANGUAGES, Language, known_language

LARGEST_WISH = 1000
"""Bytes of what a page sends when somebody ticks a step."""
PRIVATE = {
    "Cache-Control": "no-store, private",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Cookie",
}
REFUSED, FOREIGN, NOT_FOUND = 400, 403, 404
STATUS = {"tasks.unknown": NOT_FOUND, "tasks.foreign": FOREIGN}


class Tick(BaseModel):
    """A step that a visitor ticked or unticked."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    card: str
    step: int
    done: bool


class Opened(BaseModel):
    """Which card a visitor opened: "" for the list of cards, ``None`` when it was closed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    card: str | None


Wish = TypeVar("Wish", bound=BaseModel)


def add_routes(app: FastAPI, bench: Workbench) -> None:
    """Serve the cards of the stations of this workshop; Gradio must be mounted after this.

    Raises:
        ModelError: ``tasks.broken_file`` for a file with cards that cannot be used.
    """
    for station in bench.workshop.stations:
        cards(station)
    desk = _Desk(bench)
    app.get("/tasks/{station}")(desk.paper)
    app.get("/tasks/{station}/cards")(desk.beside)
    app.get("/tasks/{station}/material/{card}/{number}/{language}")(desk.material)
    app.post("/tasks/{station}/tick")(desk.tick)
    app.post("/tasks/{station}/open")(desk.open)


class _Desk:
    """The answers. It holds no visitor's data; the lock keeps two ticks of one visitor from undoing each other."""

    def __init__(self, bench: Workbench) -> None:
        self._bench, self._lock = bench, Lock()

    def paper(self, request: Request, station: str) -> Response:
        """Send a page to print; ``?language=en`` asks for the other language."""
        language = known_language(request.query_params.get("language"), self._language(request))
        try:
            self._cards(station)
        except ModelError as error:
            return self._refusal(error, request)
        return HTMLResponse(task_view.on_paper(station, language), headers=PRIVATE)

    def beside(self, request: Request, station: str) -> Response:
        """Send the cards with this visitor's ticks."""
        try:
            self._cards(station)
        except ModelError as error:
            return self._refusal(error, request)
        visitor = self._bench.visitors.of(request.cookies)
        ticks = read_ticks(self._bench.visitors.folder(visitor)) if visitor else Ticks()
        beside = task_view.beside_station(station, self._language(request), ticks)
        return HTMLResponse(beside, headers=PRIVATE)

    def material(self, request: Request, station: str, card: str, number: str, language: str) -> Response:
        """Send the material of a card as a file."""
        try:
            found = self._card(station, card)
            if language not in LANGUAGES or number not in map(str, range(len(found.samples))):
                raise ModelError("tasks.unknown")
        except ModelError as error:
            return self._refusal(error, request)
        name, content = packed(found.samples[int(number)], found.id, known_language(language))
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(content, media_type=kind, headers={**PRIVATE, "Content-Disposition": _as_file(name)})

    async def tick(self, request: Request, station: str) -> Response:
        """Keep a tick and say how far this visitor is."""

        def ticked(wish: Tick, ticks: Ticks) -> Ticks:
            steps = len(self._card(station, wish.card).steps.de)
            if not 0 <= wish.step < steps:
                raise ModelError("tasks.unknown")
            return ticks.with_step(station, wish.card, wish.step, done=wish.done)

        return await self._kept(request, station, Tick, ticked)

    async def open(self, request: Request, station: str) -> Response:
        """Keep which card is open, so that a reload shows it again."""

        def opened(wish: Opened, ticks: Ticks) -> Ticks:
            if wish.card:
                self._card(station, wish.card)
            return ticks.with_open(station, wish.card)

        return await self._kept(request, station, Opened, opened)

    async def _kept(
        self, request: Request, station: str, kind: type[Wish], change: Callable[[Wish, Ticks], Ticks]
    ) -> Response:
        try:
            check_origin(request)
            self._cards(station)
            wish = _wish(kind, await _body(request))
            ticks = await run_in_threadpool(self._changed, request, lambda before: change(wish, before))
        except ModelError as error:
            return self._refusal(error, request)
        return JSONResponse(self._progress(station, ticks, self._language(request)), headers=PRIVATE)

    def _changed(self, request: Request, change: Callable[[Ticks], Ticks]) -> Ticks:
        folder = self._folder(request)
        with self._lock:
            ticks = change(read_ticks(folder))
            write_ticks(folder, ticks)
        return ticks

    def _folder(self, request: Request) -> Path:
        visitor = self._bench.visitors.of(request.cookies)
        if visitor is None:
            raise ModelError("page.no_cookie")
        return self._bench.visitors.folder(visitor)

    def _cards(self, station: str) -> tuple[Card, ...]:
        """Return the cards of a station of this workshop: nobody names a file by its address."""
        found = cards(station) if station in self._bench.workshop.stations else ()
        if not found:
            raise ModelError("tasks.unknown")
        return found

    def _card(self, station: str, card: str) -> Card:
        found = next((each for each in self._cards(station) if each.id == card), None)
        if found is None:
            raise ModelError("tasks.unknown")
        return found

    def _progress(self, station: str, ticks: Ticks, language: Language) -> dict[str, object]:
        every = {card.id: task_view.step_progress(station, card, ticks, language) for card in cards(station)}
        return {"cards": every, "finished": task_view.whole_progress(station, ticks, language)}

    def _language(self, request: Request) -> Language:
        return known_language(request.cookies.get(LANGUAGE_COOKIE), self._bench.workshop.language)

    def _refusal(self, error: ModelError, request: Request) -> Response:
        text = sentence(error, self._language(request))
        return JSONResponse({"text": text}, STATUS.get(error.key, REFUSED), headers=PRIVATE)


def packed(sample: Sample, name: str, language: Language) -> tuple[str, bytes]:
    """Return material as a file: its name and content. Several files come as one ZIP."""
    files = [SAMPLES / each for each in sample.file_names(language)]
    if not files:
        return f"{name}.txt", sample.to_read(language).encode()
    if len(files) == 1:
        return files[0].name, files[0].read_bytes()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return f"{name}.zip", content.getvalue()


def check_origin(request: Request) -> None:
    """Let only our own page change anything.

    Raises:
        ModelError: ``tasks.foreign`` for any other page, and for a form, which could be sent from anywhere.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    origin, site = request.headers.get("origin", "null"), request.headers.get("sec-fetch-site")
    ours = site in {None, "same-origin"} if origin == own else origin == "null" and site == "same-origin"
    if kind != "application/json" or not ours:
        raise ModelError("tasks.foreign")


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_WISH:
                raise ModelError("tasks.unknown")
    except ClientDisconnect as error:
        raise ModelError("tasks.unknown") from error
    return bytes(body)


def _wish(kind: type[Wish], body: bytes) -> Wish:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise ModelError("tasks.unknown") from error


def _as_file(name: str) -> str:
    return f'attachment; filename="{name}"'
