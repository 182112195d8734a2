"""Pages with a passage highlighted: the right lines, whatever was mended in the text, and nothing a file can break."""

import io
import re
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from models.errors import ModelError
from models.reading import page_child
from models.reading.page_child import folded, matches
from models.reading.structuring import structured
from stations.messages import sentence
from stations.retrieval import page_picture as drawing
from stations.retrieval.page_picture import marked_page, page_picture

pytest.importorskip("pypdfium2")
Image = pytest.importorskip("PIL.Image")

SATZUNG = """#set page(width: 12cm, height: 9cm, margin: 1.8cm, numbering: "1", header: [Verein Nord – Satzung])
#set text(lang: "de", hyphenate: true, size: 11pt)
#set par(justify: true)
= Öffnungszeiten für Gäste
Die Donaudampfschifffahrtsgesellschaft veröffentlicht jährlich umfangreiche Rechenschaftsberichte, die Vor- und
Nachteile gegenüberstellen. Größe, Maß und Übung sind wichtig, und die Überprüfungskommission arbeitet effizient.

Ein zweiter Absatz beginnt hier. Er handelt von Straßenbahnhaltestellen und ihren Fahrgastinformationssystemen, und er
wird lang und länger, damit er auf der zweiten Seite endet, wo niemand ihn erwartet hat und wo er doch gefunden wird,
weil auch sein Schluss auf der nächsten Seite noch hervorgehoben werden soll.

#pagebreak()
Dritte Seite, kurz.
"""
FIRST = (
    "Die Donaudampfschifffahrtsgesellschaft veröffentlicht jährlich umfangreiche Rechenschaftsberichte, die Vor- und "
    "Nachteile gegenüberstellen."
)
LONG = (
    "Er handelt von Straßenbahnhaltestellen und ihren Fahrgastinformationssystemen, und er wird lang und länger, damit "
    "er auf der zweiten Seite endet, wo niemand ihn erwartet hat und wo er doch gefunden wird, weil auch sein Schluss "
    "auf der nächsten Seite noch hervorgehoben werden soll."
)


@pytest.fixture(scope="module")
def satzung(tmp_path_factory):
    file = tmp_path_factory.mktemp("pdf") / "satzung.pdf"
    file.write_bytes(pytest.importorskip("typst").compile(SATZUNG.encode()))
    return file


def opened(packed):
    return Image.open(io.BytesIO(packed)).convert("RGB")


def yellow(packed):
    """The box around everything yellow, in shares of the picture's sides, and how much of the page it is."""
    import numpy as np

    colours = np.asarray(opened(packed))
    mask = (colours[:, :, 0] > 200) & (colours[:, :, 2] < 150)
    if not mask.any():
        return None, 0.0
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    height, width = mask.shape
    box = (columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height)
    return tuple(round(float(side), 2) for side in box), float(mask.mean())


def refusal(file, page=1, text="Text", **more):
    with pytest.raises(ModelError) as caught:
        marked_page(file, page, text, **more)
    assert sentence(caught.value, "de") != sentence(caught.value, "en")
    return caught.value.key


def test_the_lines_of_a_passage_are_yellow_and_no_others(satzung):
    packed = page_picture(satzung, 1, FIRST)
    (left, top, right, bottom), share = yellow(packed)
    assert 0.1 < left < 0.2
    assert 0.8 < right < 0.9
    assert 0.2 < top < bottom < 0.45
    assert 0.05 < share < 0.1
    _, nothing = yellow(page_picture(satzung, 1, ""))
    assert nothing == 0


def test_a_page_is_1200_dots_wide_and_small(satzung):
    found = marked_page(satzung, 1, FIRST)
    assert opened(found.webp).size == (1200, 900)
    assert len(found.webp) < 300_000
    assert found.webp[8:12] == b"WEBP"


def test_letters_stay_black(satzung):
    plain, marked = (opened(page_picture(satzung, 1, text)).convert("L") for text in ("", FIRST))
    assert min(plain.getdata()) < 40
    darkest = [sum(value < 60 for value in picture.getdata()) for picture in (plain, marked)]
    assert darkest[1] == pytest.approx(darkest[0], rel=0.05)


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda text: text.replace(" ", "\n"),
        lambda text: text.replace("ff", "\ufb00"),
        lambda text: text.replace("ö", "o\u0308"),
        lambda text: text.replace("fahrt", "fahrt-\n"),
        lambda text: text.replace(",", " –"),
    ],
)
def test_what_was_mended_in_a_text_does_not_matter(satzung, change):
    assert yellow(page_picture(satzung, 1, change(FIRST))) == yellow(page_picture(satzung, 1, FIRST))


def test_a_passage_that_goes_on_is_yellow_on_both_pages(satzung):
    (_, first_top, _, first_bottom), _ = yellow(page_picture(satzung, 1, LONG))
    (_, second_top, _, second_bottom), _ = yellow(page_picture(satzung, 2, LONG))
    assert first_top > 0.5
    assert first_bottom > 0.75
    assert second_top < 0.25
    assert second_bottom < 0.4


def test_every_passage_that_was_read_from_a_pdf_is_found_in_it(satzung):
    read = structured(satzung)
    for block in read.blocks:
        assert marked_page(satzung, block.page, block.text).marked, block.text


def test_what_is_not_on_the_page_marks_nothing(satzung):
    found = marked_page(satzung, 3, FIRST)
    assert not found.marked
    assert yellow(found.webp)[1] == 0


def test_a_turned_page_is_marked_where_its_text_is(satzung, tmp_path):
    import pypdfium2

    document = pypdfium2.PdfDocument(satzung)
    document[0].set_rotation(90)
    document.save(tmp_path / "turned.pdf")
    found = marked_page(tmp_path / "turned.pdf", 1, FIRST)
    (left, top, right, bottom), _ = yellow(found.webp)
    assert found.marked
    assert 0.55 < left < right < 0.8  # what was above is on the right now
    assert 0.1 < top < 0.2
    assert 0.8 < bottom < 0.9


def test_a_dark_page_is_marked_too(tmp_path):
    source = "#set page(width: 10cm, height: 5cm, fill: black)\n#set text(fill: white)\nWeiß auf schwarz, gut lesbar."
    file = tmp_path / "dark.pdf"
    file.write_bytes(pytest.importorskip("typst").compile(source.encode()))
    found = marked_page(file, 1, "Weiß auf schwarz, gut lesbar.")
    black = [opened(page_picture(file, 1, text)).convert("L").histogram()[0] for text in ("", file.stem)]
    marked = opened(found.webp).convert("L").histogram()[0]
    assert found.marked
    assert black[0] == black[1]
    assert marked < 0.98 * black[0]


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "L"), ("TIFF", "1"), ("PNG", "I;16"), ("PNG", "P")]
)
def test_pictures_of_pages_are_shown_as_they_are(tmp_path, kind, mode):
    Image.new(mode, (2480, 3508), 0 if mode == "RGBA" else 1).save(tmp_path / "scan", kind)
    found = marked_page(tmp_path / "scan", 1, "Text")
    assert not found.marked
    assert opened(found.webp).size == (1200, 1697)


def test_a_scan_of_16_bits_is_not_cut_off_at_white(tmp_path):
    Image.new("I;16", (1200, 600), 30_000).save(tmp_path / "scan.png")
    assert opened(page_picture(tmp_path / "scan.png", 1, "")).getpixel((9, 9))[0] == pytest.approx(117, abs=4)


def test_a_later_page_of_a_scan_is_shown(tmp_path):
    pages = [Image.new("L", (1200, 600), grey) for grey in (0, 255)]
    pages[0].save(tmp_path / "scan.tif", save_all=True, append_images=pages[1:])
    assert opened(page_picture(tmp_path / "scan.tif", 2, "")).getpixel((9, 9)) == (255, 255, 255)
    assert refusal(tmp_path / "scan.tif", 3) == "cite.no_page"


def test_a_noisy_page_stays_small(tmp_path):
    import numpy as np

    noise = np.random.default_rng(1).integers(0, 255, (3900, 1200, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    assert 100_000 < len(page_picture(tmp_path / "noise.png", 1, "")) <= page_child.MOST_BYTES


def test_pages_that_are_not_there_are_said(satzung, tmp_path):
    assert refusal(satzung, 4) == "cite.no_page"
    assert refusal(tmp_path / "missing.pdf") == "reading.not_found"


def test_broken_and_hostile_files_end_in_a_sentence(satzung, tmp_path, monkeypatch):
    file = tmp_path / "a.pdf"
    file.write_bytes(satzung.read_bytes()[:3000])
    assert refusal(file) == "reading.broken"
    file.write_bytes(b"Nur Text.")
    assert refusal(file) == "reading.broken"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 99)
    assert refusal(file) == "reading.broken"
    file.write_bytes(swollen_pdf())
    monkeypatch.setattr(drawing, "LIMITS", drawing.replace(drawing.LIMITS, memory_bytes=300_000_000))
    assert refusal(file) in {"reading.bomb", "reading.broken"}


def test_a_page_that_is_never_drawn_to_the_end_is_given_up(satzung, monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(30)")
    monkeypatch.setattr(drawing, "CHILD", slow)
    monkeypatch.setattr(drawing, "LIMITS", drawing.replace(drawing.LIMITS, seconds=1))
    assert refusal(satzung) == "reading.too_slow"


@pytest.mark.parametrize("size", ["[0 0 1 1]", "[0 0 1 20000]", "[0 0 20000 1]", "[-500 -500 -100 -100]"])
def test_odd_pages_are_drawn_or_refused(tmp_path, size):
    file = tmp_path / "odd.pdf"
    file.write_bytes(pdf_bytes(b"BT /F 20 Tf (Hallo Welt) Tj ET", box=size.encode()))
    try:
        picture = opened(page_picture(file, 1, "Hallo Welt"))
    except ModelError as error:
        assert error.key == "reading.broken"  # noqa: PT017 - either is right
    else:
        assert picture.width <= 1201
        assert picture.height <= 4001


def test_the_passage_is_no_argument_that_everybody_can_read(satzung, monkeypatch):
    seen = []
    run = drawing.run_limited
    monkeypatch.setattr(
        drawing, "run_limited", lambda command, *more: seen.append(command) or run(command, *more)
    )
    marked_page(satzung, 1, FIRST)
    assert "donau" not in " ".join(map(str, seen[0])).lower()


def test_the_child_knows_nothing_of_the_kit(satzung):
    code = Path(page_child.__file__).read_text()
    assert not {"models", "stations"} & set(re.findall(r"^\s*(?:from|import) (\w+)", code, re.MULTILINE))
    command = [sys.executable, "-I", page_child.__file__, "2000000000", "20", "0"]
    ended = subprocess.run(command, input=satzung.read_bytes(), capture_output=True, check=True)
    assert ended.stdout.startswith(b"0RIFF")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process limit its own memory")
def test_the_child_cannot_take_more_memory_than_it_may():
    command = [sys.executable, "-I", page_child.__file__, "300000000", "60", "0"]
    ended = subprocess.run(command, input=swollen_pdf(), capture_output=True, check=False)
    assert ended.returncode != 0


# --- matching ---


def test_folding_leaves_letters_and_digits_and_their_places():
    assert folded("Ä-ﬁ 1!") == ("afi1", [0, 2, 2, 4])
    assert folded("Straße")[0] == folded("STRASSE")[0]


def stretches(passage, page):
    return [page[at : at + length] for _, at, length in matches(passage, page)]


def test_a_header_in_between_does_not_matter():
    one, two = "erstehaelftedespassagentextes", "zweitehaelftedespassagentextes"
    assert stretches(one + two, "xx" + one + "kopfzeile" + two + "yy") == [one, two]


def test_short_stretches_count_beside_long_ones_in_the_same_order_only():
    long, short = "derganzlangeteildespassagentextes", "kurzerteil"
    assert stretches(long + "--" + short, long + "!" + short) == [long, short]
    assert stretches(long + "--" + short, short + "!" + long) == [long]
    assert stretches(long + "--" + short, long + "!" * 200 + short) == [long]


def test_chance_marks_nothing():
    assert stretches("mitgliederversammlungjahr", "diemitgliederversammlungist") == []
    assert stretches("", "abc") == stretches("abc", "") == []


def test_a_short_passage_is_found_as_a_whole():
    assert stretches("danke", "vielendankeallen") == ["danke"]


def test_the_same_letter_thousands_of_times_does_not_choke():
    begin = time.monotonic()
    matches("a" * 19_000 + "b", "a" * 150_000)
    matches("ab" * 9_000 + "c", "abababac" * 20_000)
    assert time.monotonic() - begin < 10


# --- files ---


def pdf_bytes(page, filters=b"", box=b"[0 0 600 800]"):
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[10 0 R]>>",
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        4: b"<</Length %d%s>>stream\n%s\nendstream" % (len(page), filters, page),
        10: b"<</Type/Page/Parent 2 0 R/MediaBox%s/Resources<</Font<</F 3 0 R>>>>/Contents 4 0 R>>" % box,
    }
    body = b"".join(b"%d 0 obj%s endobj\n" % item for item in objects.items())
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def swollen_pdf():
    """A page of 400 MB in 2 KB."""
    packer = zlib.compressobj(9)
    swollen = b"".join(packer.compress(b" " * 10_000_000) for _ in range(40)) + packer.flush()
    return pdf_bytes(zlib.compress(swollen, 9), b"/Filter[/FlateDecode/FlateDecode]")
