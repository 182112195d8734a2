"""The map of a collection: what is alike lies together, always in the same place, and groups bear words that tell."""

import random

import numpy as np
import pytest

from models.index.base import Everything
from models.passages import Document, Passage
from stations.retrieval.layout import plane
from stations.retrieval.mapping import Dot, Group, Map, drawn_in, map_of
from stations.retrieval.telling import telling_words

pytest.importorskip("Stemmer")
pytest.importorskip("sklearn")

TOPICS = {
    "boot": "Das Segelboot liegt im Hafen, und der Kapitän hisst die Segel der Boote.",
    "brot": "Der Bäcker backt Brote aus Mehl und Hefe, das Brot kommt in den Ofen.",
    "bahn": "Die Lokomotive zieht Züge über Gleise, der Zug hält am Bahnhof.",
}


def collection(count=90, topics=tuple(TOPICS), seed=1):
    """Passages of three topics, whose vectors lie around three directions."""
    dice = np.random.default_rng(seed)
    centres = {topic: dice.normal(size=32) for topic in TOPICS}
    chosen = [topics[at % len(topics)] for at in range(count)]
    rows = np.array([centres[each] + 4 + dice.normal(scale=0.3, size=32) for each in chosen]).reshape(
        count, 32
    )
    rows = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    numbers = {topic: iter(range(count)) for topic in topics}
    passages = [
        Passage(
            f"{each}.pdf",
            next(numbers[each]),
            1,
            "",
            (f"Kapitel{each}", "Teil III"),
            f"{TOPICS[each]} Nummer {at}.",
            0,
            9,
        )
        for at, each in enumerate(chosen)
    ]
    documents = [Document(f"{topic}.pdf", f"{topic}.pdf", "", "de", "", 9) for topic in topics]
    return Everything(tuple(passages), rows), documents


def test_what_is_alike_lies_together():
    drawn = map_of(*collection(), "de")
    places = {}
    for dot in drawn.dots:
        places.setdefault(dot.document, []).append((dot.x, dot.y))
    middles = {name: np.mean(dots, axis=0) for name, dots in places.items()}
    for name, dots in places.items():
        for dot in dots:
            assert min(middles, key=lambda each: np.linalg.norm(middles[each] - dot)) == name


def test_the_same_collection_gives_the_same_map_and_another_seed_another():
    one, again, other = (map_of(*collection(), "de", seed=seed) for seed in (0, 0, 7))
    assert (one.dots, one.groups) == (again.dots, again.groups)
    assert one.dots != other.dots


def test_dots_stand_in_a_frame_in_the_order_of_the_collection():
    everything, documents = collection()
    drawn = map_of(everything, documents, "de")
    assert [(dot.document, dot.number) for dot in drawn.dots] == [
        (each.document, each.number) for each in everything.passages
    ]
    sides = np.array([(dot.x, dot.y) for dot in drawn.dots])
    assert np.abs(sides).max() == pytest.approx(1)
    assert drawn.dots[0].place == "boot.pdf, Seite 1, Abschnitt „Teil III“"
    assert drawn.dots[0].text.startswith("Das Segelboot")


def test_groups_are_the_topics_and_bear_their_words():
    drawn = map_of(*collection(), "de")
    members = {}
    for dot in drawn.dots:
        members.setdefault(dot.group, set()).add(dot.document)
    assert all(len(documents) == 1 for documents in members.values())
    assert sorted(members) == list(range(len(drawn.groups)))
    assert sum(group.count for group in drawn.groups) == 90
    for number, group in enumerate(drawn.groups):
        (name,) = members[number]
        assert 0 < len(group.words) <= 3
        assert all(word in TOPICS[name.removesuffix(".pdf")] for word in group.words), group.words
        assert "Teil" not in group.words  # stands over all of them


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 8, 13])
def test_few_passages_are_drawn_too(count):
    drawn = map_of(*collection(count), "de")
    assert len(drawn.dots) == drawn.total == count
    assert all(np.isfinite([dot.x, dot.y]).all() for dot in drawn.dots)
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == count
    assert sum(group.count for group in drawn.groups) == count
    x, y = drawn_in(drawn, np.ones(32, np.float32))
    assert -1 <= x <= 1
    assert -1 <= y <= 1


def test_many_copies_of_one_passage_are_drawn():
    everything, documents = collection(40, ("boot",))
    same = Everything(everything.passages, np.repeat(everything.vectors[:1], 40, axis=0))
    drawn = map_of(same, documents, "de")
    assert np.isfinite([(dot.x, dot.y) for dot in drawn.dots]).all()
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == 40  # each can be pointed at
    assert np.isfinite(drawn_in(drawn, everything.vectors[0])).all()


def test_of_a_large_collection_a_sample_is_drawn():
    drawn = map_of(*collection(90), "de", most=30)
    assert (len(drawn.dots), drawn.total, drawn.vectors.shape) == (30, 90, (30, 32))
    assert drawn.dots == map_of(*collection(90), "de", most=30).dots


def test_a_question_lies_among_the_passages_it_is_like():
    everything, documents = collection()
    drawn = map_of(everything, documents, "de")
    for at in range(0, 90, 7):
        x, y = drawn_in(drawn, everything.vectors[at])
        nearest = min(drawn.dots, key=lambda dot: (dot.x - x) ** 2 + (dot.y - y) ** 2)
        assert nearest.document == everything.passages[at].document


def test_a_question_between_two_groups_is_drawn_in_one_of_them():
    vectors = np.array([[1, 0]] * 3 + [[0.995, 0], [0.99, 0], [0.5, 0]], np.float32)
    sides = [(-1.0, 0)] * 3 + [(1.0, 1)] * 3
    dots = tuple(Dot(x, 0.0, group, "a", at, "", "") for at, (x, group) in enumerate(sides))
    drawn = Map(dots, (Group(-1, 0, 3, ()), Group(1, 0, 3, ())), 6, vectors)
    x, _ = drawn_in(drawn, np.array([1, 0], np.float32))
    assert x == pytest.approx(-1)


def test_a_document_that_is_gone_meanwhile_does_no_harm():
    everything, _ = collection(12)
    assert map_of(everything, [], "de").dots[0].place.startswith("boot.pdf")


def test_the_text_of_a_dot_is_one_short_line():
    everything, documents = collection(3)
    long = Passage("boot.pdf", 0, 1, "", (), "wort\n" * 5000, 0, 9)
    drawn = map_of(Everything((long, *everything.passages[1:]), everything.vectors), documents, "de")
    assert len(drawn.dots[0].text) < 170
    assert "\n" not in drawn.dots[0].text


# --- telling words ---


def test_a_word_is_shown_whole_as_it_is_mostly_written():
    texts = [
        ("Die Boote fahren", "de"),
        ("Boote und das Boot", "de"),
        ("Ein Brot", "de"),
        ("Brot backen", "de"),
    ]
    words = telling_words(texts, [0, 0, 1, 1])
    assert words == {0: ("Boote",), 1: ("Brot",)}


def test_of_words_that_begin_alike_one_is_enough():
    words = telling_words([("Bootshaus und Bootsmann am Ufer", "de")] * 2, [0, 0])
    assert len(words[0]) == 2
    assert "Ufer" in words[0]


def test_numbers_stop_words_and_what_all_have_do_not_tell():
    texts = [
        ("Der Verein und 1874 das Boot", "de"),
        ("Verein, Boot, 1874", "de"),
        ("Verein Brot", "de"),
        ("Brot Verein", "de"),
    ]
    words = telling_words(texts, [0, 0, 1, 1], count=1)
    assert words == {0: ("Boot",), 1: ("Brot",)}


def test_an_english_text_has_english_stop_words():
    assert telling_words([("the sailing boats", "en"), ("with boats", "en")], [0, 0]) == {0: ("boats",)}


def test_a_group_without_words_has_no_name():
    assert telling_words([("12 34", "de"), ("", "")], [0, 1]) == {0: (), 1: ()}
    assert telling_words([], []) == {}


def test_any_letters_are_taken():
    dice = random.Random(2)
    letters = "aßäöÜ-Ⅷ𝒳\u0308ﬁ1 \n日本"
    texts = [
        ("".join(dice.choice(letters) for _ in range(50)), dice.choice(["de", "en", "", "xx"]))
        for _ in range(50)
    ]
    assert set(telling_words(texts, [at % 3 for at in range(50)])) == {0, 1, 2}


def test_a_plane_does_not_depend_on_how_long_rows_are():
    everything, _ = collection(60)
    dots = plane(everything.vectors)
    assert dots.shape == (60, 2)
    assert np.ptp(dots, axis=0).max() == pytest.approx(2)
