"""The place in the page where a source is opened: the passage with what was looked for marked, and its page."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from models.passages import Hit
from stations.base import Workbench
from stations.page import html_block
from stations.retrieval.chosen import key_of
from stations.retrieval.citing import place
from stations.retrieval.collection import Collection
from stations.retrieval.marking import html_of, marked, supporting
from stations.texts import Language, say

ADDRESS = "/retrieval-ki/page"
SHOWN_KINDS = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")


@dataclass(frozen=True)
class SourceView:
    """The block that shows a source, and the hidden field into which a click writes which one."""

    part: str
    wish: gr.Textbox
    block: gr.Markdown

    @property
    def facts(self) -> dict[str, str]:
        """What a button needs to open a source here."""
        return {"field": f"{self.part}-wish", "place": f"{self.part}-source"}


def draw_source(bench: Workbench, part: str) -> SourceView:
    """Draw it; ``part`` begins the names of its elements."""
    wish = gr.Textbox(label=bench.label("retrieval.wish"), elem_id=f"{part}-wish", elem_classes="ki-unseen")
    return SourceView(part, wish, gr.Markdown(sanitize_html=False, elem_id=f"{part}-source"))


def source_block(hit: Hit, question: str, wanted: Collection, language: Language, said: str = "") -> str:
    """Return a source as one line of HTML; ``said`` is a sentence of the answer that rests on it."""
    text, spoken = hit.passage.text, hit.document.language or language
    support = supporting(text, said, spoken) if said else ""
    return html_block(
        "retrieval_source.html",
        title=place(hit.passage, hit.document, language),
        text=html_of(marked(text, question, spoken, support)),
        page=page_address(hit, wanted) if _has_picture(hit, wanted) else "",
        say=lambda key, **facts: say(key, language, **facts),
    )


def page_address(hit: Hit, wanted: Collection) -> str:
    """Return the address of the picture of a passage's page."""
    facts: dict[str, Any] = {
        "collection": key_of(wanted),
        "document": hit.document.id,
        "number": hit.passage.number,
    }
    return f"{ADDRESS}?{urlencode(facts)}"


def _has_picture(hit: Hit, wanted: Collection) -> bool:
    if hit.passage.page is None or not hit.document.name.lower().endswith(SHOWN_KINDS):
        return False
    return wanted.file_of(hit.document.id) is not None
