"""Sentences and words: known traps of German and English, and that no character is ever lost."""

import random

import pytest

from stations.prose.sentences import sentences, shortened_to_sentences, spans, words

PIECES = [
    "Wort", "Museum", " ", " ", ". ", ".", "\n", "\r\n", "! ", "? ", "„", "“", "19.", "Dr. ", "z. B. ", "😀", "👩‍🔬",
    "- ", "# ", "1. ", "…", "...", "\u2028", "\x0b", "\t", "\u00a0", "3,50", "(", ")", ",", "“ ", "e\u0301", "&",
    "e. V. ", "Die ", "5 ",
]  # fmt: skip


def random_texts(seed, count, longest):
    rng = random.Random(seed)
    return ["".join(rng.choice(PIECES) for _ in range(rng.randrange(longest))) for _ in range(count)]


# --- Sentences --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "Das Haus stammt aus dem 19. Jh. und ist groß.",
        "Das Bild entstand im 19. Jahrhundert in Wien.",
        "Wir bieten z. B. Führungen, z.B. Konzerte an.",
        "Dr. Müller und Prof. Dr. Anna Meier kommen am 3. Mai.",
        "Geöffnet Di.–So. von 14.30 Uhr bis 17 Uhr.",
        "Das Haus liegt ca. 10 Min. vom Bahnhof.",
        "Ludwig XIV. kam nach Nr. 5.",
        "Siehe § 5 Abs. 2 Satz 1 der Satzung.",
        "Kinder u. a. Gäste bzw. Freunde sind da.",
        "Unsere 3. Kunstnacht beginnt im 2. Stock.",
        "Am 3. und 4. Mai ist geöffnet.",
        "Die Zimmer in 2. Etage sind frei.",
        "Die Kirche St. Marien liegt in der Bahnhofstr. 5.",
        "„Wer kommt?“, fragte sie.",
        "Der Eintritt kostet 3,50 Euro inkl. Kaffee.",
        "Der Heimatverein Lindau e. V. lädt ein.",
        "Siehe www.museum.de und info@museum.de.",
    ],
)
def test_abbreviations_and_ordinals_do_not_end_a_sentence(sentence):
    assert sentences(sentence, "de") == [sentence]
    assert sentences(f"Hallo. {sentence} Danke.", "de") == ["Hallo.", sentence, "Danke."]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Er wurde 90. Dann ging er.", ["Er wurde 90.", "Dann ging er."]),
        ("Es war 1990. Die Mauer war weg.", ["Es war 1990.", "Die Mauer war weg."]),
        ("Der Weg dauert 10 Min. Dann sind Sie da.", ["Der Weg dauert 10 Min.", "Dann sind Sie da."]),
        ("Träger ist der Verein e. V. Er lädt ein.", ["Träger ist der Verein e. V.", "Er lädt ein."]),
        ("Es gibt Kunst aller Art. Kommen Sie!", ["Es gibt Kunst aller Art.", "Kommen Sie!"]),
        ("Er fragte: „Kommen Sie?“ Dann ging er.", ["Er fragte: „Kommen Sie?“", "Dann ging er."]),
        ("Super! 🎉🎉 Wir freuen uns... Kommt alle.", ["Super! 🎉🎉", "Wir freuen uns...", "Kommt alle."]),
        ("Es gibt Brot. 5 Leute kommen. Hauptstr. 5", ["Es gibt Brot.", "5 Leute kommen.", "Hauptstr. 5"]),
        ("Um 14.30 Uhr. Bitte pünktlich!", ["Um 14.30 Uhr.", "Bitte pünktlich!"]),
    ],
)
def test_sentences_end_where_they_end(text, parts):
    assert sentences(text, "de") == parts


def test_a_line_break_always_ends_a_sentence():
    text = "# Das Programm\n\n- Musik\n- Tanz und\n  Spiel\n1. Zuerst essen. Dann gehen.\n\n> Ein Zitat\n---"
    assert sentences(text, "de") == [
        "# Das Programm",
        "- Musik",
        "- Tanz und",
        "Spiel",
        "1. Zuerst essen.",
        "Dann gehen.",
        "> Ein Zitat",
        "---",
    ]


def test_english_has_its_own_abbreviations():
    text = (
        'Mr. Smith came at 5 p.m. on Friday. He said: "Come in!" Ms. Jones left. Did she? No. He saw No. 5.'
    )
    assert sentences(text, "en") == [
        "Mr. Smith came at 5 p.m. on Friday.",
        'He said: "Come in!"',
        "Ms. Jones left.",
        "Did she?",
        "No.",
        "He saw No. 5.",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\u00a0\n"])
def test_a_blank_text_has_no_sentences(text):
    assert sentences(text, "de") == []
    assert words(text) == []


def test_no_character_is_lost():
    for text in random_texts(1, 1500, 40):
        assert "".join("".join(sentences(text, "de")).split()) == "".join(text.split()), text
        assert [text[start:end] for start, end in spans(text, "de")] == sentences(text, "de")


# --- Words ------------------------------------------------------------------------------------------------------------


def test_words_are_joined_by_hyphens_apostrophes_and_mediopunkt():
    assert words("Heimat·museum, Open-Air-Kino – d’Artagnan's") == [
        "Heimat·museum",
        "Open-Air-Kino",
        "d’Artagnan's",
    ]


def test_numbers_with_separators_are_one_word_and_signs_are_none():
    assert words("1.000 Gäste, 3,50 € um 14:30 Uhr – 😀 _ja_ **nein**") == [
        "1.000",
        "Gäste",
        "3,50",
        "um",
        "14:30",
        "Uhr",
        "ja",
        "nein",
    ]


def test_letters_with_a_separate_accent_are_letters():
    assert words("Mu\u0308ller") == ["Müller"]


# --- Shortening -------------------------------------------------------------------------------------------------------


def at_most(limit):
    return lambda text: len(text) <= limit


def test_whole_sentences_are_dropped_from_the_end_and_paragraphs_stay():
    text = "Eins ist da. Zwei ist da.\n\nDrei ist da. Vier ist da."
    assert shortened_to_sentences(text, at_most(40), "de") == "Eins ist da. Zwei ist da.\n\nDrei ist da."
    assert shortened_to_sentences(text, at_most(39), "de") == "Eins ist da. Zwei ist da.\n\nDrei ist da."
    assert shortened_to_sentences(text, at_most(38), "de") == "Eins ist da. Zwei ist da."


def test_what_fits_stays_as_it_is():
    assert shortened_to_sentences(" Eins.\n", at_most(8), "de") == " Eins.\n"


def test_no_heading_is_left_without_its_text():
    text = "Der Anfang.\n\n# Mehr\n\nHier steht sehr viel mehr davon."
    assert shortened_to_sentences(text, at_most(30), "de") == "Der Anfang."


def test_a_first_sentence_that_is_too_long_is_cut_after_a_word():
    assert shortened_to_sentences("Wir laden herzlich ein.", at_most(12), "de") == "Wir laden…"
    assert shortened_to_sentences("Donaudampfschifffahrt", at_most(5), "de") == ""


def test_the_result_always_fits_and_begins_as_the_text_does():
    rng = random.Random(3)
    for text in random_texts(2, 600, 50):
        limit = rng.randrange(70)
        shorter = shortened_to_sentences(text, at_most(limit), "de")
        assert len(shorter) <= limit
        assert text == shorter or text.lstrip().startswith(shorter.removesuffix("…"))
