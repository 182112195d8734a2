"""``do write``: what arrives where, in which language and with which exit code; the model is a fake."""

import io
import json
import sys
import zipfile
from types import SimpleNamespace

import pytest

from models.engines.base import Piece, Tally
from models.errors import ModelError
from stations import console
from stations.commandline import parse, wished_language
from stations.commands import do, do_write, saving
from stations.text.recipes import cookbook
from stations.texts import LANGUAGES, say

GERMAN = "Der Heimatverein lädt am Samstag in das Alte Rathaus ein, der Eintritt ist frei."
ENGLISH = "The society invites everybody to the Old Town Hall on Saturday, admission is free."
LONG = " ".join(f"Der Satz mit der Nummer {number} steht hier." for number in range(40))
BUDGET = json.dumps(
    {
        "Titel": "Finanzplan für „Größe“",
        "Ausgaben": [{"Posten": "Öl & Äpfel <3", "Anzahl": 2, "Einzelpreis": 1180.5}],
        "Einnahmen": [{"Herkunft": "Stadt", "Betrag": 2361}],
        "Noch zu klären": ["Wer zahlt die Getränke?"],
    }
)


class FakeChat:
    """Writes one answer, however often it is asked."""

    def __init__(self, answer=GERMAN):
        self.answer, self.asked, self.closed = answer, [], 0

    def reply(self, messages, sampling, *, person=""):
        self.asked.append((messages, sampling))
        if isinstance(self.answer, BaseException):
            raise self.answer
        yield Piece(self.answer, (), Tally(new_tokens=9))
        yield Piece("", (), Tally(new_tokens=9, end="done"))

    def close(self):
        self.closed += 1


@pytest.fixture
def kit(workshop_file, tmp_path, monkeypatch, capsys):
    """A kit whose models are all there, and ``run(*words)`` to type something."""
    chat = FakeChat()
    opened = []

    def open_chat(model, *_, **__):
        opened.append(model.id)
        return chat

    monkeypatch.setenv("KIWERKSTATT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(do_write.Store, "present", lambda *_: True)
    monkeypatch.setattr(do_write.Store, "file", lambda *_: tmp_path)
    monkeypatch.setattr("stations.commands.engines.extra_buffers_proven", lambda *_: True)
    monkeypatch.setattr("stations.commands.engines.close_the_door", lambda *_: None)
    monkeypatch.setattr("models.opening.open_chat", open_chat)

    def run(*words):
        console._terminal_on.cache_clear()
        code = console.shown(wished_language(words), lambda: do.run(parse(["do", *words])))
        out, told = capsys.readouterr()
        return SimpleNamespace(code=code, out=out, told=told)

    return SimpleNamespace(run=run, chat=chat, opened=opened, folder=tmp_path)


def piped(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


TEXT = f"text={GERMAN}"


# --- Streams and codes ------------------------------------------------------------------------------------------------


def test_the_text_and_nothing_else_goes_to_standard_output(kit):
    done = kit.run("write", "diplomatisch", "--field", TEXT)
    assert (done.code, done.out) == (0, GERMAN + "\n")
    assert "Fertig nach" in done.told
    assert "✓ Vollständig" in done.told
    assert kit.chat.closed == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_said_in_the_readers_language(kit, language):
    kit.chat.answer = ENGLISH if language == "en" else GERMAN
    done = kit.run("write", "diplomatisch", "--field", f"text={kit.chat.answer}", "--lang", language)
    assert done.code == 0
    assert say("text.kept_finished", language) in done.told
    assert say("text.stage_writing", language) in done.told


def test_a_broken_promise_is_told_and_the_text_comes_all_the_same(kit):
    kit.chat.answer = ENGLISH
    done = kit.run("write", "diplomatisch", "--field", TEXT)
    assert (done.code, done.out) == (0, ENGLISH + "\n")
    assert "! Der Text ist nicht durchgehend auf Deutsch." in done.told


def fields_of(recipe, language="de"):
    example = cookbook().recipes[recipe].example[language]
    return [word for name, value in example.items() for word in ("--field", f"{name}={value}")]


def test_a_text_that_was_cut_is_told(kit):
    kit.chat.answer = LONG
    done = kit.run("write", "kuerzen", "--field", f"text={LONG}", "--field", "zeichen=300")
    assert len(done.out.strip()) <= 300
    assert say("text.note_cut") in done.told


def test_json_is_one_object_with_everything(kit):
    done = kit.run("write", "diplomatisch", "--field", TEXT, "--json")
    told = json.loads(done.out)
    assert set(told) >= {"recipe", "model", "seconds", "rounds", "cut", "checks", "text"}
    assert (told["recipe"], told["text"], told["cut"]) == ("diplomatisch", GERMAN, False)
    assert {"check": "finished", "kept": True, "hard": False} in told["checks"]
    assert kit.opened == [told["model"]]


def test_the_seed_reaches_the_model(kit):
    kit.run("write", "diplomatisch", "--field", TEXT, "--seed", "7")
    assert kit.chat.asked[0][1].seed == 7


def test_an_error_of_the_model_is_a_sentence_and_closes_it(kit):
    kit.chat.answer = ModelError("chat.bad_schema")
    done = kit.run("write", "diplomatisch", "--field", TEXT)
    assert (done.code, done.out, kit.chat.closed) == (1, "", 1)
    assert say("chat.bad_schema") in done.told


def test_ctrl_c_closes_the_model(kit):
    kit.chat.answer = KeyboardInterrupt()
    done = kit.run("write", "diplomatisch", "--field", TEXT)
    assert (done.code, done.out, kit.chat.closed) == (console.INTERRUPTED, "", 1)


def test_nothing_written_is_an_error(kit):
    kit.chat.answer = ""
    done = kit.run("write", "diplomatisch", "--field", TEXT)
    assert (done.code, done.out) == (1, "")
    assert say("text.nothing_written") in done.told


# --- Lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_every_recipe_under_its_group(kit, language):
    done = kit.run("write", "--list", "--lang", language)
    lines = done.out.splitlines()
    for recipe in cookbook().recipes.values():
        line = next(line for line in lines if line.split()[:1] == [recipe.id])
        assert getattr(recipe.title, language) in line
        assert recipe.fields[0].id in line
    assert say("text.group_kreatives", language) in lines
    assert (done.code, done.told, kit.opened) == (0, "", [])


def test_fields_that_may_be_empty_stand_in_brackets(kit):
    line = next(line for line in kit.run("write", "--list").out.splitlines() if "pressemitteilung" in line)
    assert line.endswith(": anlass, [ort], [datum], [kontakt], zeichen")


def test_the_list_as_json(kit):
    rows = json.loads(kit.run("write", "--list", "--json", "--lang", "en").out)
    assert [row["id"] for row in rows] == list(cookbook().recipes)
    row = next(row for row in rows if row["id"] == "kuerzen")
    assert (row["title"], row["fields"]) == ("Cut to a number of characters", ["text", "zeichen"])


def test_a_broken_recipe_is_named_on_standard_error_and_the_others_work(kit, monkeypatch):
    (kit.folder / "kaputt.toml").write_text("x", encoding="utf-8")
    broken = cookbook(kit.folder).broken
    book = do_write.Cookbook(cookbook().recipes, broken)
    monkeypatch.setattr(do_write, "cookbook", lambda: book)
    done = kit.run("write", "diplomatisch", "--field", TEXT)
    assert (done.code, done.out) == (0, GERMAN + "\n")
    assert "kaputt.toml" in done.told


# --- What is typed wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("words", "key", "said"),
    [
        (["write"], "text.no_recipe", "--list"),
        (["write", "kürzen"], "text.unknown_recipe", "kuerzen"),
        (["write", "xyzxyz"], "text.unknown_recipe", "xyzxyz"),
        (["write", "kuerzen", "faq"], "command.unknown", "faq"),
        (["write", "kuerzen"], "text.missing_field", ""),
        (["write", "kuerzen", "--field", "text"], "text.no_equals_sign", "text"),
        (["write", "kuerzen", "--field", "txt=a"], "text.unknown_field", "text, zeichen"),
        (["write", "kuerzen", "--field", TEXT, "--field", "zeichen=drei"], "text.not_a_number", ""),
        (["write", "kuerzen", "--field", TEXT, "--field", "zeichen=1"], "text.number_out_of_range", "20"),
        (["write", "uebersetzen", "--field", TEXT, "--field", "sprache=xx"], "text.unknown_choice", "en"),
        (["write", "kuerzen", "--field", TEXT, "--model", "gibtsnicht"], "store.unknown_model", "gibtsnicht"),
        (["write", "kuerzen", "--field", TEXT, "--out", "x.rtf"], "text.unknown_ending", ".docx"),
        (["write", "kuerzen", "--field", TEXT, "--out", "x"], "text.unknown_ending", ".docx"),
        (["write", "kuerzen", "--field", TEXT, "--out", "nicht/da/x.txt"], "text.cannot_write", "x.txt"),
        (["write", "kuerzen", "--input", "nicht-da.txt"], "reading.not_found", "nicht-da.txt"),
        (["write", "kuerzen", "--seed", "-1"], "command.seed", "-1"),
        (["write", "kuerzen", "--seed", "x"], "command.seed", "x"),
        (["writ", "kuerzen"], "command.unknown", "writ"),
        ([], "command.unclear", ""),
    ],
)
def test_what_is_wrong_is_said_before_a_model_is_loaded(kit, words, key, said, language):
    done = kit.run(*words, "--lang", language)
    assert (done.code, done.out, kit.opened) == (1, "", [])
    first = say_beginning(key, language)
    assert first in done.told
    assert said in done.told
    assert "Traceback" not in done.told


def say_beginning(key, language):
    """What a sentence says around its facts."""
    from stations.texts import sentences

    return max(sentences(language)[key].replace("}", "{").split("{")[::2], key=len)


def test_a_recipe_without_long_text_takes_no_file(kit, monkeypatch):
    recipe = cookbook().recipes["pro-contra"]
    short = recipe.model_copy(update={"fields": recipe.fields[:1]})
    monkeypatch.setattr(do_write, "cookbook", lambda: do_write.Cookbook({"kurz": short}))
    (kit.folder / "x.txt").write_text(GERMAN, encoding="utf-8")
    done = kit.run("write", "kurz", "--input", str(kit.folder / "x.txt"))
    assert (done.code, kit.opened) == (1, [])
    assert say("text.no_text_field", recipe="pro-contra") in done.told


def test_a_model_that_is_not_here_is_named_with_the_way_to_get_it(kit, monkeypatch):
    monkeypatch.setattr(do_write.Store, "present", lambda *_: False)
    for words in ([], ["--model", "smollm2"]):
        done = kit.run("write", "diplomatisch", "--field", TEXT, *words)
        assert (done.code, kit.opened) == (1, [])
        assert "launcher.py fetch" in done.told


def test_a_model_of_another_role_does_not_write(kit, monkeypatch):
    from models.catalog import Role

    catalog = do_write.Store().catalog
    voice = next((model for model in catalog.models.values() if model.role is not Role.CHAT), None)
    if voice is None:
        pytest.skip("the catalogue has chat models only")
    done = kit.run("write", "diplomatisch", "--field", TEXT, "--model", voice.id)
    assert (done.code, kit.opened) == (1, [])
    assert say("text.model_cannot_write", model=voice.title) in done.told


def test_a_model_of_ones_own_choice_is_opened(kit):
    kit.run("write", "diplomatisch", "--field", TEXT, "--model", "smollm2")
    assert kit.opened == ["smollm2"]


def test_half_letters_from_a_terminal_are_no_bug(kit):
    assert kit.run("write", "diplomatisch", "--field", "text=Gr\udcfc\udcdfe an alle").code == 0
    assert "Gr??e" in kit.chat.asked[0][0][-1].text


# --- Files in ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_file_is_read(kit, encoding):
    file = kit.folder / "rein.txt"
    file.write_text(GERMAN, encoding=encoding)
    assert kit.run("write", "diplomatisch", "--input", str(file)).code == 0
    assert GERMAN in kit.chat.asked[0][0][-1].text


def test_a_word_file_is_read(kit):
    document = pytest.importorskip("docx").Document()
    document.add_paragraph(GERMAN)
    document.save(str(kit.folder / "rein.docx"))
    kit.run("write", "diplomatisch", "--input", str(kit.folder / "rein.docx"))
    assert GERMAN in kit.chat.asked[0][0][-1].text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_standard_input_is_read(kit, monkeypatch, encoding):
    piped(monkeypatch, GERMAN.encode(encoding))
    assert kit.run("write", "diplomatisch", "--input", "-").code == 0
    assert GERMAN in kit.chat.asked[0][0][-1].text


@pytest.mark.parametrize("data", [b"", b" \n", b"\xff\xfe\x00", bytes(range(256))])
def test_an_empty_or_unreadable_standard_input_is_a_sentence(kit, monkeypatch, data):
    piped(monkeypatch, data)
    done = kit.run("write", "diplomatisch", "--input", "-")
    assert done.code in (0, 1)
    assert "Traceback" not in done.told
    assert done.code == 0 or not kit.opened


# --- Files out --------------------------------------------------------------------------------------------------------


def words_of(file):
    """The words of a written document, whatever its kind."""
    if file.suffix == ".docx":
        document = pytest.importorskip("docx").Document(str(file))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(each.text for each in document.paragraphs), *cells])
    if file.suffix == ".odt":
        with zipfile.ZipFile(file) as odt:
            return odt.read("content.xml").decode()
    if file.suffix == ".pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(file) as pdf:
            return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["txt", "md", "docx", "odt", "pdf", "DOCX"])
def test_the_text_is_saved_as_the_kind_that_its_ending_names(kit, kind):
    pytest.importorskip("pypandoc", reason="pandoc is not installed")
    kit.chat.answer = BUDGET
    file = kit.folder / f"Ergebnis für uns.{kind}"
    done = kit.run("write", "finanzplan", *fields_of("finanzplan"), "--out", str(file))
    assert (done.code, done.out) == (0, ""), done.told
    words = words_of(file if kind != "DOCX" else file.rename(kit.folder / "x.docx"))
    for part in (
        "Finanzplan für „Größe“",
        "Ausgaben",
        "1.180,50",
        "2.361,00",
        "Wer zahlt die Getränke?",
        "Äpfel",
    ):
        assert part in words, part


def test_heading_and_table_are_real_ones(kit):
    docx = pytest.importorskip("docx")
    kit.chat.answer = BUDGET
    file = kit.folder / "plan.docx"
    kit.run("write", "finanzplan", *fields_of("finanzplan"), "--out", str(file))
    document = docx.Document(str(file))
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 1"] == [
        "Finanzplan für „Größe“"
    ]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["Posten", "Anzahl", "Einzelpreis", "Gesamt"],
        ["Öl & Äpfel <3", "2", "1.180,50 €", "2.361,00 €"],
        ["Summe", "", "", "2.361,00 €"],
    ]


def test_a_file_and_json_come_together(kit):
    file = kit.folder / "x.txt"
    done = kit.run("write", "diplomatisch", "--field", TEXT, "--out", str(file), "--json")
    assert json.loads(done.out)["text"] == GERMAN
    assert file.read_text(encoding="utf-8").strip() == GERMAN


def test_an_older_file_is_replaced_and_no_other_is_left_behind(kit, monkeypatch):
    made = []
    real = saving.write_document
    monkeypatch.setattr(saving, "write_document", lambda *a: made.append(real(*a)) or made[-1])
    file = kit.folder / "x.txt"
    file.write_text("alt", encoding="utf-8")
    assert kit.run("write", "diplomatisch", "--field", TEXT, "--out", str(file)).code == 0
    assert file.read_text(encoding="utf-8").strip() == GERMAN
    assert not made[0].parent.exists()


def test_a_folder_in_the_place_of_the_file_is_refused_before_the_model_is_loaded(kit):
    (kit.folder / "x.txt").mkdir()
    done = kit.run("write", "diplomatisch", "--field", TEXT, "--out", str(kit.folder / "x.txt"))
    assert (done.code, kit.opened) == (1, [])
    assert list((kit.folder / "x.txt").iterdir()) == []


def test_a_place_that_nobody_may_write_to_is_refused_before_the_model_is_loaded(kit, monkeypatch):
    monkeypatch.setattr(saving.os, "access", lambda *_: False)
    done = kit.run("write", "diplomatisch", "--field", TEXT, "--out", str(kit.folder / "x.txt"))
    assert (done.code, kit.opened) == (1, [])
    assert "x.txt" in done.told


def test_a_place_that_goes_away_meanwhile_is_a_sentence(kit, monkeypatch):
    def gone(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving.shutil, "move", gone)
    done = kit.run("write", "diplomatisch", "--field", TEXT, "--out", str(kit.folder / "x.txt"))
    assert (done.code, done.out) == (1, "")
    assert "x.txt" in done.told


def test_html_and_pictures_of_a_model_arrive_as_words(kit):
    kit.chat.answer = f"{GERMAN} <script>alert(1)</script> ![b](http://127.0.0.1:9/p.png)"
    file = kit.folder / "x.md"
    kit.run("write", "diplomatisch", "--field", TEXT, "--out", str(file))
    words = file.read_text(encoding="utf-8")
    assert "<script" not in words
    assert "![b](" not in words
