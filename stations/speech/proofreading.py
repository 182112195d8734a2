"""One channel of one stretch, written down and looked through: loops are heard again, inventions taken out."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from models.audio.pauses import speech_seconds
from models.audio.recording import Recording
from models.engines.base import Hearing, Samples, Segment, Transcriber
from stations.speech.doubts import cut_short, doubt, loops

Written = tuple[tuple[Segment, ...], int]
"""Segments in order, and how many were taken out."""


@dataclass(frozen=True)
class Sound:
    """A stretch of one channel of a recording; ``None`` mixes all channels."""

    recording: Recording
    start_s: float
    end_s: float
    channel: int | None = None

    @property
    def samples(self) -> Samples:
        """The sound itself."""
        return self.recording.samples(self.start_s, self.end_s, self.channel)

    def spoken_s(self, start_s: float, end_s: float) -> float:
        """Return for how many seconds somebody speaks between two seconds of the recording."""
        return speech_seconds(self.recording.samples(start_s, end_s, self.channel))


def write_down(transcriber: Transcriber, sound: Sound, hearing: Hearing) -> Generator[Written, None, None]:
    """Yield what is said, more and more of it; the last time it has been looked through.

    Times are seconds of the recording. A stretch that goes round in circles, or is faster than anybody speaks, is heard
    once more, window by window; what is no better then is taken out and counted.
    """
    segments: list[Segment] = []
    for segment in transcriber.transcribe(sound.samples, hearing):
        segments.append(moved(segment, sound.start_s))
        segments.sort(key=attrgetter("start_s"))
        yield tuple(segments), 0
    yield _Proof(transcriber, sound, hearing).read(tuple(segments))


def moved(segment: Segment, by_s: float) -> Segment:
    """Return the segment as if it had been said that much later."""
    words = tuple(
        replace(word, start_s=word.start_s + by_s, end_s=word.end_s + by_s) for word in segment.words
    )
    return replace(segment, start_s=segment.start_s + by_s, end_s=segment.end_s + by_s, words=words)


@dataclass(frozen=True)
class _Proof:
    transcriber: Transcriber
    sound: Sound
    hearing: Hearing

    def read(self, segments: tuple[Segment, ...]) -> Written:
        """Return the segments without loops and without what nobody said."""
        segments, dropped = self._without_loops(segments)
        doubts = [doubt(each, self.sound.spoken_s) for each in segments]
        for at in reversed([number for number, reason in enumerate(doubts) if reason == "speed"]):
            again = self._again(segments, at, at)
            segments = (*segments[:at], *again, *segments[at + 1 :])
        kept = tuple(each for each in segments if doubt(each, self.sound.spoken_s) is None)
        return kept, dropped + len(segments) - len(kept)

    def _without_loops(self, segments: tuple[Segment, ...]) -> Written:
        dropped = 0
        for loop in reversed(loops(segments)):
            inside = segments[loop.first : loop.last + 1]
            again = self._again(segments, loop.first, loop.last)
            if not again or loops(again):
                again, dropped = cut_short(inside, loop.repeats_at), dropped + 1
            segments = (*segments[: loop.first], *again, *segments[loop.last + 1 :])
        return segments, dropped

    def _again(self, segments: Sequence[Segment], first: int, last: int) -> tuple[Segment, ...]:
        """Hear some segments once more, up to where the next begins: a loop swallows what was said after it."""
        start_s = segments[first].start_s
        end_s = segments[last + 1].start_s if last + 1 < len(segments) else self.sound.end_s
        samples = self.sound.recording.samples(start_s, end_s, self.sound.channel)
        hearing = replace(self.hearing, together=False)
        return tuple(moved(each, start_s) for each in self.transcriber.transcribe(samples, hearing))
