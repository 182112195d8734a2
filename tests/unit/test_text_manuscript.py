"""A text and its versions: every step can be taken back, and how it was made can be told."""

import random
from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from stations.prose.finding import Finding
from stations.text.made import MUCH, changed_share, making
from stations.text.manuscript import MOST_VERSIONS, Manuscript, Version

TODAY = date(2026, 5, 4)
TEXT = "Das Museum öffnet am Sonntag um zehn Uhr und zeigt alte Webstühle aus der Region."


def by_model(text, model="Qwen"):
    return Version(text, model=model)


def by_person(text):
    return Version(text, made_by="person")


def manuscript(*versions):
    found = Manuscript("einladung", {"anlass": "Fest"})
    for version in versions:
        found = found.with_version(version)
    return found


# --- Versions ---------------------------------------------------------------------------------------------------------


def test_a_manuscript_without_versions_shows_nothing_and_has_nothing_to_take_back():
    empty = Manuscript()
    assert (empty.current, empty.text, empty.can_undo, empty.can_redo) == (None, "", False, False)
    assert empty.undo() is empty
    assert empty.redo() is empty


def test_a_new_version_is_shown_and_the_one_before_comes_back():
    two = manuscript(by_model("eins"), by_person("zwei"))
    assert two.current == by_person("zwei")
    assert two.undo().text == "eins"
    assert two.undo().redo() == two
    assert not two.undo().can_undo


def test_a_new_version_drops_what_was_taken_back():
    back = manuscript(by_model("eins"), by_model("zwei"), by_model("drei")).undo().undo()
    new = back.with_version(by_person("vier"))
    assert [each.text for each in new.versions] == ["eins", "vier"]
    assert not new.can_redo


def test_leaving_the_box_without_a_change_is_no_version_but_a_models_repeated_text_is_one():
    one = manuscript(by_model("eins"))
    assert one.with_version(by_person("eins")) is one
    assert len(one.with_version(by_model("eins")).versions) == 2


def test_the_first_and_the_newest_versions_stay():
    many = manuscript(*(by_model(str(number)) for number in range(MOST_VERSIONS + 7)))
    numbers = [int(each.text) for each in many.versions]
    assert numbers == [0, *range(8, MOST_VERSIONS + 7)]
    assert many.text == str(MOST_VERSIONS + 6)


def test_exactly_as_many_versions_as_are_kept_lose_none():
    full = manuscript(*(by_model(str(number)) for number in range(MOST_VERSIONS)))
    assert [each.text for each in full.versions] == [str(number) for number in range(MOST_VERSIONS)]


@pytest.mark.parametrize("seed", range(50))
def test_any_steps_show_what_a_plain_list_and_a_place_in_it_show(seed):
    dice = random.Random(seed)
    real, texts, at = Manuscript(), [], -1
    for number in range(dice.randrange(1, 120)):
        step = dice.choice(["new", "new", "undo", "redo"])
        if step == "new":
            real, texts = real.with_version(by_model(str(number))), [*texts[: at + 1], str(number)]
            del texts[1 : len(texts) - MOST_VERSIONS + 1]
            at = len(texts) - 1
        elif step == "undo":
            real, at = real.undo(), max(at - 1, min(at, 0))
        else:
            real, at = real.redo(), min(at + 1, len(texts) - 1)
        assert real.text == (texts[at] if texts else "")
        assert (real.can_undo, real.can_redo) == (at > 0, at + 1 < len(texts))
        assert len(real.versions) <= MOST_VERSIONS


def test_nothing_can_be_changed_in_place():
    one = manuscript(by_model("eins"))
    with pytest.raises(FrozenInstanceError):
        one.at = 3
    with pytest.raises(FrozenInstanceError):
        one.versions[0].text = "x"


def test_a_manuscript_with_values_and_findings_has_a_hash_that_tells_texts_apart():
    finding = Finding("words", True, facts={"count": 3})
    one = manuscript(Version("eins", findings=(finding,)))
    assert hash(one) == hash(manuscript(Version("eins", findings=(finding, finding))))
    assert hash(one) != hash(manuscript(Version("zwei", findings=(finding,))))
    assert hash(manuscript(by_model("a"), by_model("b"))) != hash(
        manuscript(by_model("a"), by_model("b")).undo()
    )


# --- How it was made --------------------------------------------------------------------------------------------------


def test_models_are_named_once_in_the_order_in_which_they_wrote():
    found = making(manuscript(by_model("a", "Qwen"), by_model("b", "Gemma"), by_model(TEXT, "Qwen")), TODAY)
    assert (found.models, found.on, found.changed, found.share) == (("Qwen", "Gemma"), TODAY, "none", 0.0)


def test_what_was_taken_back_was_not_used():
    found = making(manuscript(by_model(TEXT, "Qwen"), by_model("b", "Gemma")).undo(), TODAY)
    assert found.models == ("Qwen",)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (TEXT, "none"),
        (TEXT.replace(" ", "\n"), "none"),
        (TEXT.replace(".", "!"), "little"),
        (TEXT.replace("zehn", "elf"), "little"),
        (TEXT + " Wir freuen uns sehr auf Ihren Besuch mit der ganzen Familie.", "much"),
        ("Heute bleibt alles zu.", "much"),
        ("", "much"),
    ],
)
def test_what_people_did_after_the_model_is_none_little_or_much(text, changed):
    assert making(manuscript(by_model(TEXT), by_person(text)), TODAY).changed == changed


def test_a_change_that_a_person_took_back_by_hand_is_none():
    found = making(manuscript(by_model(TEXT), by_person("x"), by_person(TEXT)), TODAY)
    assert (found.changed, found.share) == ("none", 0.0)


def test_a_persons_change_that_a_model_reworked_is_never_told_as_none():
    found = making(manuscript(by_model(TEXT), by_person(TEXT + " Neu."), by_model("Kurz.")), TODAY)
    assert (found.changed, found.share) == ("little", 0.0)


def test_a_persons_own_text_that_a_model_reworked_is_not_a_persons_change():
    assert making(manuscript(by_person("Mein Text."), by_model(TEXT)), TODAY).changed == "none"


def test_a_text_without_a_model_names_none():
    found = making(manuscript(by_person(TEXT)), TODAY)
    assert (found.models, found.changed, found.share) == ((), "much", 1.0)
    assert making(Manuscript(), TODAY).changed == "none"


@pytest.mark.parametrize("seed", range(30))
def test_the_share_is_what_was_replaced(seed):
    """Every word is unlike the others and long, so that no word is the same by chance."""
    dice = random.Random(seed)
    old = [f"wort{number:05}" for number in range(dice.randrange(10, 300))]
    places = dice.sample(range(len(old)), dice.randrange(len(old)))
    new = [f"anders{at:05}" if at in places else word for at, word in enumerate(old)]
    assert changed_share(" ".join(old), " ".join(new)) == pytest.approx(len(places) / len(old))
    assert changed_share(" ".join(new), " ".join(old)) == pytest.approx(len(places) / len(old))


def test_the_border_to_much_is_a_fifth_of_the_words():
    words = [f"wort{number}" for number in range(10)]
    below = making(manuscript(by_model(" ".join(words)), by_person(" ".join(["neu", *words[1:]]))), TODAY)
    at = making(manuscript(by_model(" ".join(words)), by_person(" ".join(["neu", "gut", *words[2:]]))), TODAY)
    assert (below.share, below.changed) == (0.1, "little")
    assert (at.share, at.changed) == (MUCH, "much")
