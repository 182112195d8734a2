"""What the kit writes into Gradio's page before the browser sees it: language, title, header line."""

import re
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.room import RoomServer
from stations.base import LANGUAGE_COOKIE
from stations.texts import LANGUAGES, Language, known_language, say, sentences
from stations.units import bytes_text

FIXED = "fixed."
"""Sentences that begin so replace English built into Gradio: the English text is what is looked for."""
LARGEST_UPLOAD = 2_000_000_000
"""Bytes of one file: four hours of speech in any format, or an hour of film; documents have a lower limit."""
TEMPLATES = Path(__file__).resolve().parent / "templates"
_LINE_ENDS = re.compile(r"[\r\n]+")
_FOREIGN_META = re.compile(r"<meta[^>]*?(?:og:|twitter:)[^>]*?/>\s*", re.DOTALL)


@cache
def templates() -> Environment:
    """Return the kit's HTML templates; everything put into them is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def html_block(template: str, **facts: object) -> str:
    """Return a rendered template on one line, ready for a Markdown component that does not sanitize.

    Gradio's own HTML component evaluates its template as JavaScript, which the page's policy forbids; one line,
    because a blank one would end Markdown's HTML block (a lone carriage return counts as a line end there).
    """
    return _LINE_ENDS.sub("", templates().get_template(template).render(facts))


def dressed(page: str, language: Language, server: RoomServer | None = None) -> str:
    """Return Gradio's page in ``language`` with our head and header; ``server`` is where texts go.

    Gradio takes its language from ``navigator.language`` alone, so the first script of the page answers for it.
    """
    facts = {
        "language": language,
        "languages": LANGUAGES,
        "server": server,
        "say": partial(say, language=language),
        "largest_upload": LARGEST_UPLOAD,
        "largest_upload_text": bytes_text(LARGEST_UPLOAD, language),
    }
    words = {
        sentences("en")[key]: sentences(language)[key] for key in sentences("en") if key.startswith(FIXED)
    }
    head = templates().get_template("head.html").render(facts, built_in_words=words)
    header = templates().get_template("header.html").render(facts)
    page = _FOREIGN_META.sub("", page).replace('lang="en"', f'lang="{language}"', 1)
    return page.replace("<head>", f"<head>{head}", 1).replace("<gradio-app", f"{header}<gradio-app", 1)


class PageMiddleware:
    """Dresses the one HTML page; streams and files pass untouched."""

    def __init__(self, app: ASGIApp, default_language: Language, server: RoomServer | None = None) -> None:
        self._app, self._default, self._server = app, default_language, server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        language = known_language(Request(scope).cookies.get(LANGUAGE_COOKIE), self._default)
        await self._app(scope, receive, _Dresser(send, language, self._server))


class _Dresser:
    """Holds an HTML answer back until it is whole, then sends it dressed."""

    def __init__(self, send: Send, language: Language, server: RoomServer | None) -> None:
        self._send, self._language, self._server = send, language, server
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish()
        else:
            await self._send(message)

    async def _finish(self) -> None:
        body = dressed(self._body.decode(), self._language, self._server).encode()
        headers = MutableHeaders(scope=self._start)
        headers["Content-Length"] = str(len(body))
        headers["Content-Language"] = self._language
        headers["Vary"] = "Cookie"
        headers["Cache-Control"] = "no-store"
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def _is_html(message: Message) -> bool:
    return Headers(scope=message).get("content-type", "").startswith("text/html")
