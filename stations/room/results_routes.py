"""“My results”: everything a visitor has made, to look at, to take home, to delete."""

import io
import shutil
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from stations.base import Workbench
from stations.documents import write_document
from stations.registry import station
from stations.room.owners import Owners
from stations.room.pages import FRESH, Facts, drawn, from_own_site, language_of
from stations.room.reset import kinds_of
from stations.room.results import Result, Results
from stations.room.visitors import COOKIE
from stations.texts import Language, say
from stations.untrusted import defused

REFUSED, NOT_FOUND = 403, 404


@dataclass(frozen=True)
class MyResults:
    """The pages of one's own results; everybody gets theirs and nobody else's."""

    bench: Workbench
    owners: Owners

    def add_addresses(self, app: FastAPI) -> None:
        """Serve ``/results`` and what it leads to. Gradio must be mounted after this."""
        app.get("/results")(self.page)
        app.get("/results.zip")(self.all)
        app.get("/results/{name}.docx")(self.one)
        app.post("/results/forget")(self.forget)

    def page(self, request: Request) -> Response:
        """Show them, the newest first; this page prints well."""
        language = self._language(request)
        return self._page(request, {"results": [_shown(each, language) for each in self._of(request)]})

    def one(self, request: Request, name: str) -> Response:
        """Send one as a Word document."""
        found = next((each for each in self._of(request) if each.id == name), None)
        if found is None:
            return Response(status_code=NOT_FOUND)
        file = _document(found, self._language(request))
        headers = FRESH | {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.read_bytes(), headers=headers, media_type="application/octet-stream")

    def all(self, request: Request) -> Response:
        """Send all of them as a ZIP of Word documents."""
        language, out = self._language(request), io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for number, each in enumerate(self._of(request), start=1):
                packed.write(_document(each, language), f"{number:02}-{each.station}.docx")
                if sound := self._sound(request, each):
                    packed.write(sound, f"{number:02}-{each.station}{sound.suffix}")
        name = say("results.zip_name", language)
        headers = FRESH | {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(out.getvalue(), headers=headers, media_type="application/zip")

    def forget(self, request: Request) -> Response:
        """Delete everything of this visitor, and tell what it was."""
        if not from_own_site(request):
            return Response(status_code=REFUSED)
        visitor = self.bench.visitors.of(request.cookies)
        if visitor is None:
            return RedirectResponse("/results", status_code=303)
        deleted = self._deleted(visitor)
        language = self._language(request)
        told = {say(f"host.kind_{kind}", language): count for kind, count in sorted(deleted.items())}
        answer = self._page(request, {"results": [], "deleted": told})
        answer.delete_cookie(COOKIE)
        return answer

    def _deleted(self, visitor: str) -> Counter[str]:
        """End the visitor's work, delete their folder and temporary files; return what it was, by kind."""
        folder = self.bench.visitors.folder(visitor)
        self.bench.forget(folder)
        temporary = [file for file in self.owners.of(visitor) if file.is_file()]
        kinds = kinds_of(each for each in (*folder.rglob("*"), *temporary) if each.is_file())
        shutil.rmtree(folder, ignore_errors=True)
        for file in temporary:
            file.unlink(missing_ok=True)
        return kinds

    def _of(self, request: Request) -> list[Result]:
        visitor = self.bench.visitors.of(request.cookies)
        if visitor is None:
            return []
        home, language = self.bench.visitors.folder(visitor), self._language(request)
        own = [each for name in self.bench.workshop.stations for each in station(name).kept(home, language)]
        return sorted([*Results(home).all(), *own], key=lambda each: each.when, reverse=True)

    def _sound(self, request: Request, result: Result) -> Path | None:
        """Return the sound of a visitor's result; it may have made room for newer ones."""
        visitor = self.bench.visitors.of(request.cookies)
        if visitor is None or not result.file:
            return None
        file = self.bench.visitors.folder(visitor) / result.file
        return file if file.is_file() else None

    def _language(self, request: Request) -> Language:
        return language_of(request, self.bench.workshop.language)

    def _page(self, request: Request, facts: Facts) -> HTMLResponse:
        language = self._language(request)
        titles = {name: say(f"{name}.title", language) for name in self.bench.workshop.stations}
        return drawn(request, "results.html", {"titles": titles, "here": "/results"} | facts, language)


def _shown(result: Result, language: Language) -> Facts:
    """Return a result for the page: its Markdown as HTML, in which nothing of it can be more than text."""
    text = MarkdownIt("commonmark", {"html": False}).enable("table").render(defused(result.text))
    return result.model_dump() | {"html": Markup(text), "when": _when(result, language)}  # noqa: S704 - see above


def _when(result: Result, language: Language) -> str:
    made = datetime.fromisoformat(result.when)
    return f"{made:%d.%m.%Y, %H:%M}" if language == "de" else f"{made:%d %B %Y, %H:%M}"


def _document(result: Result, language: Language) -> Path:
    key = "results.made" if result.model else "results.made_by_voice"
    made = say(key, language, model=result.model, when=_when(result, language))
    text = "\n\n".join([f"*{made}*", defused(result.text), f"*{say('results.label', language)}*"])
    return write_document(text, "docx", f"{result.station}-{result.id}", result.title, language)
