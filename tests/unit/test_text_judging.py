"""What the program finds in a result: one kept and one broken case for every promise, and a sentence for each."""

import pytest

from stations.prose.finding import Finding
from stations.prose.wording import finding_text, reminder
from stations.text.form import FilledPart, Part, filled
from stations.text.judging import Result, broken, judged, lost_placeholders, within_limits
from stations.text.prompting import task
from stations.text.recipes import Check, Recipe, cookbook
from stations.texts import LANGUAGES, sentences

SOURCE = (
    "Am 12. September eröffnet der Heimatverein Lindau die Ausstellung im Alten Rathaus. Die Kuratorin Hanna Weiß "
    "führt um 15 Uhr durch die Räume, in denen mehr als 80 Textilien aus drei Jahrhunderten zu sehen sind. [Kontakt]"
)
SHORT = "Der Heimatverein Lindau eröffnet am 12. September seine Ausstellung. Hanna Weiß führt um 15 Uhr. [Kontakt]"
FORM = cookbook().recipes["pro-contra"].form
WORDS = {"de": "Wort", "en": "word"}


def one(source=SOURCE, page="de", **more):
    recipe = {
        "id": "x",
        "group": "texte",
        "title": WORDS,
        "purpose": WORDS,
        "fields": ({"id": "text", "kind": "text", "label": WORDS},),
        "prompt": {"de": {"role": "R", "ask": "{text}"}},
        "example": {"de": {}, "en": {}},
    }
    return task(Recipe.model_validate({**recipe, **more}), {"text": source}, page)


def finding(check, result, source=SOURCE, **more):
    made = result if isinstance(result, Result) else Result(result)
    return next(each for each in judged(one(source, **more), made) if each.check == check)


def with_parts(answer):
    parts = filled(FORM, answer, "de")
    return Result("Text", parts)


ALL_PARTS = (
    '{"Titel": "T", "Dafür": ["a", "b", "c"], "Dagegen": ["a", "b", "c"], "Vorher zu klären": ["a", "b"]}'
)
LOOP = "Der Verein lädt herzlich zum Fest ein. " * 4
HARD = (
    "Die Inanspruchnahme der Räumlichkeiten setzt die vorherige schriftliche Genehmigung durch die zuständige "
    "Verwaltungsstelle voraus."
)
EASY = "Sie brauchen eine Erlaubnis. Schreiben Sie uns bitte."
ENGLISH = "The museum opens on Tuesday at nine in the morning and it closes at six in the evening."
CASES = {
    "characters": ({"limits": {"characters": len(SHORT)}}, SHORT, SHORT + "!", {}),
    "words": ({"limits": {"words": 3}}, "Eins zwei drei.", "Eins zwei drei vier.", {}),
    "sentences": ({"limits": {"sentences": 1}}, "Der Dr. Weiß führt.", "Eins ist da. Zwei ist da.", {}),
    "language": ({}, SHORT, ENGLISH, {}),
    "parts": ({"form": FORM}, with_parts(ALL_PARTS), with_parts('{"Titel": "T", "Dafür": ["a"]}'), {}),
    "placeholders": ({}, SHORT, SHORT.replace("[Kontakt]", "Telefon"), {}),
    "finished": ({}, Result(SHORT), Result(SHORT, end="length"), {}),
    "loop": ({}, SHORT, LOOP, {}),
    "address": (
        {"limits": {"address": "sie"}},
        "Kommen Sie zu uns ins Haus.",
        "Komm du zu uns ins Haus.",
        {},
    ),
    "not_copied": ({"checks": ["not_copied"]}, "Ein Fest mit Kuchen, Musik und Tanz.", SOURCE, {}),
    "no_new_numbers": ({"checks": ["no_new_numbers"]}, SHORT, SHORT + " Eintritt 7 Euro.", {}),
    "no_new_names": ({"checks": ["no_new_names"]}, SHORT, SHORT + " Karl Meyer kommt.", {}),
    "shorter": ({"checks": ["shorter"]}, SHORT, SOURCE + " Und mehr.", {}),
    "length_used": ({"checks": ["length_used"], "limits": {"characters": 120}}, SHORT, "Ein Fest.", {}),
    "plain": ({"checks": ["plain"]}, EASY, HARD + " " + HARD, {"source": HARD}),
}


@pytest.mark.parametrize("check", CASES)
def test_every_promise_is_found_kept(check):
    recipe, kept, _, more = CASES[check]
    assert finding(check, kept, **recipe, **more).kept


@pytest.mark.parametrize("check", CASES)
def test_every_promise_is_found_broken(check):
    recipe, _, bad, more = CASES[check]
    assert not finding(check, bad, **recipe, **more).kept


def test_every_check_of_a_recipe_has_its_case():
    assert {check.value for check in Check} <= set(CASES)


def test_the_hard_promises_are_those_the_program_can_tell_for_sure():
    hard = {
        check
        for check, (recipe, kept, _, more) in CASES.items()
        if finding(check, kept, **recipe, **more).hard
    }
    assert hard == {"characters", "words", "sentences", "language", "parts", "placeholders"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("check", CASES)
def test_every_finding_and_reminder_is_a_whole_sentence(check, language):
    recipe, kept, bad, more = CASES[check]
    for result in (kept, bad):
        found = finding(check, result, **recipe, **more)
        for text in (finding_text(found, language), reminder(found, language)):
            assert "{" not in text
            assert "None" not in text
            assert text.strip()


def test_what_is_wrong_is_named():
    assert finding_text(finding("parts", CASES["parts"][2], form=FORM), "de") == (
        "Es fehlt: Dafür, Dagegen, Vorher zu klären. Bitte ergänzen Sie es selbst."
    )
    assert "7" in finding_text(finding("no_new_numbers", SHORT + " 7 Euro.", checks=["no_new_numbers"]), "de")
    assert "Englisch" in reminder(Finding("language", False, facts={"wanted": "en"}), "de")
    assert "English" in reminder(Finding("language", False, facts={"wanted": "en"}), "en")


def test_every_language_and_address_has_a_name():
    from models.language import CANDIDATES

    for language in LANGUAGES:
        known = sentences(language)
        assert [code for code in CANDIDATES if f"text.language_{code}" not in known] == []
        assert [each for each in ("sie", "du", "neutral") if f"text.address_{each}" not in known] == []


def test_braces_in_facts_stay_as_they_are():
    found = Finding("no_new_names", False, facts={"what": "{kontakt} {0}"})
    assert "{kontakt} {0}" in finding_text(found, "de")


# --- Order ------------------------------------------------------------------------------------------------------------


def test_hard_promises_count_before_others():
    kept, soft, hard = Finding("a", True), Finding("b", False), Finding("c", False, hard=True)
    ranked = sorted([[hard], [soft, soft, soft], [hard, soft], [kept], [hard, hard], [soft]], key=broken)
    assert ranked == [[kept], [soft], [soft, soft, soft], [hard], [hard, soft], [hard, hard]]
    assert broken([]) == (0, 0)
    assert broken([Finding("c", True, hard=True)]) == (0, 0)


# --- Details ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "text", "kept"),
    [
        ("du", "Kommt ihr mit, dann habt ihr Spaß.", True),
        ("du", "Bitte melden Sie sich an.", False),
        ("neutral", "Das Fest beginnt um neun Uhr.", True),
        ("neutral", "Bitte melden Sie sich an.", False),
    ],
)
def test_forms_of_address(wanted, text, kept):
    assert finding("address", text, limits={"address": wanted}).kept == kept


def test_the_form_of_address_is_a_matter_of_german():
    checks = {each.check for each in judged(one(page="en", limits={"address": "sie"}), Result("Come here."))}
    assert "address" not in checks


def test_a_text_too_short_to_tell_its_language_breaks_no_promise():
    assert finding("language", "Ja.").kept


@pytest.mark.parametrize("end", ["done", None])
def test_a_text_is_finished_when_its_model_was(end):
    assert finding("finished", Result(SHORT, end=end)).kept


@pytest.mark.parametrize("result", [Result(SHORT, end="time"), Result("")])
def test_a_text_is_unfinished_without_time_or_words(result):
    assert not finding("finished", result).kept


def test_without_gaps_limits_and_form_there_is_nothing_to_find_about_them():
    checks = [each.check for each in judged(one("Text ohne Lücken."), Result("Text."))]
    assert checks == ["language", "finished", "loop"]


def test_lost_placeholders_are_listed_once():
    gaps = one("[Ort] [Datum] [Ort] [Link](http://x) [x]")
    assert lost_placeholders(gaps, "nichts") == ["[Ort]", "[Datum]"]
    assert lost_placeholders(gaps, "Am [Datum] in [Ort]") == []


def test_a_placeholder_that_looks_like_html_is_kept_when_it_is_harmless():
    assert lost_placeholders(one("[<b>Ort]"), "[‹b>Ort]") == []


def test_within_limits_looks_at_lengths_alone():
    made = one(limits={"characters": 10, "words": 2, "sentences": 1})
    assert within_limits(made, "Zwei Worte")
    assert not within_limits(made, "Zwei Worte!")
    assert not within_limits(made, "A b c")
    assert not within_limits(made, "Ja.\nNein.")


def test_a_result_in_parts_needs_no_text_to_be_judged():
    part = Part(id="text", kind="text")
    assert not judged(one(), Result("", (FilledPart(part, ""),)))[-2].kept
