"""Who may come in: whoever knew the PIN once carries a signed pass, as long as the PIN stays the same."""

import hmac
import secrets
import threading
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from itsdangerous import BadSignature, Signer
from starlette.responses import Response

from stations.room.attempts import Attempts
from stations.room.private_files import read_or_make, write_private

DIGITS = 6
HOURS = 12
"""A PIN drawn here is kept that long: a restart at noon must not ask every phone again."""
PASS_S = HOURS * 3600
KEY_BYTES = 32


class Entrance:
    """One locked door: its PIN, the passes it gives out, and how often one may guess.

    ``fixed`` is the PIN that the host has chosen; without one it is drawn and kept in ``folder`` for some hours.
    """

    def __init__(self, name: str, folder: Path, fixed: str = "") -> None:
        self.cookie, self.attempts = f"ki_{name}", Attempts()
        self._file, self._fixed, self._lock = folder / f"{name}.pin", fixed, threading.Lock()
        self._key = read_or_make(folder / "passes.key", partial(secrets.token_bytes, KEY_BYTES))
        self._pin = fixed or _kept(self._file) or self._draw()

    @property
    def pin(self) -> str:
        """What people have to type."""
        return self._pin

    def renew(self) -> str:
        """Draw another PIN, so that all passes end; one chosen by the host stays as it is. Return it."""
        with self._lock:
            if not self._fixed:
                self._pin = self._draw()
            return self._pin

    def holder(self, cookies: Mapping[str, str]) -> str | None:
        """Return for whom the pass in these cookies was made; ``None`` without one for the PIN of now."""
        try:
            return self._signer.unsign(cookies.get(self.cookie, "")).decode()
        except BadSignature:
            return None

    def opens(self, cookies: Mapping[str, str]) -> bool:
        """Tell whether these cookies hold a pass of ours for the PIN of now."""
        return self.holder(cookies) is not None

    def guess(self, pin: str, address: str) -> bool:
        """Tell whether the PIN is right; the caller has asked ``attempts.wait_s`` before."""
        right = hmac.compare_digest(pin.strip().encode(), self._pin.encode())
        if not right:
            self.attempts.wrong(address)
        return right

    def let_in(self, answer: Response, holder: str = "anybody", *, secure: bool) -> None:
        """Give a pass to whoever gets this answer."""
        answer.set_cookie(
            self.cookie,
            self._signer.sign(holder).decode(),
            max_age=PASS_S,
            httponly=True,
            samesite="lax",  # the link in a message must work as well as the QR code
            secure=secure,
        )

    @property
    def _signer(self) -> Signer:
        return Signer(self._key, salt=f"{self.cookie}:{self._pin}")

    def _draw(self) -> str:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        write_private(self._file, pin.encode())
        return pin


def _kept(file: Path) -> str:
    try:
        fresh = time.time() - file.stat().st_mtime < HOURS * 3600
        pin = file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
    return pin if fresh and len(pin) == DIGITS and pin.isdigit() else ""
