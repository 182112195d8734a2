"""Whole documents in another language: only the words change. Subtitles: as many pieces as before."""

import io
import json
import struct
import subprocess
import zipfile

import pypandoc
import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from models.errors import ModelError
from models.reading.document import ReadingLimits
from stations.translation.bodies import packed
from stations.translation.cues import parted, translate_cues
from stations.translation.lines import Atom, Line, Run, line_units, rebuilt
from stations.translation.marking import MOST_MARKS, marked, unmarked, without_tags
from stations.translation.papers import read_paper, written_paper
from stations.translation.results import Pair, Translation, Wish
from stations.translation.translating import translate
from stations.translation.units import Unit

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100"
    "c9fe92ef0000000049454e44ae426082"
)


class Shouting:
    """A translation model whose other language is the same in capitals."""

    is_open, pairs = True, (("de", "en"),)

    def close(self):
        self.is_open = False

    def translate(self, sentences, source, target):
        for sentence in sentences:
            yield sentence.upper()


def shouted(paper):
    """The translation of a paper by a model that keeps every mark."""
    pairs = (Pair(unit, unit.text.upper(), done=True, marks=unit.marks) for unit in paper.units)
    return Translation(tuple(pairs), "done")


def through(file, translated=shouted, target="en"):
    """The file with its words in capitals."""
    paper = read_paper(file, "de")
    done = file.with_name(f"done{file.suffix}")
    done.write_bytes(written_paper(paper, translated(paper), target))
    return done


@pytest.fixture
def letter(tmp_path):
    """A Word file with everything that people put into one."""
    document = Document()
    document.add_heading("Einladung zur Sitzung", 0)
    document.add_heading("Tagesordnung", 1)
    words = document.add_paragraph("Der ")
    words.add_run("Eintritt").bold = True
    words.add_run(" ist ")
    words.add_run("frei").italic = True
    words.add_run(". Kommen Sie bitte pünktlich!")
    document.add_paragraph("Erster Punkt", style="List Bullet")
    document.add_paragraph("Zweiter Punkt", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Name", "Aufgabe", "Frau Krause", "Kasse führen"], strict=True):
        cell.text = text
    picture = document.add_paragraph("Vor dem Bild steht das.").add_run()
    picture.add_picture(io.BytesIO(PICTURE))
    document.add_paragraph("Nach\tdem Tab").add_run().add_break(WD_BREAK.PAGE)
    document.sections[0].header.paragraphs[0].text = "Heimatverein Löbau"
    document.sections[0].footer.paragraphs[0].text = "Seite unten"
    file = tmp_path / "brief.docx"
    document.save(file)
    return file


# --- Word -------------------------------------------------------------------------------------------------------------


def test_headings_lists_tables_header_and_footer_stay_where_they_are(letter):
    before, after = Document(letter), Document(through(letter))
    assert [each.style.name for each in after.paragraphs] == [each.style.name for each in before.paragraphs]
    assert [each.text for each in after.paragraphs] == [each.text.upper() for each in before.paragraphs]
    assert [cell.text for cell in after.tables[0]._cells] == [
        "NAME",
        "AUFGABE",
        "FRAU KRAUSE",
        "KASSE FÜHREN",
    ]
    assert after.sections[0].header.paragraphs[0].text == "HEIMATVEREIN LÖBAU"
    assert after.sections[0].footer.paragraphs[0].text == "SEITE UNTEN"


def test_bold_and_italic_words_stay_bold_and_italic(letter):
    runs = Document(through(letter)).paragraphs[2].runs
    assert [run.text for run in runs if run.bold] == ["EINTRITT"]
    assert [run.text for run in runs if run.italic] == ["FREI"]


def test_pictures_tabs_and_page_breaks_stay(letter):
    after = Document(through(letter))
    assert len(after.inline_shapes) == 1
    assert "NACH\tDEM TAB" in after.paragraphs[-1].text
    assert 'w:type="page"' in after.paragraphs[-1]._p.xml


def test_nothing_else_in_the_file_changes(letter):
    done = through(letter)
    with zipfile.ZipFile(letter) as before, zipfile.ZipFile(done) as after:
        assert before.namelist() == after.namelist()
        words = ("word/document.xml", "word/header", "word/footer", "word/styles.xml", "word/footnotes.xml")
        same = [name for name in before.namelist() if not name.startswith(words)]
        assert len(same) > 5
        assert all(before.read(name) == after.read(name) for name in same)


def test_the_spelling_checker_is_told_the_language(letter):
    with zipfile.ZipFile(through(letter)) as after:
        styles = etree.fromstring(after.read("word/styles.xml"))
    assert {mark.get(qn("w:val")) for mark in styles.iter(qn("w:lang"))} == {"en-GB"}


def test_runs_that_word_has_cut_without_reason_are_one_sentence(tmp_path):
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("Die Mit", "glieder ", "wäh", "len."):
        run = paragraph.add_run(piece)
        run._r.set(qn("w:rsidR"), "00A1")
        run._r.get_or_add_rPr().append(parse_xml(f'<w:lang {nsdecls("w")} w:val="de-DE"/>'))
    document.save(tmp_path / "a.docx")
    (unit,) = read_paper(tmp_path / "a.docx", "de").units
    assert (unit.text, unit.marks) == ("Die Mitglieder wählen.", ())


def linked(tmp_path):
    document = Document()
    paragraph = document.add_paragraph("Mehr steht auf ")
    target = document.part.relate_to("https://verein.example", "http://x/hyperlink", is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    link.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>unserer Seite</w:t></w:r>"))
    paragraph._p.append(link)
    paragraph.add_run(" im Netz.")
    document.save(tmp_path / "link.docx")
    return tmp_path / "link.docx", target


def test_a_link_leads_to_the_same_place(tmp_path):
    file, target = linked(tmp_path)
    link = Document(through(file)).paragraphs[0]._p.find(qn("w:hyperlink"))
    assert link.get(qn("r:id")) == target
    assert [each.text for each in link.iter(qn("w:t"))] == ["UNSERER SEITE"]


def test_a_link_that_the_model_loses_becomes_plain_words(tmp_path):
    file, _ = linked(tmp_path)

    def without_marks(paper):
        pairs = (Pair(unit, unit.text.upper(), done=True, marks=(None,)) for unit in paper.units)
        return Translation(tuple(pairs), "done")

    paragraph = Document(through(file, without_marks)).paragraphs[0]
    assert paragraph.text == "MEHR STEHT AUF UNSERER SEITE IM NETZ."
    assert paragraph._p.find(qn("w:hyperlink")) is None


FIELD = (
    '<w:r {ns}><w:fldChar w:fldCharType="begin"/></w:r><w:r {ns}><w:instrText>PAGE</w:instrText></w:r>'
    '<w:r {ns}><w:fldChar w:fldCharType="separate"/></w:r><w:r {ns}><w:t>drei</w:t></w:r>'
    '<w:r {ns}><w:fldChar w:fldCharType="end"/></w:r>'
)


def with_xml(tmp_path, xml, first="Seite ", last=" von vielen."):
    document = Document()
    paragraph = document.add_paragraph(first)
    for each in parse_xml(f"<x>{xml.format(ns=nsdecls('w'))}</x>"):
        paragraph._p.append(each)
    paragraph.add_run(last)
    document.add_paragraph("Danach kommt noch etwas.")
    document.save(tmp_path / "xml.docx")
    return tmp_path / "xml.docx"


def test_a_field_stays_whole_and_is_not_translated(tmp_path):
    paragraph = Document(through(with_xml(tmp_path, FIELD))).paragraphs[0]
    kinds = [each.get(qn("w:fldCharType")) for each in paragraph._p.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    assert "drei" in paragraph.text
    assert paragraph.text.startswith("SEITE")
    order = [
        each.tag.rpartition("}")[2]
        for each in paragraph._p.iter()
        if "fld" in each.tag or "instr" in each.tag
    ]
    assert order == ["fldChar", "instrText", "fldChar", "fldChar"]


def test_a_paragraph_in_which_a_field_does_not_end_is_left_alone(tmp_path):
    unfinished = FIELD.rpartition('<w:r {ns}><w:fldChar w:fldCharType="end"/></w:r>')[0]
    paragraphs = Document(through(with_xml(tmp_path, unfinished))).paragraphs
    assert paragraphs[0].text == "Seite drei von vielen."
    assert paragraphs[1].text == "DANACH KOMMT NOCH ETWAS."


def test_words_in_a_text_box_are_translated_and_the_box_stays(tmp_path):
    box = (
        '<w:r {ns}><w:pict><x:shape xmlns:x="urn:x"><w:txbxContent><w:p><w:r><w:t>Im Kasten.</w:t></w:r></w:p>'
        "</w:txbxContent></x:shape></w:pict></w:r>"
    )
    paragraph = Document(through(with_xml(tmp_path, box))).paragraphs[0]
    words = [each.text for each in paragraph._p.iter(qn("w:t"))]
    assert sorted(words) == ["IM KASTEN.", "SEITE  VON VIELEN."]
    assert len(list(paragraph._p.iter(qn("w:txbxContent")))) == 1


def test_what_was_deleted_while_changes_were_tracked_is_not_translated(tmp_path):
    deleted = '<w:del {ns} w:id="1"><w:r><w:delText>Altes Wort</w:delText></w:r></w:del>'
    file = with_xml(tmp_path, deleted)
    assert not any("Altes" in unit.text for unit in read_paper(file, "de").units)
    assert "Altes Wort" in "".join(Document(through(file)).paragraphs[0]._p.itertext())


def test_a_repeated_line_is_translated_once_and_stands_everywhere(tmp_path):
    document = Document()
    for _ in range(5):
        document.add_paragraph("Nur für Mitglieder.")
    document.save(tmp_path / "a.docx")
    assert len(read_paper(tmp_path / "a.docx", "de").units) == 1
    assert {each.text for each in Document(through(tmp_path / "a.docx")).paragraphs} == {
        "NUR FÜR MITGLIEDER."
    }


def test_what_is_not_translated_yet_stays(letter):
    def half(paper):
        pairs = [Pair(unit) for unit in paper.units]
        pairs[0] = Pair(paper.units[0], "INVITATION", done=True)
        return Translation(tuple(pairs))

    texts = [each.text for each in Document(through(letter, half)).paragraphs]
    assert texts[:2] == ["INVITATION", "Tagesordnung"]
    assert texts[2] == "Der Eintritt ist frei. Kommen Sie bitte pünktlich!"


def test_another_papers_translation_is_refused(letter, tmp_path):
    other = Document()
    other.add_paragraph("Etwas ganz anderes.")
    other.save(tmp_path / "b.docx")
    paper, foreign = read_paper(letter, "de"), read_paper(tmp_path / "b.docx", "de")
    with pytest.raises(ModelError, match=r"reading\.broken"):
        written_paper(paper, shouted(foreign), "en")


# --- Hostile files ----------------------------------------------------------------------------------------------------


def remade(letter, name, content):
    """The letter with one member changed."""
    hostile = letter.with_name("hostile.docx")
    with zipfile.ZipFile(letter) as old, zipfile.ZipFile(hostile, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content(old.read(member)) if member == name else old.read(member))
    return hostile


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (lambda xml: LAUGHS + xml, "broken"),
        (lambda xml: xml[: len(xml) // 2], "broken"),
        (lambda xml: b"\x00\x01", "broken"),
        (lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b"<w:sdt>" * 999 + b"</w:sdt>" * 999), "broken"),
        (lambda xml: b"<w:x xmlns:w='w'>" + b"a" * 60_000_000 + b"</w:x>", "too_long"),
    ],
)
def test_a_hostile_word_file_gets_its_sentence(letter, content, key):
    with pytest.raises(ModelError) as caught:
        read_paper(remade(letter, "word/document.xml", content), "de")
    assert caught.value.key == f"reading.{key}"


def test_a_file_that_would_unpack_to_much_more_is_refused(letter):
    hostile = remade(letter, "word/styles.xml", lambda xml: xml + b" " * 5_000_000)
    with pytest.raises(ModelError, match=r"reading\.bomb"):
        read_paper(hostile, "de", limits=ReadingLimits(unpacked_bytes=4_000_000))


def test_a_file_that_was_changed_meanwhile_is_looked_at_again(letter):
    paper = read_paper(letter, "de", limits=ReadingLimits(unpacked_bytes=4_000_000))
    letter.write_bytes(remade(letter, "word/styles.xml", lambda xml: xml + b" " * 5_000_000).read_bytes())
    with pytest.raises(ModelError, match=r"reading\.bomb"):
        written_paper(paper, shouted(paper), "en")


def test_a_file_with_a_lying_table_of_contents_is_broken(letter):
    raw = bytearray(letter.read_bytes())
    raw[raw.rfind(b"PK\x05\x06") + 16 :] = struct.pack("<I", 10) + b"\x00\x00"
    letter.write_bytes(raw)
    with pytest.raises(ModelError, match=r"reading\.broken"):
        read_paper(letter, "de")


def test_a_word_file_without_a_text_has_nothing_to_translate(tmp_path):
    Document().save(tmp_path / "leer.docx")
    with pytest.raises(ModelError, match=r"translate\.nothing"):
        read_paper(tmp_path / "leer.docx", "de")


def test_other_formats_are_refused(tmp_path):
    (tmp_path / "a.html").write_text("<html><p>Hallo</p></html>")
    with pytest.raises(ModelError) as caught:
        read_paper(tmp_path / "a.html", "de", name="seite.html")
    assert caught.value.key == "translate.not_translatable"
    assert caught.value.facts == {"name": "seite.html"}


@pytest.mark.parametrize(("content", "key"), [(b"", "empty"), (b"x" * 2000, "too_big"), (None, "not_found")])
def test_size_is_looked_at_first(tmp_path, content, key):
    file = tmp_path / "a.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=rf"reading\.{key}"):
        read_paper(file, "de", limits=ReadingLimits(file_bytes=1000))


def test_a_document_has_a_longest_length(tmp_path, monkeypatch):
    monkeypatch.setattr("stations.translation.papers.MOST_UNITS", 3)
    (tmp_path / "a.txt").write_text("Eins ist da. Zwei ist da. Drei ist da. Vier ist da.")
    with pytest.raises(ModelError, match=r"translate\.too_long"):
        read_paper(tmp_path / "a.txt", "de")


def test_no_parser_looks_outside(letter):
    xml = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'
    with pytest.raises(ModelError):  # unit tests have no sockets: reaching out would fail otherwise
        packed._parsed(xml, read_paper(letter, "de").source)


# --- ODT and Markdown -------------------------------------------------------------------------------------------------

MARKDOWN = """\
---
title: Ein Titel
---

# Einladung zur Sitzung

Der **Eintritt** ist *frei* und steht [auf der Seite](https://verein.example). Bitte kommen![^1]

- Erster Punkt
- [ ] Zweiter Punkt

| Name | Aufgabe |
|------|---------|
| Krause | `Kasse` |

``` sh
rm -rf ordner
```

> Ein Zitat mit ~~Streichung~~.

[^1]: Die Fußnote dazu.
"""


def pandoc(file, reads, writes):
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--wrap=none", "-f", reads, "-t", writes, str(file)],
        capture_output=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def odt(tmp_path):
    (tmp_path / "a.md").write_text(MARKDOWN, encoding="utf-8")
    file = tmp_path / "brief.odt"
    pypandoc.convert_file(str(tmp_path / "a.md"), "odt", format="gfm", outputfile=str(file))
    return file


def shape(tree):
    """A syntax tree with letters left out: what kind of thing stands where."""
    if isinstance(tree, dict):
        return [tree["t"], shape(tree.get("c"))] if "t" in tree else {key: shape(tree[key]) for key in tree}
    if isinstance(tree, list):
        return [shape(each) for each in tree]
    return "" if isinstance(tree, str) else tree


def blocks(file, reads):
    return json.loads(pandoc(file, reads, "json"))["blocks"]


def test_an_odt_keeps_everything_but_its_words(odt):
    done = through(odt)
    assert shape(blocks(done, "odt")) == shape(blocks(odt, "odt"))
    text = pandoc(done, "odt", "gfm").decode()
    for piece in ("**EINTRITT**", "*FREI*", "[AUF DER SEITE](https://verein.example)", "DIE FUSSNOTE DAZU."):
        assert piece in text


def test_an_odt_begins_with_its_kind_not_packed(odt):
    with zipfile.ZipFile(through(odt)) as after:
        first = after.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_spaces_tabs_and_line_breaks_of_an_odt_stay(odt):
    def with_signs(xml):
        signs = "Name<text:tab/>Ort<text:s text:c='3'/>hier<text:line-break/>Zeile"
        return xml.replace(b"Erster Punkt", signs.encode())

    hostile = odt.with_name("signs.odt")
    with zipfile.ZipFile(odt) as old, zipfile.ZipFile(hostile, "w") as new:
        for member in old.infolist():
            raw = old.read(member)
            new.writestr(member, with_signs(raw) if member.filename == "content.xml" else raw)
    with zipfile.ZipFile(through(hostile)) as after:
        xml = after.read("content.xml").decode()
    assert "NAME<text:tab/>ORT" in xml
    assert "<text:line-break/>ZEILE" in xml


def test_markdown_keeps_everything_but_its_words(tmp_path):
    file = tmp_path / "a.md"
    file.write_text(MARKDOWN, encoding="utf-8")
    text = through(file).read_text(encoding="utf-8")
    pieces = (
        "# EINLADUNG ZUR SITZUNG",
        "**EINTRITT**",
        "*FREI*",
        "[AUF DER SEITE](https://verein.example)",
        "ERSTER PUNKT",
    )
    for piece in (
        *pieces,
        "[ ] ZWEITER PUNKT",
        "`Kasse`",
        "rm -rf ordner",
        "~~STREICHUNG~~",
        "[^1]: DIE FUSSNOTE DAZU.",
    ):
        assert piece in text
    assert "KRAUSE" in text
    assert text.startswith("---\ntitle: ")


def test_a_text_file_keeps_its_lines(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes("Grüße!\r\n\r\n  - Erster Punkt\r\nEnde ist hier".encode("cp1252"))
    assert through(file).read_text(encoding="utf-8") == "GRÜSSE!\n\n  - ERSTER PUNKT\nENDE IST HIER"


def test_a_paper_goes_through_a_translation_model(letter):
    paper = read_paper(letter, "de")
    *_, last = translate(paper.units, Wish("de", "en"), Shouting())
    after = Document(io.BytesIO(written_paper(paper, last, "en")))
    assert after.paragraphs[2].text == "DER EINTRITT IST FREI. KOMMEN SIE BITTE PÜNKTLICH!"
    assert "styles" in {finding.check for pair in last.pairs for finding in pair.findings if pair.unit.marks}


# --- Lines and marks --------------------------------------------------------------------------------------------------

LINE = Line(
    (Run("Der "), Run("Eintritt ", "bold"), Atom("note"), Run("ist frei. "), Run("Kommen Sie!", "bold"))
)


def test_only_words_that_look_different_from_their_sentence_are_marked():
    units = line_units(LINE, "de", 0)
    assert [(unit.text, unit.marks) for unit in units] == [
        ("Der Eintritt ist frei.", ((4, 12),)),
        ("Kommen Sie!", ()),
    ]


def test_a_line_is_put_together_again_with_its_styles_and_things():
    units = line_units(LINE, "de", 0)
    pairs = [
        Pair(units[0], "There is no admission fee.", done=True, marks=((12, 25),)),
        Pair(units[1], "Do come!", done=True),
    ]
    assert rebuilt(LINE, pairs) == [
        Run("There is no "), Run("admission fee", "bold"), Run("."), Atom("note"), Run(" "), Run("Do come!", "bold"),
    ]  # fmt: skip


def test_a_line_that_is_not_translated_comes_back_as_it_is():
    units = line_units(LINE, "de", 0)
    items = rebuilt(LINE, [Pair(unit) for unit in units])
    assert "".join(item.text for item in items if isinstance(item, Run)) == LINE.text
    assert [item for item in items if isinstance(item, Atom)] == [Atom("note")]


UNIT = Unit("Der Eintritt ist frei.", marks=((4, 12), (17, 21)))


def test_marks_go_in_and_come_out():
    assert marked(UNIT) == "Der <b1>Eintritt</b1> ist <b2>frei</b2>."
    assert unmarked(marked(UNIT), UNIT) == (UNIT.text, UNIT.marks)
    text, marks = unmarked("It is <b2> free </b2> of <b1>charge</b1>.", UNIT)
    assert (text, [text[slice(*mark)] for mark in marks]) == ("It is  free  of charge.", ["charge", "free"])


@pytest.mark.parametrize(
    "answer",
    [
        "<b1>Admission is <b2>free</b2>.",
        "Admission</b1> is <b2>free</b2>.",
        "<b1>Admission</b1> <b1>is</b1> <b2>free</b2>.",
        "<b1></b1>Admission is <b2>free</b2>.",
    ],
)
def test_broken_marks_are_lost_and_never_shown(answer):
    text, marks = unmarked(answer, UNIT)
    assert text == "Admission is free."
    assert [mark and text[slice(*mark)] for mark in marks] == [None, "free"]


def test_a_tag_without_its_number_is_the_only_one():
    unit = Unit("Der Eintritt ist frei.", marks=((17, 21),))
    assert unmarked("Admission is <b>free</b>.", unit) == ("Admission is free.", ((13, 17),))


def test_lost_marks_are_found_again_where_the_words_stayed():
    unit = Unit("Am 3. Mai spricht Frau Wünsche.", marks=((3, 9), (23, 30)))
    text, marks = unmarked("Ms Wünsche will speak on 3 May.", unit)
    assert [mark and text[slice(*mark)] for mark in marks] == [None, "Wünsche"]


def test_marks_never_overlap():
    _, marks = unmarked("<b1>a <b2>b</b2></b1>", Unit("x y", marks=((0, 1), (2, 3))))
    assert marks[0] == (0, 3)
    assert marks[1] is None


def test_too_many_marks_and_tags_of_the_text_itself_are_left_out():
    many = Unit("a b c d e f g h", marks=tuple((2 * n, 2 * n + 1) for n in range(MOST_MARKS + 1)))
    assert marked(many) == many.text
    assert marked(Unit("Der Befehl <b1> ist fett.", marks=((4, 10),))) == "Der Befehl <b1> ist fett."


def test_a_tag_that_is_still_being_written_is_not_shown():
    assert without_tags("It is <b2>free</b2> of <b") == "It is free of "


# --- Subtitles and transcripts ----------------------------------------------------------------------------------------


def last_cues(texts, speakers=()):
    *_, last = translate_cues(texts, Wish("de", "en"), Shouting(), speakers)
    return last


def test_there_are_as_many_cues_as_before_and_every_word_is_in_one():
    texts = [
        "Als die Fabrik 1990 schloss,",
        "verloren viele Menschen",
        "ihre Arbeit.",
        "♪",
        "Das war schlimm.",
    ]
    cues = last_cues(texts)
    assert len(cues.texts) == len(texts)
    assert " ".join(cues.texts) == " ".join(texts).upper()
    assert cues.sentences == (0, 0, 0, None, 1)


def test_a_sentence_is_one_request_though_it_goes_over_several_cues():
    sentences = last_cues(["Wir gehen\nheute", "nach Hause."]).translation.pairs
    assert [pair.unit.text for pair in sentences] == ["Wir gehen heute nach Hause."]


def test_nobodys_sentence_goes_on_in_what_somebody_else_says():
    cues = last_cues(["Ich meine, dass", "das geht nicht", "und zwar nie."], ["a", "b", "b"])
    assert [pair.unit.text for pair in cues.translation.pairs] == [
        "Ich meine, dass",
        "das geht nicht und zwar nie.",
    ]
    assert [pair.unit.paragraph for pair in cues.translation.pairs] == [0, 1]


def test_speech_without_full_stops_is_not_put_together_without_end():
    cues = last_cues(["und dann kamen wir"] * 50)
    assert max(len(pair.unit.text) for pair in cues.translation.pairs) <= 410
    assert all(cues.texts)


def test_a_finding_names_the_first_cue_of_its_sentence():
    class Deaf(Shouting):
        def translate(self, sentences, source, target):
            yield from ("THERE WAS A FACTORY HERE." for _ in sentences)

    *_, last = translate_cues(["Gut.", "Hier standen", "12 Häuser."], Wish("de", "en"), Deaf())
    assert {
        first for first, pair in last.findings if any(each.check == "numbers" for each in pair.findings)
    } == {1}


def test_words_are_parted_in_proportion_and_rather_after_a_comma():
    text = "When the factory closed in 1990, about 1,200 people lost their jobs and moved away."
    parts = parted(text, [30, 28, 20], "en")
    assert " ".join(parts) == text
    assert parts[0] == "When the factory closed in 1990,"
    assert parted("one two three four five six", [1, 1, 1], "en") == ["one two", "three four", "five six"]


def test_fewer_words_than_cues_leave_the_last_ones_empty():
    assert parted("Hi", [3, 3], "en") == ["Hi", ""]
    assert parted("", [3, 3], "en") == ["", ""]


def test_a_language_without_spaces_is_parted_between_letters():
    assert "".join(parted("博物馆今天全天关闭。", [10, 10], "zh")) == "博物馆今天全天关闭。"
    assert all(parted("博物馆今天全天关闭。", [10, 10], "zh"))
