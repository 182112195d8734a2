"""Places and citations: as people say them, and whatever a file is called or says, a list of works stays whole."""

import json
import re
import subprocess

import pytest

from models.passages import Document, Hit, Passage
from stations.retrieval.citing import bibtex, citation, day_text, place


def document(name="Satzung.pdf", pages=20, modified="2026-11-22T10:00:00", id_=None, language="de"):
    return Document(id_ or name, name, "", language, modified, pages)


def passage(name="Satzung.pdf", page=14, label="", heading=("3 Geld", "3.2 Beiträge"), text="Text."):
    return Passage(name, 0, page, label, heading, text, 0, len(text))


def hit(name="Satzung.pdf", **more):
    of_document = {key: more.pop(key) for key in ("pages", "modified", "id_", "language") if key in more}
    return Hit(passage(name, **more), document(name, **of_document), 1.0)


@pytest.mark.parametrize(
    ("name", "facts", "german", "english"),
    [
        ("a.pdf", {}, "a.pdf, Seite 14, Abschnitt „3.2 Beiträge“", "a.pdf, page 14, section “3.2 Beiträge”"),
        (
            "a.pdf",
            {"label": "xiv", "heading": ()},
            "a.pdf, Seite xiv (in der Datei Seite 14)",
            "a.pdf, page xiv (page 14 of the file)",
        ),
        ("a.pdf", {"label": "14", "heading": ()}, "a.pdf, Seite 14", "a.pdf, page 14"),
        ("a.docx", {"page": None}, "a.docx, Abschnitt „3.2 Beiträge“", "a.docx, section “3.2 Beiträge”"),
        ("a.txt", {"page": None, "heading": ()}, "a.txt", "a.txt"),
        ("a.PPTX", {"page": 3, "heading": ("Ziele",)}, "a.PPTX, Folie 3, Abschnitt „Ziele“", None),
        ("a.xlsx", {"page": None, "heading": ("2026",)}, "a.xlsx, Tabelle „2026“", "a.xlsx, table “2026”"),
        ("a.eml", {"page": None, "heading": ("AW: Fest",)}, "a.eml, E-Mail „AW: Fest“", None),
        ("a.pdf", {"page": 1, "heading": ("Im „Haus“",)}, "a.pdf, Seite 1, Abschnitt „Im ‚Haus‘“", None),
    ],
)  # fmt: skip
def test_a_place_is_said_as_people_say_it(name, facts, german, english):
    found = passage(name, **facts)
    assert place(found, document(name), "de") == german
    assert english is None or place(found, document(name), "en") == english


def test_a_picture_of_one_page_has_no_page_one_of_several_has():
    found = passage("scan.tiff", page=1, heading=())
    assert place(found, document("scan.tiff", pages=1), "de") == "scan.tiff"
    assert place(found, document("scan.tiff", pages=2), "de") == "scan.tiff, Seite 1"


def test_a_place_is_one_short_line_whatever_the_file_says():
    long = place(passage("x\ny.pdf", label="a\nb", heading=("Wort\n" * 500,)), document("x\ny.pdf"), "de")
    assert "\n" not in long
    assert len(long) < 250


def test_a_citation_tells_of_which_day_the_file_is():
    assert citation(hit(), "de") == "Satzung.pdf (Stand 22.11.2026), Seite 14, Abschnitt „3.2 Beiträge“."
    assert citation(hit(), "en") == "Satzung.pdf (as of 2026-11-22), page 14, section “3.2 Beiträge”."
    assert citation(hit(modified="", heading=()), "de") == "Satzung.pdf, Seite 14."


@pytest.mark.parametrize("iso", ["", "gestern", "2026", "2026-11"])
def test_what_is_no_day_is_not_said(iso):
    assert day_text(iso, "de") == ""


def read_by_pandoc(text, *, biblatex=False):
    import pypandoc

    kind = "biblatex" if biblatex else "bibtex"
    command = [pypandoc.get_pandoc_path(), "-f", kind, "-t", "csljson"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    return json.loads(done.stdout)


def test_one_entry_for_each_document_with_all_pages_that_were_found():
    hits = [hit(page=14), hit("Protokoll.docx", page=None, pages=0), hit(page=3, label="iii"), hit(page=14)]
    statute, minutes = read_by_pandoc(bibtex(hits))
    assert (statute["id"], statute["title"], statute["page"]) == ("satzung", "Satzung", "iii, 14")
    assert (minutes["id"], minutes["title"]) == ("protokoll", "Protokoll")
    assert "page" not in minutes
    assert "22.11.2026" in statute["note"]


def test_keys_are_unique_and_plain():
    names = ["Größe.pdf", "größe.pdf", "groesse.odt", "日本.pdf", "!!.pdf", "b/Größe.pdf", "groesse-2.pdf"]
    text = bibtex([hit(name) for name in names])
    keys = re.findall(r"@misc\{([^,]*),", text)
    assert keys == ["groesse", "groesse-2", "groesse-3", "document", "document-2", "groesse-4", "groesse-2-2"]
    assert [each["id"] for each in read_by_pandoc(text)] == keys


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("{", "("),
        ("}", ")"),
        ("a}b{c", "a)b(c"),
        ("\\", "\\"),
        ("100 % & mehr_#1$", "100 % & mehr_#1$"),
        ("x},\n@book{evil,title={y}", "x), @book(evil,title=(y)"),
        ('"q"', '"q"'),
        ("@string", "@string"),
        ("<b>x<b>", "<b>x<b>"),
        ("~ ^", "~ ^"),
    ],
)
def test_no_name_breaks_the_list(stem, title):
    text = bibtex([hit(stem + ".pdf"), hit("Danach.pdf")])
    assert text.count("{") == text.count("}")
    first, second = read_by_pandoc(text, biblatex=True)
    assert first["title"].replace("\u00a0", " ") == title
    assert second["title"] == "Danach"


def test_a_field_is_one_line():
    assert len(bibtex([hit("a\nb.pdf", label="x\ny")]).splitlines()) == 6


def test_nothing_found_is_an_empty_list():
    assert bibtex([]) == ""
