"""What the pages around the workshop have in common: their language, how they are drawn, who may send to them."""

from functools import partial

from starlette.requests import Request
from starlette.responses import HTMLResponse

from stations.base import LANGUAGE_COOKIE
from stations.page import templates
from stations.texts import LANGUAGES, Language, known_language, say

Facts = dict[str, object]
FRESH = {"Cache-Control": "no-store, private"}
"""Everything here belongs to one person or one moment."""
OWN_SITE = ("same-origin", "none")
"""What browsers say about a request that our own page or the address line has made (Fetch Metadata, W3C)."""


def language_of(request: Request, default: Language) -> Language:
    """Return the language that whoever asks has chosen."""
    return known_language(request.cookies.get(LANGUAGE_COOKIE), default)


def drawn(
    request: Request, template: str, facts: Facts, language: Language, status: int = 200
) -> HTMLResponse:
    """Return a page of its own from one of our templates, which say their words themselves."""
    words: Facts = {"say": partial(say, language=language), "language": language, "languages": LANGUAGES}
    page = templates().get_template(template).render(words | {"here": request.url.path} | facts)
    return HTMLResponse(page, status, headers=FRESH)


def from_own_site(request: Request) -> bool:
    """Tell whether no other site has sent this request through somebody's browser."""
    return request.headers.get("sec-fetch-site", "none") in OWN_SITE
