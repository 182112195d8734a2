"""Answers from documents: search, weigh the evidence, let the model write from the passages, check every sentence."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from models.engines.base import ChatModel
from models.engines.embedder import Embedder
from models.errors import ModelError
from models.index.words import WordMaker
from models.passages import Hit
from stations.retrieval.answer import Answer, Statement, Turn
from stations.retrieval.evidence import Evidence, evidence, is_sure, is_weak
from stations.retrieval.follow_up import Independent, leans_on_talk
from stations.retrieval.prompting import WRITING, answer_prompt, verdict_prompt
from stations.retrieval.question_words import question_words
from stations.retrieval.quoting import quotations
from stations.retrieval.searching import Searcher
from stations.retrieval.source_numbers import Numbered, numbered_sentences
from stations.retrieval.support import SupportCheck, refuses
from stations.retrieval.verbatim import Verbatim
from stations.retrieval.verdict import Verdict
from stations.texts import Language, say

SOURCES = 5
LONGEST_QUESTION = 600


def answered(  # noqa: PLR0913 - what is asked, where, whom, and for whom
    question: str,
    history: Sequence[Turn],
    searcher: Searcher,
    chat: ChatModel,
    language: Language,
    *,
    person: str = "",
) -> Iterator[Answer]:
    """Yield the answer to a question as far as it is, at least every half second while the model works.

    The first one with ``sources`` comes as soon as they are found. The last one has the outcome ``answered`` or
    ``not_found``; then ``statements`` is empty, and ``sources`` are what comes nearest. Where the evidence is there and
    the model writes nothing that a source supports, the answer is the nearest sentence, word for word. Closing the
    iterator stops the model. At most one conversation is sent (the passages are read once), after one short call for a
    follow-up question.

    Args:
        question: What is asked, at most ``LONGEST_QUESTION`` letters.
        history: What was asked and answered before, oldest first.
        searcher: The collection.
        chat: Who writes.
        language: In which language the answer is written.
        person: Who asks, for a fair turn (see ``ChatModel.reply``).

    Raises:
        ModelError: ``answer.nothing_asked``, ``answer.long_question``, and whatever stops the model or the index.
    """
    maker = WordMaker()
    current = Answer(checked_question(question))
    if leans_on_talk(current.asked, history, language, maker):
        rewriting = Independent(current.asked, history, language, maker)
        with closing(rewriting.steps(chat, person)) as steps:  # type: ignore[type-var]
            for _ in steps:
                yield current
        current = Answer(rewriting.question)
    yield from _searched(current, searcher, _Writer(chat, language, maker, person))


def checked_question(text: str) -> str:
    """Return a question without space around it.

    Raises:
        ModelError: ``answer.nothing_asked`` or ``answer.long_question``.
    """
    question = text.strip()
    if not question:
        raise ModelError("answer.nothing_asked")
    if len(question) > LONGEST_QUESTION:
        raise ModelError("answer.long_question", length=len(question), limit=LONGEST_QUESTION)
    return question


class _Writer:
    """What stays the same for one answer: who writes it, in which language, for whom."""

    def __init__(self, chat: ChatModel, language: Language, maker: WordMaker, person: str) -> None:
        self.chat, self.maker, self.person = chat, maker, person
        self.language: Language = language

    def quoted(self, question: str, hits: Sequence[Hit]) -> list[str]:
        """Return what the model is shown of the passages."""
        return quotations(hits, question_words(question, self.language, self.maker), self.maker)


def _searched(current: Answer, searcher: Searcher, writer: _Writer) -> Iterator[Answer]:
    hits = searcher.hits(current.asked, count=SOURCES)
    current = replace(current, sources=tuple(hits))
    yield current
    if not hits:
        yield replace(current, outcome="not_found")
        return
    signs = evidence(current.asked, hits, searcher, writer.language, writer.maker)
    current = replace(current, covered=signs.covered, spread=signs.spread, missing=signs.missing)
    if signs.is_hopeless:
        yield replace(current, outcome="not_found")
        return
    asked = question_words(current.asked, writer.language, writer.maker)
    check = SupportCheck(hits, searcher.embedder, writer.language, asked)
    yield from _decided(current, signs, check, writer)


def _decided(current: Answer, signs: Evidence, check: SupportCheck, writer: _Writer) -> Iterator[Answer]:
    """Yield the answer, or that there is none; the model is asked first whether there is."""
    quoted = writer.quoted(current.asked, current.sources)
    asked = verdict_prompt(current.asked, quoted, writer.language)
    current = replace(current, prompt=asked)
    verdict = Verdict(writer.chat, asked, writer.language, writer.person)
    with closing(verdict.steps()) as steps:  # type: ignore[type-var]
        for _ in steps:
            yield current
    current = replace(current, yes=verdict.yes)
    if is_weak(signs, verdict.yes):
        yield replace(current, outcome="not_found")
        return
    may_refuse = not is_sure(signs, verdict.yes)
    prompt = answer_prompt(current.asked, quoted, writer.language, may_refuse=may_refuse)
    yield from _written(replace(current, prompt=prompt), check, writer)


def _written(current: Answer, check: SupportCheck, writer: _Writer) -> Iterator[Answer]:
    text, draft = "", _Draft(check, writer.language, len(current.sources))
    pieces = writer.chat.reply(current.prompt, WRITING, person=writer.person)
    with closing(pieces) as coming:  # type: ignore[type-var]
        for piece in coming:
            text += piece.text
            current = replace(current, statements=draft.statements(text))
            yield current
            if draft.refuses:
                break
    statements = draft.statements(text, ended=True)
    if draft.refuses or not any(each.check == "supported" for each in statements):
        yield from _word_for_word(replace(current, statements=()), check.embedder, writer)
        return
    yield _finished(current, statements, writer.language)


def _word_for_word(current: Answer, embedder: Embedder, writer: _Writer) -> Iterator[Answer]:
    """Yield the nearest sentence of the sources: the evidence is there, but the model made nothing of it."""
    looking = Verbatim(current.asked, current.sources, writer.language, writer.maker)
    for _ in looking.steps(embedder):
        yield current
    if looking.statement is None:
        yield replace(current, outcome="not_found")
        return
    yield replace(current, statements=(looking.statement,), outcome="answered")


def _finished(current: Answer, statements: tuple[Statement, ...], language: Language) -> Answer:
    """Return the last answer; where it refuses a part, in words that people understand.

    Small models put the word of refusal behind complete answers too: where every word of the question is in the
    sources, it is left out.
    """
    told = [_plainly(each, language) for each in statements if current.missing or not refuses(each.text)]
    return replace(current, statements=tuple(dict.fromkeys(told)), outcome="answered")


def _plainly(statement: Statement, language: Language) -> Statement:
    return Statement(say("answer.part_missing", language)) if refuses(statement.text) else statement


class _Draft:
    """The sentences of an answer that is being written: those that are complete are checked, each once."""

    def __init__(self, check: SupportCheck, language: Language, sources: int) -> None:
        self._check, self._sources = check, sources
        self._language: Language = language
        self._checked: dict[Numbered, Statement] = {}
        self.refuses = False

    def statements(self, text: str, *, ended: bool = False) -> tuple[Statement, ...]:
        """Return the sentences of ``text``; the last one stays open until the answer has ended."""
        found = numbered_sentences(text, self._language, self._sources)
        done = len(found) if ended else len(found) - 1
        self.refuses = done > 0 and refuses(found[0].text)
        return tuple(
            self._judged(each) if place < done else Statement(each.text, each.numbers)
            for place, each in enumerate(found)
        )

    def _judged(self, sentence: Numbered) -> Statement:
        if sentence not in self._checked:
            self._checked[sentence] = self._check.statement(sentence)
        return self._checked[sentence]
