"""A sheet to print and cut: for every stop a square code that a phone reads, with number and title in each language."""

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from models.errors import ModelError
from stations.audio.guide_plan import GuideWish
from stations.audio.guide_store import Told
from stations.texts import say

BORDER = 4
"""Empty squares around a code, as ISO/IEC 18004 wants it."""
ERROR_CORRECTION = "m"
"""15 % of a code may be scratched."""
SHEET = """
#let sheet = json(bytes(sys.inputs.sheet))
#set document(title: sheet.title)
#set page(paper: "a4", margin: 1.5cm, footer: align(center, text(8pt, sheet.footer)))
#set text(lang: sheet.language, hyphenate: true, font: "Libertinus Serif", 11pt)
#let cell(stop) = block(width: 100%, height: 5.4cm, stroke: (paint: luma(150), dash: "dashed"), inset: 3mm, clip: true,
  breakable: false, grid(columns: (4.7cm, 1fr), column-gutter: 2mm,
    image(bytes(stop.code), format: "svg", width: 4.7cm, alt: stop.alt),
    { text(26pt, weight: "bold", stop.number)
      for title in stop.titles { block(above: 3mm, text(if title.text.len() > 60 { 8pt } else { 11pt },
        lang: title.language, title.text)) } }))
#heading(level: 1, sheet.title)
#text(9pt, sheet.how)
#v(2mm)
#grid(columns: (1fr, 1fr), column-gutter: 3mm, row-gutter: 3mm, ..sheet.stops.map(cell))
"""
"""What typst sets; texts come in beside it as values, so none of them can be taken for a command."""


def guide_sheet(told: Sequence[Told], wish: GuideWish, page: str) -> bytes:
    """Return the sheet as a PDF of A4 pages, eight codes on each.

    A code holds ``wish.address`` and the page with the stop behind it (``…/index.html#3``); without an address only
    the name of the page, for those who put the guide somewhere themselves. Latin, Greek and Cyrillic letters are there.

    Raises:
        ModelError: ``page.no_document`` with typst's own words.
    """
    import typst

    facts = {
        "title": wish.title,
        "language": wish.language,
        "how": say("guide.sheet_how", wish.language),
        "footer": say("guide.sheet_footer", wish.language),
        "stops": list(_stops(told, wish, page)),
    }
    try:
        given = {"sheet": json.dumps(facts)}
        return bytes(typst.compile(SHEET.encode(), sys_inputs=given, ignore_system_fonts=True))
    except RuntimeError as error:
        raise ModelError("page.no_document", problem=str(error).splitlines()[0]) from error


def address_of(slug: str, address: str, page: str) -> str:
    """Return where a stop is found: the page in the folder on the web, or its bare name."""
    folder = address if not address or address.endswith("/") else f"{address}/"
    return f"{folder}{page}#{slug}"


def _stops(told: Sequence[Told], wish: GuideWish, page: str) -> Iterator[dict[str, Any]]:
    for slug in dict.fromkeys(each.planned.stop.slug for each in told):
        alike = [each for each in told if each.planned.stop.slug == slug]
        number = alike[0].planned.stop.number
        yield {
            "number": number,
            "alt": say("guide.sheet_code", wish.language, number=number),
            "code": _code(address_of(slug, wish.address, page)),
            "titles": [{"language": each.planned.language, "text": each.made.title} for each in alike],
        }


def _code(text: str) -> str:
    import segno

    drawn = io.BytesIO()
    segno.make(text, error=ERROR_CORRECTION, micro=False).save(
        drawn, kind="svg", border=BORDER, xmldecl=False
    )
    return drawn.getvalue().decode()
