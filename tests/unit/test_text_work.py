"""Texts that keep their promises, whatever a model writes; the model is a fake that says what it is told to say."""

import json
import random
import re
import time

import pytest

from models.engines.base import Piece, Sampling, Tally
from models.errors import ModelError
from stations.asking.answers import LONGEST_ANSWER, Try, astray, bounded, written
from stations.prose.harmless import harmless
from stations.prose.marks import placeholders
from stations.settings import Limits
from stations.text import work
from stations.text.fitting import complete, fitted
from stations.text.form import FilledPart, Part, key
from stations.text.judging import Result, judged, within_limits
from stations.text.prompting import task
from stations.text.recipes import Recipe, cookbook
from stations.text.work import Wish, write
from stations.texts import LANGUAGES

BOOK = cookbook().recipes
RECIPES = list(BOOK.values())
KUERZEN, SOCIAL = BOOK["kuerzen"], BOOK["social-media"]
GERMAN = (
    "Am Samstag lädt der Heimatverein Lindau in das Alte Rathaus ein. Gezeigt werden mehr als 80 Textilien aus drei "
    "Jahrhunderten. Die Kuratorin Hanna Weiß führt um 15 Uhr durch die Räume. Der Eintritt ist an diesem Tag frei."
)
ENGLISH = "The museum opens on Tuesday at nine in the morning and it closes at six in the evening."
COUNTED = "".join(f"Der Satz mit der Nummer {number} steht hier. " for number in range(400))
SECOND = "Für Kaffee und Kuchen ist gesorgt, und Kinder können an kleinen Rahmen weben. Eine Anmeldung braucht niemand."
WORDS = {"de": "Wort", "en": "word"}
TAG = re.compile(r"<[A-Za-z/!?]")


class FakeChat:
    """Writes its prepared answers, piece by piece; remembers what it was asked and whether it was stopped."""

    def __init__(self, *given, size=40):
        self.given, self.size, self.asked, self.open = list(given), size, [], 0

    def reply(self, messages, sampling, *, person=""):
        self.asked.append((list(messages), sampling))
        answer = self.given.pop(0) if len(self.given) > 1 else self.given[0]
        return self._pieces(answer(self) if callable(answer) else answer)

    def _pieces(self, answer):
        self.open += 1
        text, end = answer if isinstance(answer, tuple) else (answer, "done")
        try:
            for at in range(0, len(text), self.size):
                yield Piece(text[at : at + self.size], (), Tally(new_tokens=at + 1))
            yield Piece("", (), Tally(new_tokens=len(text), end=end))
        finally:
            self.open -= 1

    def close(self):
        raise AssertionError("who borrows an engine does not close it")

    def request(self, number):
        return self.asked[number][0][-1].text

    def role(self, number):
        return self.asked[number][0][0].text

    def temperatures(self):
        return [round(sampling.temperature, 2) for _, sampling in self.asked]


@pytest.fixture
def every_piece(monkeypatch):
    monkeypatch.setattr(work, "UPDATE_S", -1.0)


def made(**more):
    recipe = {
        "id": "x",
        "group": "texte",
        "title": WORDS,
        "purpose": WORDS,
        "fields": ({"id": "text", "kind": "text", "label": WORDS},),
        "prompt": {"de": {"role": "R", "ask": "{text}"}},
        "example": {"de": {}, "en": {}},
    }
    return Recipe.model_validate({**recipe, **more})


def one(source=GERMAN, **more):
    return task(made(**more), {"text": source}, "de")


def last(chat, which, wish=None):
    *_, draft = write(chat, which, wish or Wish(shortener=KUERZEN))
    assert draft.stage == "done"
    assert chat.open == 0
    return draft


def kept(draft):
    return {each.check: each.kept for each in draft.findings}


# --- Whatever a model writes ------------------------------------------------------------------------------------------

SCRAPS = [
    "", " ", "\n", "\u200b", "\u2028", "\x00", "\x0b", "<b>", "</script>", "<script>alert(1)</script>", "<!--", "<?php",
    "<", "# Titel\n", "- Punkt\n", "| a | b |\n|---|---|\n", "```\n", "**", "[Ort]", "[", "]", "🎉", "漢字", "é́",
    "Der Verein lädt ein. ", "The society invites all. ", "Das ist die Kuratorin Hanna Weiß.\n\n", "wort", "halb-",
    "12. September", "1.500 €", "Sie", "du", "e. V.", '"', "\\", "{", "}", '{"Titel": "', '"]', ": ", ",", "…", "!",
    "?",
    "http://x.de/<b>", "&lt;b&gt;", "a|b", "\\n", "\\u00e4", "\\ud83d", "null", "1e999", "-", "NaN",
]  # fmt: skip


def any_text(dice):
    kind = dice.random()
    if kind < 0.1:
        return dice.choice(
            ["", " \n ", "\u200b\u200b", "\u2028", "x", "<b>", GERMAN, ENGLISH, "🎉🎉", "{}", "</script>"]
        )
    if kind < 0.25:
        return dice.choice([s for s in SCRAPS if s]) * dice.randint(1, 400)
    return "".join(dice.choice(SCRAPS) for _ in range(dice.randint(1, 120)))


def any_json(dice, recipe, language):
    """JSON for the form, with values that a form does not expect, perhaps cut or with a hole."""

    def value(part):
        if part.kind in ("title", "line", "text") or dice.random() < 0.1:
            return any_text(dice)
        if part.kind == "pairs":
            names = ("Frage", "Antwort") if language == "de" else ("Question", "Answer")
            return [{name: any_text(dice)[:300] for name in names} for _ in range(dice.randint(0, 12))]
        if part.kind == "table":
            return [
                {key(column, language): dice.choice([any_text(dice)[:99], dice.randint(-9, 10**6), 0.5, None])
                 for column in part.columns} for _ in range(dice.randint(0, 20))
            ]  # fmt: skip
        return [any_text(dice)[:300] for _ in range(dice.randint(0, 20))]

    parts = [part for part in recipe.form if dice.random() < 0.95]
    text = json.dumps({key(part, language): value(part) for part in parts}, ensure_ascii=dice.random() < 0.5)
    return text[: dice.randint(0, len(text))] if dice.random() < 0.2 else text


def given_to(recipe, dice, language):
    """The example with gaps to fill in, and the smallest numbers now and then."""
    given = dict(recipe.example[language])
    for field in recipe.fields:
        if field.kind == "text" and field.id in given:
            given[field.id] += dice.choice(
                ["", " [Name der Leitung] und [Datum].", " [a\\1b] [<b>Ort] [A|B]"]
            )
        if field.kind == "number" and dice.random() < 0.5:
            given[field.id] = dice.choice([field.least, min(field.least + 20, field.most), field.most])
    return given


KNOWN_ERRORS = {"text.nothing_written", "text.limit_too_small"}


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.id)
def test_no_model_can_make_a_recipe_break_its_hard_limits(recipe):
    dice = random.Random(recipe.id)
    done = 0
    for number in range(30):
        language = LANGUAGES[number % 2]
        which = task(recipe, given_to(recipe, dice, language), language)

        def answer(chat, language=language):
            fits = chat.asked[-1][1].json_schema and dice.random() < 0.85
            text = any_json(dice, recipe, language) if fits else any_text(dice)
            return text, dice.choice(["done", "done", "length", "time", None])

        chat = FakeChat(answer, size=dice.choice([1, 7, 500, 10**6]) if number < 6 else 300)
        drafts = []
        try:
            drafts = list(
                write(chat, which, Wish(tries=dice.randint(0, 2), shortener=dice.choice([KUERZEN, None])))
            )
        except ModelError as error:
            assert error.key in KNOWN_ERRORS  # noqa: PT017 - both ways are right
        assert chat.open == 0
        assert all(not TAG.search(draft.text) for draft in drafts)
        if drafts and drafts[-1].stage == "done":
            done += 1
            text = drafts[-1].text
            assert within_limits(which, text)
            assert any(map(str.isalnum, text))
            assert [each for each in placeholders(which.source) if harmless(each) not in text] == []
            assert all(
                each.kept for each in drafts[-1].findings if each.check in ("characters", "placeholders")
            )
    assert done


@pytest.mark.parametrize(
    "unit",
    [
        "Der Verein lädt ein. ",
        "a",
        "🎉",
        "- a\n",
        "[",
        ".",
        "<b>",
        "a-",
        "x@",
        "1.",
        " ",
        "\n",
        "| a | b |\n",
        "漢字",
    ],
)
@pytest.mark.parametrize("recipe", ["kuerzen", "zusammenfassen", "einladung", "social-media"])
def test_a_huge_answer_is_dealt_with_in_seconds(recipe, unit):
    which = task(BOOK[recipe], BOOK[recipe].example["de"], "de")
    text = "Anfang " + unit * (200_000 // len(unit))
    if which.recipe.form:
        text = json.dumps(
            {key(part, "de"): [text] * 9 if part.kind == "list" else text for part in which.recipe.form}
        )
    began = time.process_time()
    try:
        last(FakeChat(text, size=10**6), which)
    except ModelError as error:
        assert error.key in KNOWN_ERRORS  # noqa: PT017 - both ways are right
    assert time.process_time() - began < 10


def test_an_answer_that_never_ends_is_stopped():
    def forever():
        number = 0
        while True:
            number += 1
            yield Piece(f"Neuer Satz {number} über {number * 7} Dinge. ", (), Tally(new_tokens=number))

    chat = FakeChat("")
    chat._pieces = lambda answer: forever()
    answer = list(written(chat, Try([], Sampling())))[-1]
    assert (len(answer.text), answer.tally.end) == (LONGEST_ANSWER, "length")


# --- Rounds -----------------------------------------------------------------------------------------------------------


def test_a_good_text_is_written_once(every_piece):
    chat = FakeChat(GERMAN)
    drafts = list(write(chat, one(), Wish(shortener=KUERZEN)))
    assert [draft.stage for draft in drafts] == ["writing"] * (len(drafts) - 1) + ["done"]
    assert [draft.text for draft in drafts[:2]] == [GERMAN[:40].strip(), GERMAN[:80].strip()]
    done = drafts[-1]
    assert (done.text, done.round, done.cut, len(chat.asked)) == (GERMAN, 1, False, 1)
    assert done.tally.end == "done"
    assert done.findings == done.first
    assert all(kept(done).values())


def test_a_broken_promise_is_tried_again_together_with_a_reminder_and_the_best_wins(every_piece):
    chat = FakeChat(ENGLISH, ENGLISH + " And so on.", GERMAN)
    drafts = list(write(chat, one(), Wish(Sampling(temperature=0.3, seed=7))))
    done = drafts[-1]
    assert (done.text, done.round, len(chat.asked)) == (GERMAN, 2, 3)
    assert {draft.stage for draft in drafts} == {"writing", "again", "done"}
    assert chat.role(0) == "R"
    assert chat.role(1) == chat.role(2)
    assert chat.role(1).endswith("Schreiben Sie den ganzen Text auf Deutsch.")
    assert chat.temperatures() == [0.3, 0.55, 0.8]
    assert [sampling.seed for _, sampling in chat.asked] == [7, 8, 9]
    assert not {each.check: each.kept for each in done.first}["language"]
    assert kept(done)["language"]


def test_further_tries_are_written_at_the_same_time(every_piece):
    chat = FakeChat(ENGLISH, GERMAN, GERMAN)
    most = 0
    for _ in write(chat, one(), Wish()):
        most = max(most, chat.open)
    assert most == 2


def test_the_first_text_stays_when_the_others_are_worse():
    chat = FakeChat(GERMAN + " [Ort", ENGLISH, "")
    draft = last(chat, one(checks=["shorter"]))
    assert (draft.text, len(chat.asked)) == (GERMAN + " [Ort", 3)


def test_a_text_that_is_too_long_is_better_than_one_in_the_wrong_language():
    chat = FakeChat(ENGLISH, ENGLISH, GERMAN, "Der Heimatverein lädt ein.")
    assert last(chat, one(limits={"characters": 150})).text == "Der Heimatverein lädt ein."


def test_a_text_that_breaks_promises_is_better_than_none():
    assert last(FakeChat(ENGLISH, "", " "), one()).text == ENGLISH


def test_without_tries_nothing_is_tried_again():
    chat = FakeChat(ENGLISH)
    draft = last(chat, one(), Wish(tries=0))
    assert (draft.text, len(chat.asked), kept(draft)["language"]) == (ENGLISH, 1, False)


def test_length_alone_is_no_reason_to_try_again():
    chat = FakeChat(GERMAN, "Der Heimatverein lädt ein.")
    draft = last(chat, one(limits={"characters": 150}))
    assert [sampling.json_schema for _, sampling in chat.asked] == ["", ""]
    assert "Kürzen Sie diesen Text" in chat.request(1)
    assert (draft.text, draft.cut, draft.round) == ("Der Heimatverein lädt ein.", False, 2)


@pytest.mark.parametrize("temperature", [0.0, 0.3, 1.0, 1.4, 1.5])
def test_no_further_try_is_hotter_than_makes_sense(temperature):
    chat = FakeChat(ENGLISH)
    last(chat, one(), Wish(Sampling(temperature=temperature), tries=4))
    assert chat.temperatures()[0] == temperature
    assert max(chat.temperatures()[1:]) < 1.5


def test_the_highest_seed_stays_a_seed():
    chat = FakeChat(ENGLISH)
    last(chat, one(), Wish(Sampling(seed=2**32 - 2)))
    assert [sampling.seed for _, sampling in chat.asked] == [2**32 - 2, 0, 1]


def test_reminders_are_said_in_the_language_of_the_prompt():
    chat = FakeChat(GERMAN)
    last(chat, task(made(), {"text": ENGLISH}, "en"))
    assert chat.role(1).endswith("Schreiben Sie den ganzen Text auf Englisch.")


def test_an_answer_that_goes_round_in_circles_is_stopped_early():
    chat = FakeChat("Der Verein lädt herzlich zum Fest ein. " * 1000)
    draft = last(chat, one(), Wish(tries=0))
    assert draft.text == "Der Verein lädt herzlich zum Fest ein."
    assert draft.tally.new_tokens < 1000
    assert not kept(draft)["finished"]


def test_a_text_without_end_is_told_even_if_a_placeholder_is_added():
    draft = last(FakeChat((GERMAN, "length")), one(GERMAN + " [Ort]"), Wish(tries=0))
    assert draft.text.endswith("frei ([Ort]).")
    assert not kept(draft)["finished"]
    assert kept(draft)["placeholders"]
    assert not draft.cut


@pytest.mark.parametrize("answer", ["", " \n", "\u200b", "🎉", "…", "**", "```"])
def test_nothing_written_is_an_error(answer):
    chat = FakeChat(answer)
    with pytest.raises(ModelError) as caught:
        last(chat, one())
    assert caught.value.key == "text.nothing_written"
    assert len(chat.asked) == 3


@pytest.mark.parametrize(
    "answer", ["Gern!", "[1]", "{", '{"Text": "', "{{", "null", '{"Text": ""}', '{"x": "y"}']
)
def test_broken_json_is_nothing_and_no_bug(answer):
    with pytest.raises(ModelError) as caught:
        last(FakeChat(answer), task(SOCIAL, {"anlass": GERMAN}, "de"))
    assert caught.value.key == "text.nothing_written"


def test_a_form_is_asked_for_with_its_schema_and_drawn(every_piece):
    answer = json.dumps({"Text": GERMAN, "Hashtags": ["#Lindau", "#Textil", "#Rathaus"]}, ensure_ascii=False)
    chat = FakeChat(answer, size=7)
    drafts = list(write(chat, task(SOCIAL, {"anlass": GERMAN}, "de"), Wish()))
    assert list(json.loads(chat.asked[0][1].json_schema)["properties"]) == ["Text", "Hashtags"]
    assert drafts[-1].text == f"{GERMAN}\n\n- #Lindau\n- #Textil\n- #Rathaus"
    lengths = [len(draft.text) for draft in drafts]
    assert lengths == sorted(lengths)


# --- Shortening -------------------------------------------------------------------------------------------------------


def shortening(*shorter, limit=150, answer=GERMAN, **more):
    chat = FakeChat(answer, *shorter)
    return last(chat, one(limits={"characters": limit}, **more)), chat


def test_shortening_ends_after_three_rounds_and_the_program_cuts():
    texts = [GERMAN[:-10], GERMAN[:-20], GERMAN[:-30], "Zu spät."]
    draft, chat = shortening(*texts)
    assert (len(chat.asked), draft.round) == (4, 4)
    assert draft.cut
    assert draft.text == GERMAN[: GERMAN.index(" Die Kuratorin")]
    assert kept(draft)["characters"]


@pytest.mark.parametrize("answer", [GERMAN, GERMAN + " Und mehr.", "", "\u200b", ENGLISH])
def test_shortening_that_does_not_help_is_not_taken(answer):
    draft, chat = shortening(answer)
    assert len(chat.asked) == 2
    assert draft.text == GERMAN[: GERMAN.index(" Die Kuratorin")]


def test_the_shortener_is_told_how_much_room_there_is():
    _, chat = shortening("Kurz und gut ist es nun geworden.")
    assert GERMAN in chat.request(1)
    assert "17 Wörter" in chat.request(1)  # 150 letters * 0.85 / 7.5


def test_words_are_shortened_too():
    chat = FakeChat(GERMAN, "Der Heimatverein lädt ein.")
    draft = last(chat, one(limits={"words": 20}))
    assert (draft.text, draft.cut) == ("Der Heimatverein lädt ein.", False)


def test_sentences_are_cut_and_not_shortened():
    chat = FakeChat(GERMAN)
    draft = last(chat, one(limits={"sentences": 2}))
    assert (len(chat.asked), draft.cut) == (1, True)
    assert draft.text == GERMAN[: GERMAN.index(" Die Kuratorin")]


@pytest.mark.parametrize("limit", [15, 9000])
def test_where_the_shortener_has_no_room_the_program_cuts(limit):
    chat = FakeChat(COUNTED)
    draft = last(chat, one(limits={"characters": limit}))
    assert (len(chat.asked), draft.cut) == (1, True)
    assert limit - 40 < len(draft.text) <= limit


def test_without_a_shortener_the_program_cuts():
    chat = FakeChat(GERMAN)
    draft = last(chat, one(limits={"characters": 150}), Wish(shortener=None))
    assert (len(chat.asked), draft.cut) == (1, True)


def test_only_the_longest_prose_of_a_form_is_shortened():
    answer = json.dumps({"Text": COUNTED[:900].strip(), "Hashtags": ["#Lindau", "#Textil", "#Rathaus"]})
    chat = FakeChat(answer, "Der Heimatverein Lindau lädt am Samstag herzlich ein.")
    draft = last(chat, task(SOCIAL, {"anlass": GERMAN}, "de"), Wish(tries=0, shortener=KUERZEN))
    assert chat.asked[1][1].json_schema == ""
    assert COUNTED[:900].strip() in chat.request(1)
    assert "#Lindau" not in chat.request(1)
    assert (
        draft.text
        == "Der Heimatverein Lindau lädt am Samstag herzlich ein.\n\n- #Lindau\n- #Textil\n- #Rathaus"
    )


# --- Cutting ----------------------------------------------------------------------------------------------------------

TEXT, ROWS = Part(id="text", kind="text"), Part(id="rows", kind="list", rows=(2, 9))


@pytest.mark.parametrize("seed", range(60))
def test_what_was_fitted_is_a_beginning_and_within_the_limits(seed):
    dice = random.Random(seed)
    kinds = {
        "characters": dice.randint(20, 600),
        "words": dice.randint(3, 90),
        "sentences": dice.randint(1, 9),
    }
    which = one(limits={kind: kinds[kind] for kind in dice.sample(list(kinds), dice.randint(1, 3))})
    text = " ".join(dice.choice(GERMAN.split(". ")) + "." for _ in range(dice.randint(1, 40)))
    parts = fitted(which, (FilledPart(TEXT, text),), "de")
    done = complete(which, parts, "de")
    assert within_limits(which, done)
    assert text.startswith(done.removesuffix("…"))
    longer = re.match(re.escape(done) + r"\s*[^.]*\.", text) if not done.endswith("…") else None
    assert longer is None or not within_limits(which, longer[0])  # nothing was thrown away that fits


def test_rows_go_one_by_one_and_then_the_part():
    which = one(limits={"characters": 90})
    parts = fitted(which, (FilledPart(TEXT, "Kurz."), FilledPart(ROWS, ["x" * 20] * 9)), "de")
    assert [len(part.content) for part in parts] == [5, 3]
    (left,) = fitted(one(limits={"characters": 30}), parts, "de")
    assert left.content == "Kurz."


def test_lost_placeholders_come_back_before_the_last_full_stop():
    which = one("Wir laden ein: [Ort], [Datum].")
    assert complete(which, (FilledPart(TEXT, "Bis bald!"),), "de") == "Bis bald ([Ort], [Datum])."
    assert complete(which, (FilledPart(TEXT, "Am [Datum]"),), "de") == "Am [Datum] ([Ort])."


def test_a_placeholder_with_a_backslash_comes_back_as_it_was():
    assert complete(one(r"Bitte [C:\Ort\1]."), (FilledPart(TEXT, "Ja."),), "de") == r"Ja ([C:\Ort\1])."


def test_a_placeholder_below_a_table_does_not_become_a_cell():
    table = FilledPart(TEXT, "| a | b |\n|---|---|\n| 1 | 2 |")
    assert complete(one("[Ort]"), (table,), "de").endswith("| 1 | 2 |\n\n([Ort])")


def test_a_limit_in_which_not_even_the_placeholders_fit_is_an_error():
    with pytest.raises(ModelError) as caught:
        last(FakeChat(GERMAN), one("[Name der Leitung] [Name des Vereins]", limits={"characters": 30}))
    assert caught.value.key == "text.limit_too_small"


def test_a_first_sentence_that_does_not_fit_is_cut_after_a_word():
    assert last(FakeChat(GERMAN), one(limits={"characters": 30}), Wish()).text == "Am Samstag lädt der…"


# --- Stop -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["writing", "again", "shortening"])
def test_stop_closes_everything_that_is_being_written(every_piece, stage):
    chat = FakeChat(ENGLISH, GERMAN + " " + SECOND, GERMAN + " " + SECOND)
    drafts = write(chat, one(limits={"characters": 250}), Wish(shortener=KUERZEN))
    for draft in drafts:
        if draft.stage == stage:
            break
    assert chat.open == {"writing": 1, "again": 2, "shortening": 1}[stage]
    drafts.close()
    assert chat.open == 0


class Failing(FakeChat):
    """Takes so many requests and then breaks down."""

    def __init__(self, *given, takes):
        super().__init__(*given)
        self.takes = takes

    def reply(self, messages, sampling, *, person=""):
        if len(self.asked) == self.takes:
            raise ModelError("chat.full")
        return super().reply(messages, sampling, person=person)


def test_an_error_before_anything_was_written_passes_through():
    with pytest.raises(ModelError) as caught:
        list(write(Failing("", takes=0), one(), Wish()))
    assert caught.value.key == "chat.full"


@pytest.mark.parametrize("first", ["", "   "])
def test_an_error_after_an_empty_try_passes_through(first):
    chat = Failing(first, takes=1)
    with pytest.raises(ModelError) as caught:
        list(write(chat, one(), Wish()))
    assert caught.value.key == "chat.full"
    assert chat.open == 0


def test_an_error_in_a_further_try_leaves_the_first_text_with_what_it_lacks(every_piece):
    chat = Failing(ENGLISH, takes=2)
    draft = last(chat, one(), Wish())
    assert draft.text == ENGLISH
    assert not kept(draft)["language"]


def test_an_error_while_shortening_leaves_the_text_cut_by_the_program():
    chat = Failing(GERMAN + " " + SECOND, takes=1)
    draft = last(chat, one(limits={"characters": 250}), Wish(shortener=KUERZEN))
    assert draft.cut
    assert len(draft.text) <= 250
    assert draft.text.startswith(GERMAN[:40])


def test_the_person_is_told_to_the_engine():
    people = []

    class Counting(FakeChat):
        def reply(self, messages, sampling, *, person=""):
            people.append(person)
            return super().reply(messages, sampling, person=person)

    chat = Counting(ENGLISH, ENGLISH, GERMAN, "Kurz und gut ist es.")
    last(chat, one(limits={"characters": 150}), Wish(shortener=KUERZEN, person="eva"))
    assert people == ["eva"] * 4


# --- Settings and details ---------------------------------------------------------------------------------------------


def test_settings_come_from_recipe_person_and_host():
    mine = work.sampling(KUERZEN, Limits())
    assert (mine.temperature, mine.max_tokens, mine.seed) == (KUERZEN.temperature, KUERZEN.tokens, None)
    wished = work.sampling(KUERZEN, Limits(answer_tokens=50, answer_seconds=9), temperature=0.0, seed=3)
    assert (wished.temperature, wished.max_tokens, wished.max_seconds, wished.seed) == (0.0, 50, 9, 3)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        (GERMAN, GERMAN),
        ("a" * 1000 + " b", "a" * 300 + " b"),
        ("x@" * 900, "x@" * 150),
        ("[" * 99, "[" * 30),
        ("漢。" * 500, "漢。" * 500),
        ("- a\n" * 20_000, ("- a\n" * 20_000)[:LONGEST_ANSWER]),
    ],
)
def test_words_and_texts_without_end_are_bounded(text, bound):
    assert bounded(text) == bound
    assert astray(text) or bound == text


def test_findings_are_those_of_the_text_that_is_shown():
    which = one(GERMAN + " [Ort]", limits={"characters": 150})
    draft = last(FakeChat(GERMAN), which)
    assert {each.check: each.kept for each in judged(which, Result(draft.text))} == kept(draft)
