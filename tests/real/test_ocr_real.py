"""Scans read with the real programs: German printed, scanned and spoiled here, comes out word for word.

Tesseract is a program of the system (with German data), RapidOCR a package; each is skipped where it is absent.
"""

import io
import random
from importlib.util import find_spec
from pathlib import Path

import pytest

from models.errors import ModelError
from models.reading.document import Source
from models.reading.ocr import RapidPages, Tesseract, best_recogniser, page_picture
from models.reading.structuring import SEARCH_LIMITS, Wishes, structured

pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
typst = pytest.importorskip("typst", reason="typst is not installed")
jiwer = pytest.importorskip("jiwer", reason="jiwer is not installed")

PAGES = (
    "Der Verein führt den Namen Heimatverein Größenhöfe und hat seinen Sitz in Übersee. Zweck des Vereins ist die "
    "Förderung von Kunst und Kultur, die Pflege des Brauchtums sowie die Überlieferung der örtlichen Geschichte. "
    "Die Mitgliederversammlung findet jährlich im März statt; die Einladung erfolgt schriftlich mit einer Frist von "
    "vier Wochen.",
    "Der Jahresbeitrag beträgt 25,50 € für Erwachsene und 10 € für Schülerinnen und Schüler. Ermäßigungen gewährt "
    "der Vorstand auf Antrag. Äpfel, Öle und Süßigkeiten dürfen beim Straßenfest verkauft werden.",
)
DPI = 200


@pytest.fixture(scope="module")
def printed():
    """The pages as pictures, as a scanner would see them."""
    source = '#set page(margin: 2.5cm)\n#set text(lang: "de", size: 12pt)\n' + "\n#pagebreak()\n".join(PAGES)
    document = pdfium.PdfDocument(typst.compile(source.encode()))
    return [document[at].render(scale=DPI / 72).to_pil().convert("L") for at in range(len(document))]


@pytest.fixture(scope="module", params=["tesseract", "rapidocr"])
def reader(request):
    if request.param == "rapidocr":
        if not find_spec("rapidocr"):
            pytest.skip("the package rapidocr is not installed")
        return RapidPages(threads=2)
    found = best_recogniser()
    if not isinstance(found, Tesseract):
        pytest.skip("Tesseract with German data is not on this machine: apt install tesseract-ocr-deu")
    return found


def read(file, reader):
    return structured(file, wishes=Wishes(reader))


def wrong(read_text, said):
    """The share of words that came out otherwise."""
    return jiwer.wer(" ".join(said.split()), " ".join(read_text.split()))


def spoiled(picture, seed=1):
    """A picture as an old copier makes it: a little turned, grey and full of specks."""
    chance = random.Random(seed)
    turned = picture.rotate(0.7, fillcolor=255, resample=3).point(lambda grey: 40 + grey * 180 // 255)
    for _ in range(3000):
        turned.putpixel(
            (chance.randrange(turned.width), chance.randrange(turned.height)), chance.randrange(120)
        )
    return turned


def test_a_scanned_pdf_comes_out_word_for_word_page_by_page(printed, reader, tmp_path):
    printed[0].save(tmp_path / "scan.pdf", save_all=True, append_images=printed[1:], resolution=DPI)
    found = read(tmp_path / "scan.pdf", reader)
    assert (found.pages, found.recognised, found.language) == (2, True, "de")
    for page, said in enumerate(PAGES, start=1):
        assert wrong(" ".join(block.text for block in found.blocks if block.page == page), said) <= 0.03
    for word in ("Größenhöfe", "Übersee", "Ermäßigungen", "Äpfel,", "25,50"):
        assert word in found.text


@pytest.mark.parametrize("kind", ["png", "jpg", "tif"])
def test_pictures_of_pages_are_read(printed, reader, tmp_path, kind):
    file = tmp_path / f"seite.{kind}"
    printed[0].save(file, **({"quality": 60} if kind == "jpg" else {}))
    found = read(file, reader)
    assert found.pages == 1
    assert wrong(found.text, PAGES[0]) <= 0.03


def test_a_bad_copy_is_still_read(printed, reader, tmp_path):
    spoiled(printed[0]).save(tmp_path / "kopie.jpg", quality=50)
    assert wrong(read(tmp_path / "kopie.jpg", reader).text, PAGES[0]) <= 0.10


def test_an_empty_scan_gets_a_sentence(printed, reader, tmp_path):
    blank = spoiled(printed[0].point(lambda _: 255))
    blank.save(tmp_path / "leer.pdf")
    with pytest.raises(ModelError, match="empty_scan"):
        read(tmp_path / "leer.pdf", reader)


def test_a_page_that_lies_on_its_side_is_turned(printed, tmp_path):
    found = best_recogniser()
    if not isinstance(found, Tesseract):
        pytest.skip("Tesseract with German data is not on this machine")
    printed[0].rotate(90, expand=True).save(tmp_path / "quer.png")
    assert wrong(read(tmp_path / "quer.png", found).text, PAGES[0]) <= 0.05


def test_a_photo_is_turned_as_the_camera_says(printed, tmp_path):
    from PIL import Image

    facts = Image.Exif()
    facts[0x0112] = 6  # turn by 90° to the right for looking at it
    printed[0].rotate(90, expand=True).save(tmp_path / "foto.jpg", exif=facts)
    picture = page_picture(Source(tmp_path / "foto.jpg", "foto.jpg", SEARCH_LIMITS), 1, tmp_path)
    width, height = Image.open(io.BytesIO(Path(picture).read_bytes())).size
    assert height > width


def test_pages_of_any_size_become_pictures_of_bounded_size(tmp_path):
    from PIL import Image

    raw = typst.compile(b"#set page(width: 5000mm, height: 4000mm)\nx")
    (tmp_path / "plakat.pdf").write_bytes(raw)
    source = Source(tmp_path / "plakat.pdf", "plakat.pdf", SEARCH_LIMITS)
    assert max(Image.open(page_picture(source, 1, tmp_path)).size) <= 4000
    assert page_picture(source, 2, tmp_path) is None
