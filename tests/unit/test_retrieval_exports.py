"""What people take home of a search: tables no cell of which is a formula, and notes that say what was checked."""

import csv
import io
import re
import zipfile
from datetime import date

import pytest

from models.passages import Document, Hit, Passage
from models.reading.reader import read_document
from stations.retrieval.answer import Answer, Statement
from stations.retrieval.exports import CELL_LETTERS, harmless_cell, hits_table
from stations.retrieval.notes import Note, note_bibtex, note_file, note_markdown

pytest.importorskip("Stemmer")

TEXT = "Der Verein hat 200 Mitglieder. Der Beitrag beträgt im Jahr 48 Euro."
EVIL = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", '"=1', "\n=HYPERLINK(\"http://x\")", "＝1+1",
    "=cmd|' /C calc'!A0",
    "\x00=1",
]  # fmt: skip


def hit(name="Satzung.pdf", number=0, page=14, text=TEXT, score=0.5, heading=("3 Geld", "3.2 Beiträge")):
    document = Document(name, name, "", "de", "2026-11-22", 20)
    return Hit(Passage(name, number, page, "", heading, text, 0, len(text)), document, score)


def rows(file):
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_table_for_german_excel_has_a_row_for_each_hit(tmp_path):
    file = hits_table([hit(), hit("b.txt", page=None)], "Wie hoch; der Beitrag?", "csv", "de", tmp_path)
    head, first, second = rows(file)
    assert file.name == "fundstellen.csv"
    assert head == ["Rang", "Dokument", "Seite", "Abschnitt", "Text", "Punkte", "Beleg", "Gesucht"]
    assert first[:6] == ["1", "Satzung.pdf", "14", "3 Geld > 3.2 Beiträge", TEXT, "0,5000"]
    assert first[6].startswith("Satzung.pdf (Stand 22.11.2026), Seite 14")
    assert first[7] == "Wie hoch; der Beitrag?"
    assert second[:3] == ["2", "b.txt", ""]


def test_the_printed_page_counts(tmp_path):
    found = hit()
    labelled = Hit(Passage("a.pdf", 0, 3, "iii", (), "x", 0, 1), found.document, 1.0)
    assert rows(hits_table([labelled], "", "csv", "de", tmp_path))[1][2] == "iii"


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_of_a_csv_is_a_formula(tmp_path, evil):
    table = rows(hits_table([hit(evil, text=evil, heading=(evil,))], evil, "csv", "de", tmp_path))
    assert len(table) == 2
    for cell in table[1]:
        assert not re.match(r"[\s\x00-\x1f\"]*[=+\-@＝＋－＠]", cell), cell


def test_ordinary_text_is_not_touched():
    for text in ("Beitrag", "3 - 2", "a=b", "„Zitat“", "5 €", ""):
        assert harmless_cell(text) == text


def test_a_cell_is_not_longer_than_excel_takes(tmp_path):
    table = rows(hits_table([hit(text="wort " * 20_000)], "", "csv", "en", tmp_path))
    assert len(table[1][4]) == CELL_LETTERS


def test_line_breaks_quotes_and_semicolons_stay_in_their_cell(tmp_path):
    text = 'Eins;zwei\n"drei";\r\nvier'
    assert rows(hits_table([hit(text=text)], "", "csv", "de", tmp_path))[1][4] == text


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(tmp_path, evil):
    pytest.importorskip("xlsxwriter")
    calamine = pytest.importorskip("python_calamine")
    given = [hit(text=evil), hit(text="http://example.org")]
    file = hits_table(given, evil, "xlsx", "en", tmp_path)
    with zipfile.ZipFile(file) as packed:
        assert "<f>" not in packed.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in packed.namelist() if "rels" in name and "sheet" in name]
    table = calamine.load_workbook(str(file)).get_sheet_by_index(0).to_python()
    assert table[0][:3] == ["Rank", "Document", "Page"]
    assert (table[1][0], table[1][5]) == (1, 0.5)
    assert table[2][4] == "http://example.org"


def test_nothing_found_is_a_table_with_a_head_only(tmp_path):
    assert len(rows(hits_table([], "x", "csv", "de", tmp_path))) == 1
    assert hits_table([], "x", "md", "de", tmp_path).read_text(encoding="utf-8").startswith("| Rang |")


def test_a_table_of_markdown_is_one_table_whatever_is_in_it(tmp_path):
    evil = "a | b\n\n<script>x</script> ![x](http://x) `c` $x$"
    file = hits_table(
        [hit("x|y.pdf", text=evil), hit(text="wort " * 500)], "# ![](http://q)", "md", "de", tmp_path
    )
    text = file.read_text(encoding="utf-8")
    from markdown_it import MarkdownIt

    shown = MarkdownIt("commonmark").enable("table").render(text)
    assert shown.count("<tr>") == 3
    assert not re.search(r"<(script|img|a|code|h1)\b", shown)
    assert "&lt;script&gt;" in shown


# --- notes ---

BEITRAG = Answer(
    "Wie hoch ist der Beitrag?",
    (
        Statement("Der Beitrag beträgt 48 Euro im Jahr.", (2,), "supported"),
        Statement("Kinder zahlen nichts.", (1, 2), "unsupported"),
    ),
    (hit("Protokoll.docx", page=None, heading=(), text="Kinder waren auch da. Es gab Kuchen."), hit()),
    outcome="answered",
)
NOTHING = Answer("Wer baute das Schiff?", (), (hit(), hit(number=7)), outcome="not_found")


def note(*answers, language="de", model="Qwen 1,5B"):
    return Note(answers, model, language, date(2026, 11, 22))


def test_a_note_says_what_was_asked_answered_checked_and_where_it_stands():
    text = note_markdown(note(BEITRAG)).replace("\\", "")
    assert text.startswith("# Recherche-Notiz\n")
    assert "Geschrieben von einer KI (Qwen 1,5B) am 22.11.2026" in text
    assert "## Wie hoch ist der Beitrag?" in text
    assert "Der Beitrag beträgt 48 Euro im Jahr. [2]" in text
    assert "Kinder zahlen nichts. [1] [2] **[nicht belegt]**" in text
    assert "kein Beweis" in text
    assert "[2] Satzung.pdf (Stand 22.11.2026), Seite 14, Abschnitt „3.2 Beiträge“." in text
    assert "> „Der Beitrag beträgt im Jahr 48 Euro.“" in text


def test_without_doubtful_sentences_nothing_is_said_about_doubts():
    sure = Answer(
        "A?", (Statement("Der Beitrag beträgt 48 Euro.", (1,), "supported"),), (hit(),), outcome="answered"
    )
    assert "nicht belegt" not in note_markdown(note(sure))


def test_two_answers_number_their_sources_together():
    text = note_markdown(note(BEITRAG, NOTHING)).replace("\\", "")
    assert "Am nächsten kommen diese Stellen: [2], [3]" in text
    assert len(re.findall(r"^\[\d\] ", text, re.MULTILINE)) == 3


def test_what_was_not_found_or_stopped_is_said():
    assert "wahrscheinlich nichts" in note_markdown(note(NOTHING))
    stopped = Answer("A?", (Statement("Der Bei"),), outcome="stopped")
    assert "angehalten" in note_markdown(note(stopped))
    assert "incomplete" in note_markdown(note(stopped, language="en"))


def test_a_point_of_a_list_is_quoted_without_its_bullet():
    listed = Answer(
        "A?", (Statement("Der Hut ist rot.", (1,)),), (hit(text="• Der Hut ist rot."),), outcome="answered"
    )
    assert "> „Der Hut ist rot.“" in note_markdown(note(listed)).replace("\\", "")


def test_sources_that_do_not_exist_are_left_out():
    odd = Answer("A?", (Statement("Satz.", (0, 1, 9)),), (hit(),), outcome="answered")
    assert re.findall(r"\[(\d)\]", note_markdown(note(odd)).replace("\\", "")) == ["1", "1"]


def test_nothing_in_a_note_is_markdown_or_html_of_a_stranger():
    evil = "# Kopf\n\n![x](http://x) <img src=x> [l](http://l) $x$ `c` **f**"
    bad = Answer(evil, (Statement(evil, (1,), "unsupported"),), (hit("<b>.pdf", text=evil, heading=(evil,)),))
    from markdown_it import MarkdownIt

    shown = MarkdownIt("commonmark").render(note_markdown(note(bad, model=evil)))
    assert not re.search(r"<(img|a|code|b|script)\b", shown)
    assert shown.count("<h1>") == 1
    assert shown.count("<strong>") == 1


@pytest.mark.parametrize("kind", ["txt", "md", "docx", "odt"])
def test_a_note_becomes_a_file_that_opens(kind):
    file = note_file(note(BEITRAG, NOTHING), kind)
    assert file.name == f"recherche-notiz.{kind}"
    text = re.sub(r"\\|\*", "", read_document(file).text)
    for words in ("48 Euro im Jahr. [2]", "[nicht belegt]", "Bitte prüfen Sie jede Aussage", "Satzung.pdf"):
        assert words in text


def test_the_sources_of_a_note_are_a_list_for_reference_managers():
    text = note_bibtex(note(BEITRAG, NOTHING))
    assert re.findall(r"@misc\{([^,]*),", text) == ["protokoll", "satzung"]
