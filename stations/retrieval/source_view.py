"""The place in the page where a source is opened: the passage with what was looked for marked, and its page."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from models.errors import ModelError
from models.passages import Hit
from stations.base import Workbench
from stations.page import html_block
from stations.retrieval.chosen import key_of
from stations.retrieval.citing import place
from stations.retrieval.collection import Collection
from stations.retrieval.marking import html_of, marked, supporting
from stations.retrieval.searching import Searcher
from stations.retrieval.tokens import Reading
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


@dataclass(frozen=True)
class Looking:
    """What somebody looks for while they open a passage.

    ``said`` is a sentence of an answer that rests on it; ``reading`` shows it as the pieces that the model reads.
    """

    question: str = ""
    said: str = ""
    reading: Reading | None = None


def source_block(hit: Hit, wanted: Collection, language: Language, looking: Looking) -> str:
    """Return a passage as one line of HTML: where it stands, its words, the picture of its page."""
    text, spoken = hit.passage.text, hit.document.language or language
    support = supporting(text, looking.said, spoken) if looking.said else ""
    return html_block(
        "retrieval_source.html",
        title=place(hit.passage, hit.document, language),
        text=html_of(marked(text, looking.question, spoken, support)),
        page=page_address(hit, wanted) if _has_picture(hit, wanted) else "",
        reading=looking.reading,
        say=partial(say, language=language),
    )


def passage_key(document: str, number: int) -> str:
    """Return what a button says to open a passage by its place in the collection."""
    return f"{number}:{document}"


def passage_hit(wish: str, searcher: Searcher) -> Hit:
    """Return the passage that such a button has named.

    Raises:
        ModelError: ``retrieval.source_gone``.
    """
    number, _, document = wish.rpartition("#")[0].partition(":")
    passage = searcher.passage(document, int(number)) if number.isdecimal() else None
    if passage is None:
        raise ModelError("retrieval.source_gone")
    documents = {each.id: each for each in searcher.index.documents()}
    return Hit(passage, documents[document], 0.0)


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
