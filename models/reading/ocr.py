"""Text out of pictures of pages (OCR): by Tesseract where it is there with German, else by RapidOCR (both Apache-2.0).

Pages become pictures in a process of their own (``picture_child``); what is recognised is our own grey picture, never
the stranger's file. Both read umlauts; Tesseract also keeps columns apart and turns pages upright.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from models.errors import ModelError
from models.reading.document import Source
from models.reading.leashed import run_limited
from models.reading.picture_child import BROKEN, ENCRYPTED, LONGEST, NO_PAGE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHILD = Path(__file__).with_name("picture_child.py")
PICTURE_BYTES = LONGEST * LONGEST + 100
TEXT_BYTES = 1_000_000
"""A page of a newspaper has about 30,000."""
LANGUAGES = ("deu", "eng")
UPRIGHT = "osd"
"""Tesseract's data for telling how a page is turned."""
ASK_S = 20
ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}
"""With more, Tesseract is hardly faster and takes the cores from the embedding."""
SURE = 0.5
"""RapidOCR gives lines that are mostly invented a lower score."""

_PARAGRAPH = re.compile(r"^\$ ?(?=\d{1,3}\b(?![.,]\d))", re.MULTILINE)
"""Tesseract takes § at the beginning of a line for $, and nobody writes sums that way in German."""


class Recogniser(Protocol):
    """Reads the text of a picture."""

    name: str

    def read(self, picture: Path, source: Source) -> str:
        """Return the lines of a grey PGM picture, one on each line; ``source`` tells the limits and the name.

        Raises:
            ModelError: ``reading.too_slow``, ``bomb`` or ``broken``.
        """
        ...


class Tesseract:
    """Reads with the program Tesseract, one page in one process."""

    name = "Tesseract"

    def __init__(self, program: str, languages: Sequence[str], *, upright: bool = False) -> None:
        """``languages`` are Tesseract's names (``deu``); ``upright``: its data for turned pages are there."""
        self._command = [
            program,
            "stdin",
            "stdout",
            "-l",
            "+".join(languages),
            "--psm",
            "1" if upright else "3",
        ]

    def read(self, picture: Path, source: Source) -> str:
        """Return the text of a picture, a blank line between paragraphs."""
        with picture.open("rb") as given:
            ended = run_limited(self._command, source, given, TEXT_BYTES, ONE_THREAD)
        if ended.code != 0:
            raise ModelError("reading.broken", name=source.name)
        return _PARAGRAPH.sub("§ ", ended.output.decode("utf-8", errors="replace").replace("\f", ""))


class RapidPages:
    """Reads with RapidOCR, whose models are in its package; a page takes several seconds of one core."""

    name = "RapidOCR"

    def __init__(self, threads: int = 1) -> None:
        self._wishes = {
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        }

    def read(self, picture: Path, source: Source) -> str:  # noqa: ARG002 -- the picture is our own and bounded
        """Return the text of a picture from top to bottom; columns are not kept apart."""
        found = self._engine(_pixels(picture), use_cls=False)
        lines = zip(found.txts or (), found.scores or (), strict=True)
        return "\n".join(text for text, score in lines if score >= SURE)

    @cached_property
    def _engine(self) -> Callable[..., Any]:
        from rapidocr import RapidOCR  # two seconds and 0.5 GB: only for those who bring pictures

        engine: Callable[..., Any] = RapidOCR(params=self._wishes)
        return engine


@cache
def best_recogniser() -> Recogniser | None:
    """Return what this machine can read pictures with, ``None`` if it cannot; looks once."""
    program = shutil.which("tesseract")
    known = _tesseract_languages(program) if program else ()
    if program and LANGUAGES[0] in known:
        return Tesseract(program, [each for each in LANGUAGES if each in known], upright=UPRIGHT in known)
    return RapidPages() if find_spec("rapidocr") else None


def page_picture(source: Source, page: int, folder: Path) -> Path | None:
    """Make page ``page`` (from 1) of a PDF or picture into a grey PGM file in ``folder``; ``None``: no such page.

    Raises:
        ModelError: ``reading.encrypted``, ``broken``, ``too_slow`` or ``bomb``.
    """
    limits = source.limits
    numbers = map(str, (limits.memory_bytes, limits.seconds, page - 1))
    with source.file.open("rb") as given:
        ended = run_limited([sys.executable, "-I", CHILD, *numbers], source, given, PICTURE_BYTES)
    if ended.code == NO_PAGE:
        return None
    if ended.code:
        reasons = {BROKEN: "reading.broken", ENCRYPTED: "reading.encrypted"}
        raise ModelError(reasons.get(ended.code, "reading.bomb"), name=source.name)
    file = folder / f"{page}.pgm"
    file.write_bytes(ended.output)
    return file


def recognised(source: Source, pages: Sequence[int], reader: Recogniser) -> Iterator[tuple[int, str]]:
    """Yield each of ``pages`` (from 1) with the text on it, until the file has no such page; lazily, to be stopped.

    Raises:
        ModelError: as ``page_picture`` and ``Recogniser.read``.
    """
    with tempfile.TemporaryDirectory() as folder:
        for page in pages:
            picture = page_picture(source, page, Path(folder))
            if picture is None:
                return
            yield page, reader.read(picture, source)
            picture.unlink()


def _tesseract_languages(program: str) -> tuple[str, ...]:
    try:
        said = subprocess.run([program, "--list-langs"], capture_output=True, timeout=ASK_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(said.stdout.decode(errors="replace").split("\n")[1:])


def _pixels(picture: Path) -> "NDArray[np.uint8]":
    """Return a PGM picture as (height, width, 3)."""
    import numpy as np

    head, size, _, grey = picture.read_bytes().split(b"\n", 3)
    if head != b"P5":
        raise ValueError(head)
    width, height = map(int, size.split())
    return np.repeat(np.frombuffer(grey, np.uint8).reshape(height, width, 1), 3, axis=2)
