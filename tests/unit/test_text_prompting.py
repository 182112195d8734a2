"""From what a person filled in to what a model reads."""

import pytest

from models.errors import ModelError
from stations.text.prompting import form_language, messages, task
from stations.text.recipes import Recipe, cookbook

BOOK = cookbook().recipes
GERMAN = "Das Museum öffnet am Dienstag um neun Uhr und schließt am Abend um sechs Uhr."
ENGLISH = "The museum opens on Tuesday at nine in the morning and it closes at six in the evening."
KUERZEN, SOCIAL, PRESSE = BOOK["kuerzen"], BOOK["social-media"], BOOK["pressemitteilung"]


def made(**more):
    """A recipe of a host: one text, one number, one choice."""
    words = {"de": "Wort", "en": "word"}
    recipe = {
        "id": "eigenes",
        "group": "texte",
        "title": words,
        "purpose": words,
        "fields": (
            {"id": "text", "kind": "text", "label": {"de": "Text", "en": "Words"}},
            {"id": "zahl", "kind": "number", "label": words, "required": False, "least": 5, "most": 2000},
        ),
        "prompt": {"de": {"role": "Rolle", "ask": "Bitte: {text} ({zahl})"}},
        "example": {"de": {}, "en": {}},
    }
    return Recipe.model_validate({**recipe, **more})


def number(value):
    return task(made(), {"text": "x", "zahl": value}, "de").values["zahl"]


def request(recipe, given, page="de"):
    return messages(task(recipe, given, page))[-1].text


# --- What is filled in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("1.500", "1500"),
        ("1 500", "1500"),
        ("1,500", "1500"),
        ("1\u00a0500", "1500"),
        ("1'500", "1500"),
        (" 300 ", "300"),
        ("0300", "300"),
        (300, "300"),
        (300.0, "300"),
        ("", ""),
        ("  ", ""),
        (None, ""),
    ],
)
def test_numbers_are_read_as_people_write_them(given, stored):
    assert number(given) == stored


@pytest.mark.parametrize(
    "given", ["drei", "-5", "1.5", "3,0", "1e3", "12.34.56", "²", "5 6", "+7", 1.5, float("nan")]
)
def test_what_is_no_whole_number_is_refused(given):
    with pytest.raises(ModelError) as caught:
        number(given)
    assert (caught.value.key, caught.value.facts) == ("text.not_a_number", {"field": "Wort"})


@pytest.mark.parametrize("given", ["4", "2001", "0", "9" * 5000, "999.999.999"])
def test_a_number_out_of_range_is_refused_with_the_range(given):
    with pytest.raises(ModelError) as caught:
        number(given)
    assert caught.value.key == "text.number_out_of_range"
    assert caught.value.facts == {"field": "Wort", "least": 5, "most": 2000}


@pytest.mark.parametrize("given", ["linkedin", "LinkedIn", " LINKEDIN "])
def test_a_choice_is_taken_by_value_or_label(given):
    assert task(SOCIAL, {"anlass": "x", "plattform": given}, "de").values["plattform"] == "linkedin"


@pytest.mark.parametrize("page", ["de", "en"])
@pytest.mark.parametrize("given", ["fr", "Französisch", "FRENCH", "french"])
def test_a_choice_is_taken_in_either_language_of_the_kit(given, page):
    assert task(BOOK["uebersetzen"], {"text": "x", "sprache": given}, page).target == "fr"


def test_an_unknown_choice_is_refused_with_the_known_ones():
    with pytest.raises(ModelError) as caught:
        task(SOCIAL, {"anlass": "x", "plattform": "myspace"}, "en")
    assert caught.value.key == "text.unknown_choice"
    assert caught.value.facts["field"] == "Platform"
    assert "mastodon" in caught.value.facts["known"]


def test_a_choice_not_made_is_the_default():
    assert task(SOCIAL, {"anlass": "x"}, "de").values["plattform"] == "instagram"


@pytest.mark.parametrize("given", [{}, {"text": ""}, {"text": " \n"}, {"text": None}])
def test_what_is_required_and_empty_is_named(given):
    with pytest.raises(ModelError) as caught:
        task(KUERZEN, given, "en")
    assert (caught.value.key, caught.value.facts) == ("text.missing_field", {"field": "Your text"})


def test_an_unknown_field_is_named_with_the_known_ones():
    with pytest.raises(ModelError) as caught:
        task(KUERZEN, {"text": "x", "txt": "y"}, "de")
    assert caught.value.key == "text.unknown_field"
    assert caught.value.facts == {"field": "txt", "known": "text, zeichen"}


def test_a_field_may_be_as_long_as_allowed_and_no_longer():
    assert task(KUERZEN, {"text": "x" * 100}, "de", longest=100).values["text"] == "x" * 100
    with pytest.raises(ModelError) as caught:
        task(KUERZEN, {"text": "x" * 101}, "de", longest=100)
    assert caught.value.facts == {"field": "Ihr Text", "length": 101, "limit": 100}


# --- What the model reads ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "gap"), [("de", "[Ort]"), ("en", "[Place]")])
def test_an_empty_optional_field_is_a_gap_with_its_label(page, gap):
    assert gap in request(PRESSE, {"anlass": GERMAN}, page)


@pytest.mark.parametrize(
    "value", ["{zahl}", "{", "}", "{}", "{0}", "{{text}}", "%s", "{text!r}", "\\1", "x" * 300_000]
)
def test_what_a_person_writes_is_not_read_as_a_placeholder(value):
    assert request(made(), {"text": value}) == f"Bitte: {value} ([Wort])"


def test_a_choice_is_read_in_words():
    assert "Zielsprache: Französisch" in request(BOOK["uebersetzen"], {"text": "x", "sprache": "fr"})
    assert "Target language: French" in request(BOOK["uebersetzen"], {"text": "x", "sprache": "fr"}, "en")


def test_role_first_then_worked_examples_then_the_request():
    turns = messages(task(PRESSE, {"anlass": GERMAN}, "de"))
    assert [each.speaker for each in turns] == ["system", "user", "assistant", "user"]
    assert turns[2].text == PRESSE.prompt["de"].examples[0].answer


def test_reminders_belong_to_the_role_and_nothing_follows_the_request():
    first, *_, last = messages(task(made(), {"text": "x"}, "de"), "Kürzer!")
    assert (first.speaker, first.text, last.text) == ("system", "Rolle\nKürzer!", "Bitte: x ([Wort])")


def test_the_limit_is_said_in_words_and_below_what_is_allowed():
    words = [
        int(word) for word in request(KUERZEN, {"text": GERMAN, "zeichen": 750}).split() if word.isdecimal()
    ]
    assert words == [85]
    words = [
        int(word)
        for word in request(KUERZEN, {"text": ENGLISH, "zeichen": 750}, "en").split()
        if word.isdecimal()
    ]
    assert words == [106]


@pytest.mark.parametrize(("count", "said"), [(1, "genau einen Satz"), (3, "genau 3 Sätze")])
def test_a_number_of_sentences_is_asked_for(count, said):
    assert said in request(BOOK["zusammenfassen"], {"text": GERMAN, "saetze": count})


def test_fixed_limits_are_limits_and_an_empty_number_is_none():
    assert task(SOCIAL, {"anlass": "x"}, "de").limits == {"characters": 480}
    recipe = made(limits={"characters": "zahl"})
    assert task(recipe, {"text": "x"}, "de").limits == {}
    assert task(recipe, {"text": "x", "zahl": "1.000"}, "de").limits == {"characters": 1000}


@pytest.mark.parametrize(
    ("address", "said"), [("sie", "„Sie“"), ("du", "„du“"), ("neutral", "niemanden direkt")]
)
def test_the_form_of_address_is_asked_for(address, said):
    one = {"text": GERMAN, "anrede": address}
    assert said in request(BOOK["anrede-aendern"], one)
    assert task(BOOK["anrede-aendern"], one, "de").address == address


# --- Languages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipe", "given", "page", "language", "target"),
    [
        (PRESSE, {"anlass": ENGLISH}, "de", "de", "de"),
        (PRESSE, {"anlass": GERMAN}, "en", "en", "en"),
        (KUERZEN, {"text": GERMAN}, "de", "de", "de"),
        (KUERZEN, {"text": ENGLISH}, "en", "en", "en"),
        (KUERZEN, {"text": ENGLISH}, "de", "en", "en"),
        (KUERZEN, {"text": GERMAN}, "en", "de", "de"),
        (KUERZEN, {"text": "Bonjour, le musée ouvre mardi à neuf heures du matin."}, "de", "de", "fr"),
        (KUERZEN, {"text": "kurz"}, "en", "en", None),
        (BOOK["uebersetzen"], {"text": GERMAN, "sprache": "en"}, "de", "de", "en"),
        (BOOK["uebersetzen"], {"text": GERMAN, "sprache": "de"}, "en", "en", "de"),
    ],
)
def test_the_model_is_spoken_to_in_the_language_it_is_to_write(recipe, given, page, language, target):
    one = task(recipe, given, page)
    assert (one.tongue, form_language(one), one.target) == (language, language, target)
    assert messages(one)[0].text == recipe.prompt[language].role


def test_a_hosts_german_recipe_works_on_an_english_page():
    one = task(made(), {"text": ENGLISH}, "en")
    assert form_language(one) == "de"
    assert messages(one)[-1].text == f"Bitte: {ENGLISH} ([Wort])"


def test_the_source_is_what_was_typed_without_choices_and_numbers():
    given = {"anlass": "A", "ort": "B", "zeichen": 900}
    assert task(PRESSE, given, "de").source == "A\nB"
