"""Lets everybody use only what is theirs of Gradio's addresses: sessions, events, uploads, results."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stations.room.owners import Owners
from stations.room.visitors import Visitors

API = "/gradio_api/"
USED = re.compile(
    r"(?:queue/(?:join|data)|upload|upload_progress|cancel|reset/?|component_server/?|info/?|startup-events|theme\.css"
    r"|app_id/?|login_check/?|heartbeat/[^/]+|stream/.+|file[=/].+)"
)
"""What our page asks for; the rest (calls without a queue, run history, deep links, proxies) answers nobody."""
LARGEST_JSON = 20_000_000
"""Bytes of one event; files come in another way."""
BROKEN, REFUSED, NOT_FOUND, TOO_LARGE = 400, 403, 404, 413


class Ownership:
    """Stands before Gradio and refuses what belongs to somebody else."""

    def __init__(self, app: ASGIApp, visitors: Visitors, owners: Owners) -> None:
        self._app, self._visitors, self._owners = app, visitors, owners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] == "websocket":  # our page has none
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self._app(scope, receive, send)
            return
        asked = _Asked(scope, self._visitors)
        status = self._refusal(asked)
        if status is None and asked.brings_json:
            status, receive = await self._read(asked, receive)
        if status is None:
            await self._app(scope, receive, _Listener(send, asked, self._owners))
        else:
            await PlainTextResponse("", status)(scope, receive, send)

    def _refusal(self, asked: "_Asked") -> int | None:
        if not USED.fullmatch(asked.path):
            return NOT_FOUND
        if asked.file is not None and not self._owners.may_read(asked.file, asked.visitor):
            return NOT_FOUND
        theirs = all(self._owners.claim(name, asked.visitor) for name in asked.names)
        return None if theirs else REFUSED

    async def _read(self, asked: "_Asked", receive: Receive) -> tuple[int | None, Receive]:
        """Read a request's JSON; return why it is refused, and what gives the same body once more."""
        body = b""
        async for chunk in Request(asked.scope, receive).stream():
            body += chunk
            if len(body) > LARGEST_JSON:
                return TOO_LARGE, receive
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            return BROKEN, receive
        sessions = [found["session_hash"]] if isinstance(found, dict) and "session_hash" in found else []
        theirs = all(self._owners.claim(f"session:{name}", asked.visitor) for name in sessions)
        files = all(self._owners.may_read(file, asked.visitor) for file in self._owners.named_in(found))
        return (None if theirs and files else REFUSED), _again(body, receive)


class _Asked:
    """What one request asks for, and who asks."""

    def __init__(self, scope: Scope, visitors: Visitors) -> None:
        self.scope, self.path = scope, scope["path"].removeprefix(API)
        address = (scope.get("client") or ("",))[0]
        # a browser without cookies is known by nothing but its address
        self.visitor = visitors.of(Request(scope).cookies) or f"address {address}"

    @property
    def brings_json(self) -> bool:
        return self.scope["method"] == "POST" and not self.path.startswith("upload")

    @property
    def file(self) -> str | None:
        """The file asked for; ``None`` if it is something else."""
        found = re.match(r"file[=/](.*)", self.path, re.DOTALL)
        return found[1] if found else None

    @property
    def names(self) -> Iterator[str]:
        """Sessions and events that the address names."""
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        yield from (f"session:{name}" for name in query.get("session_hash", ()))
        match self.path.split("/"):
            case ["heartbeat", session] | ["stream", session, _, _, _]:
                yield f"session:{session}"
            case ["stream", event] | ["stream", event, "close"]:
                yield f"event:{event}"

    @property
    def hands_over(self) -> bool:
        """Whether the answer names files or events that are the visitor's from now on."""
        return self.path in ("upload", "queue/join", "queue/data", "component_server", "component_server/")


class _Listener:
    """Passes an answer on and notes what it hands over."""

    def __init__(self, send: Send, asked: _Asked, owners: Owners) -> None:
        self._send, self._asked, self._owners = send, asked, owners

    async def __call__(self, message: Message) -> None:
        if self._asked.hands_over and (body := message.get("body")):
            self._note(body)
        await self._send(message)

    def _note(self, body: bytes) -> None:
        with suppress(ValueError):  # a sentence about a mistake, or a part of something long
            if self._asked.path == "upload":
                self._owners.give(filter(_is_text, json.loads(body)), self._asked.visitor)
            elif self._asked.path == "queue/join":
                self._owners.claim(f"event:{json.loads(body).get('event_id')}", self._asked.visitor)
            else:
                for line in body.split(b"\n"):
                    given = self._owners.given_in(line.removeprefix(b"data: "))
                    self._owners.give(given, self._asked.visitor)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _again(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def give() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give
