"""Kill -9 while a collection is being filled: nothing that was reported as kept is lost, nothing is half.

Started as a program, this file fills the collection it is given and says each document that is in.
"""

import importlib.util
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from models.index import words
from models.index.indexing import take_in
from models.index.sqlite_index import SqliteIndex

_spec = importlib.util.spec_from_file_location(
    "index_promises", Path(__file__).parent.parent / "unit" / "index_promises.py"
)
promises = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(promises)

KILLS = 20
DOCUMENTS, PASSAGES = 60, 25
"""Documents come round again and again, each time with other passages."""


def cuts(first):
    """Yield documents for ever; the round is in their checksum and in every passage."""
    for n in range(first, first + 1_000_000):
        texts = [
            f"Akte {n} Blatt {m}: Protokoll der Sitzung im Rathaus Nummer {n * m}" for m in range(PASSAGES)
        ]
        yield promises.cut(f"d{n % DOCUMENTS}", *texts, sha256=str(n))


def main(file, first):
    words._known = lambda _: False  # the dictionary would take most of the time
    index = SqliteIndex(Path(file), promises.SPACE)
    for step in take_in(index, promises.EMBEDDER, cuts(int(first))):
        if step.latest:
            print(step.latest.sha256, flush=True)


def killed(file, first, seconds):
    """Fill a collection for a while after its first document, and kill it; return the last one it said was in."""
    child = subprocess.Popen(
        [sys.executable, __file__, str(file), str(first)], stdout=subprocess.PIPE, text=True
    )
    begun = child.stdout.readline()
    time.sleep(seconds)
    child.kill()
    said = [begun, *child.communicate()[0].splitlines(keepends=True)]
    return int([line for line in said if line.endswith("\n")][-1])


def check(file, last):
    """Compare what is in the collection with what was said; return the last document that is in."""
    index = SqliteIndex(file, promises.SPACE)
    there = {document.id: int(document.sha256) for document in index.documents()}
    newest = max(there.values(), default=-1)
    assert newest in {last, last + 1}, "what was said is in, and at most one that was not said yet"
    expected = {f"d{n % DOCUMENTS}": n for n in range(max(0, newest - DOCUMENTS + 1), newest + 1)}
    assert there == expected
    for name, n in there.items():
        passages = index.passages(name)
        assert len(passages) == PASSAGES
        assert all(passage.text.startswith(f"Akte {n} Blatt") for passage in passages)
    everything = index.everything()
    assert len(everything.passages) == len(everything.vectors) == len(there) * PASSAGES
    if there:
        hits = index.search(promises.question(f"Akte {newest}", "keyword", count=100))
        assert {hit.document.id for hit in hits if f"Akte {newest} " in hit.passage.text} == {
            f"d{newest % DOCUMENTS}"
        }
    index.close()
    with sqlite3.connect(file) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    return newest


def test_killed_twenty_times_nothing_is_lost_and_nothing_is_half(tmp_path):
    file, dice, last = tmp_path / "collection.sqlite", random.Random(20), -1
    for _ in range(KILLS):
        said = killed(file, last + 1, dice.uniform(0.0, 0.6))
        last = check(file, said)
    assert last > 5 * KILLS, "the collection was filled meanwhile"


if __name__ == "__main__":
    main(*sys.argv[1:])
