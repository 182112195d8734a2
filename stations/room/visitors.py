"""Visitors without accounts: a signed cookie says which private folder is whose.

The cookie holds a random number and nothing else; scripts cannot read it, other sites cannot send it.
"""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from itsdangerous import BadSignature, Signer
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stations.room.private_files import read_or_make

COOKIE = "ki_visitor"
COOKIE_S = 30 * 24 * 3600
KEY, KEY_BYTES, ID_BYTES = ".key", 32, 16
DAY_S = 24 * 3600
PRESENT_S = 30.0
"""A page asks for news every few seconds; one that sleeps on a phone does not."""


class Visitors:
    """Everybody who opened the page, by their cookies; ``home`` is the folder that holds one folder for each."""

    def __init__(self, home: Path, came: Callable[[], None] = lambda: None) -> None:
        self.home, self._came = home, came
        self._seen: dict[str, float] = {}
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._signer = Signer(read_or_make(home / KEY, partial(secrets.token_bytes, KEY_BYTES)), salt=COOKIE)

    def of(self, cookies: Mapping[str, str]) -> str | None:
        """Return who sent these cookies; ``None`` without a cookie of ours, or with a forged one."""
        try:
            return self._signer.unsign(cookies.get(COOKIE, "")).decode()
        except BadSignature:
            return None

    def new_cookie(self) -> str:
        """Return the cookie of somebody who was never here before, and count them."""
        self._came()
        return self._signer.sign(secrets.token_hex(ID_BYTES)).decode()

    def folder(self, visitor: str) -> Path:
        """Return the private folder of a visitor; it is made when first asked for."""
        folder = self.home / visitor
        folder.mkdir(mode=0o700, exist_ok=True)
        os.utime(folder)
        return folder

    def here(self, cookies: Mapping[str, str]) -> None:
        """Note that the page of whoever sent these cookies is open."""
        if visitor := self.of(cookies):
            self._seen[visitor] = time.monotonic()

    @property
    def present(self) -> int:
        """How many pages were open within the last moments."""
        limit = time.monotonic() - PRESENT_S
        self._seen = {who: when for who, when in self._seen.items() if when > limit}
        return len(self._seen)

    def sweep(self, days: float) -> int:
        """Delete the folders of all who have not been here for so many days; return how many."""
        limit = time.time() - days * DAY_S
        old = [each for each in self.home.iterdir() if each.is_dir() and each.stat().st_mtime < limit]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return len(old)


class VisitorCookies:
    """Gives everybody who opens the page without a cookie of ours a new one."""

    def __init__(self, app: ASGIApp, visitors: Visitors) -> None:
        self._app, self._visitors = app, visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        is_page = scope["type"] == "http" and scope["path"] == "/" and scope["method"] == "GET"
        known = not is_page or self._visitors.of(Request(scope).cookies)
        await self._app(scope, receive, send if known else self._greeting(send, scope))

    def _greeting(self, send: Send, scope: Scope) -> Send:
        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("Set-Cookie", _set_cookie(self._visitors.new_cookie(), scope["scheme"]))
            await send(message)

        return send_with_cookie


def _set_cookie(value: str, scheme: str) -> str:
    answer = Response()
    answer.set_cookie(
        COOKIE, value, max_age=COOKIE_S, httponly=True, samesite="strict", secure=scheme == "https"
    )
    return answer.headers["set-cookie"]
