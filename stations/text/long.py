"""Texts from documents that are longer than a model reads at once; everything else is written as ever."""

from collections.abc import Generator, Iterator
from contextlib import closing

from models.engines.base import ChatModel
from models.reading.document import Document
from stations.summary.parts import TextPart
from stations.summary.results import Summary, SummarySentence
from stations.summary.summarising import summarise
from stations.text import work
from stations.text.fitting import complete, fitted
from stations.text.form import Filled, FilledPart
from stations.text.judging import Result, judged
from stations.text.prompting import Task, form_language
from stations.text.work import Draft, Source, Wish

SHORT = 6000
"""Letters that are read at once; what is longer goes by parts."""
SENTENCES = 5
"""How many sentences a summary has when the recipe sets no limit."""


def is_long(one: Task) -> bool:
    """Tell whether a task goes by parts."""
    return one.recipe.long and len(one.source) > SHORT


def written(chat: ChatModel, one: Task, wish: Wish, document: Document | None = None) -> Iterator[Draft]:
    """Yield a text as it comes about, by parts where it must be; ``document`` knows the pages of the source.

    Raises:
        ModelError: see ``work.write`` and ``summary.summarise``.
    """
    drafts = (
        _by_parts(chat, one, wish, document or one.source) if is_long(one) else work.write(chat, one, wish)
    )
    with closing(drafts) as states:  # type: ignore[type-var]
        yield from states


def _by_parts(chat: ChatModel, one: Task, wish: Wish, given: Document | str) -> Generator[Draft, None, None]:
    language, count = form_language(one), one.limits.get("sentences", SENTENCES)
    summary = Summary()
    states = summarise(chat, given, count, language, sampling=wish.sampling, person=wish.person)
    with closing(states) as seen:  # type: ignore[type-var]
        for summary in seen:
            yield _draft(summary)
    parts: Filled = (FilledPart(work.PROSE, summary.text),)
    text = complete(one, fitted(one, parts, language), language)
    yield Draft(
        text,
        stage="done",
        findings=judged(one, Result(text)),
        seconds=summary.seconds,
        cut=text != summary.text,
        sources=tuple(_source(each, summary.parts) for each in summary.sentences if each.text in text),
    )


def _draft(summary: Summary) -> Draft:
    """Show the notes while the document is read, then the sentences."""
    notes = "\n".join(f"- {note.text}" for note in summary.notes)
    return Draft(
        summary.text or notes,
        stage="parts" if summary.stage == "reading" else "joining",
        seconds=summary.seconds,
        part=(summary.done, summary.total),
        left_s=summary.seconds_left,
    )


def _source(sentence: SummarySentence, parts: tuple[TextPart, ...]) -> Source:
    own = [part for part in parts if part.number in sentence.parts]
    pages = [page for part in own for page in (part.first_page, part.last_page) if page is not None]
    return Source(
        sentence.text,
        min(sentence.parts),
        max(sentence.parts),
        (min(pages), max(pages)) if pages else None,
        "\n\n".join(part.text for part in own),
    )
