import threading

import pytest

from models.index.words import MOST_TERMS, Term, WordMaker

MAKER = WordMaker()


def stems(text, language="de"):
    return MAKER.of_passage(text, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Häuser", "Haus"),
        ("Haeuser", "Häuser"),
        ("Straße", "STRASSE"),
        ("Müller", "Mueller"),
        ("geöffnet.", "(geöffnet)"),
        ("Ausstellungen", "Ausstellung"),
        ("ﬁnden", "finden"),
        ("a\u0308ndern", "ändern"),
    ],
)
def test_forms_of_a_word_are_one_word(one, other):
    assert stems(one) == stems(other) != []


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Museumssammlung", ["Museums", "Sammlung"]),
        ("Mitgliederversammlung", ["Mitglieder", "Versammlung"]),
        ("Benutzerkonto", ["Benutzer", "Konto"]),
    ],
)
def test_a_compound_word_is_also_its_parts(word, parts):
    assert stems(word) == [*stems(word)[:1], *stems(" ".join(parts))]


def test_names_and_short_words_stay_whole():
    assert len(stems("Grünau Verein Haustür Abc12345678")) == 4


def test_the_compounds_of_other_languages_stay_whole():
    assert len(stems("firefighter", "en")) == 1


def test_stop_words_are_those_of_the_language():
    assert stems("der die das war the of") == []
    assert stems("the war of the worlds", "en") == ["war", "world"]
    assert stems("le chat est noir", "fr") != []


def test_a_question_of_stop_words_is_asked_all_the_same():
    assert MAKER.of_question("Wer ist das?", ["de"]) != []
    assert MAKER.of_question("?!", ["de"]) == []


def test_long_stems_of_the_main_language_are_beginnings():
    terms = MAKER.of_question("files of the museum", ["de", "en"])
    assert Term("museum", begins=True) in terms
    assert Term("file", begins=False) in terms


def test_nobody_asks_for_more_than_there_is_time_for():
    assert len(MAKER.of_question(" ".join(f"wort{n}" for n in range(500)), ["de"])) == MOST_TERMS
    assert stems("x" * 10_000) == []


def test_every_term_is_letters_and_digits_only():
    text = " ".join(map(chr, range(1, 0x3000))) + ' "a" OR b* NEAR(c)'
    for stem in stems(text) + [term.stem for term in MAKER.of_question(text, ["de", "en", "fr"])]:
        assert all(letter.isalnum() for letter in stem)


def test_several_threads_make_the_same_words():
    text = "Die Mitgliederversammlungen der Museumsvereine in den Häusern " * 30
    expected, wrong = stems(text), []
    threads = [
        threading.Thread(target=lambda: wrong.extend([1] * (stems(text) != expected))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
