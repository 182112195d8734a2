"""Dates in documents: found as people write them, not taken from sections, pages, sums and telephone numbers."""

import random
import time
from datetime import date

import pytest

from models.passages import Document, Passage
from stations.retrieval.dates import dates
from stations.retrieval.timeline import timeline

pytest.importorskip("sentencex")


def found(text, language="de"):
    return [
        (text[each.start : each.end], each.first.isoformat(), each.last.isoformat())
        for each in dates(text, language)
    ]


def days(text, language="de"):
    return [(first, last) for _, first, last in found(text, language)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Am 3. Mai 1874 fand die Gründung statt.", "1874-05-03", "1874-05-03"),
        ("Am 03.05.1874 fand sie statt.", "1874-05-03", "1874-05-03"),
        ("Löbau, den 3.5.1874", "1874-05-03", "1874-05-03"),
        ("Stand: 1874-05-03", "1874-05-03", "1874-05-03"),
        ("am 1. Jänner 1920", "1920-01-01", "1920-01-01"),
        ("am 7. Sept. 1920", "1920-09-07", "1920-09-07"),
        ("vom 3. bis 5. Mai 1874", "1874-05-03", "1874-05-05"),
        ("vom 3.–5. Mai 1874", "1874-05-03", "1874-05-05"),
        ("vom 28. April bis zum 2. Mai 1874", "1874-04-28", "1874-05-02"),
        ("vom 28. Dezember 1873 bis 2. Januar 1874", "1873-12-28", "1874-01-02"),
        ("im Mai 1874", "1874-05-01", "1874-05-31"),
        ("Februar 1876 war kalt", "1876-02-01", "1876-02-29"),
        ("von Mai bis Juli 1874", "1874-05-01", "1874-07-31"),
        ("im Jahr 1874", "1874-01-01", "1874-12-31"),
        ("im Jahre 962 gekrönt", "0962-01-01", "0962-12-31"),
        ("Der Verein wurde 1874 gegründet.", "1874-01-01", "1874-12-31"),
        ("1874 brannte die Kirche.", "1874-01-01", "1874-12-31"),
        ("1874: Gründung des Vereins", "1874-01-01", "1874-12-31"),
        ("1874 Gründung des Vereins", "1874-01-01", "1874-12-31"),
        ("1874 | Gründung des Vereins", "1874-01-01", "1874-12-31"),
        ("• 1874 Gründung des Vereins", "1874-01-01", "1874-12-31"),
        ("Anna Weiß (* 1874) war hier", "1874-01-01", "1874-12-31"),
        ("um 1900 entstanden", "1900-01-01", "1900-12-31"),
        ("seit 2001 geschlossen", "2001-01-01", "2001-12-31"),
        ("im Sommer 1990", "1990-01-01", "1990-12-31"),
        ("die Ausstellung (1985) zeigte", "1985-01-01", "1985-12-31"),
        ("1874–1880 diente das Haus als Schule", "1874-01-01", "1880-12-31"),
        ("von 1874 bis 1880 eine Schule", "1874-01-01", "1880-12-31"),
        ("zwischen 1874 und 1880", "1874-01-01", "1880-12-31"),
        ("1874-80 war Krieg", "1874-01-01", "1880-12-31"),
        ("im Winter 1874/75", "1874-01-01", "1875-12-31"),
        ("in den 1920er Jahren", "1920-01-01", "1929-12-31"),
        ("im 19. Jahrhundert", "1801-01-01", "1900-12-31"),
        ("aus dem 19. Jh. stammt", "1801-01-01", "1900-12-31"),
        ("im 18. und 19. Jahrhundert", "1701-01-01", "1900-12-31"),
        ("mittelalterlich, 9. Jahrhunderts", "0801-01-01", "0900-12-31"),
    ],
)
def test_german_dates_are_read(text, first, last):
    assert days(text) == [(first, last)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("founded on 3 May 1874 in York", "1874-05-03", "1874-05-03"),
        ("on the 3rd of May 1874", "1874-05-03", "1874-05-03"),
        ("on May 3, 1874, the club", "1874-05-03", "1874-05-03"),
        ("on May 3rd, 1874", "1874-05-03", "1874-05-03"),
        ("from 3 to 5 May 1874", "1874-05-03", "1874-05-05"),
        ("in May 1874", "1874-05-01", "1874-05-31"),
        ("in 1874 the house", "1874-01-01", "1874-12-31"),
        ("since 1874", "1874-01-01", "1874-12-31"),
        ("between 1874 and 1880", "1874-01-01", "1880-12-31"),
        ("from 1874 to 1880", "1874-01-01", "1880-12-31"),
        ("the 1920s", "1920-01-01", "1929-12-31"),
        ("in the 19th century", "1801-01-01", "1900-12-31"),
        ("a nice house (1874) in York", "1874-01-01", "1874-12-31"),
        ("1874: the club is founded", "1874-01-01", "1874-12-31"),
    ],
)
def test_english_dates_are_read(text, first, last):
    assert days(text, "en") == [(first, last)]


NO_DATES = [
    "nach § 1874 BGB", "§§ 1874, 1875 BGB", "Art. 1874 gilt", "Seite 1874", "S. 1874", "Nr. 1874",
    "Inventarnummer 1874", "Es kamen 1500 Besucher.", "1500 Besucher kamen.", "rund 1874 Menschen",
    "1.874 Euro", "1874 Euro", "1874 €", "€ 1874", "1874,50 Euro", "Tel. 03585 1874",
    "Telefon: 0351/2001 1990", "Tel. 1874", "Postfach 1874", "DIN 1946", "RFC 1918", "Windows 2000",
    "IBAN DE12 1874 5550 2000 1234 56", "1874 m hoch", "2000 km weit", "1200 kg", "am 31.02.1874",
    "Version 1.2.2000.4", "12.1874", "1874/12/3/4", "18745", "v1874", "1874er-Reihe 3", "um 20.15 Uhr",
    "um 1900 Uhr", "3. Mai", "im 25. Jahrhundert", "im 0. Jahrhundert", "im Jahr 50 v. Chr.",
    "im 3. Jahrhundert v. Chr.", "Im Jahr 1000 v. Chr. war", "2000 Jahre alt", "mehr als 1500 Mal",
    "1880–1874", "museum-1874.de", "info@1874.de", "www.verein.de/1874", "0351-1874-1880",
    "1204;2044;x",
    "Besucher | 1500 | 2000", "Mitglieder 3: 1500", "ergibt 1500/(1+2)", "Option -b 1024 nehmen", "0 - 1500 gut",
    "root 1181 2021 1234",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_DATES)
def test_other_numbers_are_no_dates(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "1500 visitors came",
        "We sold 1200 tickets",
        "page 1874",
        "section 1874",
        "over 1874 items",
        "costs 1874",
        "in 1500 BC",
    ],
)
def test_other_numbers_are_no_dates_in_english(text):
    assert found(text, "en") == []


def test_every_date_of_a_sentence_is_found_once_and_in_order():
    text = "Am 3. Mai 1874 und im Juni 1875 sowie 1876–1880, im 19. Jahrhundert und 1901."
    assert [words for words, *_ in found(text)] == [
        "3. Mai 1874",
        "Juni 1875",
        "1876–1880",
        "19. Jahrhundert",
        "1901",
    ]


def test_whatever_a_text_is_dates_lie_in_it_and_do_not_overlap():
    dice = random.Random(4)
    pieces = [
        "1874",
        "3.",
        "Mai",
        "§",
        " ",
        "–",
        "19. Jahrhundert",
        "31.02.",
        "im Jahr ",
        "€",
        "bis",
        "\n",
        "20er",
        "2001",
    ]
    for _ in range(2000):
        text = "".join(dice.choice(pieces) for _ in range(12))
        last = 0
        for each in dates(text, dice.choice(["de", "en"])):
            assert last <= each.start < each.end <= len(text)
            assert each.first <= each.last
            last = each.end


@pytest.mark.parametrize(
    "text", ["1874 " * 5000, "3. " * 9000, "1874–" * 5000, "Mai bis " * 5000, "9" * 30_000, " " * 30_000]
)
def test_patterns_do_not_choke(text):
    begin = time.monotonic()
    dates(text, "de")
    assert time.monotonic() - begin < 3


# --- the line of time ---


def passage(text, document="a.pdf", number=0):
    return Passage(document, number, 2, "", (), text, 0, len(text))


DOCUMENTS = [Document("a.pdf", "a.pdf", "", "de", "", 9), Document("b.pdf", "b.pdf", "", "en", "", 9)]


def test_events_come_in_the_order_of_time_each_with_its_sentence_and_passage():
    first = passage("Der Bau begann 1874. Am 3. Mai 1874 war die Weihe. Davor lag das 18. Jahrhundert.")
    second = passage("The fire was in 1850.", "b.pdf")
    events = timeline([first, second], DOCUMENTS)
    assert [(event.words, event.sentence) for event in events] == [
        ("18. Jahrhundert", "Davor lag das 18. Jahrhundert."),
        ("in 1850", "The fire was in 1850."),
        ("1874", "Der Bau begann 1874."),
        ("3. Mai 1874", "Am 3. Mai 1874 war die Weihe."),
    ]
    assert [event.passage for event in events] == [first, second, first, first]


def test_of_what_begins_together_the_shorter_comes_first():
    text = "Im Jahr 1801. Am 1. Januar 1801. Im 19. Jahrhundert. 1801–1810."
    lengths = [(event.last - event.first).days for event in timeline([passage(text)], DOCUMENTS)]
    assert lengths == sorted(lengths)
    assert len(lengths) == 4


def test_the_same_sentence_in_two_documents_is_told_once():
    same = [passage("1874 brannte die Kirche."), passage("1874 brannte die Kirche.", "c.pdf")]
    assert len(timeline(same, DOCUMENTS)) == 1


def test_of_a_long_table_only_what_is_around_the_date_is_shown():
    text = "Wort " * 300 + "am 3. Mai 1874 " + "Wort " * 300
    (event,) = timeline([passage(text)], DOCUMENTS)
    assert "3. Mai 1874" in event.sentence
    assert len(event.sentence) < 420


def test_a_date_in_an_unknown_document_is_read_as_german():
    (event,) = timeline([passage("Er wurde 1874 gegründet.", "gone.pdf")], [])
    assert event.first == date(1874, 1, 1)


def test_nothing_is_no_line():
    assert timeline([], DOCUMENTS) == timeline([passage("Ohne Datum."), passage("")], DOCUMENTS) == []
