"""Who leads the room: whoever knows the host's PIN, on this laptop or on one other device."""

import hmac
import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from stations.room.asked import from_the_room
from stations.room.passes import Entrance
from stations.room.private_files import write_private

HERE = "here"
NONCE_BYTES = 16


class HostDoor(Entrance):
    """The panel's door. A second device that comes in takes the place of the first: nobody leads unnoticed."""

    def __init__(self, folder: Path, fixed: str = "") -> None:
        super().__init__("host", folder, fixed)
        self._device = folder / "host.device"

    def leads(self, request: Request) -> bool:
        """Tell whether this request comes from whoever leads the room."""
        who = self.holder(request.cookies)
        if who is None or who == HERE:
            return who == HERE and not from_the_room(request.scope)
        return hmac.compare_digest(who, self._allowed())

    def welcome(self, answer: Response, request: Request) -> None:
        """Give a pass to whoever has just typed the host's PIN."""
        if not from_the_room(request.scope):
            self.let_in(answer, HERE, secure=False)
            return
        nonce = secrets.token_hex(NONCE_BYTES)
        write_private(self._device, nonce.encode())
        self.let_in(answer, nonce, secure=True)

    def _allowed(self) -> str:
        return self._device.read_text(encoding="ascii") if self._device.exists() else ""
