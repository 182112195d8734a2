"""A program of its own that draws one page of a file with a passage highlighted: file in, one byte and WebP out.

Started with ``python -I``; knows nothing of the kit. Reads PDF (by pdfium) and PNG, JPEG, TIFF (by Pillow; a picture
with several frames has several pages, and none has text to highlight). The first byte is ``1`` where something is
highlighted, else ``0``. Arguments: bytes of memory and seconds it may take, the page, counted from 0. The passage comes
in the environment (``PASSAGE``), because everybody on a machine may read the arguments of a program. Ends with
``NO_PAGE``, ``BROKEN``, ``ENCRYPTED`` or ``TOO_LARGE`` where there is nothing to give.
"""

import io
import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdfium2
    from PIL import Image

NO_PAGE, BROKEN, ENCRYPTED, TOO_LARGE = 3, 4, 5, 6
PASSAGE = "KIWERKSTATT_PASSAGE"
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
WIDTH, TALLEST = 1200, 4000
"""Pixels; A4 becomes 1,697 high."""
MOST_PIXELS = 200_000_000
MOST_BYTES = 1_500_000
QUALITIES = ((80, 1), (55, 1), (30, 1), (30, 2), (10, 3))
"""Quality and by how much the picture shrinks: the first that is small enough; a page of text has 150 KB at 80."""
YELLOW = (255, 236, 100)
DARK = 90
"""Paper that is darker than this on average is lightened instead of dyed."""
SEED, SURE, NEAR = 8, 24, 80
"""Letters: what a match begins with; from which length on it is no chance; and how near to such a one others may be."""
PAGE_LETTERS, PASSAGE_LETTERS, PLACES, RECTANGLES = 200_000, 20_000, 40, 500
PASSWORD = 4
EXTRA_S = 10

Match = tuple[int, int, int]
"""Where a match begins in the passage and on the page, and how many letters it has."""
Box = tuple[int, int, int, int]


def main(memory_bytes: int, seconds: int, page: int) -> int:
    """Write the picture and return 0, or the reason why there is none."""
    _lock_in(memory_bytes, seconds)
    raw = sys.stdin.buffer.read()
    passage = os.environ.get(PASSAGE, "")
    found = _of_picture(raw, page) if raw.startswith(PICTURES) else _of_pdf(raw, page, passage)
    if isinstance(found, int):
        return found
    picture, is_marked = found
    sys.stdout.buffer.write((b"1" if is_marked else b"0") + _packed(picture))
    return 0


def folded(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text, small and without accents, and where each stands in it.

    Two texts that differ in spaces, hyphens, ligatures or split umlauts only are the same then.
    """
    letters, places = [], []
    for at, sign in enumerate(text):
        for letter in unicodedata.normalize("NFKD", sign).casefold():
            if letter.isalnum():
                letters.append(letter)
                places.append(at)
    return "".join(letters), places


def matches(passage: str, page: str) -> list[Match]:
    """Return which stretches of ``page`` stand in ``passage`` too; both are folded.

    A passage may begin on the page before or end on the next, and headers may interrupt it: so the longest stretches
    count, and short ones only beside long ones and in the same order.
    """
    if not passage or not page:
        return []
    at = page.find(passage)
    if at >= 0:
        return [(0, at, len(passage))]
    found = list(_stretches(passage, page))
    sure = [match for match in found if match[2] >= SURE]
    kept = sure + [
        match for match in found if match[2] < SURE and any(_belongs(match, each) for each in sure)
    ]
    return sorted(kept)


def _stretches(passage: str, page: str) -> Iterator[Match]:
    seeds: dict[str, list[int]] = {}
    for at in range(len(page) - SEED + 1):
        places = seeds.setdefault(page[at : at + SEED], [])
        if len(places) < PLACES:
            places.append(at)
    at = behind = 0
    while at <= len(passage) - SEED:
        found = [
            (at, place, _common(passage, at, page, place)) for place in seeds.get(passage[at : at + SEED], ())
        ]
        if not found:
            at += 1
            continue
        best = max(found, key=lambda match: (match[2], -abs(match[1] - behind)))
        yield best
        at, behind = at + best[2], best[1] + best[2]


def _common(one: str, at: int, other: str, place: int) -> int:
    most = min(len(one) - at, len(other) - place)
    return next((length for length in range(SEED, most) if one[at + length] != other[place + length]), most)


def _belongs(match: Match, sure: Match) -> bool:
    """Tell whether a short match stands before or behind a sure one in both texts, and not far from it."""
    if match[0] < sure[0]:
        return 0 <= sure[1] - (match[1] + match[2]) <= NEAR
    return 0 <= match[1] - (sure[1] + sure[2]) <= NEAR


def _of_pdf(raw: bytes, number: int, passage: str) -> "tuple[Image.Image, bool] | int":
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
        if number >= len(document):
            return NO_PAGE
        page = document[number]
        width, height = page.get_size()
        bitmap = page.render(scale=min(WIDTH / max(width, 1), TALLEST / max(height, 1)))
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        boxes = [] if not passage else list(_boxes(page, bitmap, passage))
    except pypdfium2.PdfiumError as error:
        return ENCRYPTED if error.err_code == PASSWORD else BROKEN
    except MemoryError:
        return TOO_LARGE
    return _highlighted(picture, boxes), bool(boxes)


def _boxes(page: "pypdfium2.PdfPage", bitmap: "pypdfium2.PdfBitmap", passage: str) -> Iterator[Box]:
    """Yield where the lines of a passage are on the picture."""
    words = page.get_textpage()
    letters, places = folded(_signs(words))
    turned = bitmap.get_posconv(page)
    for _, at, length in matches(folded(passage)[0], letters):
        first, last = places[at], places[at + length - 1]
        for number in range(min(words.count_rects(first, last - first + 1), RECTANGLES)):
            left, bottom, right, top = words.get_rect(number)
            (x, y), (x2, y2) = turned.to_bitmap(left, top), turned.to_bitmap(right, bottom)
            yield min(x, x2), min(y, y2), max(x, x2), max(y, y2)


def _signs(words: "pypdfium2.PdfTextPage") -> str:
    """Return one character for each that pdfium counts, so that places are its own."""
    from pypdfium2.raw import FPDFText_GetUnicode

    codes = (FPDFText_GetUnicode(words, at) for at in range(min(words.count_chars(), PAGE_LETTERS)))
    return "".join(chr(code) if code < sys.maxunicode else " " for code in codes)


def _highlighted(picture: "Image.Image", boxes: Sequence[Box]) -> "Image.Image":
    """Return the picture with its paper dyed yellow in the boxes: what is black stays black."""
    from PIL import Image, ImageChops, ImageDraw, ImageStat

    mask = Image.new("L", picture.size)
    for box in boxes:
        ImageDraw.Draw(mask).rectangle(_widened(box), fill=255)
    if not mask.getbbox():
        return picture
    paper = Image.new("RGB", picture.size, YELLOW)
    dark = ImageStat.Stat(picture.convert("L"), mask).mean[0] < DARK
    dyed = Image.blend(picture, paper, 0.4) if dark else ImageChops.multiply(picture, paper)
    return Image.composite(dyed, picture, mask)


def _widened(box: Box) -> Box:
    pad = max(2, min(box[2] - box[0], box[3] - box[1]) // 8)  # turned lines are high and narrow
    return box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad


def _of_picture(raw: bytes, number: int) -> "tuple[Image.Image, bool] | int":
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses what is twice as big
    try:
        picture = Image.open(io.BytesIO(raw), formats=("PNG", "JPEG", "TIFF"))
        picture.seek(number)
        picture.draft("RGB", (WIDTH, TALLEST))
        upright = ImageOps.exif_transpose(_on_white(picture))
        upright.thumbnail((WIDTH, TALLEST))
    except EOFError:
        return NO_PAGE
    except (Image.DecompressionBombError, MemoryError):
        return TOO_LARGE
    except (OSError, ValueError, SyntaxError, TypeError):
        return BROKEN  # Pillow meets broken files with all of these
    return upright, False


def _on_white(picture: "Image.Image") -> "Image.Image":
    """Return the picture in colours; what is transparent becomes paper."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at white
        return picture.point(lambda grey: grey / 256).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")


def _packed(picture: "Image.Image") -> bytes:
    packed = b""
    for quality, shrunk in QUALITIES:
        written = io.BytesIO()
        picture.reduce(shrunk).save(written, "WEBP", quality=quality, method=2)
        packed = written.getvalue()
        if len(packed) <= MOST_BYTES:
            break
    return packed


def _lock_in(memory_bytes: int, seconds: int) -> None:
    """Let the system itself enforce the limits, where it can; the parent watches everywhere."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + EXTRA_S, seconds + EXTRA_S))
    except (ImportError, ValueError, OSError):  # Windows has none of it, macOS not the first
        return


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])))
