"""Files out of folders, packets and mails: all of them, under harmless names, and what cannot be had is named."""

import base64
import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from models.reading.document import ReadingLimits
from models.reading.gathering import GatheringLimits, gathered
from models.reading.names import readable_name
from stations.messages import sentence


def zipped(*members, **facts):
    """A packet of (name, content) pairs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packet:
        for name, content in members:
            packet.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def put(tmp_path):
    def write(name, content):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return write


def names(*given, **limits):
    return [found.name for found in gathered(given, GatheringLimits(**limits)) if not found.problem]


def problems(*given, **limits):
    """The names and keys of what could not be had; each becomes a sentence in both languages."""
    found = [each for each in gathered(given, GatheringLimits(**limits)) if each.problem]
    for each in found:
        for language in ("de", "en"):
            assert "{" not in sentence(each.problem, language)
    return [(each.name, each.problem.key) for each in found]


def test_a_folder_gives_its_files_by_their_way_in_it_and_nothing_that_is_no_document(put, tmp_path):
    for name in ("b.txt", "a/c.txt", ".git/x", "a/.DS_Store", "~$b.docx", ".~lock.b.odt#", "Thumbs.db"):
        put(f"ordner/{name}", name)
    (tmp_path / "ordner" / "link.txt").symlink_to(put("geheim.txt", "x"))
    (tmp_path / "ordner" / "kreis").symlink_to(tmp_path / "ordner")
    found = list(gathered([tmp_path / "ordner"]))
    assert [each.name for each in found] == ["b.txt", "a/c.txt"]
    assert [each.file.name for each in found] == ["b.txt", "c.txt"]
    assert all(len(each.sha256) == 64 and each.modified.startswith("20") for each in found)


def test_a_packet_gives_its_files_one_at_a_time_and_leaves_nothing(put):
    packet = put(
        "Archiv.zip",
        zipped(("2024/Protokoll.txt", "eins"), ("b.txt", "zwei"), ("__MACOSX/x", "y"), ("leer/", "")),
    )
    seen = []
    for found in gathered([packet]):
        seen.append((found.name, found.file.read_text(), found.origin, round(found.share, 1)))
        assert len(list(found.file.parent.iterdir())) == 1
        last = found.file
    assert [(name, text) for name, text, *_ in seen] == [
        ("Archiv.zip/2024/Protokoll.txt", "eins"),
        ("Archiv.zip/b.txt", "zwei"),
    ]
    assert {origin for *_, origin, _ in seen} == {packet}
    assert 0 < seen[0][3] < seen[1][3] <= 1
    assert not last.exists()


def test_a_packet_that_is_left_early_leaves_nothing(put):
    steps = gathered([put("a.zip", zipped(("a.txt", "x"), ("b.txt", "y")))])
    file = next(steps).file
    assert file.exists()
    steps.close()
    assert not file.exists()


TRICKS = [
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\x.txt",
    "a/../../b.txt",
    "\u202etxt.exe",
    "x" * 500 + ".txt",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_names_in_packets_lead_nowhere(put, tmp_path, trick):
    before = sorted(tmp_path.rglob("*"))
    (found,) = gathered([put("a.zip", zipped((trick, "inhalt")))])
    assert found.file.name.startswith("member")
    parts = found.name.split("/")
    assert parts[0] == "a.zip"
    assert not {"..", "", "C:"} & set(parts)
    assert "\u202e" not in found.name
    assert all(len(part) <= 200 for part in parts)
    assert sorted(tmp_path.rglob("*")) == sorted([*before, tmp_path / "a.zip"])


@pytest.mark.parametrize(
    ("raw", "flag", "name"),
    [
        ("Übersicht.txt".encode(), 0x800, "Übersicht.txt"),
        ("Übersicht.txt".encode(), 0, "Übersicht.txt"),
        ("Übersicht größer § 3.txt".encode("cp850"), 0, "Übersicht größer § 3.txt"),
    ],
)
def test_names_of_all_systems_are_readable(raw, flag, name):
    shown = raw.decode("utf-8" if flag else "cp437")
    member = zipfile.ZipInfo("x")
    member.filename, member.flag_bits = shown, flag
    assert readable_name(member) == name


def test_links_in_packets_are_passed_over(put):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packet:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        packet.writestr(link, "/etc/passwd")
        packet.writestr("a.txt", "x")
    assert names(put("a.zip", out.getvalue())) == ["a.zip/a.txt"]


def test_packets_in_packets_are_opened_but_not_for_ever(put):
    packet = zipped(("tief.txt", "x"))
    for number in range(5):
        packet = zipped((f"{number}.zip", packet), (f"{number}.txt", "x"))
    file = put("a.zip", packet)
    assert names(file) == ["a.zip/4.zip/3.zip/2.txt", "a.zip/4.zip/3.txt", "a.zip/4.txt"]
    assert problems(file) == [("a.zip/4.zip/3.zip/2.zip", "gathering.too_deep")]


def test_bombs_are_refused_by_their_own_account(put):
    file = put("bombe.zip", zipped(("a.txt", bytes(3_000_000)), ("b.txt", bytes(3_000_000))))
    assert file.stat().st_size < 10_000
    assert problems(file, packet_bytes=5_000_000) == [("bombe.zip", "gathering.packet_too_big")]
    small = ReadingLimits(file_bytes=1_000_000)
    assert problems(file, reading=small) == [(f"bombe.zip/{name}.txt", "reading.too_big") for name in "ab"]


def test_a_member_that_lies_about_its_size_is_broken_and_the_others_go_on(put):
    raw = zipped(("a.txt", bytes(3_000_000)), ("b.txt", "gut"))
    lie = raw.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 5))
    assert lie != raw
    file = put("a.zip", lie)
    assert problems(file) == [("a.zip/a.txt", "reading.broken")]
    assert names(file) == ["a.zip/b.txt"]


def test_broken_and_locked_packets_are_named_and_the_others_go_on(put):
    whole = zipped(("a.txt", "x" * 1000))
    half, good = put("halb.zip", whole[:-30]), put("gut.txt", "x")
    locked = bytearray(whole)
    locked[6] |= 1
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    code = put("zu.zip", bytes(locked))
    assert problems(half, code, good) == [("halb.zip", "reading.broken"), ("zu.zip", "reading.encrypted")]
    assert names(half, code, good) == ["gut.txt"]


def test_missing_and_unreadable_files_are_named(put, tmp_path):
    assert problems(tmp_path / "weg.pdf") == [("weg.pdf", "reading.not_found")]
    if os.geteuid():
        file = put("zu.txt", "x")
        file.chmod(0)
        assert problems(file) == [("zu.txt", "reading.not_found")]


def test_too_many_files_end_with_a_sentence(put, tmp_path):
    for number in range(5):
        put(f"ordner/{number}.txt", str(number))
    assert problems(tmp_path / "ordner", files=3) == [("3.txt", "gathering.too_many")]
    assert names(tmp_path / "ordner", files=3) == ["0.txt", "1.txt", "2.txt"]


def test_a_document_that_is_packed_itself_is_no_packet(put):
    docx = zipped(("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>"))
    assert names(put("a.docx", docx), put("b.zip", docx)) == ["a.docx", "b.zip"]
    assert names(put("c.zip", zipped(("word/a.txt", "x")))) == ["c.zip/word/a.txt"]


def test_a_packet_that_begins_with_a_pdf_is_a_packet(put):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packet:
        packet.writestr("a.pdf", b"%PDF-1.4 x")
    assert names(put("a.zip", out.getvalue())) == ["a.zip/a.pdf"]


def mail(attachment, name="Anhang.txt", inner=b""):
    return (
        b"From: a\nSubject: b\nDate: c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        b"--x\nContent-Type: text/plain\n\nText\n"
        b'--x\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="%s"\n'
        b"Content-Transfer-Encoding: base64\n\n%s\n%s--x--\n"
    ) % (name.encode(), base64.b64encode(attachment), inner)


def test_what_hangs_on_a_mail_comes_after_it(put):
    file = put("post.eml", mail(zipped(("a.txt", "im Paket")), "paket.zip"))
    found = [(each.name, each.file.read_bytes()) for each in gathered([file])]
    assert [name for name, _ in found] == ["post.eml", "post.eml/paket.zip/a.txt"]
    assert found[1][1] == b"im Paket"


@pytest.mark.parametrize("name", ["../../x.txt", "/etc/passwd", "=?utf-8?q?=2E=2E/=C3=BC.txt?="])
def test_names_on_mails_lead_nowhere(put, name):
    _, found = gathered([put("post.eml", mail(b"x", name))])
    assert ".." not in found.name.split("/")
    assert found.file.name.startswith("attachment")
    assert Path(found.name).name in {"x.txt", "passwd", "ü.txt"}
