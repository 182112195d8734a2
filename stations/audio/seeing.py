"""Speech as a picture: its waveform, and which tones are in it at which moment."""

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.voice.base import Audio
from stations.texts import Language, say
from stations.units import decimal

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 960, 320
"""Pixels of a picture."""
LEFT, RIGHT, TOP, BOTTOM = 76, 18, 14, 58
"""Room for the axes."""
TEXT_SIZE = 17
HIGHEST_HZ = 8_000
"""Speech has little above; voices of telephone quality end at half of it."""
WINDOW_S = 0.032
"""Long enough to see the harmonics of a voice, short enough for its sounds."""
RANGE_DB = 65.0
"""What is softer than the loudest by that much is not drawn."""
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)
MOST_TICKS = 10
_TICKS_HZ = (0, 2_000, 4_000, 6_000, 8_000)

Colour = tuple[int, int, int]
Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Look:
    """Colours: of the paper, of letters and axes, of a wave, and from silence to the loudest tone."""

    paper: Colour
    ink: Colour
    wave: Colour
    heat: tuple[Colour, ...]


LIGHT = Look((255, 255, 255), (40, 40, 48), (41, 55, 143),
             ((255, 255, 255), (222, 226, 248), (150, 163, 224), (96, 74, 160), (90, 20, 90), (40, 0, 40)))  # fmt: skip
DARK = Look((21, 22, 27), (230, 230, 238), (188, 198, 255),
            ((21, 22, 27), (46, 40, 92), (112, 46, 128), (190, 70, 110), (245, 150, 80), (255, 250, 200)))  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """What the axes say: how long the sound is, and what stands at which height of the upright one."""

    seconds: float
    upright: str
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Picture:
    """A picture as a PNG file, and what it shows in words for those who do not see it."""

    png: bytes
    alt: str


def waveform(audio: Audio, language: Language = "de", *, dark: bool = False) -> Picture:
    """Return how far the sound swings at each moment; time in seconds from left to right."""
    look = DARK if dark else LIGHT
    picture, draw = _paper(look)
    width, middle = WIDTH - LEFT - RIGHT, TOP + (HEIGHT - TOP - BOTTOM) // 2
    half = (HEIGHT - TOP - BOTTOM) // 2
    edges = np.linspace(0, len(audio.samples), width + 1).astype(int)
    for at, (begin, end) in enumerate(pairwise(edges)):
        piece = audio.samples[begin : max(end, begin + 1)]
        if len(piece):
            high, low = (float(np.clip(value, -1, 1)) for value in (piece.max(), piece.min()))
            draw.line([(LEFT + at, middle - half * high), (LEFT + at, middle - half * low)], fill=look.wave)
    ticks = tuple((float(middle - half * value), decimal(value, language)) for value in (-1, 0, 1))
    _axes(draw, look, Scale(audio.seconds, say("seeing.swing", language), ticks), language)
    seconds = decimal(audio.seconds, language)
    return Picture(_png(picture), say("seeing.wave_alt", language, seconds=seconds))


def spectrogram(audio: Audio, language: Language = "de", *, dark: bool = False) -> Picture:
    """Return how strong each tone is at each moment: time from left to right, low tones below, up to 8,000 Hz."""
    from PIL import Image

    look = DARK if dark else LIGHT
    picture, draw = _paper(look)
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    levels = loudness_of_tones(audio, width)
    rows = np.linspace(levels.shape[0] - 1, 0, height).round().astype(int)
    painted = Image.fromarray(_coloured(levels[rows], look))
    picture.paste(painted, (LEFT, TOP))
    ticks = tuple((TOP + height - height * tone / HIGHEST_HZ, f"{tone}") for tone in _TICKS_HZ)
    _axes(draw, look, Scale(audio.seconds, say("seeing.tone", language), ticks), language)
    seconds = decimal(audio.seconds, language)
    return Picture(_png(picture), say("seeing.tones_alt", language, seconds=seconds))


def loudness_of_tones(audio: Audio, columns: int) -> Grid:
    """Return how loud tones from 0 to ``HIGHEST_HZ`` are at so many moments, spread evenly.

    One row for each tone, the lowest first; 1 is the loudest, 0 softer than that by ``RANGE_DB`` or more. Tones
    that the sound cannot have, above half its rate, are 0.
    """
    size = max(2, round(WINDOW_S * audio.rate))
    samples = np.concatenate([np.zeros(size // 2), audio.samples, np.zeros(size)])
    begins = np.linspace(0, max(0, len(audio.samples) - 1), columns).astype(int)
    window = np.hanning(size)
    power = np.empty((size // 2 + 1, columns))
    for at, begin in enumerate(begins):
        power[:, at] = np.abs(np.fft.rfft(samples[begin : begin + size] * window)) ** 2
    rows = round(HIGHEST_HZ * size / audio.rate) + 1
    wanted = np.zeros((rows, columns))
    wanted[: min(rows, len(power))] = power[:rows]
    loudest = wanted.max()
    if not loudest:
        return wanted
    level: Grid = 1 + 10 * np.log10(np.maximum(wanted / loudest, 1e-12)) / RANGE_DB
    return np.clip(level, 0.0, 1.0)


def _coloured(levels: Grid, look: Look) -> NDArray[np.uint8]:
    """Return levels of 0 to 1 as colours."""
    stops = np.linspace(0, 1, len(look.heat))
    parts = [np.interp(levels, stops, [colour[at] for colour in look.heat]) for at in range(3)]
    return np.stack(parts, axis=-1).round().astype(np.uint8)


def _paper(look: Look) -> "tuple[Image, ImageDraw]":
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), look.paper)
    return picture, ImageDraw.Draw(picture)


def _axes(draw: "ImageDraw", look: Look, scale: Scale, language: Language) -> None:
    """Draw both axes with their numbers and what they count."""
    from PIL import ImageFont

    font, below, right = ImageFont.load_default(TEXT_SIZE), HEIGHT - BOTTOM, WIDTH - RIGHT
    draw.line([(LEFT, TOP), (LEFT, below), (right, below)], fill=look.ink)
    for y, text in scale.ticks:
        draw.line([(LEFT - 5, y), (LEFT, y)], fill=look.ink)
        draw.text((LEFT - 9, y), text, fill=look.ink, font=font, anchor="rm")
    step = next((step for step in STEPS if scale.seconds / step <= MOST_TICKS), STEPS[-1])
    for number in range(int(scale.seconds / step) + 1):
        x = LEFT + (right - LEFT) * (number * step / scale.seconds if scale.seconds else 0)
        text = decimal(number * step, language, 1 if step < 1 else 0)
        draw.line([(x, below), (x, below + 5)], fill=look.ink)
        draw.text((x, below + 8), text, fill=look.ink, font=font, anchor="ma")
    middle = (LEFT + right) / 2, HEIGHT - 6
    draw.text(middle, say("seeing.time", language), fill=look.ink, font=font, anchor="md")
    _upright(draw, scale.upright, look)


def _upright(draw: "ImageDraw", text: str, look: Look) -> None:
    """Write along the left side, from below."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(TEXT_SIZE)
    room = Image.new("L", (HEIGHT - TOP - BOTTOM, TEXT_SIZE + 6), 0)
    ImageDraw.Draw(room).text((room.width / 2, 0), text, fill=255, font=font, anchor="ma")
    draw.bitmap((2, TOP), room.rotate(90, expand=True), fill=look.ink)


def _png(picture: "Image") -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
