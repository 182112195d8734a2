"""A page with nothing but the editor: ``editor_server.py PORT HOME``. Jobs are folders below HOME, made by the tests.

A file ``growing`` in a job's folder says that more lines will come; its content is what is being heard.
"""

import html
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from stations.security import SecurityHeaders
from stations.shell import ASSETS
from stations.speech.editor_block import editor_block
from stations.speech.routes import Live, add_routes
from stations.speech.transcript import Line, SpokenWord
from stations.texts import known_language
from stations.theme import CSS_FILE, theme

PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Editor</title>
<link rel="icon" href="data:,"><style>{css}</style><link rel="stylesheet" href="/assets-ki/editor.css">
<script type="module" src="/assets-ki/editor.js"></script></head>
<body class="{scheme}" style="margin:0;background:var(--body-background-fill);font-family:var(--font)">
<main class="gradio-container"><h1 style="color:var(--body-text-color);overflow-wrap:anywhere">{title}</h1>
<div id="place" class="prose">{block}</div></main></body></html>"""


def live_of(folder: Path) -> Live:
    growing = folder / "growing"
    heard = growing.read_text(encoding="utf-8") if growing.exists() else ""
    words = (SpokenWord(text=f" {heard}", start_s=0, end_s=0),)
    return Live([Line(id="live", words=words)] if heard else [], growing=growing.exists())


def make_app(home: Path) -> FastAPI:
    app = FastAPI(openapi_url=None)
    css = theme()._get_theme_css() + CSS_FILE.read_text(encoding="utf-8")

    @app.get("/health")
    def health() -> dict[str, bool]:
        return {"ok": True}

    @app.get("/page/{job}")
    def page(job: str, language: str = "de", scheme: str = "") -> HTMLResponse:
        spoken = known_language(language)
        facts = {"language": spoken, "css": css, "scheme": scheme, "title": html.escape(job)}
        return HTMLResponse(PAGE.format(block=editor_block(job, spoken), **facts))

    add_routes(app, lambda _, job: folder if (folder := home / job).is_dir() else None, live_of)
    app.mount("/assets-ki", StaticFiles(directory=ASSETS))
    app.add_middleware(GZipMiddleware, minimum_size=800)
    app.add_middleware(SecurityHeaders)
    return app


if __name__ == "__main__":
    uvicorn.run(make_app(Path(sys.argv[2])), port=int(sys.argv[1]), log_level="warning")
