"""Files to take home, written by the real pandoc: the content is there, and nothing was fetched or read for it."""

import re
import socketserver
import subprocess
import threading
import zipfile
from contextlib import contextmanager
from datetime import date

import pytest

from models.engines.base import Tally
from models.errors import ModelError
from stations import documents
from stations.chatbot import view
from stations.chatbot.work import Conversation, Exchange
from stations.documents import write_document

pytest.importorskip("pypandoc", reason="pandoc is not installed")

KINDS = ("txt", "md", "docx", "odt", "pdf")
PLAIN = ("txt", "md", "pdf")
"""Kinds without a folder of pictures inside."""
SECRET = "this-must-not-be-in-any-document"
GERMAN = "Größe, Öl, ÄÖÜ, ß, „Grüße“ – 5 €"


@pytest.fixture(autouse=True)
def own_temp(tmp_path, monkeypatch):
    monkeypatch.setattr(documents.tempfile, "tempdir", str(tmp_path))


def read(file):
    """The words of a document, whatever its kind."""
    if file.suffix in (".txt", ".md"):
        return file.read_text(encoding="utf-8")
    if file.suffix == ".pdf":
        return "\n".join(pages_of(file)).replace("\r\n", "\n")
    if file.suffix == ".docx":
        document = pytest.importorskip("docx").Document(str(file))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    with zipfile.ZipFile(file) as odt:
        return re.sub(r"<[^>]+>", " ", odt.read("content.xml").decode("utf-8"))


def pages_of(file):
    """The words of each page of a PDF."""
    pypdfium2 = pytest.importorskip("pypdfium2")
    with pypdfium2.PdfDocument(file) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def description_of(file):
    pypdfium2 = pytest.importorskip("pypdfium2")
    with pypdfium2.PdfDocument(file) as pdf:
        return pdf.get_metadata_dict()


def names_in(file):
    with zipfile.ZipFile(file) as archive:
        return archive.namelist()


@contextmanager
def counting_server():
    """A server on this machine that counts who comes."""
    visits = []

    class Visit(socketserver.BaseRequestHandler):
        def handle(self):
            visits.append(self.client_address)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Visit) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], visits
        finally:
            server.shutdown()


def hostile(port, secret):
    return f"""# Überschrift

{GERMAN}

![Bild](http://127.0.0.1:{port}/p.png)
![Datei]({secret})
![Datei](file://{secret})
<img src="http://127.0.0.1:{port}/q.png"> <script>alert(1)</script>

<iframe src="http://127.0.0.1:{port}/"></iframe>

`{{.include}} {secret}`

```{{.include file="{secret}"}}
{secret}
```

!include {secret}
.. include:: {secret}
\\input{{{secret}}}
\\include{{{secret}}}

---
metadata-files: [{secret}]
reference-doc: http://127.0.0.1:{port}/r.docx
---

| a | b |
|---|---|
| 1 | zwei |

Ende."""


@pytest.mark.enable_socket
@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_text_fetches_nothing_reads_nothing_and_its_words_are_there(kind, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    with counting_server() as (port, visits):
        file = write_document(hostile(port, secret), kind, "gespraech", "Titel")
        assert visits == []
    text = read(file)
    assert SECRET not in text
    for words in ("Überschrift", GERMAN, "zwei", "Ende."):
        assert words in text
    if kind not in PLAIN:
        assert not [name for name in names_in(file) if "media" in name or "Pictures" in name]


@pytest.mark.enable_socket
def test_without_its_sandbox_pandoc_would_have_come(tmp_path, monkeypatch):
    """Otherwise the test above could not fail."""
    monkeypatch.setattr(documents, "_SAFE", ["--wrap=none"])
    secret = tmp_path / "secret.txt"
    with counting_server() as (port, visits):
        write_document(hostile(port, secret), "docx", "gespraech", "Titel")
        assert visits


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_conversation_arrives_as_plain_words(kind):
    answer = f"{GERMAN} <script>alert(1)</script> ![b](http://127.0.0.1:9/p.png)"
    tally = Tally(new_tokens=2, seconds=1.5, end="done")
    conversation = Conversation((Exchange("Wie groß?", answer, "Modell 1.5B", tally=tally),))
    file = write_document(view.document(conversation, "de", date(2026, 11, 3)), kind, "gespraech", "Titel")
    text = read(file)
    for words in (
        "Wie groß?",
        GERMAN,
        "alert(1)",
        "http://127.0.0.1:9/p.png",
        "03.11.2026",
        "Modell 1.5B",
        "KI-Modell",
    ):
        assert words.replace("<", "&lt;") in text.replace("&gt;", ">"), words


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
def test_the_title_stands_in_the_document(kind):
    file = write_document("Text", kind, "gespraech", "Gespräch mit „Umlauten“")
    assert "Gespräch mit „Umlauten“" in read(file)


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_has_its_name_and_a_private_folder_of_its_own(kind, tmp_path):
    one, two = (write_document("Text", kind, "gespraech", "Titel") for _ in range(2))
    assert one.name == two.name == f"gespraech.{kind}"
    assert one.parent != two.parent
    assert one.parent.parent == tmp_path
    assert one.parent.stat().st_mode & 0o077 == 0


def test_long_lines_of_text_are_not_broken():
    line = "ein langer Satz ohne Umbruch " * 20
    assert line.strip() in read(write_document(line, "txt", "x", "T"))


def test_when_pandoc_fails_its_own_last_words_are_in_the_error(monkeypatch):
    monkeypatch.setattr(documents, "_READS", "no-such-format")
    with pytest.raises(ModelError) as caught:
        write_document("Text", "docx", "gespraech", "Titel")
    assert caught.value.key == "page.no_document"
    assert str(caught.value.facts["problem"]).strip()


def test_when_pandoc_says_nothing_its_code_is_in_the_error(monkeypatch):
    died = subprocess.CompletedProcess([], -9, b"", b"")
    monkeypatch.setattr(documents.subprocess, "run", lambda *_, **__: died)
    with pytest.raises(ModelError) as caught:
        write_document("Text", "docx", "gespraech", "Titel")
    assert caught.value.facts["problem"] == "-9"


# --- Kinds of the text station ----------------------------------------------------------------------------------------

TABLE = "# Plan\n\n| Posten | Betrag |\n| --- | ---: |\n| Öl | 1.180,50 € |\n\n- ☐ eins\n- ☐ zwei"
TYPST = """#image("{secret}") #read("{secret}") #include "{secret}" #import "{secret}": * $x$ @ziel // Rest /* mehr */

`#read("{secret}")`

```
#read("{secret}")
```

```{{=typst}}
#read("{secret}")
```

\\#let x = 1; \\ *fett* _kursiv_ ~ Ende."""


def test_a_text_that_looks_like_typst_is_only_words(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    text = read(write_document(TYPST.format(secret=secret), "pdf", "x", ""))
    assert SECRET not in text
    for words in ('#image("', "#read(", "#let x = 1", "@ziel", "// Rest", "Ende."):
        assert words in text


def test_without_care_typst_would_have_looked_for_the_picture(monkeypatch):
    """Otherwise the tests above could not fail."""
    monkeypatch.setattr(documents, "defused", lambda markdown: markdown)
    with pytest.raises(ModelError) as caught:
        write_document("![Bild](secret.png)", "pdf", "x", "")
    assert caught.value.key == "page.no_document"
    assert caught.value.facts["problem"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_keeps_its_cells(kind):
    text = read(write_document(TABLE, kind, "x", ""))
    for words in ("Plan", "Posten", "Betrag", "Öl", "1.180,50 €", "eins"):
        assert words in text


def test_a_markdown_file_has_a_heading_and_a_table():
    lines = read(write_document(TABLE, "md", "x", "")).splitlines()
    assert lines[0] == "# Plan"
    assert [cell.strip() for cell in lines[4].strip("|").split("|")] == ["Öl", "1.180,50 €"]


@pytest.mark.parametrize(("language", "tag"), [("de", b"/Lang(de-DE)"), ("en", b"/Lang(en-GB)")])
def test_a_pdf_tells_its_language_and_title_and_is_tagged(language, tag):
    file = write_document(GERMAN, "pdf", "x", "Größe", language)
    raw = file.read_bytes()
    assert tag in raw
    assert b"/StructTreeRoot" in raw
    assert description_of(file)["Title"] == "Größe"


def test_a_pdf_without_title_has_none_and_its_pages_are_a4():
    pypdfium2 = pytest.importorskip("pypdfium2")
    file = write_document("Text", "pdf", "x", "")
    assert description_of(file)["Title"] == ""
    with pypdfium2.PdfDocument(file) as pdf:
        assert [round(side) for side in pdf[0].get_size()] == [595, 842]


def test_a_long_text_has_many_numbered_pages():
    pages = pages_of(write_document("Ein Absatz mit Wörtern.\n\n" * 200, "pdf", "x", ""))
    assert len(pages) > 3
    assert [page.split()[-1] for page in pages[:3]] == ["1", "2", "3"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("control", ["\x00", "\x01", "\x0b", "\x0c", "\x1b", "\x7f", "\uffff", "\ud83d"])
def test_a_control_character_does_not_spoil_the_file(kind, control):
    assert "Ende" in read(
        write_document(f"Anfang {control} Ende", kind, "x", f"T{control}" if kind != "md" else "")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_text_is_an_empty_document(kind):
    assert write_document("", kind, "x", "").exists()


def test_when_pandoc_takes_too_long_it_is_a_sentence(monkeypatch):
    def slow(*_, **__):
        raise subprocess.TimeoutExpired("pandoc", 60)

    monkeypatch.setattr(documents.subprocess, "run", slow)
    with pytest.raises(ModelError) as caught:
        write_document("Text", "pdf", "x", "")
    assert caught.value.key == "page.no_document"
