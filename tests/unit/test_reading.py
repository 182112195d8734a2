"""Files into text: real files, made here, come out whole, and the hostile ones end in a sentence."""

import io
import json
import re
import socketserver
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from contextlib import contextmanager, suppress
from itertools import pairwise

import pytest

from models.errors import ModelError
from models.reading import office, page_lines, pdf, repair
from models.reading.document import Document, ReadingLimits, Section
from models.reading.reader import read_document
from stations.messages import sentence

pypandoc = pytest.importorskip("pypandoc", reason="pandoc is not installed")
needs_pdf = pytest.mark.skipif(
    subprocess.run([sys.executable, "-c", "import pypdfium2"], capture_output=True, check=False).returncode,
    reason="pypdfium2 is not installed",
)
GERMAN = "Größe, Öl, ÄÖÜ, ß, „Grüße“ – 5 €"
TEXT = {"docx": "word/document.xml", "odt": "content.xml"}
STYLES = {"docx": "word/styles.xml", "odt": "styles.xml"}
HELLO = b"BT /F 12 Tf 50 700 Td (Hallo Welt) Tj ET"
PICTURE = b" q 500 0 0 500 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"
MARKDOWN = f"""# Satzung

{GERMAN}

| Name | Ort |
|------|-----|
| Müller | Köln |
| Weiß | Düren |

## Öffnungszeiten

Montag[^1] bis **Freitag**

[^1]: außer an Feiertagen
"""


@pytest.fixture
def put(tmp_path):
    """Write a file and return its path."""

    def write(name, content):
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return write


def refusal(file, **limits):
    """The error that reading raises; it must become a sentence in both languages."""
    with pytest.raises(ModelError) as caught:
        read_document(file, limits=ReadingLimits(**limits))
    for language in ("de", "en"):
        said = sentence(caught.value, language)
        assert file.name in said
        assert "{" not in said
    return caught.value.key


def made_by_pandoc(kind, markdown=MARKDOWN):
    command = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", kind, "-s", "-o", "-"]
    return subprocess.run(command, input=markdown.encode(), capture_output=True, check=True).stdout


def repacked(packed, changes):
    """An archive with some members changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, changes[name](content) if name in changes else content)
    return out.getvalue()


def pdf_bytes(page=HELLO, *, pages=1, filters=b"", trailer=b""):
    """A PDF without a table of its objects; pdfium finds them by itself."""
    kids = b" ".join(b"%d 0 R" % (10 + at) for at in range(pages))
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>/Contents 4 0 R>>"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        4: b"<</Length %d%s>>stream\n%s\nendstream" % (len(page), filters, page),
    } | {10 + at: leaf for at in range(pages)}
    body = b"".join(b"%d 0 obj%s endobj\n" % item for item in objects.items())
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R%s>>\n%%%%EOF" % trailer


def swollen_pdf():
    """A page of 400 MB in 2 KB."""
    packer = zlib.compressobj(9)
    swollen = b"".join(packer.compress(b" " * 10_000_000) for _ in range(40)) + packer.flush()
    return pdf_bytes(zlib.compress(swollen, 9), filters=b"/Filter[/FlateDecode/FlateDecode]")


def typeset(source):
    return pytest.importorskip("typst").compile(source.encode())


# --- plain text ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_plain_text_is_read_in_any_encoding(put, encoding):
    assert read_document(put("a.txt", GERMAN.encode(encoding))).text == GERMAN


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman"])
def test_german_letters_of_windows_dos_and_old_macs_are_told_apart(put, encoding):
    words = "Übermäßig große Äpfel, schöne Öfen"
    assert read_document(put("a.txt", words.encode(encoding))).text == words


def test_text_is_text_whatever_its_name(put):
    document = read_document(put("a.docx", "Nur Text"))
    assert document == Document("a.docx", (Section("Nur Text"),))
    assert document.pages is None


def test_a_document_bears_the_name_people_know(put):
    assert read_document(put("tmp123", "Text"), name="Satzung.txt").name == "Satzung.txt"


# --- pandoc's formats ---


@pytest.mark.parametrize("kind", ["docx", "odt", "html", "gfm"])
def test_headings_become_sections_and_tables_rows_whatever_the_ending(put, kind):
    name = "a.md" if kind == "gfm" else "a.bin"
    document = read_document(put(name, MARKDOWN if kind == "gfm" else made_by_pandoc(kind)))
    sections = [section for section in document.sections if section.heading]
    assert [section.heading for section in sections][-2:] == ["Satzung", "Öffnungszeiten"]
    before, last = sections[-2:]
    assert before.text == f"{GERMAN}\n\nName | Ort\nMüller | Köln\nWeiß | Düren"
    if kind != "html":  # whose notes are ordinary links
        assert last.text == "Montag (außer an Feiertagen) bis Freitag"
    assert document.pages is None


def test_a_word_file_keeps_its_title_and_every_paragraph_of_a_cell(put, tmp_path):
    docx = pytest.importorskip("docx").Document()
    docx.add_heading("Ein Titel", 0)
    docx.add_paragraph("Vor dem Kapitel")
    table = docx.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "erste\nzweite", "Köln"
    docx.add_heading("Kapitel Öl", 1)
    docx.add_paragraph("Punkt", style="List Bullet")
    docx.save(str(tmp_path / "a.docx"))
    first, second = read_document(tmp_path / "a.docx").sections
    assert first == Section("Vor dem Kapitel\n\nerste zweite | Köln", "Ein Titel")
    assert second == Section("- Punkt", "Kapitel Öl")


def test_a_page_in_an_old_encoding_is_read_without_scripts_and_pictures(put):
    html = f"""<!-- x --><html><head><meta charset="iso-8859-1"><style>p {{}}</style><script>alert(1)</script>
    </head><body><h1>Öffnung</h1><p>Grüße<img src="data:image/png;base64,{"A" * 9000}" alt="Bild"></p></body>"""
    document = read_document(put("a.txt", html.encode("cp1252")))
    assert document.sections == (Section("Grüße", "Öffnung"),)


def test_a_page_says_which_encoding_it_has(put):
    page = '<html><meta charset="iso-8859-2"><body><h1>Łódź</h1>Żółć</body>'
    assert read_document(put("a.html", page.encode("iso-8859-2"))).text == "Łódź\n\nŻółć"


def test_an_encoding_that_does_not_exist_is_not_believed(put):
    page = '<html><meta charset="windows-1299"><body>Grüße</body>'
    assert read_document(put("a.html", page.encode("cp1252"))).text == "Grüße"


@contextmanager
def counting_server():
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


def reaching_out(port, secret):
    return f"""<html><body><h1>Titel</h1><iframe src="http://127.0.0.1:{port}/"></iframe>
    <iframe src="{secret}"></iframe><object data="file://{secret}"></object><img src="http://127.0.0.1:{port}/p.png">
    <script src="http://127.0.0.1:{port}/s.js"></script><link href="http://127.0.0.1:{port}/c.css">Ende</body>"""


@pytest.mark.enable_socket
def test_a_page_fetches_nothing_and_reads_no_other_file(put):
    secret = put("secret.html", "<p>SECRET-WORDS</p>")
    with counting_server() as (port, visits):
        text = read_document(put("a.html", reaching_out(port, secret))).text
        assert visits == []
    assert "SECRET" not in text
    assert text.startswith("Titel")
    assert "Ende" in text


@pytest.mark.enable_socket
def test_without_its_sandbox_pandoc_would_have_come(put, monkeypatch):
    """Otherwise the test above could not fail."""
    monkeypatch.setattr(office, "SAFE", ("--wrap=none", "--quiet"))
    with counting_server() as (port, visits), suppress(ModelError):
        read_document(
            put("a.html", reaching_out(port, put("secret.html", "x"))), limits=ReadingLimits(seconds=3)
        )
    assert visits


# --- PDF ---

SATZUNG = """#set page(width: 12cm, height: 10cm, numbering: "i", header: [Verein Nord – Satzung],
  footer: context [Seite #counter(page).display("1")])
#set text(lang: "de", hyphenate: true)
#set par(justify: true)
= Öffnungszeiten für Gäste
Die Donaudampfschifffahrtsgesellschaft veröffentlicht jährlich umfangreiche Rechenschaftsberichte, die Vor- und
Nachteile gegenüberstellen. Größe, Maß und Übung sind wichtig, und die Überprüfungskommission arbeitet effizient.

Ein zweiter Absatz beginnt hier. Er handelt von E-Mail-Adressen und von Straßenbahnhaltestellen und ihren
Fahrgastinformationssystemen.
#table(columns: 3, [Name], [Ort], [Preis], [Müller], [Köln], [5 €])
#for part in (1, 7, 8) [#pagebreak() Ende von Teil #part]
"""


@pytest.fixture(scope="module")
def satzung():
    return typeset(SATZUNG)


@needs_pdf
def test_a_pdf_gives_a_section_per_page_with_its_printed_number(put, satzung):
    document = read_document(put("satzung.txt", satzung))
    assert document.pages == 4
    assert [section.page for section in document.sections] == [1, 2, 3, 4]
    assert [section.page_label for section in document.sections] == ["i", "ii", "iii", "iv"]


@needs_pdf
def test_words_of_a_pdf_are_whole_its_paragraphs_joined_its_rows_kept(put, satzung):
    first, second, *_ = read_document(put("satzung.pdf", satzung)).sections
    assert first.text.split("\n\n") == [
        "Verein Nord – Satzung\nÖffnungszeiten für Gäste",
        "Die Donaudampfschifffahrtsgesellschaft veröffentlicht jährlich umfangreiche Rechenschaftsberichte, die Vor- "
        "und Nachteile gegenüberstellen. Größe, Maß und Übung sind wichtig, und die Überprüfungskommission arbeitet "
        "effizient.",
        "Ein zweiter Absatz beginnt hier. Er handelt von E-Mail-Adressen und von Straßenbahnhaltestellen und ihren "
        "Fahrgastinformationssystemen.",
        "Name Ort Preis\nMüller Köln 5 €",
    ]
    assert second.text == "Ende von Teil 1"


@needs_pdf
@pytest.mark.parametrize(
    ("end", "whole"),
    [
        ("Vor- und Nachteile", "Vor- und Nachteile"),
        ("E-Mail-Adresse", "E-Mail-Adresse"),
        ("Übergröße", "Übergröße"),
    ],
)
def test_hyphens_at_line_ends_are_judged(put, end, whole):
    broken = (
        end.replace("- ", "-#linebreak()")
        .replace("-Adr", "-#linebreak()Adr")
        .replace("rgr", "r-#linebreak()gr")
    )
    text = read_document(
        put("a.pdf", typeset(f"Die Kommission prüfte am Freitag lange die {broken} im Haus"))
    ).text
    assert whole in text


@needs_pdf
def test_700_pages_are_refused_and_said_in_numbers(put):
    file = put("a.pdf", pdf_bytes(pages=700))
    with pytest.raises(ModelError) as caught:
        read_document(file)
    assert caught.value.key == "reading.too_many_pages"
    assert "700 Seiten" in sentence(caught.value, "de")
    assert "600 Seiten" in sentence(caught.value, "de")
    assert read_document(file, limits=ReadingLimits(pages=700)).pages == 700


@needs_pdf
def test_a_pdf_with_a_password_is_refused(put):
    locked = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>/ID[(a)(a)]" % (b"x" * 32, b"y" * 32)
    assert refusal(put("a.pdf", pdf_bytes(trailer=locked))) == "reading.encrypted"


@needs_pdf
def test_a_scan_is_called_a_scan_but_a_short_page_is_read(put, tmp_path):
    image = pytest.importorskip("PIL.Image")
    image.new("RGB", (200, 300), "white").save(tmp_path / "scan.pdf")
    assert refusal(tmp_path / "scan.pdf") == "reading.scanned"
    assert refusal(put("stamped.pdf", pdf_bytes(HELLO + PICTURE))) == "reading.scanned"
    assert refusal(put("empty.pdf", pdf_bytes(b" "))) == "reading.scanned"
    assert read_document(put("short.pdf", pdf_bytes())).text == "Hallo Welt"


@needs_pdf
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_half_a_pdf_is_broken_not_shortened(put, satzung, share):
    assert refusal(put("a.pdf", satzung[: int(len(satzung) * share)])) == "reading.broken"


@needs_pdf
def test_a_pdf_that_swells_in_memory_is_stopped(put):
    file = put("a.pdf", swollen_pdf())
    assert file.stat().st_size < 2500
    assert refusal(file, memory_bytes=300_000_000) == "reading.bomb"


@needs_pdf
def test_too_many_letters_are_refused_not_cut(put, satzung):
    assert refusal(put("a.pdf", satzung), letters=100) == "reading.too_long"


@pytest.mark.parametrize(
    ("child", "key"),
    [
        ("import time; time.sleep(60)", "reading.too_slow"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "reading.broken"),
        ("import os; os.abort()", "reading.bomb"),
        ("print('{\"text\": 1'); raise MemoryError", "reading.bomb"),
        ("while True: print('x' * 10_000)", "reading.too_long"),
        ("x = b'x' * 400_000_000; import time; time.sleep(60)", "reading.bomb"),
    ],
)
def test_however_the_child_ends_there_is_a_sentence(put, monkeypatch, child, key):
    monkeypatch.setattr(pdf, "CHILD", put("child.py", child))
    began = time.monotonic()
    assert refusal(put("a.pdf", pdf_bytes()), seconds=2, memory_bytes=300_000_000, letters=1000) == key
    assert time.monotonic() - began < 30


def test_no_child_is_left_behind(put, monkeypatch):
    import psutil

    monkeypatch.setattr(pdf, "CHILD", put("child.py", "import time; time.sleep(60)"))
    refusal(put("a.pdf", pdf_bytes()), seconds=1)
    assert not [each for each in psutil.Process().children() if "child.py" in " ".join(each.cmdline())]


# --- refused ---


def test_empty_missing_and_too_big_files_are_refused(put, tmp_path):
    assert refusal(put("a.pdf", b"")) == "reading.empty"
    assert refusal(put("a.txt", " \n\t ... ")) == "reading.empty"
    assert refusal(put("a.html", "<html><body><img src=x></body>")) == "reading.empty"
    assert refusal(tmp_path / "nothing.txt") == "reading.not_found"
    assert refusal(tmp_path) == "reading.not_found"
    assert refusal(put("b.txt", "x" * 101), file_bytes=100) == "reading.too_big"


def test_sizes_are_said_with_units(put):
    with pytest.raises(ModelError) as caught:
        read_document(put("a.txt", "x" * 2000), limits=ReadingLimits(file_bytes=1000))
    assert "2,0 KB" in sentence(caught.value, "de")
    assert "1,0 KB" in sentence(caught.value, "de")


@pytest.mark.parametrize("size", [10, 100_000])
def test_too_much_text_is_refused(put, size):
    assert refusal(put("a.txt", "ä" * size), letters=9) == "reading.too_long"
    assert refusal(put("a.html", "<html><body>" + "ä" * size), letters=9) == "reading.too_long"


UNKNOWN = {
    "a.pdf": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a.txt": b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200),
    "a.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a.html": b"\x1f\x8b\x08\x00" + bytes(range(256)),
    "a.rtf": b"{\\rtf1\\ansi Gr\\'fc\\'dfe}",
    "odd.txt": b"\xff\xfe\x00\xd8\x00\xd8",
    "later.txt": b"Text " * 3000 + b"\x00\x01\x02",
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_pictures_programs_and_old_word_files_are_unknown(put, name):
    assert refusal(put(name, UNKNOWN[name])) == "reading.unknown_kind"


def test_other_packed_files_are_unknown(put):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("photo.txt", "x")
    assert refusal(put("a.docx", packed.getvalue())) == "reading.unknown_kind"


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_half_a_packed_file_is_broken(put, kind):
    whole = made_by_pandoc(kind)
    assert refusal(put(f"a.{kind}", whole[: len(whole) // 2])) == "reading.broken"
    assert refusal(put(f"b.{kind}", whole[:-30])) == "reading.broken"


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_zip_bomb_is_refused_by_its_own_account(put, kind):
    bomb = repacked(made_by_pandoc(kind), {STYLES[kind]: lambda _: bytes(20_000_000)})
    assert len(bomb) < 100_000
    assert refusal(put(f"a.{kind}", bomb), unpacked_bytes=10_000_000) == "reading.bomb"


def test_a_zip_bomb_that_lies_about_its_size_dies_in_its_own_process(put):
    spaces = b" " * 150_000_000
    size = {}

    def swell(content):
        size["true"] = len(content) + len(spaces)
        return content.replace("Größe".encode(), "Größe".encode() + spaces)

    bomb = repacked(made_by_pandoc("docx"), {TEXT["docx"]: swell})
    lie = bomb.replace(size["true"].to_bytes(4, "little"), (5000).to_bytes(4, "little"))
    assert lie != bomb
    assert refusal(put("a.docx", lie), memory_bytes=200_000_000) == "reading.bomb"


def test_an_endless_table_of_contents_is_refused_before_it_is_read(put):
    whole = made_by_pandoc("docx")
    at = whole.rfind(b"PK\x05\x06") + 12
    bomb = whole[:at] + (500_000_000).to_bytes(4, "little") + whole[at + 4 :]
    assert refusal(put("a.docx", bomb)) == "reading.bomb"


def laughing(content):
    """Entities that grow tenfold ten times."""
    letters = "abcdefghijk"
    entities = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise(letters))
    start, rest = content.decode().split("?>", 1)
    bomb = f'{start}?><!DOCTYPE x [<!ENTITY a "lol">{entities}]>{rest}'
    return bomb.replace("Satzung", "&k;", 1).encode()


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_entities_that_multiply_end_in_a_sentence(put, kind):
    bomb = repacked(made_by_pandoc(kind), {TEXT[kind]: laughing})
    assert refusal(put(f"a.{kind}", bomb)) in {"reading.broken", "reading.bomb"}


def test_entities_read_no_other_file(put):
    secret = put("secret.txt", "SECRET-WORDS")

    def peek(content):
        start, rest = content.decode().split("?>", 1)
        doctype = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
        return (start + "?>" + doctype + rest.replace("Satzung", "&a;", 1)).encode()

    assert refusal(put("a.docx", repacked(made_by_pandoc("docx"), {TEXT["docx"]: peek}))) == "reading.broken"


def test_locked_office_files_are_called_locked(put):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert refusal(put("a.docx", ole)) == "reading.encrypted"
    locked = repacked(
        made_by_pandoc("odt"), {"META-INF/manifest.xml": lambda old: old + b"<encryption-data/>"}
    )
    assert refusal(put("a.odt", locked)) == "reading.encrypted"


def test_a_name_that_looks_like_an_option_is_only_a_name(put):
    assert "Satzung" in read_document(put("--version", made_by_pandoc("odt"))).text


@pytest.mark.parametrize(
    "text", ["<!---->" * 1000 + "x", "<?xml " * 1000, "\u00ad \t" * 100_000, "-" + " " * 900_000 + "x"]
)
def test_patterns_of_ours_do_not_choke(put, text):
    began = time.monotonic()
    read_document(put("a.txt", text + "x"))
    assert time.monotonic() - began < 20


# --- repair ---


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        ("gro\u0308ßer", "größer"),
        ("f¨ur und f¨ ur ¨Uber", "für und für Über"),
        ("e\ufb03zient, \ufb01nden, o\ufb00en", "effizient, finden, offen"),
        ("Dampf\u00adschiff und Damp\u00ad\nfer", "Dampfschiff und Dampfer"),
        ("Dampf\x02\r\nschiff, Ge\ufffeschichte", "Dampfschiff, Geschichte"),
        ("Ge-\nschichte", "Geschichte"),
        ("Vor-\nund Nachteile", "Vor- und Nachteile"),
        ("Vor-\nundenklichen", "Vorundenklichen"),
        ("E-Mail-\nAdresse, Covid-\n19", "E-Mail-Adresse, Covid-19"),
        ("Liste:\n-\n- a", "Liste:\n-\n- a"),
        ("z.\u00a0B.\u202f5 €", "z. B. 5 €"),
        ("a\x00b\x07c\u202ed\ufeffe\U000e0041f", "abcdef"),
        ("eins\r\nzwei\rdrei   \n\n\n\nvier\n", "eins\nzwei\ndrei\n\nvier"),
        ("Name\tOrt", "Name\tOrt"),
        ("\uf0b7 Punkt", "• Punkt"),
    ],
)
def test_words_are_mended(raw, whole):
    assert repair.repaired(raw) == whole
    assert repair.repaired(whole) == whole


def test_what_repeats_on_most_pages_is_dropped_but_once_and_numbers_always():
    pages = [
        ["Kopf", f"Inhalt {word}", "Kopf ist auch Inhalt", f"Seite {at}"] for at, word in enumerate("abcd")
    ]
    kept = page_lines.without_running(pages)
    assert page_lines.without_running([["Kapitel 1"], ["Kapitel 5"], ["Kapitel 9"]])[1] == ["Kapitel 5"]
    assert kept[0] == ["Kopf", "Inhalt a", "Kopf ist auch Inhalt"]
    assert [page[0] for page in kept[1:]] == ["Inhalt b", "Inhalt c", "Inhalt d"]


def test_what_repeats_in_the_middle_or_on_two_pages_stays():
    middle = [["a b c"[at], "x", "y"[:1] * at, "Summe", "u" * at, "v" * at, "w" * at] for at in (0, 2, 4)]
    assert all(
        "Summe" in page for page in page_lines.without_running([[*"123", *page, *"456"] for page in middle])
    )
    assert page_lines.without_running([["Kopf", "a"], ["Kopf", "b"]]) == [["Kopf", "a"], ["Kopf", "b"]]


def test_a_bare_page_number_goes_when_it_is_the_pages_label():
    assert page_lines.without_running([["iv", "Text", "7"]], ["iv"]) == [["Text", "7"]]


def test_narrow_lines_and_lists_stay_lines():
    lines = ["Zutaten", "3 Eier", "200 g Mehl"]
    assert page_lines.paragraphs(lines) == "\n".join(lines)
    full = "Dies ist eine volle Zeile mit vielen Wörtern darin"
    assert page_lines.paragraphs([full, full, "• Punkt"]) == f"{full} {full}\n\n• Punkt"


def test_a_document_joins_headings_and_texts():
    document = Document("x", (Section("a", "H", 1), Section("", "", 2), Section("b", page=3)))
    assert document.text == "H\n\na\n\nb"
    assert document.pages == 3


def test_endless_lines_of_numbers_are_no_headers():
    assert list(page_lines._counting("Seite 3", 2)) == ["Seite \0" + "1"]
    assert list(page_lines._counting("12 " * 100, 0)) == []


def child(raw, *, pages=5, letters=1000, memory_bytes=2_000_000_000):
    """What the child says and how it ends, with nobody watching it."""
    numbers = map(str, (pages, letters, memory_bytes, 60))
    command = [sys.executable, "-I", str(pdf.CHILD), *numbers]
    ended = subprocess.run(command, input=raw, capture_output=True, check=False)
    return [json.loads(line) for line in ended.stdout.splitlines() if line], ended.returncode


@needs_pdf
def test_the_child_speaks_plain_json_and_needs_nothing_of_the_kit():
    assert child(pdf_bytes()) == ([{"text": "Hallo Welt", "label": ""}], 0)
    assert "models" not in re.findall(r"^\s*(?:from|import) (\w+)", pdf.CHILD.read_text(), re.MULTILINE)


@needs_pdf
def test_the_child_keeps_its_limits_by_itself():
    assert child(pdf_bytes(), letters=5) == ([{"error": "too_long"}], 0)
    assert child(pdf_bytes(pages=6)) == ([{"error": "too_many_pages", "pages": 6}], 0)


@needs_pdf
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process limit its own memory")
def test_the_child_cannot_take_more_memory_than_it_may():
    said, code = child(swollen_pdf(), memory_bytes=300_000_000)
    assert code != 0 or said[-1] == {"error": "bomb"}
