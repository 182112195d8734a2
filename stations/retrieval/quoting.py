"""Passages as quotations in a prompt: numbered, within marks that they cannot forge, and never too much of them."""

import re
import unicodedata
from collections.abc import Sequence

from models.index.words import WordMaker
from models.passages import Hit, Passage
from stations.prose.sentences import spans
from stations.retrieval.orders import without_orders
from stations.retrieval.question_words import QuestionWord, covered, stems_of

QUOTED_BYTES = 2_000
"""All quotations together. No token is shorter than a byte, so they fit a context of 4,096 with prompt and answer,
whatever is in them; German prose needs a third of that, which an ordinary laptop reads in some eight seconds."""
LEAST_BYTES = 260
"""So much of each passage is quoted at least."""
MOST_BYTES = 1_000
HEADING_BYTES = 120
LEFT_OUT = "…"
_MARKS = re.compile(r"[<\uff1c\u2039\u00ab\u226a\u300a]{2,}|[>\uff1e\u203a\u00bb\u226b\u300b]{2,}|<\||\|>")
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def quotations(hits: Sequence[Hit], asked: Sequence[QuestionWord], maker: WordMaker) -> list[str]:
    """Return what is quoted of each passage; of a long one the sentences that have most of the question's words."""
    needs = [min(LEAST_BYTES, len(hit.passage.text.encode())) for hit in hits]
    left, quoted = QUOTED_BYTES, list[str]()
    for place, hit in enumerate(hits):
        room = min(MOST_BYTES, max(LEAST_BYTES, left - sum(needs[place + 1 :])), left)
        quoted.append(_quotation(hit, asked, maker, room))
        left = max(0, left - len(quoted[-1].encode()))
    return quoted


def harmless_quotation(text: str) -> str:
    """Return a text that cannot end the place where it stands, nor hide letters nobody sees."""
    seen = "".join(_visible(sign) for sign in text)
    while (clean := _MARKS.sub(" ", seen)) != seen:
        seen = clean
    return _LINES.sub("\n", _SPACE.sub(" ", seen)).strip()


def _visible(sign: str) -> str:
    """Return a character; a space for those that steer a printer, nothing for those nobody sees."""
    kind = unicodedata.category(sign)
    if kind == "Cc":
        return "\n" if sign == "\n" else " "
    return "" if kind in {"Cf", "Co", "Cn"} else sign


def _quotation(hit: Hit, asked: Sequence[QuestionWord], maker: WordMaker, room: int) -> str:
    heading = _shortened(_heading(hit.passage), HEADING_BYTES)
    text = without_orders(harmless_quotation(hit.passage.text), hit.document.language or "de")
    rest = room - len(heading.encode()) - 1
    if len(text.encode()) > rest:
        text = _window(text, asked, hit.document.language or "de", maker, rest)
    return f"{heading}\n{text}".strip()


def _heading(passage: Passage) -> str:
    return harmless_quotation(" – ".join(passage.heading[-2:])).replace("\n", " ")


def _window(text: str, asked: Sequence[QuestionWord], language: str, maker: WordMaker, room: int) -> str:
    """Return the run of whole sentences with most of the question's words that fits, the earliest of equal ones."""
    places = spans(text, language)
    runs = [_run(text, places, first, room - 2 * len(LEFT_OUT.encode())) for first in range(len(places))]
    fitting = [run for run in runs if run] or [_shortened(text, room - 2 * len(LEFT_OUT.encode()))]
    best = max(fitting, key=lambda run: covered(asked, stems_of([run], language, maker)))
    return f"{'' if text.startswith(best) else LEFT_OUT}{best}{'' if text.endswith(best) else LEFT_OUT}"


def _run(text: str, places: Sequence[tuple[int, int]], first: int, room: int) -> str:
    begin, found = places[first][0], ""
    for _, end in places[first:]:
        if len(text[begin:end].encode()) > room:
            break
        found = text[begin:end]
    return found


def _shortened(text: str, room: int) -> str:
    return text.encode()[: max(0, room)].decode(errors="ignore")
