"""The address at which a browser gets the picture of a page; everybody reaches their own collections and the room's."""

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.requests import Request

from models.errors import ModelError
from stations.base import Workbench
from stations.retrieval.chosen import chosen
from stations.retrieval.collection import Collection
from stations.retrieval.page_picture import page_picture
from stations.retrieval.service import Service, service
from stations.retrieval.source_view import ADDRESS

PRIVATE = {"Cache-Control": "no-store, private", "Cross-Origin-Resource-Policy": "same-origin"}
NOT_FOUND = 404


def add_addresses(app: FastAPI, bench: Workbench) -> None:
    """Serve pictures of pages with the passage highlighted; whatever cannot be shown is not there."""
    own = service(bench)

    @app.get(ADDRESS)
    def page(collection: str, document: str, number: int, request: Request) -> Response:
        visitor = bench.visitors.of(request.cookies)
        if visitor is None:
            return Response(status_code=NOT_FOUND)
        try:
            wanted = chosen(own, bench.visitors.folder(visitor), collection)
            picture = _picture(own, wanted, document, number)
        except ModelError:  # the page says what the text is; a picture that cannot be had is left out
            picture = b""
        if not picture:
            return Response(status_code=NOT_FOUND)
        return Response(picture, media_type="image/webp", headers=PRIVATE)


def _picture(own: Service, wanted: Collection, document: str, number: int) -> bytes:
    file = wanted.file_of(document)
    with own.searcher(wanted) as searcher:
        passage = searcher.passage(document, number)
    if file is None or passage is None or passage.page is None:
        return b""
    return page_picture(file, passage.page, passage.text)
