"""What every index must keep, as tests that are run on each kind (see ``models.index.base.Index``).

A class that inherits ``Promises`` brings the fixture ``index``: a fresh one for ``SPACE``.
"""

import threading
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from models.engines.embedder import in_order, unit
from models.engines.fingerprint import fingerprint
from models.index.base import Only, Question, Space
from models.index.indexing import take_in
from models.passages import Document, Passage

DIMENSIONS = 64


def vector(text):
    """Say by its three-letter pieces what a text is about: alike texts get alike vectors."""
    row = np.full(DIMENSIONS, 0.01)
    for at in range(len(text) - 2):
        row[zlib.crc32(text[at : at + 3].lower().encode()) % DIMENSIONS] += 1
    return unit(row[None])[0]


class LetterEmbedder:
    """An embedder without a model."""

    dimensions, fusion_weight, is_open = DIMENSIONS, 0.6, True
    fingerprint = fingerprint(vector("Das Museum ist offen"))

    def embed(self, texts, kind):
        return in_order(texts, lambda batch: np.stack([vector(text) for text in batch]), DIMENSIONS)

    def tokens(self, text):
        return tuple(text.split())

    def close(self):
        pass


EMBEDDER = LetterEmbedder()
SPACE = Space(EMBEDDER.fingerprint, DIMENSIONS)


def cut(name, *texts, language="de", modified="2026-05-01", sha256="", heading=()):
    """Return a document with a passage for each text."""
    document = Document(name, f"{name}.txt", sha256 or f"{hash(texts):x}", language, modified, len(texts))
    begins = np.cumsum([0, *map(len, texts)]).tolist()
    return document, [
        Passage(name, n, n + 1, f"S. {n + 1}", tuple(heading), text, begins[n], begins[n] + len(text))
        for n, text in enumerate(texts)
    ]


def fill(index, *cuts):
    return list(take_in(index, EMBEDDER, cuts))


def question(text, mode="hybrid", **more):
    return Question(text, vector(text), mode, **more)


def texts(hits):
    return [hit.passage.text for hit in hits]


ARCHIVE = cut(
    "archiv",
    "Das Archiv bewahrt die Akten der Stadtverwaltung seit 1850.",
    "Benutzer melden sich im Lesesaal an.",
    "Die Öffnungszeiten des Archivs: Montag bis Donnerstag, 9 bis 16 Uhr.",
    heading=("Unser Haus", "Archiv"),
)
STATUTES = cut(
    "satzung",
    "Der Verein führt den Namen Heimatverein Grünau.",
    "Die Mitgliederversammlung findet einmal im Jahr statt.",
    "Häuser und Straßen der Altstadt werden gepflegt.",
    modified="2024-03-15T10:00",
)
GUIDE = cut("guide", "The museum shows paintings of the war years.", "Dogs must wait outside.", language="en")


class Promises:
    """The tests."""

    @pytest.fixture
    def full(self, index):
        fill(index, ARCHIVE, STATUTES, GUIDE)
        return index

    def test_an_empty_index_finds_nothing(self, index):
        for mode in ("hybrid", "keyword", "dense"):
            assert index.search(question("Archiv", mode)) == []
        assert index.documents() == ()
        assert index.everything().passages == ()
        assert index.like("x", 0, question("")) == []

    def test_what_goes_in_comes_out(self, full):
        assert full.documents() == (ARCHIVE[0], GUIDE[0], STATUTES[0])
        assert full.sizes() == {"archiv": 3, "satzung": 3, "guide": 2}
        assert full.passages("archiv") == tuple(ARCHIVE[1])
        assert full.passages("nobody") == ()
        (hit,) = full.search(question("Stadtverwaltung", "keyword"))
        assert (hit.document, hit.passage) == (ARCHIVE[0], ARCHIVE[1][0])

    def test_every_text_finds_itself_first_by_meaning(self, full):
        for document, passages in (ARCHIVE, STATUTES, GUIDE):
            for passage in passages:
                best = full.search(question(passage.read_text, "dense"))[0]
                assert (best.passage, best.document) == (passage, document)
                assert best.dense == pytest.approx(1.0, abs=2e-3)
                assert best.keyword is None

    @pytest.mark.parametrize(
        ("asked", "text"),
        [
            ("verwaltung", ARCHIVE[1][0].text),
            ("Versammlung der Mitglieder", STATUTES[1][1].text),
            ("haus straße", STATUTES[1][2].text),
            ("STRASSEN", STATUTES[1][2].text),
            ("Haeuser", STATUTES[1][2].text),
            ("Gruenau", STATUTES[1][0].text),
            ("grünau", STATUTES[1][0].text),
            ("Benutz", ARCHIVE[1][1].text),
            ("painting", GUIDE[1][0].text),
            ("war", GUIDE[1][0].text),
            ("1850", ARCHIVE[1][0].text),
        ],
    )
    def test_words_find_their_other_forms_their_parts_and_their_umlauts(self, full, asked, text):
        hits = full.search(question(asked, "keyword"))
        assert hits[0].passage.text == text
        assert hits[0].keyword > 0
        assert hits[0].dense is None

    def test_headings_are_searched_too(self, full):
        assert len(full.search(question("Unser Haus Archiv", "keyword"))) >= 3

    def test_words_that_nobody_has_find_nothing(self, full):
        assert full.search(question("Quantenphysik", "keyword")) == []
        assert full.search(question("", "keyword")) == []

    def test_stop_words_count_only_where_there_is_nothing_else(self, full):
        assert full.search(question("der die das und", "keyword")) == []
        with_more = full.search(question("wo ist der Lesesaal", "keyword"))
        assert texts(with_more) == [ARCHIVE[1][1].text]

    def test_rarer_and_more_words_weigh_more(self, full):
        hits = full.search(question("Archiv Öffnungszeiten Montag", "keyword"))
        assert hits[0].passage.text == ARCHIVE[1][2].text
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

    def test_both_ways_together_carry_both_scores(self, full):
        hits = full.search(question("Lesesaal im Archiv"))
        assert hits[0].passage.text == ARCHIVE[1][1].text
        assert all(hit.dense is not None and hit.keyword is not None for hit in hits)
        assert {hit.keyword == 0 for hit in hits} == {True, False}
        assert hits[0].score <= 1.0 + 1e-6

    def test_without_a_vector_only_words_are_searched(self, full):
        hits = full.search(Question("Lesesaal"))
        assert [hit.dense for hit in hits] == [None]

    def test_never_more_than_asked_for(self, full):
        for mode in ("hybrid", "keyword", "dense"):
            assert len(full.search(question("Archiv Verein", mode, count=2))) == 2
            assert full.search(question("Archiv", mode, count=0)) == []
        assert len(full.search(question("Archiv", "dense", count=100))) == 8

    @pytest.mark.parametrize(
        "hostile",
        [
            '"', "'", "*", "Archiv*", '" OR 1=1 --', "NEAR(a b)", "words:Archiv", "Archiv AND NOT", "(", ")", "^Archiv",
            "Archiv\x00Lesesaal", "%", "_", "\\", "{}[]", "a" * 10_000, "😀", "Archiv " * 3000, "-", "NOT", "؟ Архив",
            "'; DROP TABLE documents; --", "$1 %s {0}", "\ud7ff\ufffe",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("mode", ["hybrid", "keyword"])
    def test_whatever_is_asked_is_only_words(self, full, hostile, mode):
        for hit in full.search(question(hostile, mode)):
            assert hit.passage.document in {"archiv", "satzung", "guide"}
        assert len(full.documents()) == 3

    def test_limits_hold_for_every_way_of_searching(self, full):
        for mode in ("hybrid", "keyword", "dense"):

            def found(only, mode=mode):
                asked = question("Archiv Verein museum", mode, count=100, only=only)
                return {hit.document.id for hit in full.search(asked)}

            assert found(Only()) == {"archiv", "satzung", "guide"}
            assert found(Only(documents=("satzung", "nobody"))) == {"satzung"}
            assert found(Only(language="en")) == {"guide"}
            assert found(Only(since="2025")) == {"archiv", "guide"}
            assert found(Only(until="2024")) == {"satzung"}
            assert found(Only(until="2024-03-15")) == {"satzung"}
            assert found(Only(until="2024-03-14")) == set()
            assert found(Only(documents=("nobody",))) == set()

    def test_documents_without_a_date_fall_out_when_a_date_is_asked_for(self, index):
        fill(index, cut("undated", "Das Archiv", modified=""))
        assert index.search(question("Archiv", only=Only(until="2030"))) == []
        assert len(index.search(question("Archiv"))) == 1

    def test_more_like_this_leaves_out_this(self, full):
        hits = full.like("archiv", 0, question("", count=3))
        assert ARCHIVE[1][0].text not in texts(hits)
        assert len(hits) == 3
        assert texts(full.like("archiv", 0, question("", count=9, only=Only(documents=("archiv",)))))
        assert full.like("archiv", 99, question("")) == []

    def test_everything_is_all_passages_with_their_vectors(self, full):
        everything = full.everything()
        assert len(everything.passages) == 8
        assert everything.vectors.shape == (8, DIMENSIONS)
        for passage, row in zip(everything.passages, everything.vectors, strict=True):
            assert row @ vector(passage.read_text) == pytest.approx(1.0, abs=2e-3)

    def test_a_changed_document_takes_the_place_of_the_old_one(self, full):
        fill(full, cut("archiv", "Jetzt im Rathaus.", sha256="new"))
        assert full.sizes()["archiv"] == 1
        assert full.search(question("Lesesaal", "keyword")) == []
        assert len(full.search(question("Rathaus", "dense", count=100))) == 6
        assert len(full.everything().passages) == 6

    def test_a_removed_document_is_gone_from_every_way_of_searching(self, full):
        full.search(question("Archiv"))
        assert full.remove("archiv")
        assert not full.remove("archiv")
        for mode in ("hybrid", "keyword", "dense"):
            assert "archiv" not in {
                hit.document.id for hit in full.search(question("Archiv Lesesaal", mode, count=99))
            }
        assert len(full.everything().passages) == 5
        assert not full.holds("archiv", ARCHIVE[0].sha256)

    def test_an_unchanged_document_is_skipped(self, full):
        assert full.holds("archiv", ARCHIVE[0].sha256)
        assert not full.holds("archiv", "other")
        (last,) = fill(full, ARCHIVE)
        assert (last.unchanged, last.documents, last.passages) == (1, 0, 0)

    def test_a_document_without_passages_is_there_all_the_same(self, index):
        fill(index, cut("empty"))
        assert index.sizes() == {"empty": 0}

    def test_stopping_keeps_what_is_whole_and_nothing_else(self, index):
        many = [cut(f"d{n}", *(f"Akte {n} Blatt {m}" for m in range(90))) for n in range(4)]
        for step in (steps := take_in(index, EMBEDDER, iter(many))):
            if step.documents == 1:
                steps.close()
        assert index.sizes() == {"d0": 90}

    def test_a_document_that_does_not_fit_changes_nothing(self, full):
        document, passages = cut("archiv", "eins", "zwei")
        for rows in (
            np.ones((1, DIMENSIONS)),
            np.ones((2, DIMENSIONS)),
            np.ones((2, 7)),
            np.full((2, DIMENSIONS), np.nan),
        ):
            with pytest.raises(ValueError, match=r"vectors|reshape"):
                full.put(document, passages, rows)
        assert full.passages("archiv") == tuple(ARCHIVE[1])

    def test_several_read_while_one_writes(self, index):
        done = threading.Event()

        def read():
            while not done.is_set():
                assert all(size == 5 for size in index.sizes().values())
                hits = index.search(question("Akte Blatt", count=100))
                assert all(hit.passage.text.startswith("Akte") for hit in hits)
                assert len(hits) % 5 == 0

        with ThreadPoolExecutor() as threads:
            readers = [threads.submit(read) for _ in range(3)]
            for n in range(30):
                fill(index, cut(f"d{n % 10}", *(f"Akte {n} Blatt {m}" for m in range(5))))
            done.set()
            for reader in readers:
                reader.result()
        assert sum(index.sizes().values()) == 50

    def test_several_write_at_once(self, index):
        def write(name):
            fill(index, *(cut(f"{name}{n}", f"Akte {name} {n}", "Blatt") for n in range(8)))

        with ThreadPoolExecutor() as threads:
            list(threads.map(write, "abcd"))
        assert len(index.documents()) == 32
        assert len(index.everything().vectors) == 64
