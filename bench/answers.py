"""How well questions about documents are answered: the right source named, and "not in there" where that is the truth.

    python bench/answers.py FOLDER [--model qwen-1.5b] [--threads 2] [--kinds there absent half] [--save FILE]

FOLDER holds three German documents of Debian 12 that nobody here wrote. Nothing is downloaded by this program; it takes

    apt-get download debian-history=2.28 gnucash-docs=4.13-1 debian-edu-doc-de=2.12.23~deb12u1
    for each in *.deb; do dpkg -x $each unpacked; done
    cp unpacked/usr/share/doc/debian-history/docs/project-history.de.pdf FOLDER
    zcat unpacked/usr/share/doc/gnucash-docs/gnucash-guide-de.pdf.gz > FOLDER/gnucash-guide-de.pdf
    cp unpacked/usr/share/doc/debian-edu-doc-de/debian-edu-bookworm-manual.html FOLDER

(28 and 263 pages and a web page; licences: GPL 2 or later, GFDL 1.1 or later, GPL 2 or later.) The 60 questions are in
``answers_questions.toml``: 30 that the documents answer, 15 that they do not, 15 of which they answer one half.

A source is right when a number beside a supported or unsupported sentence leads to a passage with the words that the
list names. ``given``: such a passage was among those the model read. Half: sentences that are supported or claim
nothing, of all sentences; whether the missing half was invented in words of the source, people must read: ``--save``.
"""

import argparse
import json
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.engines.base import ChatModel, ChatSize
from models.engines.embedder import Embedder
from models.index.indexing import space_of
from models.index.sqlite_index import SqliteIndex
from models.passages import Hit
from models.store import Store
from models.turns import Fixed
from stations.retrieval.answer import Answer
from stations.retrieval.answering import answered
from stations.retrieval.feed import Reading
from stations.retrieval.ingest import ingested
from stations.retrieval.searching import Searcher

QUESTIONS = Path(__file__).with_name("answers_questions.toml")
KINDS = ("there", "absent", "half")


@dataclass(frozen=True)
class Asked:
    """A question of the list; ``has`` are words of the passages that are right."""

    kind: str
    text: str
    document: str = ""
    has: tuple[str, ...] = ()
    missing: str = ""
    says: tuple[str, ...] = ()

    def is_right(self, hit: Hit) -> bool:
        text = " ".join(hit.passage.read_text.split())
        return hit.document.name == self.document and any(
            " ".join(words.split()) in text for words in self.has
        )


@dataclass
class Result:
    """How one question was answered."""

    asked: Asked
    answer: Answer
    seconds: float
    given: bool = field(init=False)
    right: bool = field(init=False)

    def __post_init__(self) -> None:
        sources = self.answer.sources
        self.given = any(self.asked.is_right(hit) for hit in sources)
        named = {number for statement in self.answer.statements for number in statement.sources}
        self.right = any(self.asked.is_right(sources[number - 1]) for number in named)

    @property
    def says(self) -> bool:
        return any(word in self.answer.text for word in self.asked.says)

    @property
    def refused(self) -> bool:
        return self.answer.outcome == "not_found"

    @property
    def checks(self) -> list[str]:
        return [statement.check for statement in self.answer.statements]


def listed(kinds: list[str], only: list[int]) -> Iterator[Asked]:
    for place, each in enumerate(tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))["question"], start=1):
        if each["kind"] in kinds and (not only or place in only):
            yield Asked(**{**each, "has": tuple(each.get("has", ())), "says": tuple(each.get("says", ()))})


def embedder_of(model_id: str, threads: int) -> Embedder:
    from models.engines.sentence import SentenceEmbedder

    store = Store()
    return SentenceEmbedder(store.file(store.catalog.model(model_id)), Fixed(threads))


def chat_of(model_id: str, threads: int) -> ChatModel:
    from models.engines.llama import LlamaChat

    store = Store()
    file = store.file(store.catalog.model(model_id))
    return LlamaChat(file, Fixed(threads), ChatSize(context_tokens=4096, people=1))


def filled(index: SqliteIndex, folder: Path, embedder: Embedder) -> None:
    reading = Reading(lambda text: len(embedder.tokens(text)))
    for step in ingested([folder], index, embedder, reading):
        if step.problem:
            raise SystemExit(f"{step.name}: {step.problem}")


def result(asked: Asked, searcher: Searcher, chat: ChatModel) -> Result:
    began = time.monotonic()
    answer = Answer(asked.text)
    for current in answered(asked.text, (), searcher, chat, "de"):
        answer = current
    return Result(asked, answer, time.monotonic() - began)


def shown(found: Result) -> str:
    sentences = " ".join(
        f"{each.text} {list(each.sources)} <{each.check}>" for each in found.answer.statements
    )
    mark = "refused" if found.refused else "right" if found.right else "answered"
    return f"{found.asked.kind:6} {mark:8} {found.seconds:5.1f} s  {found.asked.text}\n       {sentences}"


def figures(results: list[Result]) -> Iterator[str]:
    there, absent, half = ([each for each in results if each.asked.kind == kind] for kind in KINDS)
    if there:
        yield f"right sources: {sum(each.right for each in there)} of {len(there)}"
        yield f"right passage given to the model: {sum(each.given for each in there)} of {len(there)}"
        yield f"the expected word is in the answer: {sum(each.says for each in there)} of {len(there)}"
        yield f"answerable but refused: {sum(each.refused for each in there)} of {len(there)}"
    if absent:
        yield f"refused: {sum(each.refused for each in absent)} of {len(absent)}"
    if half:
        checks = [check for each in half for check in each.checks]
        fine = sum(check != "unsupported" for check in checks)
        yield f"half, right source named: {sum(each.right for each in half)} of {len(half)}"
        yield f"half, refused as a whole: {sum(each.refused for each in half)} of {len(half)}"
        yield f"half, sentences supported or honest: {fine} of {len(checks)}"
    seconds = sorted(each.seconds for each in results)
    yield f"seconds per answer: median {seconds[len(seconds) // 2]:.1f}, longest {seconds[-1]:.1f}"


def saved(results: list[Result], file: Path) -> None:
    rows = [
        {
            "kind": each.asked.kind, "question": each.asked.text, "outcome": each.answer.outcome, "right": each.right,
            "given": each.given, "seconds": round(each.seconds, 1), "asked_model": bool(each.answer.prompt),
            "covered": each.answer.covered,
            "spread": each.answer.spread,
            "yes": each.answer.yes,
            "statements": [[one.text, one.sources, one.check] for one in each.answer.statements],
        }
        for each in results
    ]  # fmt: skip
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--model", default="qwen-1.5b")
    arguments.add_argument("--embedder", default="e5-small-rebuilt")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    arguments.add_argument("--only", nargs="+", type=int, default=[], metavar="NUMBER")
    arguments.add_argument(
        "--index", type=Path, help="a collection to keep, so that a second run need not read again"
    )
    arguments.add_argument("--save", type=Path)
    given = arguments.parse_args()
    embedder, results = embedder_of(given.embedder, given.threads), []
    with tempfile.TemporaryDirectory() as folder:
        index = SqliteIndex(given.index or Path(folder) / "answers.sqlite", space_of(embedder))
        filled(index, given.folder, embedder)
        chat = chat_of(given.model, given.threads)
        for asked in listed(given.kinds, given.only):
            results.append(result(asked, Searcher(index, embedder), chat))
            print(shown(results[-1]), flush=True)
            if given.save:
                saved(results, given.save)
        chat.close()
        index.close()
    print("\n".join(figures(results)))


if __name__ == "__main__":
    main()
