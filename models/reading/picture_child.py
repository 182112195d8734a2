"""A program of its own that makes one page of a file into a grey picture for OCR: file in, PGM out.

Started with ``python -I``; knows nothing of the kit. Reads PDF (by pdfium) and PNG, JPEG, TIFF (by Pillow; a picture
with several frames has several pages). Arguments: bytes of memory and seconds it may take, the page, counted from 0.
Ends with ``NO_PAGE``, ``BROKEN``, ``ENCRYPTED`` or ``TOO_LARGE`` where there is nothing to give.
"""

import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

NO_PAGE, BROKEN, ENCRYPTED, TOO_LARGE = 3, 4, 5, 6
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
DPI = 300
LONGEST = 4000
"""Pixels of the longer side at most; A4 at 300 dots per inch has 3,508."""
MOST_PIXELS = 200_000_000
PASSWORD = 4
EXTRA_S = 10


def main(memory_bytes: int, seconds: int, page: int) -> int:
    """Write the picture and return 0, or the reason why there is none."""
    _lock_in(memory_bytes, seconds)
    raw = sys.stdin.buffer.read()
    found = _of_picture(raw, page) if raw.startswith(PICTURES) else _of_pdf(raw, page)
    if isinstance(found, int):
        return found
    found.save(sys.stdout.buffer, "PPM")  # grey in this format is PGM
    return 0


def _of_pdf(raw: bytes, number: int) -> "Image.Image | int":
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
        if number >= len(document):
            return NO_PAGE
        page = document[number]
        scale = min(DPI / 72, (LONGEST - 1) / max(*page.get_size(), 1))  # pdfium rounds up
        picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
        return picture.convert("L")
    except pypdfium2.PdfiumError as error:
        return ENCRYPTED if error.err_code == PASSWORD else BROKEN


def _of_picture(raw: bytes, number: int) -> "Image.Image | int":
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses what is twice as big
    try:
        picture = Image.open(io.BytesIO(raw), formats=("PNG", "JPEG", "TIFF"))
        picture.seek(number)
        upright = ImageOps.exif_transpose(_on_white(picture))
    except EOFError:
        return NO_PAGE
    except (Image.DecompressionBombError, MemoryError):
        return TOO_LARGE
    except (OSError, ValueError, SyntaxError, TypeError):
        return BROKEN  # Pillow meets broken files with all of these
    upright.thumbnail((LONGEST, LONGEST))
    return upright


def _on_white(picture: "Image.Image") -> "Image.Image":
    """Return the picture in grey; what is transparent becomes paper."""
    from PIL import Image

    if not picture.has_transparency_data:
        return picture.convert("L")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("L")


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
