"""How long a search takes in large collections, what they cost, and what taking documents in costs beside embedding.

    python bench/retrieve.py [--sizes 10000 100000] [--source TEXT …] [--model e5-small-rebuilt] [--postgres ADDRESS]

Vectors are random; texts are German words in the proportions of a language (Zipf), or sentences of the files
``--source`` in new order. Questions are two to six words of a passage that is there. Timings are those of the index
alone: embedding a question comes on top (0.02-0.1 s). Compare within one run; other programs disturb it.
"""

import argparse
import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.engines.embedder import embed_all, unit
from models.engines.sentence import SentenceEmbedder
from models.index.base import Index, Question, Space
from models.index.indexing import Cut, space_of, take_in
from models.index.sqlite_index import SqliteIndex
from models.passages import Document, Passage
from models.store import Store
from models.turns import Fixed

DIMENSIONS, WORDS_EACH, PASSAGES_EACH = 384, 110, 50
SPACE = Space(f"{DIMENSIONS}:AAAA", DIMENSIONS)
QUESTIONS = 200


def sentences(files: list[Path], dice: random.Random) -> Iterator[str]:
    """Yield sentences for ever."""
    if files:
        text = " ".join(file.read_text(encoding="utf-8") for file in files)
        there = [each for each in re.split(r"(?<=[.!?])\s+", text) if each.strip()]
        while True:
            yield dice.choice(there)
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    words = [str(each) for each in DefaultDictionaryFactory().get_dictionary("de")]
    words = sorted(word.decode() if isinstance(word, bytes) else word for word in words)
    dice.shuffle(words)
    words = words[:80_000]
    weights = np.cumsum(1 / (np.arange(len(words)) + 2.7)).tolist()  # Zipf-Mandelbrot
    while True:
        yield " ".join(dice.choices(words, cum_weights=weights, k=14)).capitalize() + "."


def passages(files: list[Path], dice: random.Random) -> Iterator[str]:
    coming, said = sentences(files, dice), []
    while True:
        while sum(each.count(" ") + 1 for each in said) < WORDS_EACH:
            said.append(next(coming))
        yield " ".join(said)
        said = []


def document(number: int, texts: list[str]) -> Cut:
    about = Document(f"d{number}", f"d{number}.txt", str(number), "de", "2026-01-01", len(texts))
    return about, [
        Passage(about.id, n, n + 1, "", ("Protokoll",), text, 0, len(text)) for n, text in enumerate(texts)
    ]


def fill(index: Index, size: int, files: list[Path]) -> tuple[list[str], float]:
    """Put passages with random vectors in; return some of them, and the seconds it took."""
    dice, numbers, kept, seconds = random.Random(1), np.random.default_rng(1), [], 0.0
    coming = passages(files, dice)
    for number in range(size // PASSAGES_EACH):
        texts = [next(coming) for _ in range(PASSAGES_EACH)]
        vectors = unit(numbers.standard_normal((PASSAGES_EACH, DIMENSIONS)))
        began = time.perf_counter()
        index.put(*document(number, texts), vectors)
        seconds += time.perf_counter() - began
        kept.append(dice.choice(texts))
    return kept, seconds


def ask(index: Index, kept: list[str]) -> tuple[float, list[float], float]:
    """Return the seconds of the first search, which reads all vectors, those of the others, and processor time."""
    dice, numbers, taken = random.Random(2), np.random.default_rng(2), []
    spent = time.process_time()
    for _ in range(QUESTIONS + 1):
        words = dice.sample(re.findall(r"\w{4,}", dice.choice(kept)), dice.randint(2, 6))
        vector = unit(numbers.standard_normal((1, DIMENSIONS)))[0]
        began = time.perf_counter()
        index.search(Question(" ".join(words), vector))
        taken.append(time.perf_counter() - began)
    return taken[0], taken[1:], (time.process_time() - spent) / len(taken)


def row(size: int, files: list[Path], address: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        if address:
            from models.index.postgres_index import PostgresIndex

            index: Index = PostgresIndex(address, f"bench {size} {time.time()}", SPACE)
        else:
            index = SqliteIndex(Path(folder) / "bench.sqlite", SPACE)
        kept, seconds = fill(index, size, files)
        first, taken, spent = ask(index, kept)
        index.close()
        disk = sum(file.stat().st_size for file in Path(folder).iterdir())
    p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    figures = (
        f"{p50 * 1000:.0f}",
        f"{p95 * 1000:.0f}",
        f"{spent * 1000:.0f}",
        f"{first:.1f}",
        f"{size / seconds:.0f}",
    )
    return f"| {size} | " + " | ".join(figures) + f" | {disk / 1e6:.0f} | {memory:.0f} |"


def share(model_id: str, files: list[Path], count: int = 100) -> str:
    """Compare the speed of taking documents in with that of embedding the same texts alone, three times."""
    store, coming = Store(), passages(files, random.Random(3))
    embedder = SentenceEmbedder(store.file(store.catalog.model(model_id)), Fixed(2))
    cuts = [document(n, [next(coming) for _ in range(PASSAGES_EACH)]) for n in range(count // PASSAGES_EACH)]
    texts, ratios = [each.read_text for _, cut in cuts for each in cut], []
    embed_all(embedder, texts[:8], "passage")
    for _ in range(3):
        began = time.process_time()
        embed_all(embedder, texts, "passage")
        bare = time.process_time() - began
        with tempfile.TemporaryDirectory() as folder:
            index = SqliteIndex(Path(folder) / "bench.sqlite", space_of(embedder))
            began = time.process_time()
            for _ in take_in(index, embedder, cuts):
                pass
            ratios.append(bare / (time.process_time() - began))
            index.close()
    speed, ratio = len(texts) / bare, statistics.median(ratios)
    return f"{speed:.1f} passages per core-second; taking in, compared with embedding alone: {ratio:.2f}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    arguments.add_argument("--source", type=Path, nargs="*", default=[], metavar="TEXT")
    arguments.add_argument(
        "--model", default="e5-small-rebuilt", help="'' leaves out the comparison with embedding"
    )
    arguments.add_argument("--postgres", default="", metavar="ADDRESS")
    given = arguments.parse_args()
    print(
        "| passages | p50 ms | p95 ms | CPU ms | first s | put in, 1/s | disk MB | memory MB |\n"
        + "|---" * 8
        + "|"
    )
    for size in given.sizes:
        print(row(size, given.source, given.postgres), flush=True)
    if given.model:
        print(f"\n{given.model}: {share(given.model, given.source)}")


if __name__ == "__main__":
    main()
