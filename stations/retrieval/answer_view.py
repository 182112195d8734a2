"""A conversation with documents as people read it: sentences with the numbers of their sources."""

from collections.abc import Mapping
from functools import partial

from stations.page import html_block
from stations.retrieval.answer import Answer, Statement
from stations.retrieval.citing import place
from stations.retrieval.remarks import check_remark, remark
from stations.texts import Language, say

BEGINNING_LETTERS = 160
Talk = tuple[tuple[str, Answer], ...]
"""Questions as they were typed, each with its answer."""


def talk_block(talk: Talk, opening: Mapping[str, str], language: Language) -> str:
    """Return the conversation as one line of HTML; ``opening`` are the facts of ``SourceView``."""
    turns = [_turn(number, question, answer, language) for number, (question, answer) in enumerate(talk)]
    return html_block(
        "retrieval_talk.html", turns=turns, opening=opening, say=partial(say, language=language)
    )


def sources_block(talk: Talk, opening: Mapping[str, str], language: Language) -> str:
    """Return the list of the latest answer's sources as one line of HTML."""
    if not talk or not talk[-1][1].sources:
        return ""
    answer = talk[-1][1]
    cited = {number for statement in answer.statements for number in statement.sources}
    rows = [
        {
            "number": number,
            "key": f"{len(talk) - 1}:{number}",
            "place": place(hit.passage, hit.document, language),
            "text": beginning(hit.passage.text),
            "cited": number in cited,
        }
        for number, hit in enumerate(answer.sources, 1)
    ]
    rows.sort(key=lambda row: not row["cited"])
    title = "retrieval.nearest" if answer.outcome == "not_found" else "retrieval.sources"
    return html_block(
        "retrieval_sources.html",
        title=say(title, language),
        rows=rows,
        opening=opening,
        say=partial(say, language=language),
    )


def beginning(text: str) -> str:
    """Return the first words of a passage on one line."""
    line = " ".join(text.split())
    return line if len(line) <= BEGINNING_LETTERS else f"{line[:BEGINNING_LETTERS].rsplit(' ', 1)[0]} …"


def prompt_text(answer: Answer) -> str:
    """Return what the model was really sent, as plain text."""
    return "\n\n".join(f"[{message.speaker}]\n{message.text}" for message in answer.prompt)


def _turn(number: int, question: str, answer: Answer, language: Language) -> dict[str, object]:
    return {
        "number": number,
        "question": question,
        "asked": answer.asked if answer.asked.strip() != question.strip() else "",
        "statements": [_statement(number, each, language) for each in answer.statements],
        "outcome": answer.outcome,
        "doubts": any(each.check == "unsupported" for each in answer.statements),
        "remark": remark(answer, language),
    }


def _statement(turn: int, statement: Statement, language: Language) -> dict[str, object]:
    return {
        "text": statement.text,
        "doubt": statement.check == "unsupported",
        "check": check_remark(statement.check, language),
        "sources": [{"number": each, "key": f"{turn}:{each}"} for each in statement.sources],
    }
