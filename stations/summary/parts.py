"""A long text in parts that a model can read one at a time, each knowing its pages and heading."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.errors import ModelError
from models.reading.document import Document, Section
from models.reading.repair import repaired

PART_BYTES = 3500
"""Longest part: about 1,000 tokens of German. Counted in bytes, because other scripts have more tokens per letter."""
SMALL_BYTES = 500
"""A piece no longer than this, such as a heading before a long paragraph, joins its neighbour: a summary gives every
part the same weight."""
MOST_PARTS = 200
"""About 270 pages; on a laptop that is an hour of reading."""
PAGE_JUMP = 3
"""So many pages further on, after pictures or empty pages, something else begins."""


@dataclass(frozen=True)
class TextPart:
    """A piece of a document; ``number`` counts from 1.

    Pages count from 1 and are ``None`` where the format has none; ``heading`` is the one under which the part begins.
    ``sections`` are the first and the last one of the document that it takes from, counted from 0.
    """

    number: int
    text: str
    first_page: int | None = None
    last_page: int | None = None
    heading: str = ""
    sections: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Group:
    """Neighbouring parts that become so many sentences; ``text`` is what a model reads to write them."""

    parts: tuple[TextPart, ...]
    sentences: int = 1
    text: str = ""


def parts(given: Document | str) -> tuple[TextPart, ...]:
    """Return the parts of a document or a pasted text in reading order, cut at ends of paragraphs or sentences.

    Pieces without a single letter or digit are left out.

    Raises:
        ModelError: ``text.nothing_to_summarise``, or ``text.document_too_long`` with ``parts`` and their ``limit``.
    """
    sections = given.sections if isinstance(given, Document) else (Section(repaired(given)),)
    _check_length(sum(_size(each.text) for each in sections) // PART_BYTES)  # before the work, not after
    found = [part for run in _runs(sections) for part in _of_run(run) if _says_something(part.text)]
    if not found:
        raise ModelError("text.nothing_to_summarise")
    _check_length(len(found))
    return tuple(replace(part, number=number) for number, part in enumerate(found, start=1))


def grouped(found: Sequence[TextPart], sentences: int) -> tuple[Group, ...]:
    """Return neighbouring parts in groups whose sizes differ by one at most, together worth so many sentences.

    Where there are no more parts than sentences, each part is a group, and some are worth several sentences.
    """
    count = max(1, min(sentences, len(found)))
    groups = []
    for at in range(count):
        own = found[at * len(found) // count : (at + 1) * len(found) // count]
        share = (at + 1) * sentences // count - at * sentences // count
        groups.append(Group(tuple(own), max(1, share)))
    return tuple(groups)


def bundles(texts: Sequence[str], limit: int = PART_BYTES) -> list[str]:
    """Return the texts joined by line breaks, in order, to as few as ``limit`` bytes each allow."""
    joined: list[str] = []
    for text in texts:
        if joined and _size(joined[-1]) + _size(text) < limit:
            joined[-1] = f"{joined[-1]}\n{text}"
        else:
            joined.append(text)
    return joined


def _check_length(count: int) -> None:
    if count > MOST_PARTS:
        raise ModelError("text.document_too_long", parts=count, limit=MOST_PARTS)


_Run = list[tuple[int, Section]]
"""Sections that belong together, each with its number in the document."""


def _runs(sections: Sequence[Section]) -> Iterator[_Run]:
    """Yield the sections that belong together: a new run begins after a jump over pages."""
    run: _Run = []
    for number, section in enumerate(sections):
        if not section.text and not section.heading:
            continue
        if run and (section.page or 0) - (run[-1][1].page or 0) >= PAGE_JUMP:
            yield run
            run = []
        run.append((number, section))
    if run:
        yield run


def _of_run(run: _Run) -> Iterator[TextPart]:
    numbers, sections = [number for number, _ in run], [section for _, section in run]
    text, starts = _joined(sections)
    for begin, end in _cuts(text):
        first, last = bisect_right(starts, begin) - 1, bisect_right(starts, end - 1) - 1
        pages = [each.page for each in sections[first : last + 1] if each.page]
        yield TextPart(
            0,
            text[begin:end].strip(),
            min(pages, default=None),
            max(pages, default=None),
            next((each.heading for each in sections[first::-1] if each.heading), ""),
            (numbers[first], numbers[last]),
        )


def _joined(run: Sequence[Section]) -> tuple[str, list[int]]:
    """Return the whole text, and where in it each section begins.

    More line breaks are a better place to cut: three stand before a heading, two between paragraphs.
    """
    text, starts = "", []
    for section in run:
        own = "\n\n".join(filter(None, (section.heading, section.text)))
        if text:
            text += "\n\n\n" if section.heading else " " if _runs_on(text, own) else "\n\n"
        starts.append(len(text))
        text += own
    return text, starts


def _runs_on(before: str, after: str) -> bool:
    """Tell whether a sentence continues on the next page."""
    return before.rstrip()[-1:].isalnum() and after.lstrip()[:1].islower()


def _cuts(text: str) -> list[tuple[int, int]]:
    """Return where each part begins and ends."""
    from semantic_text_splitter import TextSplitter

    chunks = TextSplitter.from_callback(_size, PART_BYTES).chunk_indices(text)
    cuts: list[tuple[int, int]] = []
    for start, chunk in chunks:
        begin = cuts.pop()[0] if cuts and _is_small(text[slice(*cuts[-1])]) else start
        cuts.append((begin, start + len(chunk)))
    if len(cuts) > 1 and _is_small(text[slice(*cuts[-1])]):
        cuts[-2:] = [(cuts[-2][0], cuts[-1][1])]
    return cuts


def _is_small(text: str) -> bool:
    return _size(text) <= SMALL_BYTES


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))
