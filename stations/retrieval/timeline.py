"""What happened when, as far as documents say it: each date with its sentence and passage, in the order of time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.passages import Document, Passage
from models.reading.repair import one_line
from stations.prose.sentences import spans
from stations.retrieval.dates import Dated, dates

SENTENCE_LETTERS = 400
"""Of longer sentences, which are rather tables, so much around the date is shown."""


@dataclass(frozen=True)
class Event:
    """A date in a document. ``words`` is how it is written there, ``sentence`` what it stands in, both untrusted.

    ``first`` and ``last`` are the days it lasts: the same for a day, a hundred years for a century.
    """

    first: date
    last: date
    words: str
    sentence: str
    passage: Passage


def timeline(passages: Iterable[Passage], documents: Sequence[Document]) -> list[Event]:
    """Return the dates that passages mention, the earliest first; of those that begin together the shorter first.

    The same days in the same sentence are told once, also where two documents have that sentence.
    """
    spoken = {document.id: document.language for document in documents}
    found: dict[tuple[date, date, str], Event] = {}
    for passage in passages:
        for event in _events(passage, spoken):
            found.setdefault((event.first, event.last, event.sentence), event)
    return sorted(found.values(), key=lambda event: (event.first, event.last))


def _events(passage: Passage, spoken: Mapping[str, str]) -> Iterator[Event]:
    language = spoken.get(passage.document, "") or "de"
    text = passage.text
    dated = dates(text, language[:2])
    if not dated:
        return
    sentences = spans(text, language[:2])
    for each in dated:
        begin, end = next(
            ((begin, end) for begin, end in sentences if begin <= each.start < end), (0, len(text))
        )
        words = one_line(text[each.start : each.end])
        yield Event(each.first, each.last, words, _shown(text, begin, max(end, each.end), each), passage)


def _shown(text: str, begin: int, end: int, dated: Dated) -> str:
    if end - begin <= SENTENCE_LETTERS:
        return one_line(text[begin:end])
    first = max(begin, dated.start - SENTENCE_LETTERS // 2)
    last = min(end, first + SENTENCE_LETTERS)
    before, after = "… " if first > begin else "", " …" if last < end else ""
    return f"{before}{one_line(text[first:last])}{after}"
