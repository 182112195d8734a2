"""Tables of audio guides as people write them: Word, LibreOffice, Excel, CSV; and as they go wrong."""

import io
import subprocess
import zipfile

import docx
import pypandoc
import pytest

from models.errors import ModelError
from models.reading.document import ReadingLimits
from stations.audio.guide_grid import rows_of
from stations.audio.guide_table import LONGEST_TEXT, MOST_STOPS, Stop, known_code, read_stops, stops_of

HEAD = ["Nr.", "Titel", "Text"]
GERMAN = "Die Mühle wurde 1786 gebaut und mahlte das Korn der Bauern."
ENGLISH = "The mill was built in 1786 and ground the corn of the farmers."
ROWS = [HEAD, ["1", "Die Mühle", GERMAN], ["2a", "Der Garten", "Kräuter; Äpfel, „Rosen“."]]
STOPS = [Stop("1", "Die Mühle", GERMAN, "de"), Stop("2a", "Der Garten", "Kräuter; Äpfel, „Rosen“.", "de")]


def word(path, rows):
    document = docx.Document()
    document.add_paragraph("Unser Rundgang")
    table = document.add_table(len(rows), len(rows[0]))
    for down, row in enumerate(rows):
        for at, text in enumerate(row):
            table.cell(down, at).text = text
    document.save(path)
    return path


def odt(path, rows):
    word(path.with_suffix(".docx"), rows)
    command = [pypandoc.get_pandoc_path(), path.with_suffix(".docx"), "-o", path]
    subprocess.run(command, check=True)
    return path


def excel(path, rows):
    """A workbook as Excel writes it: words in a list of their own, numbers as numbers."""
    words = list(dict.fromkeys(cell for row in rows for cell in row))
    cells = "".join(
        f'<row r="{down}">'
        + "".join(
            f'<c r="{chr(65 + at)}{down}"><v>{cell}</v></c>'
            if cell.isdigit()
            else f'<c r="{chr(65 + at)}{down}" t="s"><v>{words.index(cell)}</v></c>'
            for at, cell in enumerate(row)
        )
        + "</row>"
        for down, row in enumerate(rows, start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="a" Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rels}"><sheets>'
        '<sheet name="Guide" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="b" Type="{rels}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="c" Type="{rels}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">' + "".join(f"<si><t>{w}</t></si>" for w in words) + "</sst>",
    }  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
    return path


@pytest.mark.parametrize(("make", "name"), [(word, "t.docx"), (odt, "t.odt"), (excel, "t.xlsx")])
def test_every_office_format_gives_the_same_stops(tmp_path, make, name):
    assert read_stops(make(tmp_path / name, ROWS)) == STOPS


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separator_and_encoding_of_a_text_are_guessed(tmp_path, separator, encoding):
    lines = [separator.join(f'"{cell}"' for cell in row) for row in ROWS]
    file = tmp_path / "t.csv"
    file.write_bytes("\r\n".join(lines).encode(encoding))
    assert read_stops(file) == STOPS


def test_excels_own_first_line_and_rows_above_the_headings_do_not_matter(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("sep=;\nAudioguide Sommer;;\n;;\nNr.;Titel;Text\n;;\n7;Mühle;Ein Text.\n", "utf-8")
    assert read_stops(file) == [Stop("7", "Mühle", "Ein Text.", "de")]


def test_paragraphs_and_lines_in_a_cell_stay(tmp_path):
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Titel", "Text"
    table.cell(1, 0).text, table.cell(1, 1).text = "Mühle", "Eins\nzwei."
    table.cell(1, 1).add_paragraph("Drei.")
    document.save(tmp_path / "t.docx")
    assert read_stops(tmp_path / "t.docx")[0].text == "Eins\nzwei.\n\nDrei."


def test_a_cell_over_several_columns_moves_nothing(tmp_path):
    document = docx.Document()
    table = document.add_table(3, 4)
    for at, text in enumerate(["Nr", "Titel", "Bemerkung", "Text"]):
        table.cell(0, at).text = text
    for at, text in enumerate(["1", "Mühle", "", "Ein Text."]):
        table.cell(2, at).text = text
    table.cell(1, 0).merge(table.cell(1, 2)).text = "Erdgeschoss"
    table.cell(1, 3).text = ""
    document.save(tmp_path / "t.docx")
    assert rows_of(tmp_path / "t.docx")[1:] == [["Erdgeschoss", "", "", ""], ["1", "Mühle", "", "Ein Text."]]


def test_without_numbers_the_rows_are_counted():
    found = stops_of([["Title", "Description"], ["A", ENGLISH], ["", ""], ["B", "x"]], "t")
    assert [(stop.number, stop.language) for stop in found] == [("1", "en"), ("2", "de")]


def test_a_column_may_name_the_language_of_a_row_or_those_that_are_wanted():
    rows = [
        [*HEAD, "Sprache"],
        ["1", "A", "x", "Englisch"],
        ["2", "B", ENGLISH, "de, en"],
        ["3", "C", "x", "fr"],
    ]
    found = stops_of(rows, "t")
    assert [(stop.language, stop.wanted) for stop in found] == [("en", ()), ("en", ("de", "en")), ("fr", ())]


def test_columns_may_hold_a_language_each():
    rows = [["Nr", "Titel", "Titel (en)", "Text", "Text EN"], ["1", "Mühle", "Mill", GERMAN, ENGLISH]]
    assert stops_of(rows, "t") == [Stop("1", "Mühle", GERMAN, "de"), Stop("1", "Mill", ENGLISH, "en")]


def test_rows_with_one_number_in_two_languages_are_one_stop():
    rows = [[*HEAD, "Sprache"], ["1", "Mühle", GERMAN, "de"], ["1", "Mill", ENGLISH, "en"]]
    assert [stop.slug for stop in stops_of(rows, "t")] == ["1", "1"]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("de", "de"),
        ("EN", "en"),
        ("en-GB", "en"),
        ("Französisch", "fr"),
        ("german", "de"),
        ("xx", ""),
        ("", ""),
    ],
)
def test_languages_are_known_by_code_and_by_name(word, code):
    assert known_code(word) == code


@pytest.mark.parametrize(
    ("number", "slug"), [("1", "1"), ("2 a", "2-a"), ("Ö/3", "oe-3"), ("1.2", "1-2"), ("../x", "x")]
)
def test_a_number_becomes_a_harmless_part_of_a_file_name(number, slug):
    assert Stop(number, "t", "x", "de").slug == slug


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([["Nr", "Text"], ["1", "x"]], "guide.no_title"),
        ([["Nr", "Titel"], ["1", "x"]], "guide.no_text"),
        ([["Was", "Wie"], ["1", "x"]], "guide.no_title"),
        ([HEAD], "guide.no_rows"),
        ([HEAD, ["", " ", ""]], "guide.no_rows"),
        ([HEAD, *[[str(n), "t", "x"] for n in range(10_000)]], "guide.too_many"),
        ([HEAD, ["1", "Mühle", ""]], "guide.row_unfinished"),
        ([HEAD, ["1", "", "Text"]], "guide.row_unfinished"),
        ([HEAD, ["1", "Mühle", "…!"]], "guide.row_unfinished"),
        ([HEAD, ["1", "t", "x" * (LONGEST_TEXT + 1)]], "guide.row_too_long"),
        ([HEAD, ["1", "t" * 201, "x"]], "guide.row_too_long"),
        ([HEAD, ["✓", "t", "x"]], "guide.row_number"),
        ([HEAD, ["1234567890123", "t", "x"]], "guide.row_number"),
        ([HEAD, ["1", "t", "x"], ["1", "u", "y"]], "guide.twice"),
        ([HEAD, ["1.2", "t", "x"], ["1-2", "u", "y"]], "guide.twice"),
        ([[*HEAD, "Sprache"], ["1", "t", "x", "klingonisch"]], "guide.row_language"),
    ],
)
def test_a_bad_table_is_a_sentence(rows, error):
    with pytest.raises(ModelError) as raised:
        stops_of(rows, "t")
    assert raised.value.key == error


def test_the_sentence_names_the_row_as_a_table_program_shows_it():
    with pytest.raises(ModelError) as raised:
        stops_of([["Mein Guide", "", ""], HEAD, ["1", "t", "x"], ["", "", ""], ["2", "", "x"]], "t")
    assert raised.value.facts["row"] == 5


def test_as_many_stops_as_allowed_are_read():
    assert len(stops_of([HEAD, *[[str(n), "t", "x"] for n in range(MOST_STOPS)]], "t")) == MOST_STOPS


def broken_word():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "reading.empty"),
        pytest.param(broken_word(), "reading.broken", id="broken"),
        pytest.param(broken_word()[:60], "reading.broken", id="cut off"),
        (b"PK\x03\x04 nothing", "reading.broken"),
        (b"\x00\x01\x02\x03", "reading.unknown_kind"),
        (b"%PDF-1.7", "guide.no_table"),
        (b"Nur ein Text ohne Tabelle.\nUnd noch einer.", "guide.no_table"),
    ],
)
def test_a_file_that_is_no_table_is_a_sentence(tmp_path, content, error):
    (tmp_path / "t.docx").write_bytes(content)
    with pytest.raises(ModelError) as raised:
        read_stops(tmp_path / "t.docx")
    assert raised.value.key == error


def test_a_missing_file_a_word_file_without_a_table_and_a_huge_one_are_sentences(tmp_path):
    docx.Document().save(tmp_path / "none.docx")
    for name, error in (("gone.csv", "reading.not_found"), ("none.docx", "guide.no_table")):
        with pytest.raises(ModelError) as raised:
            read_stops(tmp_path / name)
        assert raised.value.key == error
    word(tmp_path / "t.docx", ROWS)
    for limits in (ReadingLimits(file_bytes=10), ReadingLimits(unpacked_bytes=10), ReadingLimits(letters=1)):
        with pytest.raises(ModelError, match=r"reading\.(too_big|bomb|too_long)"):
            rows_of(tmp_path / "t.docx", limits=limits)
