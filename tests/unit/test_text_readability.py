"""The formulas with texts counted by hand, and the syllables of words counted by hand."""

import random

import pytest

from stations.text.readability import Readability, level, readability, syllables

GERMAN = """
Museum 3, Theater 3, Kultur 2, Haus 1, Häuser 2, Verein 2, Vereine 3, Mitglied 2, Ausstellung 3, Eröffnung 3, Bühne 2,
schauen 2, Feuer 2, neue 2, Familie 4, Italien 4, Station 3, Ferien 3, Musik 2, Idee 2, Ideen 3, See 1, Knie 1,
Studium 3, Museen 3, Poesie 3, Chaos 2, Oase 3, Geografie 4, aktuell 3, Quelle 2, Qualität 3, Ensemble 3, bauen 2,
Main 1, Bayern 2, Ei 1, Eier 2, beeindruckt 3, geehrte 3, Radio 3, Video 3, Publikum 3, kreativ 3, Jubiläum 4,
Archäologie 5, Ehrenamt 3, Straße 2, sehen 2, Bürgerinitiative 8, Öffentlichkeitsarbeit 6, geändert 3, Ruine 3,
Fantasie 3, Oboe 3, Text 1, System 2, Loyalität 4, Yoga 2, Reaktion 4, Denkmal 2, Sanierung 3, Gemeinde 3,
Förderverein 4, Teilnehmende 4, Kooperation 5, Materialien 6, Galerie 3, Galerien 4, Trio 2, Leute 2, ehrenamtlich 4,
Tourismus 3, Bibliothek 4, Regisseur 3, Niveau 2, Team 1, Website 2, Schienen 2, verdienen 3, Dienstag 2, geerbt 2
"""
ENGLISH = """
museum 3, house 1, houses 2, people 2, table 2, walked 1, wanted 2, opened 2, created 3, creative 3, idea 3, area 3,
science 2, quiet 2, culture 2, volunteer 3, audience 3, make 1, makes 1, places 2, changed 1, little 2, society 4,
community 4, information 4, exhibition 4, the 1, being 2, language 2, million 2, various 3, rhythm 2, beautiful 3,
shoes 1, archaeology 5, invited 3, simple 2, readable 3, sculpture 2, heritage 3, village 2, sometimes 2, business 2,
poem 2, reality 4, theory 3, special 2, gallery 3, castle 2, stage 1, committee 3, member 2, ceremony 4, because 2
"""


def counted_by_hand(text):
    pairs = (entry.split() for entry in text.replace("\n", " ").split(", "))
    return {word: int(count) for word, count in pairs}


@pytest.mark.parametrize(("language", "text", "least"), [("de", GERMAN, 0.95), ("en", ENGLISH, 0.9)])
def test_syllables_of_everyday_words_are_nearly_always_right(language, text, least):
    counts = counted_by_hand(text)
    wrong = {
        word: syllables(word, language)
        for word, count in counts.items()
        if syllables(word, language) != count
    }
    print(f"{language}: {len(counts) - len(wrong)} of {len(counts)} right, wrong: {wrong}")
    assert 1 - len(wrong) / len(counts) >= least


def test_every_word_has_a_syllable():
    rng = random.Random(4)
    for _ in range(500):
        word = "".join(rng.choice("abcdeiouyäöüßxz-·1é") for _ in range(rng.randrange(1, 12)))
        assert 1 <= syllables(word, rng.choice(["de", "en"])) <= len(word)


def test_the_german_formulas_give_what_is_counted_by_hand():
    # 8 words, 2 sentences, 1 long word (Großmutter), syllables 1+1+3+1 + 1+1+1+1 = 10
    measured = readability("Da ist Großmutter doch. Der Hund ist da.", "de")
    assert measured == Readability(
        lix=pytest.approx(4 + 12.5),
        flesch=pytest.approx(180 - 4 - 58.5 * 10 / 8),
        words_per_sentence=4,
        syllables_per_word=10 / 8,
        words=8,
        sentences=2,
    )


def test_a_word_is_long_from_seven_letters():
    assert readability("Museum", "de").lix == 1
    assert readability("Theater", "de").lix == 101


def test_the_english_formula_is_that_of_flesch():
    measured = readability("The cat sat on the mat.", "en")
    assert measured.flesch == pytest.approx(206.835 - 1.015 * 6 - 84.6)
    assert measured.lix == 6


@pytest.mark.parametrize("text", ["", " \n", "---", "2026", "😀 …"])
def test_a_text_without_words_has_no_readability(text):
    assert readability(text, "de") is None


def test_numbers_are_no_words_to_read_letter_by_letter():
    assert readability("Der Hund ist da.", "de") == readability("Der Hund ist 1.000 da.", "de")


def test_longer_sentences_are_harder_and_repeating_a_text_changes_nothing():
    short = readability("Das Haus ist alt. Der Hund ist jung.", "de")
    joined = readability("Das Haus ist alt und der Hund ist jung.", "de")
    assert joined.lix > short.lix
    assert joined.flesch < short.flesch
    twice = readability("Das Haus ist alt. Der Hund ist jung. " * 2, "de")
    assert (twice.lix, twice.flesch) == (short.lix, short.flesch)


def test_official_german_is_very_hard_and_a_picture_book_very_easy():
    official = (
        "Die Gewährung von Zuwendungen erfolgt vorbehaltlich der Verfügbarkeit entsprechender Haushaltsmittel "
        "nach Maßgabe der einschlägigen Förderrichtlinien."
    )
    assert level(readability(official, "de")) == "very_hard"
    assert level(readability("Das ist Tom. Tom hat einen Ball. Der Ball ist rot.", "de")) == "very_easy"


@pytest.mark.parametrize(
    ("lix", "step"),
    [(29.9, "very_easy"), (30, "easy"), (40, "medium"), (50, "hard"), (59.9, "hard"), (60, "very_hard")],
)
def test_the_five_steps_begin_at_their_bounds(lix, step):
    assert level(Readability(lix, 0, 1, 1, 1, 1)) == step
