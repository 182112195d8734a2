"""Words as a picture: white letters with a black edge, for any size of film."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.film.job import FilmError

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SHARE = 0.06
"""Height of a line of letters in shares of the film's shorter side (EBU-TT-D and Netflix: about 1/15)."""
SMALLEST = 12
WIDEST = 0.9
"""Share of the width that words may take: old televisions and phones cut the rest."""
BOTTOM = 0.06
EDGE = 0.09
"""Width of the black edge in shares of the height of letters."""
SPACING = 0.2
BLACK, WHITE, GREY = 16, 235, 128
"""Limited-range brightness, and the middle of the colour scale (ITU-R BT.709)."""
_NOWHERE = "\U0010fffe"
"""A sign that no font has: what is drawn for it stands for every missing one."""
Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Lettering:
    """Words to be laid over a picture: ``kept`` of each pixel stays (0..1), ``added`` comes on top.

    ``x`` and ``y`` are the upper left corner, even like width and height, because colours are stored for every second
    pixel only.
    """

    x: int
    y: int
    kept: Plane
    added: Plane
    kept_colour: Plane

    def lay_over(self, planes: Sequence[NDArray[np.uint8]]) -> None:
        """Draw into the planes Y, U and V of a picture (4:2:0)."""
        _blend(planes[0], self.x, self.y, self.kept, self.added)
        for colour in planes[1:3]:
            grey = GREY * (1 - self.kept_colour)
            _blend(colour, self.x // 2, self.y // 2, self.kept_colour, grey)


def lettering(lines: Sequence[str], width: int, height: int, fonts: Sequence[str]) -> Lettering | None:
    """Return ``lines`` as they lie at the bottom of a picture of ``width`` x ``height`` pixels; ``None`` without words.

    Lines that are too wide (a phone held upright) are broken again.

    Raises:
        FilmError: ``no_font`` if no font has all the signs.
    """
    signs = "".join(sorted(set("".join(lines))))
    if not signs.strip():
        return None
    size = max(SMALLEST, round(SHARE * min(width, height)))
    font = _font(tuple(fonts), signs, size)
    lines = [_drawable(line, font) for line in lines]
    edge = max(1, round(EDGE * size))
    fitting = [part for line in lines for part in _broken(line, font, WIDEST * width - 2 * edge)]
    while len(fitting) * size * (1 + SPACING) > height / 2 and size > SMALLEST:
        size = max(SMALLEST, size * 3 // 4)
        font = font.font_variant(size=size)
        fitting = [part for line in lines for part in _broken(line, font, WIDEST * width - 2 * edge)]
    return _drawn("\n".join(fitting), font, edge, (width, height)) if fitting else None


def _drawable(line: str, font: "FreeTypeFont") -> str:
    """Return the line without the emoji and symbols that the font does not have."""
    missing = _missing(font, line)
    return "".join(sign for sign in line if sign not in missing)


def _drawn(text: str, font: "FreeTypeFont", edge: int, film: tuple[int, int]) -> Lettering | None:
    spacing = SPACING * font.size
    scratch = ImageDraw.Draw(Image.new("L", (1, 1)))
    box = scratch.multiline_textbbox((0, 0), text, font, spacing=spacing, align="center", stroke_width=edge)
    width, height = (
        min(_even(high - low + 2), _even(side - 1))
        for low, high, side in zip(box, box[2:], film, strict=False)
    )
    if not (width > 0 and height > 0):
        return None
    canvas = Image.new("RGBA", (width, height))
    place, paint = (1 - box[0], 1 - box[1]), ImageDraw.Draw(canvas)
    paint.multiline_text(
        place, text, "white", font, spacing=spacing, align="center", stroke_width=edge, stroke_fill="black"
    )
    painted = np.asarray(canvas, dtype=np.float32) / np.float32(255)
    x = max(0, (film[0] - width) // 4 * 2)
    y = max(0, int(film[1] * (1 - BOTTOM) - height) // 2 * 2)
    return _laid(x, y, painted[..., 3], painted[..., 0])


def _laid(x: int, y: int, cover: Plane, white: Plane) -> Lettering:
    kept = 1 - cover
    added = BLACK * cover + (WHITE - BLACK) * white
    halves = kept.reshape(kept.shape[0] // 2, 2, kept.shape[1] // 2, 2)
    return Lettering(x, y, kept, added, halves.mean(axis=(1, 3), dtype=np.float32))


def _blend(plane: NDArray[np.uint8], x: int, y: int, kept: Plane, added: Plane) -> None:
    height, width = kept.shape
    part = plane[y : y + height, x : x + width]
    height, width = part.shape
    part[:] = (part * kept[:height, :width] + added[:height, :width] + 0.5).astype(np.uint8)


def _broken(line: str, font: "FreeTypeFont", widest: float) -> list[str]:
    """Return ``line`` in as few and as even parts as fit; a word that is too wide alone is cut."""
    words = [part for word in line.split() for part in _cut(word, font, widest)]
    if not words or font.getlength(" ".join(words)) <= widest:
        return [" ".join(words)] if words else []
    least = len(_filled(words, font, widest))
    for share in np.arange(0.3, 1.0, 0.05):
        parts = _filled(words, font, widest * float(share))
        if len(parts) == least and all(font.getlength(part) <= widest for part in parts):
            return parts
    return _filled(words, font, widest)


def _filled(words: Sequence[str], font: "FreeTypeFont", widest: float) -> list[str]:
    parts: list[str] = []
    for word in words:
        longer = f"{parts[-1]} {word}" if parts else word
        if parts and font.getlength(longer) <= widest:
            parts[-1] = longer
        else:
            parts.append(word)
    return parts


def _cut(word: str, font: "FreeTypeFont", widest: float) -> list[str]:
    fits = max(1, int(len(word) * widest / max(1.0, font.getlength(word))))
    return [word[at : at + fits] for at in range(0, len(word), fits)]


@cache
def _font(names: tuple[str, ...], signs: str, size: int) -> "FreeTypeFont":
    """Return the first font that has all signs, or else the first that has all letters."""
    found = list(_fonts(names, size))
    letters = "".join(sign for sign in signs if unicodedata.category(sign)[0] in "LMN")
    for wanted in (signs, letters):
        for font in found:
            if not _missing(font, wanted):
                return font
    raise FilmError("no_font")


def _fonts(names: tuple[str, ...], size: int) -> Iterator["FreeTypeFont"]:
    for name in names:
        with suppress(OSError):
            yield ImageFont.truetype(name, size)


def _missing(font: "FreeTypeFont", signs: str) -> set[str]:
    box = bytes(font.getmask(_NOWHERE))
    return {sign for sign in signs if not sign.isspace() and bytes(font.getmask(sign)) == box}


def _even(number: float) -> int:
    return int(number + 1) // 2 * 2
