"""Programs that take files apart, each with a limit on time, memory and output."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models.errors import ModelError
from models.leash import Leash, Reason
from models.reading.document import Source


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code (negative: the signal that killed it) and what it wrote."""

    code: int
    output: bytes


def run_limited(
    command: Sequence[str | Path],
    source: Source,
    given: BinaryIO,
    output_bytes: int,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run ``command`` with the open file ``given`` as its input, within the limits of ``source``.

    ``environment`` is set in addition to ours.

    Raises:
        ModelError: ``reading.too_slow``, ``reading.bomb`` (too much memory) or ``reading.too_long`` (wrote more
            than ``output_bytes``).
    """
    process = subprocess.Popen(
        list(map(str, command)),
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
    leash = Leash(process)
    assert process.stdout is not None  # noqa: S101 -- it was asked for above
    with leash.held(source.limits.seconds, source.limits.memory_bytes), process.stdout:
        output = process.stdout.read(output_bytes + 1)
        if len(output) > output_bytes:
            leash.end("output")
        code = process.wait()
    _raise(leash.reason, source)
    return Ended(code, output)


def _raise(reason: Reason, source: Source) -> None:
    if reason == "time":
        raise ModelError("reading.too_slow", name=source.name, seconds=source.limits.seconds)
    if reason == "memory":
        raise ModelError("reading.bomb", name=source.name)
    if reason == "output":
        raise ModelError("reading.too_long", name=source.name, millions=source.limits.letters / 1e6)
