"""What a request meets first: is it for this laptop, does it come from the room, does it carry a pass."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from stations.room.admission import Admission
from stations.room.asked import from_the_room, host_of
from stations.room.network import in_the_room

OPEN = ("/join", "/help-certificate", "/assets-ki/", "/static/fonts/", "/language/", "/health")
"""What somebody without a pass may see: the way in."""
WRONG_HOST, OUTSIDE, NO_PASS = 400, 403, 401
WEB = ("http", "websocket")


class Door:
    """Lets people of the room in who know the PIN.

    Requests over http come from this laptop: that listener is bound to loopback. Those over https come from the room.
    """

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app, self._admission = app, admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        refusal = self._refusal(scope) if scope["type"] in WEB else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if not self._admission.knows(host_of(scope)):
            return PlainTextResponse("Invalid host header", WRONG_HOST)
        if not from_the_room(scope):
            return None
        if not in_the_room((scope.get("server") or ("", 0))[0]):
            return PlainTextResponse("Only in the room", OUTSIDE)
        return self._stopped(scope)

    def _stopped(self, scope: Scope) -> Response | None:
        everybody = self._admission.everybody
        if everybody is None or scope["path"].startswith(OPEN):
            return None
        if everybody.opens(Request({**scope, "type": "http"}).cookies):
            return None
        if scope.get("method") == "GET" and scope["path"] == "/":
            return RedirectResponse("/join", status_code=303)
        return PlainTextResponse("PIN", NO_PASS)
