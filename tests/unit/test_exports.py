"""Files of a transcript, opened again by other programs' readers: nothing lost, nothing taken for markup."""

import errno
import json
import re
import zipfile
from datetime import date

import pytest

from models.errors import ModelError
from stations import documents
from stations.speech import exports
from stations.speech.exchange import TranscriptFile
from stations.speech.exports import KINDS, export, file_stem
from stations.speech.subtitle_files import read_subtitles
from stations.speech.transcript import Line, SpokenWord, Transcript

pytest.importorskip("pypandoc", reason="pandoc is not installed")
pytest.importorskip("webvtt", reason="webvtt-py is not installed")

TODAY = date(2026, 11, 22)
HOSTILE = (
    "# *x* `y` [00:00:09] ![a](http://evil.example/x.png) <script>alert(1)</script> --> | & \\n ~~z~~ {{x}}"
)


@pytest.fixture(autouse=True)
def own_temp(tmp_path, monkeypatch):
    monkeypatch.setattr(documents.tempfile, "tempdir", str(tmp_path))


def line(number, text, start_s, speaker=""):
    words = [
        SpokenWord(text=f" {word}", start_s=start_s + at, end_s=start_s + at + 0.4, sure=0.75)
        for at, word in enumerate(text.split())
    ]
    return Line(id=f"l{number}", words=tuple(words), speaker=speaker)


MEETING = Transcript(
    title="Sitzung vom 5. Mai.mp3",
    seconds=1300,
    language="de",
    model="whisper-base",
    speakers={"s1": "Anna Groß", "s2": ""},
    lines=(
        line(0, "Guten Abend, ich begrüße Sie.", 3, "s1"),
        line(1, "Beginnen wir mit dem Dach.", 9, "s1"),
        line(2, "Das kostet 5.000 Euro.", 65, "s2"),
        line(3, "Einverstanden.", 1290.5, "s1"),
    ),
)


def odt_text(file):
    with zipfile.ZipFile(file) as odt:
        return odt.read("content.xml").decode("utf-8")


def docx(file):
    return pytest.importorskip("docx").Document(str(file))


def test_a_text_file_has_speakers_times_and_says_who_wrote_it():
    text = export(MEETING, "txt", "de", today=TODAY).read_text(encoding="utf-8")
    assert text == (
        "Sitzung vom 5. Mai.mp3\n"
        "Von einem KI-Modell aufgeschrieben (whisper-base, 22.11.2026). Es kann sich verhört haben: Bitte prüfen.\n\n"
        "[00:00:03] Anna Groß\nGuten Abend, ich begrüße Sie. Beginnen wir mit dem Dach.\n\n"
        "[00:01:05] Person 2\nDas kostet 5.000 Euro.\n\n"
        "[00:21:30] Anna Groß\nEinverstanden.\n"
    )


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "srt"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_file_says_that_a_model_wrote_it(kind, language):
    file = export(MEETING, kind, language, today=TODAY)
    if kind == "docx":
        text = "\n".join(paragraph.text for paragraph in docx(file).paragraphs)
    else:
        text = odt_text(file) if kind == "odt" else file.read_text(encoding="utf-8")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text) if kind == "odt" else text)
    assert "whisper-base" in words
    assert {"de": "Bitte prüfen", "en": "please check"}[language] in words


def test_a_word_file_has_a_title_real_headings_and_bold_names():
    document = docx(export(MEETING, "docx", "de", today=TODAY))
    styles = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert ("Title", "Sitzung vom 5. Mai.mp3") in styles
    headings = [text for style, text in styles if style.startswith("Heading")]
    assert headings == ["Beteiligte", "Wortlaut", "00:00:00 bis 00:10:00", "00:20:00 bis 00:30:00"]
    said = [paragraph for paragraph in document.paragraphs if "Euro" in paragraph.text]
    assert said[0].text == "Person 2 (00:01:05) Das kostet 5.000 Euro."
    assert said[0].runs[0].bold
    assert document.core_properties.language.startswith("de")
    assert document.core_properties.title == "Sitzung vom 5. Mai.mp3"


def test_an_open_document_has_the_same():
    content = odt_text(export(MEETING, "odt", "de", today=TODAY))
    headings = [re.sub(r"<[^>]*>", "", found) for found in re.findall(r"<text:h\b.*?</text:h>", content)]
    assert headings == ["Beteiligte", "Wortlaut", "00:00:00 bis 00:10:00", "00:20:00 bis 00:30:00"]
    words = re.sub(r"<[^>]*>", "", content)
    assert "Person 2 (00:01:05) Das kostet 5.000 Euro." in words


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_words_are_never_taken_for_markup(kind):
    spoken = (line(0, HOSTILE, 1, "s1"),)
    hostile = Transcript(title=HOSTILE, language="de", speakers={"s1": HOSTILE}, lines=spoken)
    file = export(hostile, kind, "de")
    with zipfile.ZipFile(file) as packed:
        names = packed.namelist()
        everything = " ".join(packed.read(name).decode("utf-8", "replace") for name in names)
    assert not [name for name in names if "evil" in name or (name.endswith(".png") and "media" in name)]
    assert 'Target="http://evil' not in everything
    assert 'xlink:href="http://evil' not in everything
    content = odt_text(file) if kind == "odt" else "\n".join(each.text for each in docx(file).paragraphs)
    words = re.sub(r"<[^>]*>", "", content) if kind == "odt" else content
    assert words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").count(HOSTILE) == 4


def test_the_file_for_maxqda_is_the_one_that_atrain_writes():
    """``outputs.py`` of aTrain: a headline, then for each speaker the name and ``[hh:mm:ss] - `` before each piece."""
    file = export(MEETING, "maxqda", "de", today=TODAY)
    assert file.name == "Sitzung vom 5. Mai_maxqda.txt"
    head, *blocks = file.read_text(encoding="utf-8").strip().split("\n\n")
    assert head.startswith("Sitzung vom 5. Mai.mp3\n")
    assert blocks == [
        "Anna Groß\n[00:00:03] - Guten Abend, ich begrüße Sie. [00:00:09] - Beginnen wir mit dem Dach.",
        "Person 2\n[00:01:05] - Das kostet 5.000 Euro.",
        "Anna Groß\n[00:21:30] - Einverstanden.",
    ]


def test_the_file_for_atlasti_has_time_and_name_before_each_sentence():
    lines = export(MEETING, "atlasti", "de", today=TODAY).read_text(encoding="utf-8").splitlines()
    assert lines[2:] == [
        "[00:00:03]Anna Groß: Guten Abend, ich begrüße Sie.",
        "[00:00:09]Anna Groß: Beginnen wir mit dem Dach.",
        "[00:01:05]Person 2: Das kostet 5.000 Euro.",
        "[00:21:30]Anna Groß: Einverstanden.",
    ]


@pytest.mark.parametrize("kind", ["maxqda", "atlasti"])
def test_a_time_that_somebody_says_is_no_time_stamp(kind):
    words = (SpokenWord(text=" um [00:00:09] oder\n[1:02:03.5] da", start_s=1, end_s=2),)
    text = export(Transcript(lines=(Line(id="a", words=words),)), kind, "de").read_text(encoding="utf-8")
    assert re.findall(r"\[[\d:.]+\]", text) == ["[00:00:01]"]


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_subtitles_are_read_again_with_the_words_in_order(kind):
    read = read_subtitles(export(MEETING, kind, "en", today=TODAY))
    assert " ".join(line for cue in read for line in cue.lines) == MEETING.text.replace("\n", " ")
    assert read[0].start_s == 3
    if kind == "vtt":
        assert [cue.speakers[0] for cue in read][-2:] == ["Person 2", "Anna Groß"]


def test_json_is_described_by_its_schema_and_comes_back_whole():
    file = export(MEETING, "json", "de", today=TODAY)
    raw = json.loads(file.read_text(encoding="utf-8"))
    assert raw["format"] == "ki-werkstatt-transcript"
    assert raw["lines"][2]["text"] == "Das kostet 5.000 Euro."
    assert raw["lines"][2]["words"][2] == {
        "text": " 5.000",
        "start_s": 67.0,
        "end_s": 67.4,
        "probability": 0.75,
    }
    read = TranscriptFile.model_validate_json(file.read_text(encoding="utf-8"))
    assert read.transcript() == MEETING
    assert set(raw) == set(TranscriptFile.model_json_schema()["properties"])


def test_json_with_times_that_are_no_numbers_is_refused():
    text = export(MEETING, "json", "de").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="finite number"):
        TranscriptFile.model_validate_json(text.replace("67.4", "Infinity"))


def test_a_long_speech_gets_a_new_paragraph_with_a_time_every_minute():
    lines = tuple(line(number, "Noch ein Satz dazu.", number * 10, "s1") for number in range(20))
    text = export(Transcript(speakers={"s1": "Anna"}, lines=lines), "txt", "de").read_text(encoding="utf-8")
    assert re.findall(r"\[(.*?)\]", text) == [
        "00:00:00",
        "00:01:00",
        "00:02:00",
        "00:03:00",
    ]


def test_a_recording_in_another_language_keeps_the_fixed_words_in_the_readers_own():
    english = MEETING.model_copy(update={"language": "en"})
    document = docx(export(english, "docx", "de"))
    assert document.core_properties.language.startswith("en")
    assert any(paragraph.text == "Wortlaut" for paragraph in document.paragraphs)


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Dr. Müller", "Dr. Müller"),
        ("Sitzung.MP3", "Sitzung"),
        ("Protokoll 5.11.2026", "Protokoll 5.11.2026"),
        ("../../etc/passwd", "etc-passwd"),
        ("a/b\\c:d*?.wav", "a-b-c-d"),
        ("CON.mp3", "transkript"),
        ("", "transkript"),
        ("....", "transkript"),
        ("x\n\u202ey", "x y"),
    ],
)
def test_a_title_becomes_a_file_name_for_every_system(title, stem):
    assert file_stem(Transcript(title=title), "de") == stem


def test_a_very_long_title_still_makes_a_file(tmp_path):
    file = export(MEETING.model_copy(update={"title": "ä" * 300}), "txt", "de", tmp_path)
    assert file.exists()
    assert file.parent == tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_files_go_into_the_folder_that_is_named_and_nothing_else_is_left(tmp_path, kind):
    folder = tmp_path / "out"
    folder.mkdir()
    file = export(MEETING, kind, "de", folder)
    assert list(folder.iterdir()) == [file]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_transcript_gets_a_sentence_instead_of_an_empty_file(kind):
    with pytest.raises(ModelError) as caught:
        export(Transcript(title="x"), kind, "de")
    assert caught.value.key == "export.nothing"


def test_a_full_disk_gets_a_sentence(monkeypatch, tmp_path):
    def full(*_args, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(exports.Path, "write_text", full)
    with pytest.raises(ModelError) as caught:
        export(MEETING, "txt", "de", tmp_path)
    assert caught.value.key == "export.disk_full"
