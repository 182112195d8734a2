"""``do ask``: an answer from a collection, with the passages it rests on."""

import json

from models.errors import ModelError
from stations.commandline import Options
from stations.commands.collected import known, tools
from stations.commands.do_search import as_json
from stations.console import result
from stations.retrieval.answer import Answer, Statement
from stations.retrieval.answering import answered
from stations.retrieval.citing import place
from stations.retrieval.remarks import remark
from stations.texts import Language


def run(options: Options) -> int:
    """Print an answer and return 0, also where the documents do not contain it.

    Reads ``lang``, ``names`` (the question), ``collection``, ``json`` and ``profile``.

    Raises:
        ModelError: ``command.no_question``, or what is wrong with the collection or a model.
    """
    question = " ".join(options.names).strip()
    if not question:
        raise ModelError("command.no_question")
    wanted = known(options)
    with (
        tools(options, chat=True) as own,
        own.searcher(wanted) as searcher,
        own.library.borrow_chat() as chat,
    ):
        *_, last = answered(question, (), searcher, chat, options.lang)
    result(_as_json(last) if options.json else _as_text(last, options.lang))
    return 0


def _as_json(answer: Answer) -> str:
    sources = [{"number": number, **as_json(hit)} for number, hit in enumerate(answer.sources, 1)]
    statements = [
        {"text": each.text, "sources": list(each.sources), "check": each.check} for each in answer.statements
    ]
    told = {
        "answer": answer.text,
        "answered": answer.outcome == "answered",
        "statements": statements,
        "sources": sources,
    }
    return json.dumps(told, ensure_ascii=False)


def _as_text(answer: Answer, language: Language) -> str:
    said = " ".join(_numbered(each) for each in answer.statements)
    lines = [said if answer.outcome == "answered" else remark(answer, language)]
    for number, hit in enumerate(answer.sources, 1):
        lines.append(f"[{number}] {place(hit.passage, hit.document, language)}")
    return "\n".join(lines)


def _numbered(statement: Statement) -> str:
    return statement.text + "".join(f" [{number}]" for number in statement.sources)
