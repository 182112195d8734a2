"""Where a passage stands, the way people say it, write it into a list of works and give it to a reference manager."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import PurePosixPath

from models.passages import Document, Hit, Passage
from models.reading.repair import one_line
from stations.texts import Language, say

SLIDES = {".pptx"}
SHEETS = {".xlsx", ".xls", ".ods", ".csv", ".tsv"}
MAILS = {".eml"}
HEADING_LETTERS = 100
KEY_LETTERS = 40
_QUOTES = str.maketrans({"„": "‚", "“": "‘", "”": "’", '"': "’", "«": "‹", "»": "›"})
"""Quotation marks within a quotation."""
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": "(", "}": ")", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    }
)  # fmt: skip
"""Braces become others: BibTeX counts those behind a backslash too, and an odd one swallows the next entries."""
_LANGUAGES = {
    "de": "ngerman",
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "nl": "dutch",
}
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def place(passage: Passage, document: Document, language: Language) -> str:
    """Return where a passage stands: ``Satzung.pdf, Seite 14, Abschnitt „3.2 Beiträge“``.

    The smallest heading counts; a printed page number that differs from the page's place in the file is said first. It
    is text of a stranger's file on one line, not yet escaped for a page.
    """
    return ", ".join((one_line(document.name), *_within(passage, document, language)))


def citation(hit: Hit, language: Language) -> str:
    """Return an entry for a list of works: the file, of which day it is, and the place in it."""
    name, day = one_line(hit.document.name), day_text(hit.document.modified, language)
    dated = say("cite.dated", language, name=name, day=day) if day else name
    return ", ".join((dated, *_within(hit.passage, hit.document, language))) + "."


def bibtex(hits: Sequence[Hit], language: Language = "de") -> str:
    """Return one BibTeX entry for each document of ``hits``, in their order, with the pages that were found.

    Files name no author and no year of their own, so there is none: ``note`` says from which day the file is.
    """
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.document.id, []).append(hit)
    keys = _unique(_key(hits_of[0].document.name) for hits_of in found.values())
    return "\n".join(
        _entry(key, hits_of, language) for key, hits_of in zip(keys, found.values(), strict=True)
    )


def day_text(iso: str, language: Language) -> str:
    """Return a date such as ``22.11.2026`` (in English ``2026-11-22``), ``""`` for what is none."""
    day = _DAY.match(iso)
    if not day:
        return ""
    return f"{day[3]}.{day[2]}.{day[1]}" if language == "de" else day[0]


def _within(passage: Passage, document: Document, language: Language) -> Iterator[str]:
    ending = _ending(document)
    if passage.page is not None and not (document.pages == 1 and _is_picture(ending)):
        yield _page(passage, ending, language)
    heading = _shown_heading(passage)
    if not heading:
        return
    if ending in SHEETS:
        yield say("cite.sheet", language, heading=heading)
    elif ending in MAILS:
        yield say("cite.mail", language, heading=heading)
    else:
        yield say("cite.section", language, heading=heading)


def _page(passage: Passage, ending: str, language: Language) -> str:
    label = one_line(passage.label)
    if ending in SLIDES:
        return say("cite.slide", language, page=passage.page)
    if label and label != str(passage.page):
        return say("cite.page_printed", language, label=label, page=passage.page)
    return say("cite.page", language, page=passage.page)


def _shown_heading(passage: Passage) -> str:
    text = one_line(passage.heading[-1]).translate(_QUOTES) if passage.heading else ""
    return text if len(text) <= HEADING_LETTERS else f"{text[:HEADING_LETTERS].rstrip()} …"


def _ending(document: Document) -> str:
    return PurePosixPath(document.name).suffix.lower()


def _is_picture(ending: str) -> bool:
    return ending in {".png", ".jpg", ".jpeg", ".tif", ".tiff"}


def _entry(key: str, hits: Sequence[Hit], language: Language) -> str:
    document = hits[0].document
    day = day_text(document.modified, language)
    note = say("cite.file", language, name=one_line(document.name))
    fields = {
        "title": f"{{{_escaped(PurePosixPath(document.name).stem)}}}",  # twice in braces: capitals stay
        "pages": ", ".join(_pages(hits)),
        "langid": _LANGUAGES.get(document.language[:2], ""),
        "note": _escaped(say("cite.dated", language, name=note, day=day) if day else note),
    }
    filled = (f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{''.join(filled)}}}\n"


def _pages(hits: Sequence[Hit]) -> list[str]:
    found = {hit.passage.page: hit.passage.label for hit in hits if hit.passage.page is not None}
    return [_escaped(found[page]) or str(page) for page in sorted(found)]


def _escaped(text: str) -> str:
    return one_line(text).translate(_BIBTEX)


def _key(name: str) -> str:
    spelled = unicodedata.normalize("NFC", PurePosixPath(name).stem).lower().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:KEY_LETTERS].rstrip("-") or "document"


def _unique(keys: Iterable[str]) -> Iterator[str]:
    taken: set[str] = set()
    for key in keys:
        free = next(each for each in _numbered(key) if each not in taken)
        taken.add(free)
        yield free


def _numbered(key: str) -> Iterator[str]:
    yield key
    yield from (f"{key}-{number}" for number in count(2))
