"""Two documents compared: what was changed, left out and added is told, and unlike documents have nothing in common."""

import numpy as np
import pytest

from models.index.base import Everything
from models.passages import Document, Passage
from stations.retrieval.comparing import compared

pytest.importorskip("Stemmer")
pytest.importorskip("scipy")
pytest.importorskip("text_to_num")

RULES = [
    "Der Verein führt den Namen Heimatverein Nord und hat seinen Sitz in Löbau.",
    "Zweck des Vereins ist die Pflege der Heimatkunde, der Trachten und der alten Lieder.",
    "Der Mitgliedsbeitrag beträgt 48 Euro im Jahr und ist bis zum 31. März zu zahlen.",
    "Die Mitgliederversammlung wählt den Vorstand für drei Jahre in geheimer Wahl.",
    "Das Vermögen fällt bei Auflösung an die Stadt und wird für die Jugend verwendet.",
    "Über jede Sitzung des Vorstands schreibt die Schriftführerin ein Protokoll mit allen Beschlüssen.",
]


def document(name, language="de"):
    return Document(name, name, "", language, "", 1)


def collection(**texts):
    """Each sentence points in a direction that its words decide; what shares words is alike, as embedders see it."""
    passages, rows = [], []
    for name, sentences in texts.items():
        for number, text in enumerate(sentences):
            passages.append(Passage(name, number, 1, "", (), text, 0, len(text)))
            rows.append(direction(text))
    return Everything(tuple(passages), np.array(rows, np.float32).reshape(len(rows), 64))


def direction(text):
    total = np.full(64, 8.0)
    for word in text.lower().split():
        total += np.random.default_rng(sum(map(ord, word[:5]))).normal(size=64)
    return total / np.linalg.norm(total)


def told(found):
    return [(pair.one.number, pair.other.number) for pair in found.pairs]


def test_the_same_text_twice_is_all_pairs():
    found = compared(collection(a=RULES, b=RULES), document("a"), document("b"))
    assert told(found) == [(at, at) for at in range(6)]
    assert all(pair.similarity == pytest.approx(1, abs=1e-5) for pair in found.pairs)
    assert all(pair.numbers_of_one == pair.numbers_of_other == () for pair in found.pairs)
    assert found.only_one == found.only_other == ()


def test_what_was_left_out_added_and_changed_is_told():
    new = [
        *RULES[:2],
        RULES[2].replace("48", "60").replace("31. März", "30. April"),
        *RULES[4:],
        "Kinder zahlen gar nichts.",
    ]
    found = compared(collection(a=RULES, b=new), document("a"), document("b"))
    assert told(found) == [(0, 0), (1, 1), (2, 2), (4, 3), (5, 4)]
    assert [each.number for each in found.only_one] == [3]
    assert [each.text for each in found.only_other] == ["Kinder zahlen gar nichts."]
    fee = found.pairs[2]
    assert {"48", "31. März"} == set(fee.numbers_of_one)
    assert {"60", "30. April"} == set(fee.numbers_of_other)


def test_to_compare_the_other_way_round_says_the_same():
    everything = collection(a=RULES, b=[*RULES[:3], "Ganz neu ist dieser Satz über Hunde."])
    one, other = document("a"), document("b")
    there, back = compared(everything, one, other), compared(everything, other, one)
    assert sorted(told(there)) == sorted((right, left) for left, right in told(back))
    assert there.only_one == back.only_other
    assert there.only_other == back.only_one


def test_unlike_documents_have_no_pairs():
    bread = [
        f"Man nehme Mehl Sorte {each}, knete Teig und backe {each} Brote im Ofen."
        for each in ("A", "B", "C", "D", "E", "F")
    ]
    found = compared(collection(a=RULES, b=bread), document("a"), document("b"))
    assert found.pairs == ()
    assert len(found.only_one) == len(found.only_other) == 6


def test_a_text_cut_at_other_places_is_still_there_and_no_number_is_missed():
    joined = [f"{RULES[at]} {RULES[at + 1]}" for at in (0, 2, 4)]
    found = compared(collection(a=RULES, b=joined), document("a"), document("b"))
    assert found.only_one == found.only_other == ()
    assert all(pair.numbers_of_one == pair.numbers_of_other == () for pair in found.pairs)


def test_two_languages_are_paired_by_meaning():
    """The vectors say which belong together; no word does."""
    everything = collection(a=RULES, b=[f"english {number}" for number in range(6)])
    rows = np.random.default_rng(5).normal(size=(6, 64)) + 2
    rows = np.concatenate([rows, rows[::-1]])  # in reverse order
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = compared(
        Everything(everything.passages, rows.astype(np.float32)), document("a"), document("b", "en")
    )
    assert told(found) == [(at, 5 - at) for at in range(6)]


def far_apart(everything, seed=5):
    """The same passages with vectors of which each in the second half belongs to one in the first."""
    rows = np.random.default_rng(seed).normal(size=(len(everything.passages) // 2, 64)) + 2
    rows = np.concatenate([rows, rows])
    return Everything(
        everything.passages, (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    )


def test_in_one_language_meaning_alone_makes_no_pair():
    """An embedder finds a nearest text to anything."""
    everything = far_apart(collection(a=RULES, b=[f"Hund Nummer {number}" for number in range(6)]))
    assert compared(everything, document("a"), document("b")).pairs == ()
    assert len(compared(everything, document("a"), document("b", "en")).pairs) == 6


def test_shared_words_alone_make_no_pair_where_meaning_is_known():
    short = ["Pflege der Heimatkunde, Trachten und Lieder", *(f"Hund Nummer {number}" for number in range(5))]
    found = compared(far_apart(collection(a=RULES, b=short)), document("a"), document("b"))
    assert found.pairs == ()


def test_of_paragraphs_that_are_all_alike_each_has_one_counterpart():
    fees = [
        f"Der Beitrag für {who} beträgt im Jahr zwanzig Euro und wird im März eingezogen."
        for who in ("Kinder", "Familien", "Rentner", "Firmen", "Studenten", "Paten")
    ]
    assert told(compared(collection(a=fees, b=fees), document("a"), document("b"))) == [
        (at, at) for at in range(6)
    ]


def test_what_a_document_says_twice_is_paired_in_order():
    twice = [RULES[0], RULES[1], RULES[0], RULES[3]]
    assert told(compared(collection(a=twice, b=twice), document("a"), document("b"))) == [
        (at, at) for at in range(4)
    ]


def test_a_number_that_only_went_to_the_next_passage_is_not_missing():
    whole = "Der Mitgliedsbeitrag wird jedes Jahr im Frühling eingezogen und beträgt derzeit 48 Euro"
    parts = [whole.partition(" 48")[0], "48 Euro"]
    found = compared(collection(a=[whole], b=parts), document("a"), document("b"))
    assert [pair.numbers_of_one for pair in found.pairs] == [()]


def test_short_documents_are_compared_by_words():
    found = compared(collection(a=RULES[:2], b=RULES[:1]), document("a"), document("b"))
    assert told(found) == [(0, 0)]
    assert [each.number for each in found.only_one] == [1]


def test_an_empty_or_missing_document_has_nothing():
    everything = collection(a=RULES)
    found = compared(everything, document("a"), document("gone"))
    assert (found.pairs, len(found.only_one), found.only_other) == ((), 6, ())
    assert compared(collection(), document("a"), document("b")).pairs == ()


def test_a_document_beside_itself_is_the_same():
    everything = collection(a=RULES)
    assert len(compared(everything, document("a"), document("a")).pairs) == 6


def test_passages_without_words_do_no_harm():
    found = compared(collection(a=["…", "12 34", ""], b=["—", "12 34"]), document("a"), document("b"))
    assert len(found.only_one) + len({pair.one.number for pair in found.pairs}) == 3
