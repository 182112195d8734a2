"""What the editor in the page asks the program for: the transcript, the sound, and changes.

All of it belongs to one visitor. Whatever else somebody asks for is not there, and nothing tells why.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse
from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from models.errors import ModelError
from stations.base import LANGUAGE_COOKIE
from stations.messages import sentence
from stations.speech.operations import Edit
from stations.speech.sheet import Change, Sheets
from stations.speech.transcript import Line
from stations.texts import Language, known_language

AUDIO = "audio.mp3"
LARGEST_EDIT = 200_000
"""Bytes of one change; the longest line has a tenth of it."""
PRIVATE = {"Cache-Control": "no-store, private", "Cross-Origin-Resource-Policy": "same-origin"}
DIGITS = 12
"""Revisions are far below."""
NOT_FOUND, CONFLICT, TOO_LARGE, WRONG_TYPE, UNREADABLE, REFUSED = 404, 409, 413, 415, 422, 400
STATUS = {
    "editor.none": NOT_FOUND,
    "editor.stale": CONFLICT,
    "editor.too_large": TOO_LARGE,
    "editor.wrong_type": WRONG_TYPE,
    "editor.unreadable": UNREADABLE,
}
Wire = Mapping[str, object]


@dataclass(frozen=True)
class Live:
    """What is being heard right now: lines that may still change, and whether more will come."""

    lines: Sequence[Line] = ()
    growing: bool = False


Owner = Callable[[Request, str], Path | None]
"""Gives the folder of a job if whoever asks owns it."""
Hearing = Callable[[Path], Live]
"""Tells what is being heard for the job in a folder."""


def add_routes(
    app: FastAPI,
    sheet_of: Owner,
    live_of: Hearing = lambda _: Live(),
    *,
    sheets: Sheets | None = None,
    language: Language = "de",
) -> None:
    """Add the editor's addresses below ``/speech``.

    Args:
        app: The page; Gradio must be mounted after this.
        sheet_of: Returns the private folder of a job only if the visitor's cookie owns it, else ``None``.
        live_of: Tells what is being heard for a job; pages ask again while it is growing.
        sheets: Those that the program itself writes, to be shared; otherwise they are read anew after each change.
        language: What visitors without a choice of their own are told in.
    """
    desk = _Desk(sheet_of, live_of, sheets or Sheets(), language)
    app.get("/speech/{job}/transcript")(desk.transcript)
    app.api_route("/speech/{job}/audio", methods=["GET", "HEAD"])(desk.audio)
    app.post("/speech/{job}/edit")(desk.edit)


class _Desk:
    """The three answers. It holds no visitor's data but that of the sheets."""

    def __init__(self, sheet_of: Owner, live_of: Hearing, sheets: Sheets, language: Language) -> None:
        self._sheet_of, self._live_of, self._sheets, self._language = sheet_of, live_of, sheets, language

    def transcript(self, request: Request, job: str) -> Response:
        """Send everything, or what is new since the revision that the page shows."""
        try:
            folder = self._folder(request, job)
            return self._answer(folder, self._sheets.of(folder).since(_revision(request)))
        except ModelError as error:
            return self._refusal(error, request)

    def audio(self, request: Request, job: str) -> Response:
        """Send the sound, whole or in the stretches that the browser wants."""
        try:
            file = self._folder(request, job) / AUDIO
            if not file.is_file():
                raise ModelError("editor.none")
            return FileResponse(file, media_type="audio/mpeg", headers=PRIVATE)
        except ModelError as error:
            return self._refusal(error, request)

    async def edit(self, request: Request, job: str) -> Response:
        """Carry out one change and send what is new for the page since the revision that it shows."""
        try:
            folder = await run_in_threadpool(self._folder, request, job)
            _check_origin(request)
            edit = _edit(await _body(request))
            return await run_in_threadpool(self._edited, folder, edit)
        except ModelError as error:
            return self._refusal(error, request)

    def _edited(self, folder: Path, edit: Edit) -> Response:
        return self._answer(folder, self._sheets.of(folder).apply(edit.revision, edit.operation))

    def _folder(self, request: Request, job: str) -> Path:
        """Return the visitor's own folder with a transcript in it.

        Raises:
            ModelError: ``editor.none`` for anything else, whatever it is.
        """
        folder = self._sheet_of(request, job) if job.isascii() and job.isalnum() else None
        if folder is None:
            raise ModelError("editor.none")
        return folder

    def _answer(self, folder: Path, change: Change) -> Response:
        live = self._live_of(folder)
        return _json({**_wired(change), "growing": live.growing, "live": [line.text for line in live.lines]})

    def _refusal(self, error: ModelError, request: Request) -> Response:
        language = known_language(request.cookies.get(LANGUAGE_COOKIE), self._language)
        facts = {"reason": error.key, "text": sentence(error, language)}
        return _json(facts, STATUS.get(error.key, REFUSED))


def _wired(change: Change) -> Wire:
    transcript = change.transcript
    return {
        "revision": change.revision,
        "whole": change.whole,
        "splices": [
            {"at": one.at, "removed": one.removed, "lines": [_line(line) for line in one.lines]}
            for one in change.splices
        ],
        "speakers": list(transcript.speakers.items()),
        "title": transcript.title,
        "language": transcript.language,
        "seconds": transcript.seconds,
        "undo": change.can_undo,
        "redo": change.can_redo,
    }


def _line(line: Line) -> Wire:
    """Return a line with its words as ``[text, start_s, end_s, sure]``: a third of the bytes that names would need."""
    words = [
        (word.text, round(word.start_s, 3), round(word.end_s, 3), round(word.sure, 2)) for word in line.words
    ]
    return {"id": line.id, "speaker": line.speaker, "words": words}


def _revision(request: Request) -> int | None:
    asked = request.query_params.get("since", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= DIGITS else None


def _check_origin(request: Request) -> None:
    """Let only this page change anything: another one could neither send JSON unasked nor name our address."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ModelError("editor.wrong_type")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    origin, site = request.headers.get("origin", "null"), request.headers.get("sec-fetch-site")
    if origin != own and (origin != "null" or site != "same-origin"):
        raise ModelError("editor.none")


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_EDIT:
                raise ModelError("editor.too_large", size=LARGEST_EDIT)
    except ClientDisconnect as error:
        raise ModelError("editor.unreadable") from error
    return bytes(body)


def _edit(body: bytes) -> Edit:
    try:
        return Edit.model_validate_json(body)
    except ValidationError as error:
        raise ModelError("editor.unreadable") from error


def _json(facts: Wire, status: int = 200) -> Response:
    return JSONResponse(facts, status, headers=PRIVATE)
