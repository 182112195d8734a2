"""Forms: what a model filled in, however badly, becomes parts; the program computes and draws."""

import json
import math
import random

import pytest
from markdown_it import MarkdownIt

from stations.prose.harmless import harmless
from stations.text.amounts import cents, money, number_in
from stations.text.drawing import drawn
from stations.text.form import Column, FilledPart, Part, filled, key, missing, schema, without_last
from stations.text.recipes import cookbook
from stations.texts import LANGUAGES

RECIPES = [recipe for recipe in cookbook().recipes.values() if recipe.form]
PLAN = cookbook().recipes["finanzplan"]
FAQ = cookbook().recipes["faq"]
LIST = cookbook().recipes["pro-contra"]


def words(de, en):
    return {"de": de, "en": en}


def costs(rows, language="de"):
    """The table of costs that a model's rows become."""
    heading = {"de": "Ausgaben", "en": "Costs"}[language]
    (part,) = filled(PLAN.form, json.dumps({heading: rows}), language)
    return part


def cells(markdown):
    """The cells of the table in a text, as a reader of Markdown sees them, row by row."""
    rows, row = [], []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "tr_open":
            row = []
        if token.type == "inline":
            row.append(token.content)
        if token.type == "tr_close":
            rows.append(row)
    return rows


# --- Reading what a model wrote ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.id)
def test_an_answer_grows_from_nothing_to_the_whole_wherever_it_is_cut(recipe, language):
    answer = recipe.prompt[language].examples[0].answer
    whole = drawn(filled(recipe.form, answer, language), language)
    shown = ""
    failed = 0
    for length in range(len(answer) + 1):
        try:
            now = drawn(filled(recipe.form, answer[:length], language), language)
        except ValueError:
            failed += 1
            continue
        assert len(now) >= len(shown) - 40, (shown, now)  # a sum or the mark of a list may change
        shown = now
    assert shown == whole
    assert failed <= len(answer) / 20


def test_no_answer_is_an_empty_form():
    assert filled(LIST.form, "", "de") == filled(LIST.form, " \n", "de") == filled(LIST.form, "{", "de") == ()


@pytest.mark.parametrize(
    "text", ["[1, 2]", "Gern! Hier ist der Text.", "7", "null", '"x"', "{{", "{]", "{'a': 1}"]
)
def test_what_is_no_object_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"."):
        filled(LIST.form, text, "de")


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "Hier ist es:\n\n{}\n\nViel Erfolg!"])
def test_text_around_the_object_does_not_matter(around):
    answer = '{"Titel": "Ja oder nein?", "Dafür": ["a", "b", "c"]}'
    title, pro = filled(LIST.form, around.replace("{}", answer), "de")
    assert (title.content, pro.content) == ("Ja oder nein?", ["a", "b", "c"])


def test_the_order_of_keys_and_other_keys_do_not_matter():
    answer = '{"Dagegen": ["d", "e", "f"], "Unsinn": {"x": [1]}, "Titel": "T"}'
    parts = filled(LIST.form, answer, "de")
    assert [(one.part.id, one.content) for one in parts] == [("titel", "T"), ("contra", ["d", "e", "f"])]


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("eins", ["eins"]),
        ("eins\nzwei", ["eins", "zwei"]),
        ([" a ", "", None, "\u200b", "–", 7, True, ["b", "c"], {"x": "d"}], ["a", "7", "b\nc", "d"]),
        ([str(number) for number in range(99)], ["0", "1", "2", "3", "4"]),
        (7, ["7"]),
    ],
)
def test_rows_are_read_from_values_of_any_kind_and_never_more_than_wanted(value, content):
    (part,) = filled(LIST.form, json.dumps({"Dafür": value}), "de")
    assert part.content == content


@pytest.mark.parametrize(
    "value", [None, "", " ", [], {}, False, True, "\u200b\u2060", "…", [[]], [{}], ["", None]]
)
def test_a_value_without_a_letter_is_a_missing_part(value):
    for name in ("Titel", "Dafür"):
        assert filled(LIST.form, json.dumps({name: value}), "de") == ()


def test_pairs_without_question_or_answer_are_drawn_without_empty_marks():
    rows = [
        {"Frage": "Wann?", "Antwort": "Um 9."},
        {"Frage": "Wo?"},
        {"Antwort": "Ja."},
        {},
        "x",
        {"Frage": None},
    ]
    name = next(key(part, "de") for part in FAQ.form if part.kind == "pairs")
    (part,) = filled(FAQ.form, json.dumps({name: rows}), "de")
    assert part.content == [("Wann?", "Um 9."), ("Wo?", ""), ("", "Ja.")]
    assert drawn((FilledPart(part.part, part.content),), "de").endswith(
        "**Wann?**\n\nUm 9.\n\n**Wo?**\n\nJa."
    )


def test_missing_parts_and_rows_are_counted():
    parts = filled(LIST.form, '{"Titel": "T", "Dafür": ["a", "b"], "Dagegen": ["a", "b", "c"]}', "de")
    assert [part.id for part in missing(LIST.form, parts)] == ["pro", "klaeren"]
    assert [part.id for part in missing(LIST.form, ())] == ["titel", "pro", "contra", "klaeren"]


def test_rows_are_taken_away_down_to_the_fewest():
    part = FilledPart(LIST.form[1], ["a", "b", "c", "d"])
    assert without_last(part, "").content == ["a", "b", "c"]
    assert without_last(without_last(part, ""), "") is None
    assert without_last(FilledPart(LIST.form[0], "Titel"), "Ti…").content == "Ti…"
    assert without_last(FilledPart(LIST.form[0], "Titel"), "") is None


@pytest.mark.parametrize("seed", range(300))
def test_any_json_becomes_parts_that_can_be_drawn(seed):
    dice = random.Random(seed)

    def value(depth):
        simple = [
            "x",
            "",
            "12,50 €",
            "a|b\nc",
            3,
            -1.5,
            10**400,
            1e308,
            math.inf,
            math.nan,
            None,
            True,
            "\u200b",
        ]
        if depth == 0 or dice.random() < 0.4:
            return dice.choice(simple)
        if dice.random() < 0.5:
            return [value(depth - 1) for _ in range(dice.randint(0, 5))]
        keys = ["Posten", "Anzahl", "Einzelpreis", "Herkunft", "Betrag", "Frage", "Antwort", "?"]
        return {dice.choice(keys): value(depth - 1) for _ in range(dice.randint(0, 5))}

    recipe = dice.choice(RECIPES)
    answer = json.dumps({key(part, "de"): value(3) for part in recipe.form})
    parts = filled(recipe.form, answer, "de")
    text = drawn(parts, "de")
    assert text == text.strip()
    assert bool(text) == bool(parts)


# --- Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (12, 12, 12),
        (6.5, 6.5, 6.5),
        (-3, -3, -3),
        ("12", 12, 12),
        ("12,50 €", 12.5, 12.5),
        ("6.50", 6.5, 6.5),
        ("1.200,50 €", 1200.5, 0),
        ("€1,200.50", 0, 1200.5),
        ("1.200", 1200, 1.2),
        ("1,200", 1.2, 1200),
        ("1.234.567", 1234567, 0),
        ("1 200 Euro", 1200, 1200),
        ("ca. 350 Euro", 350, 350),
        ("-5", -5, -5),
        ("−5", -5, -5),
        ("zwei", 0, 0),
        ("", 0, 0),
        (None, 0, 0),
        (True, 0, 0),
        ([3], 0, 0),
        (10**400, 0, 0),
        (math.inf, 0, 0),
        (math.nan, 0, 0),
    ],
)
def test_numbers_are_read_as_people_write_them(value, german, english):
    assert number_in(value, "de") == german
    assert number_in(value, "en") == english


@pytest.mark.parametrize(
    ("euros", "german", "english"),
    [
        (0, "0,00 €", "€0.00"),
        (1234.5, "1.234,50 €", "€1,234.50"),
        (-1234.5, "-1.234,50 €", "-€1,234.50"),
        (1e9, "1.000.000.000,00 €", "€1,000,000,000.00"),
    ],
)
def test_money_is_written_as_people_do(euros, german, english):
    assert (money(euros, "de"), money(euros, "en")) == (german, english)


@pytest.mark.parametrize(
    ("euros", "rounded"),
    [
        (1.005, 1.01),
        (2.675, 2.68),
        (-1.005, -1.01),
        (0.1 + 0.2, 0.3),
        (1e300, 1e300),
        (math.inf, 0),
        (math.nan, 0),
    ],
)
def test_half_a_cent_goes_up(euros, rounded):
    assert cents(euros) == rounded


def test_less_than_a_cent_is_not_minus_nothing():
    assert money(cents(-0.001), "de") == "0,00 €"


def test_products_and_totals_are_computed():
    rows = [
        {"Posten": "Leitung", "Anzahl": 2, "Einzelpreis": 350},
        {"Posten": "Hefte", "Anzahl": 40, "Einzelpreis": 6.5},
        {"Posten": "Rabatt", "Anzahl": 1, "Einzelpreis": -60},
        {"Posten": "Getränke", "Anzahl": "1", "Einzelpreis": "1.200,50 €"},
        {"Posten": "Lose", "Anzahl": 0.5},
    ]
    table = cells(drawn((costs(rows),), "de"))
    assert table[1] == ["Leitung", "2", "350,00 €", "700,00 €"]
    assert table[2] == ["Hefte", "40", "6,50 €", "260,00 €"]
    assert table[3] == ["Rabatt", "1", "-60,00 €", "-60,00 €"]
    assert table[4] == ["Getränke", "1", "1.200,50 €", "1.200,50 €"]
    assert table[5] == ["Lose", "0,50", "0,00 €", "0,00 €"]
    assert table[6] == ["**Summe**", "", "", "**2.100,50 €**"]


def test_a_total_is_the_sum_of_what_is_shown():
    rows = [{"Posten": "Karte", "Anzahl": 3, "Einzelpreis": 0.335}] * 3
    table = cells(drawn((costs(rows),), "de"))
    assert table[1] == ["Karte", "3", "0,34 €", "1,02 €"]
    assert table[-1][-1] == "**3,06 €**"


def test_an_english_table_has_english_words_and_money():
    rows = [{"Item": "Room", "Number": 3, "Unit price": 1000.5}]
    table = cells(drawn((costs(rows, "en"),), "en"))
    assert table[0] == ["Item", "Number", "Unit price", "Amount"]
    assert table[1:] == [["Room", "3", "€1,000.50", "€3,001.50"], ["**Total**", "", "", "**€3,001.50**"]]


def test_a_product_that_a_model_writes_itself_is_not_believed():
    rows = [{"Posten": "Saal", "Anzahl": 2, "Einzelpreis": 10, "Gesamt": 999}]
    assert cells(drawn((costs(rows),), "de"))[1][-1] == "20,00 €"


@pytest.mark.parametrize("seed", range(100))
def test_totals_are_exact_for_any_prices(seed):
    dice = random.Random(seed)
    rows = [(dice.randint(0, 999), dice.randint(-99_999, 999_999)) for _ in range(dice.randint(1, 12))]
    given = [{"Posten": "P", "Anzahl": count, "Einzelpreis": price / 100} for count, price in rows]
    total = sum(count * price for count, price in rows)
    assert cells(drawn((costs(given),), "de"))[-1][-1] == f"**{money(total / 100, 'de')}**"


# --- Drawing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    ["a|b", "a\nb", "a\r\n| x | y |", "a\\", "\\|", "`a|b`", "a\u2028b", "|", "||||", "| --- |", "a\x0bb"],
)
def test_no_cell_breaks_its_table(hostile):
    rows = [{"Posten": f"x {hostile} y", "Anzahl": 1, "Einzelpreis": 2}] * 2
    table = cells(drawn((costs(rows),), "de"))
    assert [len(row) for row in table] == [4] * 4
    assert table[-1][-1] == "**4,00 €**"


@pytest.mark.parametrize("kind", ["title", "line", "list", "steps", "checklist"])
def test_a_row_stays_on_its_line(kind):
    part = Part(id="x", kind=kind, heading=words("Wort", "Word"), rows=(1, 3), bare=True)
    content = "eins\n\n# zwei" if kind in ("title", "line") else ["eins\n\n# zwei"]
    assert "\n" not in drawn((FilledPart(part, content),), "de")


def test_each_kind_has_its_looks():
    column = Column(id="a", heading=words("A", "A"))
    kinds = {
        "title": ("Titel", "# Titel"),
        "line": ("Zeile", "**H:** Zeile"),
        "text": ("Text", "## H\n\nText"),
        "list": (["a", "b"], "## H\n\n- a\n- b"),
        "steps": (["a", "b"], "## H\n\n1. a\n2. b"),
        "checklist": (["a", "b"], "## H\n\n- ☐ a\n- ☐ b"),
        "pairs": ([("F", "A")], "## H\n\n**F**\n\nA"),
        "table": ([["a"]], "## H\n\n| A |\n| --- |\n| a |"),
    }
    for kind, (content, look) in kinds.items():
        columns = (column,) if kind == "table" else ()
        part = Part(id="x", kind=kind, heading=words("H", "H"), columns=columns)
        assert drawn((FilledPart(part, content),), "de") == look


def test_a_bare_heading_is_for_the_model_alone():
    part = Part(id="x", kind="text", heading=words("H", "H"), bare=True)
    assert drawn((FilledPart(part, "Text"),), "de") == "Text"
    assert "H" in schema([part], "de")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<b>fett</b>", "‹b>fett‹/b>"),
        ("<!-- x --><?php", "‹!-- x -->‹?php"),
        ("1 < 2 und <3 > <-", "1 < 2 und <3 > <-"),
        ("<<script>", "<‹script>"),
    ],
)
def test_no_tag_begins_in_a_harmless_text(text, safe):
    assert harmless(text) == safe
    assert len(safe) == len(text)
