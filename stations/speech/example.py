"""A recording to try the station with, and to measure how fast this machine writes speech down."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from models.audio.decoding import decode
from models.audio.recording import Recording
from models.engines.base import Hearing, Transcriber
from stations.speech.listening import listen

FILE = Path(__file__).resolve().parents[1] / "assets" / "example_de.ogg"
"""Fourteen seconds of two German voices: LibriVox (CSS10, public domain) and Thorsten-Voice (CC0)."""
LANGUAGE = "de"
TIMES = 4
"""Longer than ``speed.LEAST_S``."""


@dataclass(frozen=True)
class Rehearsal:
    """What was heard in the example, several times over, and how many seconds of work each of its seconds took."""

    text: str
    seconds: float
    work_s: float

    @property
    def share(self) -> float:
        """Seconds of work for a second of recording."""
        return self.work_s / self.seconds


def rehearse(transcriber: Transcriber) -> Rehearsal:
    """Write the example down now, as the station does; takes some seconds.

    Raises:
        ModelError: what the decoder or the transcriber says.
    """
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "example.raw"
        *_, last = decode(FILE, raw, None)
        raw.write_bytes(raw.read_bytes() * TIMES)
        recording = Recording(raw, last.recording.channels)
        seconds = recording.seconds
        heard = list(listen(transcriber, recording, Hearing(LANGUAGE), decoded=lambda: True))
    whole = [stretch for stretch in heard if stretch.whole]
    text = " ".join(each.segment.text for stretch in whole for each in stretch.heard)
    return Rehearsal(text, seconds, sum(stretch.work_s for stretch in whole))
