"""Two microphones in one room hear both people: what the other channel says louder is not said in this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from models.audio.recording import Recording
from models.engines.base import Segment

LOUDER = 2.0
"""How much louder (amplitude; 6 dB) the other channel must be where it says the same words."""
MUCH_LOUDER = 5.0
"""How much louder (14 dB) whatever words were understood: faint speech is often misheard."""
ALIKE = 0.5
"""Share of the words that must be the same ones."""
TWO = 2


@dataclass(frozen=True)
class Heard:
    """A segment and the channel in which it was said; ``None`` for all channels mixed."""

    segment: Segment
    channel: int | None = None


def in_order(heard: Sequence[Heard]) -> tuple[Heard, ...]:
    """Return what was heard in all channels by time."""
    return tuple(sorted(heard, key=lambda each: (each.segment.start_s, each.segment.end_s)))


def without_crosstalk(recording: Recording, heard: Sequence[Heard]) -> tuple[Heard, ...]:
    """Return what was heard without what one channel picked up from another."""
    return tuple(each for each in heard if not any(_picked_up(recording, each, other) for other in heard))


def _picked_up(recording: Recording, each: Heard, other: Heard) -> bool:
    """Tell whether ``each`` is only the echo of what is said in the channel of ``other``."""
    if each.channel == other.channel or each.channel is None or other.channel is None:
        return False
    start_s = max(each.segment.start_s, other.segment.start_s)
    end_s = min(each.segment.end_s, other.segment.end_s)
    if end_s - start_s < (each.segment.end_s - each.segment.start_s) / 2:
        return False
    louder = _loudness(recording, start_s, end_s, other.channel) / (
        _loudness(recording, start_s, end_s, each.channel) + 1e-6
    )
    return louder >= MUCH_LOUDER or (louder >= LOUDER and _alike(each.segment, other.segment))


def _loudness(recording: Recording, start_s: float, end_s: float, channel: int) -> float:
    samples = recording.samples(start_s, end_s, channel)
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if samples.size else 0.0


def _alike(one: Segment, other: Segment) -> bool:
    """Tell whether most words of ``one`` are said in ``other`` too, in the same order."""
    said, there = one.text.casefold().split(), other.text.casefold().split()
    blocks = SequenceMatcher(None, said, there, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= ALIKE * len(said)
