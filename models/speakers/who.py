"""Who said which word: windows over the words, their voice prints in groups, and the likeliest order of people."""

from collections.abc import Generator, Iterable, Iterator, Sequence, Set
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.engines.base import Samples
from models.speakers.clustering import voices_in
from models.speakers.embedding import Prints
from models.speakers.windows import Span, Stretch, borders_of, shares, stretches

SHORTEST_TURN_S = 0.5
"""Nobody speaks for less than that between two turns of one other person."""
CHANGE, CHANGE_AT_BORDER = 0.25, 0.08
"""What a change of speaker must win, in likeness times seconds of speech, within a sentence and at its borders.

A voice is about 0.4 more like its own person than like another, so a change and back in the middle of a sentence takes
1.2 seconds of clear speech, at pauses 0.4.
"""
SHORTEST_WORD_S = 0.05


class Sound(Protocol):
    """Sound of which any stretch can be had: ``models.audio.recording.Recording``."""

    def samples(self, start_s: float, end_s: float) -> Samples:
        """Return the sound between two seconds, one channel, ``SPEECH_RATE`` samples a second."""
        ...


class Voices(Protocol):
    """What gives prints: ``models.speakers.embedding.VoicePrints``."""

    def of_each(self, windows: Iterable[Samples]) -> Iterator[Prints]:
        """Yield the prints of windows in order, some at a time."""
        ...


def who_spoke(
    recording: Sound,
    words: Sequence[Span],
    count: int | None,
    prints: Voices,
    sentence_starts: Set[int] = frozenset(),
) -> Generator[float, None, tuple[int, ...]]:
    """Tell which person says which word; meant for ``yield from``.

    Yields the share that is done, 0..1, about twice a second; closing it stops the work. Returns a number per word: 0
    is who speaks first, 1 who speaks next for the first time, and so on. ``words`` are begin and end in seconds, in
    order of time; ``sentence_starts`` the indexes of those that begin a sentence. ``count`` people speak; ``None``
    guesses. Fewer numbers come back where voices cannot be told apart (see ``voices_in``).
    """
    if not words or count == 1:
        return (0,) * len(words)
    borders = borders_of(words, sentence_starts)
    parts = tuple(stretches(words, borders))
    windows = [window for part in parts for window in part.windows]
    found: list[Prints] = []
    for some in prints.of_each(recording.samples(*window) for window in windows):
        found.append(some)
        yield min(1.0, sum(map(len, found)) / len(windows))
    likeness = _likeness(np.concatenate(found), windows, count)
    evidence = _evidence(words, parts, likeness)
    path = _likeliest_path(evidence, borders)
    return in_order_of_appearance(without_flickers(path, words))


def _likeness(prints: Prints, windows: Sequence[Span], count: int | None) -> npt.NDArray[np.float32]:
    """Return how alike each window is to each person: windows x people."""
    seconds = np.array([end - start for start, end in windows])
    return np.asarray(prints @ voices_in(prints, seconds, count).T)


def _evidence(
    words: Sequence[Span], parts: Sequence[Stretch], likeness: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Return the likeness of each word to each person times its seconds: words x people."""
    rows, at = [], 0
    for part in parts:
        windows = part.windows
        own = words[part.first : part.last]
        seconds = np.array([max(end - start, SHORTEST_WORD_S) for start, end in own])
        rows.append(shares(own, windows) @ likeness[at : at + len(windows)] * seconds[:, None])
        at += len(windows)
    return np.concatenate(rows)


def _likeliest_path(evidence: npt.NDArray[np.float64], borders: Set[int]) -> list[int]:
    """Return the order of people with the most evidence less the price of changes (Viterbi 1967)."""
    best, came_from = evidence[0], []
    people = np.arange(evidence.shape[1])
    for word in range(1, len(evidence)):
        changed = best.max() - (CHANGE_AT_BORDER if word in borders else CHANGE)
        came_from.append(np.where(best >= changed, people, int(best.argmax())))
        best = np.maximum(best, changed) + evidence[word]
    path = [int(best.argmax())]
    for before in reversed(came_from):
        path.append(int(before[path[-1]]))
    return path[::-1]


def without_flickers(speakers: Sequence[int], words: Sequence[Span]) -> list[int]:
    """Return speakers without turns shorter than ``SHORTEST_TURN_S`` between two turns of the same other."""
    calm = list(speakers)
    turns = _turns(calm)
    for (_, before_end), (first, last), (after, _) in zip(turns, turns[1:], turns[2:], strict=False):
        around = calm[before_end - 1]
        short = words[last - 1][1] - words[first][0] < SHORTEST_TURN_S
        if short and around == calm[after]:
            calm[first:last] = [around] * (last - first)
    return calm


def in_order_of_appearance(speakers: Sequence[int]) -> tuple[int, ...]:
    """Return speakers renumbered: 0 speaks first, then 1, and so on."""
    numbers = {speaker: number for number, speaker in enumerate(dict.fromkeys(speakers))}
    return tuple(numbers[speaker] for speaker in speakers)


def _turns(speakers: Sequence[int]) -> list[tuple[int, int]]:
    """Return the words of each turn as first and one past the last."""
    starts = [at for at, speaker in enumerate(speakers) if at == 0 or speaker != speakers[at - 1]]
    return list(zip(starts, [*starts[1:], len(speakers)], strict=True))
