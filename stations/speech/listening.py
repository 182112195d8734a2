"""From a recording to what is said in it: stretch by stretch, so that text is there early and nothing is lost.

A stretch is cut at a pause. Where it is cut, and what is heard in it, depends on nothing before it but the language:
who goes on after a crash gets the same text as somebody who was never disturbed.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from operator import itemgetter

from models.audio.pauses import pause_near
from models.audio.recording import Recording
from models.engines.base import Hearing, Transcriber
from stations.speech.beats import in_beats
from stations.speech.crosstalk import Heard, in_order, without_crosstalk
from stations.speech.proofreading import Sound, write_down

__all__ = ["Heard", "Stretch", "listen"]

FIRST_S, SECOND_S, LONG_S = 60.0, 120.0, 600.0
"""Seconds of the first stretch, the second and all others: the first text comes early, the rest efficiently."""
CUT_WITHIN_S = 15.0
TAIL_S = 30.0
"""A rest of the recording that is shorter than that belongs to the stretch before it."""
SURE_OF_LANGUAGE = 0.6
"""A language told with less probability is not kept for the rest of the recording."""
LOOK_AGAIN_S = 0.2


@dataclass(frozen=True)
class Stretch:
    """Some minutes of a recording and what is said in them so far; times are seconds of the whole recording.

    ``language`` is ``""`` until somebody has spoken. A ``whole`` stretch does not change any more: it can be kept, and
    listening goes on at its ``end_s`` with its language. ``work_s`` are seconds of work on this stretch, without
    waiting for samples; ``dropped`` counts segments taken out because nobody said them.
    """

    start_s: float
    end_s: float
    language: str = ""
    heard: tuple[Heard, ...] = ()
    whole: bool = False
    work_s: float = 0.0
    dropped: int = 0

    @property
    def pace(self) -> float | None:
        """Seconds of work for a second of recording; ``None`` until the stretch is whole."""
        seconds = self.end_s - self.start_s
        return self.work_s / seconds if self.whole and seconds > 0 else None


def listen(  # noqa: PLR0913 - who listens to what, how, and where to go on
    transcriber: Transcriber,
    recording: Recording,
    hearing: Hearing,
    *,
    decoded: Callable[[], bool],
    begin_s: float = 0.0,
    channels: tuple[int | None, ...] = (None,),
    language: str | None = None,
) -> Iterator[Stretch]:
    """Yield stretches of a recording from ``begin_s`` on, each several times while it grows, at last ``whole``.

    Something comes at least every half second, unchanged if need be; closing the iterator returns at once, and the
    work ends after the step that is being made (some seconds). It may begin while the recording still grows:
    ``decoded`` tells when no more will come. With several ``channels`` each is listened to on its own, and what one
    picked up from the other is dropped. ``language`` is the one of the stretch before.

    Raises:
        ModelError: what the transcriber raises.
    """
    ear = _Ear(
        transcriber, recording, replace(hearing, language=hearing.language or language or None), channels
    )
    latest = Stretch(begin_s, begin_s, ear.hearing.language or "")
    yield latest
    with closing(in_beats(ear.stretches(latest, decoded))) as states:
        for state in states:
            latest = state or _at_rest(latest)
            yield latest


def _at_rest(latest: Stretch) -> Stretch:
    """Return what is to be shown while nothing new comes; a whole stretch must not come twice."""
    return Stretch(latest.end_s, latest.end_s, latest.language) if latest.whole else latest


def wanted_s(begin_s: float) -> float:
    """Return how long a stretch should be that begins at this second of the recording."""
    if begin_s < FIRST_S / 2:
        return FIRST_S
    return SECOND_S if begin_s < FIRST_S + SECOND_S / 2 else LONG_S


@dataclass(frozen=True)
class _Ear:
    transcriber: Transcriber
    recording: Recording
    hearing: Hearing
    channels: Sequence[int | None]

    def stretches(self, at: Stretch, decoded: Callable[[], bool]) -> Generator[Stretch, None, None]:
        """Yield stretches from the end of ``at`` until the end of the recording."""
        while not (decoded() and at.end_s >= self.recording.seconds):
            at = _at_rest(replace(at, whole=True))
            end_s = self._end_s(at.end_s, decoded)
            if end_s is None:
                yield at
                time.sleep(LOOK_AGAIN_S)
            else:
                for grown in self._grow(replace(at, end_s=end_s)):
                    yield grown
                    at = grown

    def _end_s(self, begin_s: float, decoded: Callable[[], bool]) -> float | None:
        """Return where the stretch is cut, ``None`` while too little of the recording is there to tell."""
        complete, there_s = decoded(), self.recording.seconds
        cut_s = begin_s + wanted_s(begin_s)
        if there_s >= cut_s + TAIL_S:
            return pause_near(self.recording, cut_s, CUT_WITHIN_S)
        return there_s if complete else None

    def _grow(self, stretch: Stretch) -> Iterator[Stretch]:
        """Yield the stretch with more and more in it."""
        began = time.monotonic()
        stretch, hearing = self._told_language(stretch)
        for channel in self.channels:
            before = stretch
            sound = Sound(self.recording, stretch.start_s, stretch.end_s, channel)
            for segments, dropped in write_down(self.transcriber, sound, hearing):
                heard = (*before.heard, *(Heard(segment, channel) for segment in segments))
                stretch = replace(before, heard=heard, dropped=before.dropped + dropped)
                yield replace(stretch, heard=in_order(heard), work_s=time.monotonic() - began)
        heard = in_order(without_crosstalk(self.recording, stretch.heard))
        yield replace(stretch, heard=heard, whole=True, work_s=time.monotonic() - began)

    def _told_language(self, stretch: Stretch) -> tuple[Stretch, Hearing]:
        """Find out in which language the stretch is spoken, unless that is known; an uncertain guess is not kept."""
        if known := self.hearing.language or stretch.language:
            return replace(stretch, language=known), replace(self.hearing, language=known)
        sounds = (self.recording.samples(stretch.start_s, stretch.end_s, each) for each in self.channels)
        language, sure = max((self.transcriber.language_of(each) for each in sounds), key=itemgetter(1))
        kept = language if sure >= SURE_OF_LANGUAGE else ""
        return replace(stretch, language=kept), replace(self.hearing, language=language)
