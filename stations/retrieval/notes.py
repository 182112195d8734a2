"""A research note: questions, answers with their sources, what the check said, and that a person must check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from models.passages import Hit, Passage
from models.reading.repair import one_line
from stations.documents import Format, write_document
from stations.prose.sentences import shortened_to_sentences
from stations.retrieval.answer import Answer, Statement
from stations.retrieval.citing import bibtex, citation, day_text
from stations.retrieval.exports import plain_markdown
from stations.retrieval.marking import supporting
from stations.texts import Language, say

QUOTE_LETTERS = 400
"""A quotation whose sentence nobody knows is the beginning of its passage, not longer than this."""

BULLETS = "•*–- "


@dataclass(frozen=True)
class Note:
    """What a note is made of: finished answers, the model's name as people know it, and the day."""

    answers: Sequence[Answer]
    model: str
    language: Language
    today: date = field(default_factory=date.today)


@dataclass
class _Works:
    """The sources of all answers, each with one number, and what is quoted of it."""

    hits: list[Hit] = field(default_factory=list)
    quotes: list[list[str]] = field(default_factory=list)

    def number(self, hit: Hit) -> int:
        """Return the number of a source, from 1; the same passage keeps it."""
        known = [(each.passage.document, each.passage.number) for each in self.hits]
        key = (hit.passage.document, hit.passage.number)
        if key in known:
            return known.index(key) + 1
        self.hits.append(hit)
        self.quotes.append([])
        return len(self.hits)

    def quote(self, number: int, sentence: str) -> None:
        """Note what a source is cited for."""
        if sentence and sentence not in self.quotes[number - 1]:
            self.quotes[number - 1].append(sentence)


def note_markdown(note: Note) -> str:
    """Return a note as Markdown in which words of models and documents are plain text."""
    works = _Works()
    answers = [_answer(answer, works, note.language) for answer in note.answers]
    made = _made(note)
    parts = [_line("#", say("cite.note_title", note.language)), f"*{plain_markdown(made)}*", *answers]
    if works.hits:
        parts += [_line("##", say("cite.note_sources", note.language)), *_sources(works, note.language)]
    return "\n\n".join(parts) + "\n"


def note_file(note: Note, kind: Format) -> Path:
    """Write a note as TXT, Markdown, DOCX, ODT or PDF into a new private folder and return the file.

    Raises:
        ModelError: ``page.no_document``.
    """
    name, title = say("cite.note_file", note.language), say("cite.note_title", note.language)
    markdown = note_markdown(note)
    if kind in ("docx", "odt", "pdf"):  # which show the title themselves
        markdown = markdown.split("\n\n", 1)[1]
    return write_document(markdown, kind, name, title, note.language)


def note_bibtex(note: Note) -> str:
    """Return the sources of a note for a reference manager, each document once."""
    works = _Works()
    for answer in note.answers:
        for hit in _shown_sources(answer):
            works.number(hit)
    return bibtex(works.hits, note.language)


def _made(note: Note) -> str:
    day = day_text(note.today.isoformat(), note.language)
    return say("cite.note_made", note.language, model=one_line(note.model), day=day)


def _answer(answer: Answer, works: _Works, language: Language) -> str:
    head = _line("##", one_line(answer.asked))
    numbers = {place: works.number(hit) for place, hit in _cited(answer)}
    sentences = [_sentence(each, answer, numbers, works, language) for each in answer.statements]
    parts = [head, " ".join(sentences)] if sentences else [head]
    if answer.outcome == "not_found":
        parts += [_remark(say("cite.note_not_found", language)), *_nearest(answer, works, language)]
    elif answer.outcome == "stopped":
        parts.append(_remark(say("cite.note_stopped", language)))
    elif any(each.check == "unsupported" for each in answer.statements):
        parts.append(_remark(say("cite.note_unsupported", language, mark=say("cite.note_mark", language))))
    return "\n\n".join(parts)


def _sentence(
    statement: Statement, answer: Answer, numbers: dict[int, int], works: _Works, language: Language
) -> str:
    cited = [place for place in statement.sources if place in numbers]
    for place in cited:
        passage = answer.sources[place - 1].passage
        spoken = answer.sources[place - 1].document.language or language
        works.quote(numbers[place], supporting(passage.text, statement.text, spoken))
    shown = "".join(rf" \[{numbers[place]}\]" for place in cited)
    doubt = (
        f" **{plain_markdown(say('cite.note_mark', language))}**" if statement.check == "unsupported" else ""
    )
    return plain_markdown(statement.text) + shown + doubt


def _nearest(answer: Answer, works: _Works, language: Language) -> Iterator[str]:
    """Yield where to look nevertheless."""
    if answer.sources:
        numbers = ", ".join(rf"\[{works.number(hit)}\]" for hit in answer.sources)
        yield f"{plain_markdown(say('cite.note_nearest', language))} {numbers}"


def _cited(answer: Answer) -> list[tuple[int, Hit]]:
    """Return the sources that are cited, by their places from 1; the model was given more."""
    used = sorted({place for statement in answer.statements for place in statement.sources})
    return [(place, answer.sources[place - 1]) for place in used if 0 < place <= len(answer.sources)]


def _shown_sources(answer: Answer) -> list[Hit]:
    cited = [hit for _, hit in _cited(answer)]
    return [*cited, *answer.sources] if answer.outcome == "not_found" else cited


def _sources(works: _Works, language: Language) -> Iterator[str]:
    for number, (hit, quotes) in enumerate(zip(works.hits, works.quotes, strict=True), start=1):
        found = quotes or [_beginning(hit.passage, hit.document.language)]
        quoted = [one_line(each).lstrip(BULLETS) for each in found]
        yield rf"\[{number}\] {plain_markdown(citation(hit, language))}"
        yield "\n>\n".join(f"> {plain_markdown(say('cite.quote', language, text=each))}" for each in quoted)


def _beginning(passage: Passage, language: str) -> str:
    return shortened_to_sentences(
        one_line(passage.text), lambda text: len(text) <= QUOTE_LETTERS, language or "de"
    )


def _line(signs: str, text: str) -> str:
    return f"{signs} {plain_markdown(text)}"


def _remark(text: str) -> str:
    return f"*{plain_markdown(text)}*"
