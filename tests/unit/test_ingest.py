"""Files taken into a collection: each once, the bad ones named, and whatever happens the kept ones are kept."""

import threading
import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from models.errors import ModelError
from models.passages import Document
from models.progress import Progress
from models.reading.gathering import GatheringLimits
from models.reading.structuring import SEARCH_LIMITS
from stations.messages import sentence
from stations.retrieval import feed as feeding
from stations.retrieval import ingest
from stations.retrieval.feed import Reading
from stations.retrieval.ingest import ingested
from stations.retrieval.watching import changes, look_at
from stations.texts import say

READING = Reading(lambda text: len(text.split()), most_tokens=12)
SENTENCE = "Der Verein {} fördert die Kunst in Köln."


class Collection:
    """Keeps documents in memory, as an index does."""

    def __init__(self):
        self.kept, self.vectors, self.puts = {}, {}, []

    def holds(self, document_id, sha256):
        return document_id in self.kept and self.kept[document_id].sha256 == sha256

    def documents(self):
        return tuple(self.kept.values())

    def put(self, document, passages, vectors):
        assert len(passages) == len(vectors) > 0
        self.kept[document.id] = document
        self.vectors[document.id] = [
            (each.read_text, row[0]) for each, row in zip(passages, vectors, strict=True)
        ]
        self.puts.append(document.id)

    def remove(self, document_id):
        return self.kept.pop(document_id, None) is not None


class Numbers:
    """Embeds a text as its length; gives rows in uneven lots, some of them empty."""

    def __init__(self, lot=3):
        self.lot, self.asked = lot, []

    def embed(self, texts, kind):
        assert kind == "passage"
        self.asked.append(len(texts))
        rows = np.array([[len(text)] for text in texts], np.float32)
        for at in range(0, len(rows), self.lot):
            yield rows[at:at]
            yield rows[at : at + self.lot]


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "ordner"
    place.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (place / name).write_text(SENTENCE.format(name) * 5)
    return place


def run(*given, into=None, embedder=None, reading=READING, **more):
    return list(
        ingested(given, into if into is not None else Collection(), embedder or Numbers(), reading, **more)
    )


def keys(steps):
    quiet = {"gathering.reading", "gathering.embedding", "gathering.recognising"}
    return Counter(step.key.removeprefix("gathering.") for step in steps if step.key not in quiet)


def test_every_file_is_kept_with_a_row_for_each_of_its_passages(folder):
    into = Collection()
    steps = run(folder, into=into)
    assert into.puts == ["a.txt", "b.txt", "c.txt"]
    for name, found in into.vectors.items():
        assert [row for _, row in found] == [len(text) for text, _ in found]
        assert all(name in text for text, _ in found)
    document = into.kept["a.txt"]
    assert isinstance(document, Document)
    assert (document.name, document.language, document.pages) == ("a.txt", "de", 0)
    assert document.modified.startswith("20")
    assert steps[-1].counts == {"kept": 3, "skipped": 0, "refused": 0, "removed": 0}


def test_steps_are_progress_that_grows_to_the_whole_and_can_be_said(folder):
    steps = run(folder)
    assert all(isinstance(step, Progress) and step.unit == "steps" for step in steps)
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert steps[-1].done == steps[-1].total == sum(file.stat().st_size for file in folder.iterdir())
    for step in steps:
        for language in ("de", "en"):
            assert "{" not in say(step.key, language, **step.facts)


def test_what_has_not_changed_is_skipped_and_what_has_is_read_again(folder):
    into = Collection()
    run(folder, into=into)
    (folder / "b.txt").write_text("Ganz neuer Text steht hier.")
    steps = run(folder, into=into)
    assert keys(steps) == {"unchanged": 2, "kept": 1, "done": 1}
    assert into.puts[3:] == ["b.txt"]
    assert into.vectors["b.txt"][0][0] == "Ganz neuer Text steht hier."


def test_the_same_bytes_twice_are_kept_once(folder):
    (folder / "kopie.txt").write_bytes((folder / "a.txt").read_bytes())
    into = Collection()
    for expected in ({"kept": 3, "duplicate": 1, "done": 1}, {"unchanged": 3, "duplicate": 1, "done": 1}):
        steps = run(folder, into=into)
        assert keys(steps) == expected
    twin = next(step for step in steps if step.key == "gathering.duplicate")
    assert (twin.name, twin.facts["other"]) == ("kopie.txt", "a.txt")


def test_a_renamed_file_is_kept_under_its_new_name(folder):
    into = Collection()
    run(folder, into=into)
    (folder / "a.txt").rename(folder / "z.txt")
    assert keys(run(folder, into=into, remove_gone=True)) == {
        "unchanged": 2,
        "kept": 1,
        "removed": 1,
        "done": 1,
    }
    assert set(into.kept) == {"b.txt", "c.txt", "z.txt"}


def test_files_that_are_gone_are_forgotten_only_on_wish(folder):
    into = Collection()
    run(folder, into=into)
    (folder / "a.txt").unlink()
    run(folder, into=into)
    assert "a.txt" in into.kept
    steps = run(folder, into=into, remove_gone=True)
    assert "a.txt" not in into.kept
    assert steps[-1].counts["removed"] == 1


def test_nothing_is_forgotten_when_the_folder_cannot_be_seen(folder):
    into = Collection()
    run(folder, into=into)
    run(folder.parent / "abgezogener-stick", into=into, remove_gone=True)
    assert len(into.kept) == 3


def test_what_was_in_a_packet_that_is_broken_now_stays(tmp_path):
    import zipfile

    packet = tmp_path / "p.zip"
    with zipfile.ZipFile(packet, "w") as out:
        out.writestr("a.txt", SENTENCE.format("a"))
    into = Collection()
    run(packet, into=into)
    packet.write_bytes(packet.read_bytes()[:-20])
    assert keys(run(packet, into=into, remove_gone=True)) == {"refused": 1, "done": 1}
    assert set(into.kept) == {"p.zip/a.txt"}


def test_bad_files_get_a_sentence_each_and_the_others_go_on(folder):
    (folder / "aa.pdf").write_bytes(b"%PDF-1.4 kaputt")
    (folder / "leer.txt").write_bytes(b"")
    (folder / "programm.exe").write_bytes(b"MZ" + bytes(100))
    steps = run(folder)
    assert keys(steps) == {"kept": 3, "refused": 3, "done": 1}
    refused = {step.name: step.problem.key for step in steps if step.problem}
    assert refused == {
        "aa.pdf": "reading.broken",
        "leer.txt": "reading.empty",
        "programm.exe": "gathering.unknown_kind",
    }
    for step in steps:
        if step.problem:
            assert step.name in sentence(step.problem, "de")
    assert steps[-1].counts["refused"] == 3


def test_a_bad_file_that_was_good_keeps_what_was_there(folder):
    into = Collection()
    run(folder, into=into)
    (folder / "a.txt").write_bytes(b"MZ" + bytes(100))
    assert keys(run(folder, into=into, remove_gone=True)) == {"unchanged": 2, "refused": 1, "done": 1}
    assert "a.txt" in into.kept


def test_two_files_of_one_name_are_two_documents(folder, tmp_path):
    other = tmp_path / "anders" / "a.txt"
    other.parent.mkdir()
    other.write_text("Etwas anderes.")
    into = Collection()
    run(folder / "a.txt", other, into=into)
    assert set(into.kept) == {"a.txt", "a.txt (2)"}


def test_short_documents_are_embedded_together(folder, monkeypatch):
    embedder, into = Numbers(), Collection()
    real = feeding.structured

    def slow_first(file, **more):
        time.sleep(0.1)
        return real(file, **more)

    monkeypatch.setattr(feeding, "structured", slow_first)
    for number in range(20):
        (folder / f"m{number}.txt").write_text(f"Brief Nummer {number}.")
    steps = []
    for step in ingested([folder], into, embedder, READING):
        steps.append(step)
        time.sleep(0.15 if len(steps) < 3 else 0)
    assert len(into.kept) == 23
    assert sum(embedder.asked) == sum(map(len, into.vectors.values()))
    assert len(embedder.asked) < 23


def test_reading_waits_for_the_embedding_but_never_for_ever(folder, monkeypatch):
    monkeypatch.setattr(feeding, "AHEAD", 1)  # less than any document has
    into = Collection()
    run(folder, into=into)
    assert len(into.kept) == 3
    monkeypatch.setattr(feeding, "PULSE_S", 0.01)
    ahead = feeding.Ahead(5)
    assert ahead.more(100)  # whatever its size, when nothing waits
    assert not ahead.more(1)
    ahead.less(98)
    assert ahead.more(3)
    assert not ahead.more(1)


def test_stop_keeps_what_is_kept_and_the_next_run_goes_on(folder):
    into = Collection()
    steps = ingested([folder], into, Numbers(), READING)
    next(step for step in steps if step.key == "gathering.kept")
    steps.close()
    kept = list(into.puts)
    assert 1 <= len(kept) < 3
    run(folder, into=into)
    assert sorted(into.puts) == ["a.txt", "b.txt", "c.txt"]


def test_stop_ends_the_thread_also_in_the_middle_of_a_scan(folder, monkeypatch):
    pages = []

    def endless(file, *, name, limits, wishes):
        for page in range(10_000):
            pages.append(page)
            time.sleep(0.01)
            wishes.report(Progress("gathering.recognising", page, facts={"name": name}))

    monkeypatch.setattr(feeding, "structured", endless)
    steps = ingested([folder], Collection(), Numbers(), READING)
    next(step for step in steps if step.key == "gathering.recognising" and step.name == "a.txt")
    steps.close()
    for thread in threading.enumerate():
        if thread.name == "feed":
            thread.join(timeout=5)
            assert not thread.is_alive()
    assert len(pages) < 100


def test_something_is_yielded_while_a_file_takes_long(folder, monkeypatch):
    real = feeding.structured

    def slow(file, **more):
        assert enough.wait(timeout=60)
        return real(file, **more)

    enough, steps = threading.Event(), 0
    monkeypatch.setattr(feeding, "structured", slow)
    for steps, _ in enumerate(ingested([folder / "a.txt"], Collection(), Numbers(), READING)):
        if steps >= 3:
            enough.set()
    assert steps >= 3


def test_a_collection_or_engine_that_fails_ends_the_work_with_its_own_error(folder):
    class Full(Collection):
        def put(self, document, passages, vectors):
            raise ModelError("index.disk_full")

    class Unaskable(Collection):
        def documents(self):
            raise ModelError("index.damaged")

    for into, key in ((Full(), "disk_full"), (Unaskable(), "damaged")):
        with pytest.raises(ModelError, match=key):
            run(folder, into=into)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_ours_in_the_thread_does_not_wait_for_ever(folder, monkeypatch):
    monkeypatch.setattr(feeding, "structured", lambda *_, **__: 1 / 0)
    with pytest.raises(RuntimeError):
        run(folder)


def test_the_time_left_is_said_once_it_can_be_known(folder, monkeypatch):
    monkeypatch.setattr(ingest, "SURE_AFTER_S", 0.0)
    kept = [step.left_s for step in run(folder) if step.key == "gathering.kept"]
    assert kept == sorted(kept, reverse=True)
    assert kept[-1] == 0
    monkeypatch.undo()
    assert all(step.left_s is None for step in run(folder))


def test_a_file_that_will_be_refused_or_is_full_of_pictures_does_not_spoil_the_forecast(tmp_path):
    for name, size in (
        ("klein.pdf", 10),
        ("bilder.pdf", 50_000_000),
        ("zu-gross.pdf", 400_000_000),
        ("a.zip", 9_000_000),
    ):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    names = ("klein.pdf", "bilder.pdf", "zu-gross.pdf", "a.zip", "weg.pdf")
    assert [feeding.weight(tmp_path / name) for name in names] == [10, 3_000_000, 0, 9_000_000, 0]


def test_limits_are_those_of_the_reading(folder):
    narrow = replace(READING, limits=GatheringLimits(reading=replace(SEARCH_LIMITS, letters=10)))
    assert {step.problem.key for step in run(folder, reading=narrow) if step.problem} == {"reading.too_long"}


# --- watching ---


def test_a_folder_is_told_at_once_and_when_it_has_changed_and_lies_still(folder):
    stopping = threading.Event()
    seen = changes([folder], stopping, pulse_s=0.05)
    assert set(next(seen)) == {folder / name for name in ("a.txt", "b.txt", "c.txt")}
    (folder / "neu.txt").write_text("x")
    assert folder / "neu.txt" in next(seen)
    (folder / "a.txt").unlink()
    assert folder / "a.txt" not in next(seen)
    stopping.set()
    assert list(seen) == []


def test_a_file_that_still_grows_is_waited_for(folder, monkeypatch):
    looks = iter(
        [{}, {"a": (1, 1)}, {"a": (2, 2)}, {"a": (3, 3)}, {"a": (3, 3)}, {"a": (3, 3)}, {"b": (4, 4)}]
    )
    stopping = threading.Event()
    monkeypatch.setattr("stations.retrieval.watching.look_at", lambda _: next(looks))
    seen = changes([folder], stopping, pulse_s=0)
    assert [next(seen), next(seen)] == [{}, {"a": (3, 3)}]
    assert next(looks) == {"a": (3, 3)}


def test_a_look_survives_files_that_go_away(tmp_path):
    assert look_at([tmp_path / "weg"]) == {}
