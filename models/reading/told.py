"""Talking to the programs that take files apart: what they say line by line, and how they end."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.reading.document import Source
from models.reading.leashed import run_limited
from models.reading.structure import Block

HERE = Path(__file__).parent
SHEETS, SLIDES = HERE / "sheet_child.py", HERE / "slide_child.py"
JSON_BYTES_PER_LETTER = 16
"""A letter beyond the first 65,536 as two escapes, and a little for what stands around short cells."""
SPARE_BYTES = 100_000
CRASHES = {-11, 0xC0000005}
"""It read past the end of something: the file is damaged. Other sudden ends mean too little memory."""
KEYS = {
    "bomb": "reading.bomb",
    "broken": "reading.broken",
    "encrypted": "reading.encrypted",
    "empty": "reading.empty",
}


def blocks_of(source: Source, child: Path) -> list[Block]:
    """Return the blocks that ``child`` writes of a file: a workbook's (``SHEETS``) or a presentation's (``SLIDES``).

    Raises:
        ModelError: ``reading.encrypted``, ``broken``, ``bomb``, ``too_slow`` or ``too_long``.
    """
    return [Block(**said) for said in told(source, child)]


def told(source: Source, child: Path, *wishes: str, output_bytes: int = 0) -> list[dict[str, Any]]:
    """Return the JSON objects that ``child`` writes, one per line; it is given the limits and then ``wishes``.

    Raises:
        ModelError: as ``blocks_of``.
    """
    limits = source.limits
    numbers = map(str, (limits.letters, limits.memory_bytes, limits.seconds))
    room = output_bytes or JSON_BYTES_PER_LETTER * limits.letters + SPARE_BYTES
    with source.file.open("rb") as given:
        ended = run_limited([sys.executable, "-I", child, *numbers, *wishes], source, given, room)
    said = [json.loads(line) for line in ended.output.split(b"\n")[:-1] if line[:1] + line[-1:] == b"{}"]
    _raise_error(source, said, ended.code)
    return said


def _raise_error(source: Source, said: Sequence[dict[str, Any]], code: int) -> None:
    reason = next((each["error"] for each in said if "error" in each), "")
    if reason == "too_long":
        raise ModelError("reading.too_long", name=source.name, millions=source.limits.letters / 1e6)
    if code and not reason:
        reason = "broken" if code in CRASHES or code == 1 else "bomb"
    if reason:
        raise ModelError(KEYS[reason], name=source.name)
