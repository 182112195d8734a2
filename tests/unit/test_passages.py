"""Documents cut into passages: nothing is lost, nothing is cut that can stay whole, each knows where it is from."""

import random
import re
from itertools import pairwise

import pytest

from models.passage_cutting import passages
from models.passages import Passage
from models.reading.structure import Block, laid_out
from stations.prose.sentences import spans


def tokens(text):
    """A model whose tokens are words and signs."""
    return len(re.findall(r"\w+|[^\w\s]", text))


def cut(blocks, most=20):
    read = laid_out(blocks)
    found = list(passages(read, "satzung.pdf", tokens, spans, most))
    for at, each in enumerate(found):
        assert (each.document, each.number) == ("satzung.pdf", at)
        assert read.text[each.begin : each.end] == each.text == each.text.strip()
    return found


def texts(blocks, most=20):
    return [each.text for each in cut(blocks, most)]


def paragraph(text, page=None, label=""):
    return Block("paragraph", text, 0, page, label)


def heading(text, level=1):
    return Block("heading", text, level)


def test_sentences_stay_whole_also_with_german_abbreviations():
    text = (
        "Die Versammlung ist am 3. Oktober um ca. 19 Uhr im Haus Nr. 5. Dr. Weiß spricht z. B. über Kunst. "
        "Der Eintritt beträgt ca. 5 € für alle."
    )
    assert texts([paragraph(text)], 24) == [
        "Die Versammlung ist am 3. Oktober um ca. 19 Uhr im Haus Nr. 5.",
        "Dr. Weiß spricht z. B. über Kunst. Der Eintritt beträgt ca. 5 € für alle.",
    ]


def test_a_passage_ends_at_a_heading_and_knows_the_way_to_it():
    found = cut(
        [
            paragraph("Vorweg."),
            heading("Satzung"),
            heading("1 Name", 2),
            paragraph("Der Verein heißt Nord."),
            heading("2 Sitz", 2),
            paragraph("Er sitzt in Köln."),
            heading("Anhang"),
            paragraph("Ende."),
        ]
    )
    assert [(each.heading, each.text) for each in found] == [
        ((), "Vorweg."),
        (("Satzung", "1 Name"), "Der Verein heißt Nord."),
        (("Satzung", "2 Sitz"), "Er sitzt in Köln."),
        (("Anhang",), "Ende."),
    ]
    assert found[1].read_text == "Satzung\n1 Name\nDer Verein heißt Nord."


def test_a_heading_with_nothing_under_it_is_not_lost():
    found = cut([heading("Titel"), heading("Danke!", 2), heading("Ende")])
    assert [(each.heading, each.text) for each in found] == [(("Titel",), "Danke!"), ((), "Ende")]


def test_passages_are_of_much_the_same_size_and_never_too_long():
    sentence = "Der Verein fördert die Kunst in der Stadt. "
    sizes = [tokens(text) for text in texts([paragraph(sentence * 7)], 30)]
    assert sum(sizes) == 7 * tokens(sentence)
    assert max(sizes) <= 30
    assert min(sizes) >= 18


def test_a_passage_rather_ends_with_its_paragraph():
    first = "Eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf."
    second = "Der Hund bellt. Die Katze schläft. Das Kind lacht. Alle essen Kuchen."
    assert texts([paragraph(first), paragraph(second)], 20) == [first, second]


def test_long_headings_leave_room_for_the_text():
    found = cut([heading("Sehr " * 40), paragraph("Eins zwei drei. " * 10)], 20)
    assert all(4 <= tokens(each.text) <= 10 for each in found)


def test_rows_of_a_table_stay_whole():
    rows = [f"Name: Müller {at} | Ort: Köln. Mitte. | Jahr: 19{at:02}" for at in range(9)]
    found = texts([Block("table", "\n".join(rows))], 40)
    assert len(found) > 2
    assert "\n".join(found).split("\n") == rows


def test_a_sentence_longer_than_a_passage_is_cut_between_words_and_a_word_if_it_must():
    found = texts([paragraph("wort " * 100)], 20)
    assert all(tokens(each) <= 20 and set(each.split()) == {"wort"} for each in found)
    assert sum(map(tokens, found)) == 100
    assert "".join(cut_letters([paragraph("x" * 500)])) == "x" * 500


def cut_letters(blocks):
    """With a model whose tokens are letters."""
    read = laid_out(blocks)
    found = [each.text for each in passages(read, "d", len, spans, 50)]
    assert all(len(each) <= 50 for each in found)
    return found


def test_a_sentence_across_a_page_break_stays_whole_and_is_cited_by_its_beginning():
    found = cut(
        [paragraph("Die Sitzung beginnt um acht und", 1, "i"), paragraph("endet um zehn. Danke.", 2, "ii")]
    )
    assert [(each.text, each.page, each.label) for each in found] == [
        ("Die Sitzung beginnt um acht und endet um zehn. Danke.", 1, "i")
    ]
    found = cut([paragraph("Erste Seite. " * 6, 1), paragraph("Zweite Seite. " * 6, 2)])
    assert [each.page for each in found] == [1, 2]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_document_every_letter_is_in_one_passage(seed):
    chance = random.Random(seed)
    kinds = ["paragraph", "item", "table"]
    words = ["Der", "Verein", "e. V.", "ist", "z. B.", "groß.", "Nr. 5", "und!", "so?", "usw.", "\n"]
    blocks = [
        Block(chance.choice(kinds), " ".join(chance.choices(words, k=chance.randint(1, 60))), 0, 1 + at // 3)
        for at in range(12)
    ]
    read = laid_out(blocks)
    found = list(passages(read, "d", tokens, spans, chance.randint(5, 60)))
    assert "".join("".join(each.text for each in found).split()) == "".join(read.text.split())
    assert all(before.end <= after.begin for before, after in pairwise(found))


def test_an_empty_document_has_no_passages():
    assert texts([]) == []
    assert cut([paragraph("A.")]) == [Passage("satzung.pdf", 0, None, "", (), "A.", 0, 2)]
