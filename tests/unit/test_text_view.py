"""How the text station looks: what is marked, said and linked."""

import re
from datetime import date

import pytest

from models.engines.base import Tally
from models.errors import ModelError
from stations.prose.finding import Finding
from stations.text import view
from stations.text.manuscript import Manuscript, Version
from stations.text.recipes import BrokenRecipe
from stations.text.rework import REWORKS, counted_whole, framed, rework_values
from stations.text.work import Draft, Source

NEW = (
    Finding("no_new_numbers", False, facts={"what": "1862, 12"}),
    Finding("no_new_names", False, facts={"what": "Hanna Weiß"}),
)


def test_what_is_new_is_marked_where_it_stands():
    version = Version("Hanna Weiß führt am 12. Mai. Das Haus von 1862 hat 120 Plätze.", findings=NEW)
    text = view.marked(version)
    assert "<mark>Hanna Weiß</mark> führt" in text
    assert "<mark>12</mark>. Mai" in text
    assert "120 Plätze" in text


@pytest.mark.parametrize("text", ["<script>alert(1862)</script>", "[1862](http://x.de)", "![1862](x.png)"])
def test_marking_lets_nothing_through_that_was_made_harmless(text):
    shown = view.marked(Version(text, findings=NEW))
    assert "<script" not in shown.replace("\\<script", "")
    assert not re.search(r"(?<!\\)\]\(", shown)


def test_a_text_without_findings_is_only_made_harmless():
    assert view.marked(Version("Einfach so.")).strip() == "Einfach so."
    assert view.marked(None) == ""


@pytest.mark.parametrize("language", ["de", "en"])
def test_broken_promises_come_first_and_what_goes_without_saying_is_left_out(language):
    found = (Finding("finished", True), Finding("shorter", True), *NEW)
    html = view.findings(Version("x", findings=found, model="M", seconds=1.5), language)
    assert html.index("ki-broken") < html.index("ki-kept")
    assert html.count("<li") == 3


def test_a_version_of_a_person_has_no_checks():
    assert "<li" not in view.findings(Version("x", made_by="person", findings=NEW), "de")


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (Draft(tally=Tally(place=1, expected_s=10)), "als Nächstes"),
        (Draft(tally=Tally(place=3, expected_s=40)), "Platz 3"),
        (Draft(tally=Tally(prompt_tokens=100, prompt_read=40)), "40 %"),
        (Draft(stage="shortening", tally=Tally(prompt_tokens=1, new_tokens=1)), "kürzt"),
        (Draft(stage="parts", part=(3, 12), left_s=80.0), "3 von 12, noch etwa einer Minute"),
    ],
)
def test_somebody_who_waits_is_told_what_happens(draft, said):
    assert said in view.state_of(draft, "de")


def test_each_sentence_of_a_summary_names_its_place():
    sources = (Source("Eins.", 2, 4, (5, 7), "Text <b>"), Source("Zwei.", 9, 9, None, "Noch einer"))
    html = view.sources(Version("Eins. Zwei.", sources=sources), "de")
    assert "Teile 2 bis 4, Seiten 5 bis 7" in html
    assert "Teil 9<" in html
    assert "<b>" not in html
    assert view.sources(Version("x"), "de") == ""


def test_the_line_on_how_a_text_was_made_says_who_changed_it():
    manuscript = Manuscript("x", {}).with_version(Version("Ein Text vom Modell.", model="Qwen"))
    day = date(2026, 11, 3)
    assert "Qwen" in view.made_line(manuscript, "de", day)
    assert "03.11.2026" in view.made_line(manuscript, "de", day)
    assert "Nicht von Menschen" in view.made_line(manuscript, "de", day)
    changed = manuscript.with_version(Version("Etwas ganz anderes steht hier.", made_by="person"))
    assert "stark überarbeitet" in view.made_line(changed, "de", day)


def test_a_hidden_recipe_is_named_with_its_line():
    said = view.hidden_recipes([BrokenRecipe("neu.toml", 7, "Field required")], "de")
    assert "neu.toml" in said
    assert "7" in said


# --- Rework: what stays around a text ---------------------------------------------------------------------------------

LETTER = "# Titel\n\nErster Absatz.\n\nZweiter Absatz.\n\n**Kontakt:** Hanna Weiß"


def test_title_and_fields_stay_and_the_rest_is_reworked():
    frame = framed(LETTER, "friendlier")
    assert frame.body == "Erster Absatz.\n\nZweiter Absatz."
    assert frame.around(frame.body) == LETTER


@pytest.mark.parametrize("action", REWORKS)
@pytest.mark.parametrize("text", [LETTER, "Nur ein Satz.", "# Nur ein Titel", "**Betreff:** x\n\nHallo", ""])
def test_taking_a_text_apart_loses_nothing(action, text):
    frame = framed(text, action)
    assert frame.around(frame.body) == text


def test_a_translation_takes_the_title_with_it():
    assert framed(LETTER, "translate").body == LETTER


def test_a_limit_is_that_of_the_whole_text():
    frame = framed(LETTER, "shorter")
    room = int(rework_values("shorter", frame, "200", "de")["zeichen"])
    assert len(frame.around("x" * room)) == 200


@pytest.mark.parametrize(("limit", "key"), [("drei", "text.not_a_number"), ("30", "text.limit_too_small")])
def test_a_limit_that_cannot_be_is_a_sentence(limit, key):
    with pytest.raises(ModelError) as caught:
        rework_values("shorter", framed(LETTER, "shorter"), limit, "de")
    assert caught.value.key == key


def test_people_see_the_letters_of_the_whole_text():
    (one,) = counted_whole((Finding("characters", True, facts={"count": 50, "limit": 100}),), 20)
    assert (one.facts["count"], one.facts["limit"]) == (70, 120)
