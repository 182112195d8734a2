"""The addresses at which a browser hears what was spoken, also while it is still being computed."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, StreamingResponse
from starlette.requests import Request
from starlette.responses import Response

from stations.audio.readings import unpacked
from stations.base import Workbench
from stations.speaking.files import growing

FOLDER, ADDRESS = "audio", "/audio-ki"
PRIVATE = {"Cache-Control": "no-store, private", "Cross-Origin-Resource-Policy": "same-origin"}
ID_BYTES = 12
MOST_SOUNDS = 24
"""So many sounds of one person are kept; half an hour takes 100 MB."""
PIECE_BYTES = 16_384
LOOK_EVERY_S = 0.1
NOT_FOUND = 404


def new_sound(visitor: Path) -> Path:
    """Return where a visitor's next sound goes; its name cannot be guessed. The oldest ones make room."""
    folder = visitor / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.mp3"), key=lambda file: file.stat().st_mtime)[: -MOST_SOUNDS + 1]:
        unpacked(old).unlink(missing_ok=True)
        old.unlink(missing_ok=True)
    return folder / f"{secrets.token_hex(ID_BYTES)}.mp3"


def address_of(sound: Path) -> str:
    """Return the address at which whoever owns a sound hears it."""
    return f"{ADDRESS}/{sound.name}"


def sound_of(visitor: Path, name: str) -> Path | None:
    """Return one of a visitor's sounds, there or growing; ``None`` if they have none of this name."""
    known = {each.name.removesuffix(".part"): each for each in (visitor / FOLDER).glob("*.mp3*")}
    found = known.get(name)
    return found.with_name(name) if found else None


def add_addresses(app: FastAPI, bench: Workbench) -> None:
    """Serve everybody their own sounds; whatever else somebody asks for is not there."""

    @app.get(f"{ADDRESS}/{{name}}")
    async def sound(name: str, request: Request) -> Response:
        visitor = bench.visitors.of(request.cookies)
        found = sound_of(bench.visitors.folder(visitor), name) if visitor else None
        if found is None:
            return Response(status_code=NOT_FOUND)
        if growing(found).exists():
            return StreamingResponse(_tail(found), media_type="audio/mpeg", headers=PRIVATE)
        return FileResponse(found, media_type="audio/mpeg", headers=PRIVATE)


async def _tail(sound: Path) -> AsyncIterator[bytes]:
    """Yield a file while it grows; one that is renamed when it is whole stays the same file."""
    try:
        file = growing(sound).open("rb")
    except FileNotFoundError:  # whole by now
        file = sound.open("rb")
    with file:
        while True:
            goes_on = growing(sound).exists()
            if piece := file.read(PIECE_BYTES):
                yield piece
            elif goes_on:
                await asyncio.sleep(LOOK_EVERY_S)
            else:
                return
