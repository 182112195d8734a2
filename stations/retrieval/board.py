"""What is in a collection and what is being done with it, as people read it."""

from collections.abc import Mapping, Sequence
from functools import partial

from models.errors import ModelError
from models.passages import Document
from stations.messages import sentence
from stations.page import html_block
from stations.retrieval.citing import day_text
from stations.retrieval.taking import Taking
from stations.texts import Language, say
from stations.units import spoken, wait_text


def progress_block(taking: Taking, language: Language) -> str:
    """Return how far the work on a collection is, as one line of HTML."""
    step = taking.step
    share = step.done / step.total if step and step.total and not taking.is_over else None
    return html_block(
        "recording.html",
        sentences=_sentences(taking, language),
        share=share,
        label=say("retrieval.taking_in", language),
        notes=[],
        problem=sentence(taking.problem, language) if taking.problem else "",
    )


def documents_block(
    documents: Sequence[Document],
    sizes: Mapping[str, int],
    refused: Mapping[str, ModelError],
    language: Language,
) -> str:
    """Return the list of documents, and of files that could not be taken in with the reason, as one line of HTML."""
    rows = [
        {
            "name": document.name,
            "pages": document.pages or "–",
            "passages": sizes.get(document.id, 0),
            "language": document.language or "–",
            "day": day_text(document.modified, language) or "–",
        }
        for document in documents
    ]
    return html_block(
        "retrieval_documents.html",
        rows=rows,
        total=sum(sizes.values()),
        refused=[sentence(problem, language) for problem in refused.values()],
        say=partial(say, language=language),
    )


def _sentences(taking: Taking, language: Language) -> list[str]:
    if taking.problem:
        return []
    step = taking.step
    if step is None:
        return [say("retrieval.waits", language)]
    if taking.is_over and taking.was_stopped:
        return [say("retrieval.stopped", language)]
    told = [say(step.key, language, **spoken(step.facts, language))]
    if step.left_s is not None and not taking.is_over:
        told.append(say("retrieval.left", language, time=wait_text(step.left_s, language)))
    return told
