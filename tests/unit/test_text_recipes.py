"""Recipes: all that the kit brings keep their own promises, and a broken file hides only itself."""

import json
import re
from collections import Counter

import pytest

from models.engines.llama_sampler import _harmless, _rules
from stations.prose.harmless import harmless
from stations.text.drawing import drawn
from stations.text.form import FilledPart, Part, filled, key, schema
from stations.text.judging import Result, judged
from stations.text.prompting import messages, task
from stations.text.recipes import FOLDER, Group, cookbook, line_of
from stations.texts import LANGUAGES, placeholders

BOOK = cookbook()
RECIPES = list(BOOK.recipes.values())
WANTED = {
    "kuerzen": ("text", "zeichen"),
    "zusammenfassen": ("text", "saetze"),
    "diplomatisch": ("text",),
    "einfache-sprache": ("text",),
    "pressemitteilung": ("anlass", "ort", "datum", "zeichen"),
    "uebersetzen": ("text", "sprache"),
    "social-media": ("anlass", "plattform"),
    "pro-contra": ("frage",),
    "checkliste": ("vorhaben",),
    "faq": ("text",),
}
PROSE = Part(id="text", kind="text")
GOOD = """group = "texte"
title.de = "Grüße"
title.en = "Greetings"
purpose.de = "Grüßt."
purpose.en = "Greets."

[[fields]]
id = "name"
kind = "line"
label.de = "Name"
label.en = "Name"

[[fields]]
id = "zahl"
kind = "number"
label.de = "Zahl"
label.en = "Number"
default = "3"

[prompt.de]
role = "Sie grüßen."
ask = "Grüßen Sie {name}."

[example.de]
name = "Eva"

[example.en]
name = "Eve"
"""
FORM = """
[[form]]
id = "betreff"
kind = "line"
heading.de = "Betreff"
heading.en = "Subject"

[[form]]
id = "punkte"
kind = "list"
heading.de = "Punkte"
heading.en = "Points"
rows = [2, 3]

[[prompt.de.examples]]
fields.name = "Eva"
answer = '''ANSWER'''
"""


each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.id)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "gruss.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def broken(folder, content, name="kaputt.toml"):
    """What is said about a file with this content; the good file beside it must stay."""
    data = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(data)
    book = cookbook(folder)
    assert list(book.recipes) == ["gruss"]
    (one,) = book.broken
    assert one.file == name
    return one


def line_with(content, words):
    return next(number for number, line in enumerate(content.splitlines(), start=1) if words in line)


# --- What the kit brings ----------------------------------------------------------------------------------------------


def test_every_file_of_the_kit_is_a_recipe():
    assert BOOK.broken == ()
    assert len(RECIPES) == len(list(FOLDER.glob("*.toml"))) >= 45


def test_every_group_has_recipes():
    assert set(Counter(recipe.group for recipe in RECIPES)) == set(Group)


@pytest.mark.parametrize(("name", "fields"), WANTED.items())
def test_the_promised_recipes_have_their_fields(name, fields):
    assert set(fields) <= {field.id for field in BOOK.recipes[name].fields}


@pytest.mark.parametrize(("name", "fields"), WANTED.items())
def test_the_promised_fields_are_all_that_must_be_filled_in(name, fields):
    assert {field.id for field in BOOK.recipes[name].fields if field.required} <= set(fields)


@each_language
def test_titles_are_unique(language):
    titles = Counter(getattr(recipe.title, language).casefold() for recipe in RECIPES)
    assert [title for title, count in titles.items() if count > 1] == []


@each_recipe
def test_every_recipe_speaks_both_languages(recipe):
    assert set(recipe.prompt) == set(recipe.example) == set(LANGUAGES)


@each_recipe
@each_language
def test_every_example_can_be_written_at_once(recipe, language):
    asked = messages(task(recipe, recipe.example[language], language))
    assert asked[0].speaker == "system"
    assert asked[-1].speaker == "user"
    for message in asked:
        if message.speaker != "assistant":
            assert "{" not in message.text, message.text


@each_recipe
@each_language
def test_every_worked_example_keeps_what_its_recipe_promises(recipe, language):
    for worked in recipe.prompt[language].examples:
        assert set(worked.fields) >= {field.id for field in recipe.fields if field.required}
        one = task(recipe, worked.fields, language)
        parts = (FilledPart(PROSE, worked.answer),)
        if recipe.form:
            assert list(json.loads(worked.answer)) == [key(part, language) for part in recipe.form]
            parts = filled(recipe.form, worked.answer, language)
        findings = judged(one, Result(harmless(drawn(parts, language)), parts))
        assert [(each.check, dict(each.facts)) for each in findings if not each.kept] == []


@pytest.mark.parametrize(
    "recipe", [recipe for recipe in RECIPES if recipe.form], ids=lambda recipe: recipe.id
)
@each_language
def test_llama_cpp_takes_every_form_with_its_parts_in_order(recipe, language):
    rules = _rules(schema(recipe.form, language))
    assert _harmless(rules)
    named = dict(line.split(" ::= ", 1) for line in rules.splitlines())
    order = [named[rule] for rule in re.findall(r"\S+-kv", named["root"])]
    assert len(order) == len(recipe.form)
    for part, rule in zip(recipe.form, order, strict=True):
        assert rule.startswith(f'"\\"{json.dumps(key(part, language))[1:-1]}\\""'), rule


@each_recipe
def test_german_texts_say_sie(recipe):
    if "du" in {choice.value for field in recipe.fields for choice in field.choices}:
        return
    familiar = re.compile(r"\b(du|dir|dich|dein\w*|euch|euer|eure\w*)\b", re.IGNORECASE)
    said = [recipe.title.de, recipe.purpose.de, recipe.hint.de if recipe.hint else ""]
    said += [recipe.prompt["de"].role, recipe.prompt["de"].ask]
    for field in recipe.fields:
        said += [field.label.de, field.info.de if field.info else "", *(each.de for each in field.choices)]
    if recipe.limits.address == "du":
        said = said[:3]
    assert [text for text in said if familiar.search(text)] == []


# --- A host's own files -----------------------------------------------------------------------------------------------


def test_a_host_adds_a_recipe_by_putting_a_file_there(folder):
    book = cookbook(folder)
    assert book.broken == ()
    recipe = book.recipes["gruss"]
    assert (recipe.title.de, recipe.field("zahl").default, recipe.field("x")) == ("Grüße", "3", None)


def test_a_file_saved_by_an_editor_of_windows_is_read(folder):
    (folder / "fenster.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    book = cookbook(folder)
    assert book.broken == ()
    assert book.recipes["fenster"].title.de == "Grüße"


def test_a_folder_without_recipes_is_an_empty_book(tmp_path):
    assert cookbook(tmp_path / "nowhere").recipes == {}


def test_recipes_come_by_group_and_name(folder):
    (folder / "a.toml").write_text(GOOD.replace("texte", "kreatives"), encoding="utf-8")
    (folder / "z.toml").write_text(GOOD.replace("texte", "verwaltung"), encoding="utf-8")
    assert list(cookbook(folder).recipes) == ["z", "gruss", "a"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('title.de = "Grüße"', 'title.de = "Grüße', "title.de", "line 2"),
        ('kind = "line"', 'kind = "lines"', 'kind = "lines"', "fields.0.kind"),
        ('kind = "number"', 'kind = "numbers"', 'kind = "numbers"', "fields.1.kind"),
        ('id = "zahl"', 'id = "zahl"\nfarbe = "rot"', "farbe", "fields.1.farbe"),
        ('group = "texte"', 'group = "text"', "group", "group"),
        ('group = "texte"', 'group = "texte"\ntokens = "viele"', "tokens", "tokens"),
        ('default = "3"', 'default = "drei"', 13, "default is not a number"),
        ('default = "3"', 'default = "0"', 13, "default is not a number"),
        ('id = "zahl"', 'id = "name"', 7, "same id"),
        ("{name}", "{name} {ort}", 22, "no field ort"),
        ("{name}", "{name!r}", None, "id of a field and nothing else"),
        ("{name}", "{name:x}", None, "id of a field and nothing else"),
        ("{name}", "{}", 22, "there is no field"),
        ("{name}", "{name", None, "expected '}'"),
        ("[prompt.de]", "[prompt.en]", None, "de is missing"),
        ("[example.en]", "[example.fr]", "[example.fr]", "example.fr"),
        ("[example.de]\nname", "[example.de]\nort", "[example.de]", "no field ort"),
        ('group = "texte"', 'group = "texte"\nlimits.characters = "name"', "limits", "not a number"),
        ('group = "texte"', 'group = "texte"\nlimits.characters = "ort"', "limits", "no field ort"),
        ('group = "texte"', 'group = "texte"\nlimits.words = 0', "limits.words", "greater than or equal"),
        (
            'group = "texte"',
            'group = "texte"\nlimits.language = "name"',
            "limits.language",
            "possible values",
        ),
        ('group = "texte"', 'group = "texte"\nlimits.address = "name"', "limits.address", "sie, du, neutral"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(folder, old, new, line, said):
    content = GOOD.replace(old, new, 1)
    assert content != GOOD
    found = broken(folder, content)
    assert said in found.problem
    assert found.line == (line_with(content, line) if isinstance(line, str) else line)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Kein JSON", "no JSON"),
        ("{}", "the keys must be Betreff, Punkte"),
        ('{"Betreff": "x", "Punkte": ["a", "b"]', "no JSON"),
        ('{"Punkte": ["a", "b"], "Betreff": "x"}', "in this order"),
        ('{"Betreff": "x", "Punkte": ["a"]}', "Punkte: 1, possible are 2 to 3"),
        ('{"Betreff": "x", "Punkte": ["a", "b", "c", "d"]}', "Punkte: 4"),
        ('{"Betreff": "", "Punkte": ["a", "b"]}', "Betreff: 0"),
        ('{"Betreff": ["x"], "Punkte": ["a", "b"]}', "Betreff: string expected"),
        ('{"Betreff": "x", "Punkte": ["a", "' + "b" * 400 + '"]}', "Punkte: 400"),
    ],
)
def test_a_worked_example_that_breaks_the_form_is_refused(folder, answer, said):
    found = broken(folder, GOOD + FORM.replace("ANSWER", answer))
    assert said in found.problem


def test_a_worked_example_that_keeps_the_form_is_taken(folder):
    good = FORM.replace("ANSWER", '{"Betreff": "x", "Punkte": ["a", "b"]}')
    (folder / "form.toml").write_text(GOOD + good, encoding="utf-8")
    assert cookbook(folder).broken == ()


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ('id = "punkte"\nkind = "list"', "two parts or columns are called punkte"),
        ('id = "neu"\nkind = "list"\nheading.de = "Punkte"\nheading.en = "x"', "are called Punkte"),
        ('id = "neu"\nkind = "list"\nrows = [3, 2]', "fewest first"),
        ('id = "neu"\nkind = "table"', "columns belong to the kind table"),
        (
            'id = "neu"\nkind = "table"\ncolumns = [{id = "a", heading = {de = "A", en = "A"}, total = true}]',
            "only columns of the kind number or euro",
        ),
        (
            'id = "neu"\nkind = "table"\n'
            'columns = [{id = "a", heading = {de = "A", en = "A"}, kind = "euro", product = ["b"]}]',
            "a column that is not filled in",
        ),
    ],
)
def test_a_form_that_cannot_be_filled_in_is_refused(folder, part, said):
    good = FORM.partition("[[prompt")[0]
    assert said in broken(folder, f"{GOOD}{good}\n[[form]]\n{part}\n").problem


def test_an_empty_file_lacks_everything(folder):
    assert "group" in broken(folder, "").problem


def test_a_file_that_is_not_utf8_is_named_with_the_line_of_the_first_wrong_letter(folder):
    found = broken(folder, GOOD.encode("latin-1"))
    assert (found.line, found.problem) == (2, "not saved as UTF-8")


def test_a_folder_that_is_called_like_a_recipe_is_reported(folder):
    (folder / "ordner.toml").mkdir()
    book = cookbook(folder)
    assert list(book.recipes) == ["gruss"]
    assert [(one.file, one.line) for one in book.broken] == [("ordner.toml", None)]


def test_a_name_that_cannot_be_typed_is_refused(folder):
    assert "id" in broken(folder, GOOD, "Mein Rezept.toml").problem


def test_brackets_without_end_are_reported(folder):
    broken(folder, "a = " + "[" * 5000)


def test_two_broken_files_hide_only_themselves(folder):
    (folder / "eins.toml").write_text("x", encoding="utf-8")
    (folder / "zwei.toml").write_text("", encoding="utf-8")
    book = cookbook(folder)
    assert (list(book.recipes), [one.file for one in book.broken]) == (["gruss"], ["eins.toml", "zwei.toml"])


# --- Details ----------------------------------------------------------------------------------------------------------


def test_placeholders_are_the_names_in_braces():
    assert placeholders("{a} und {b} und {{c}} und {a}") == {"a", "b"}


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title", "de"), 2),
        (("fields", 0, "kind"), 9),
        (("fields", 1, "kind"), 15),
        (("fields", 1, "nothing"), 13),
        (("prompt", "de", "ask"), 22),
        (("nothing",), None),
        ((), None),
    ],
)
def test_the_line_of_a_setting_is_found(place, line):
    assert line_of(GOOD, place) == line
