"""Subtitles drawn into the picture, for places that show no track: the picture is made anew, the sound is copied."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

import av
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from models.film.job import Caption, FilmError, Job, between
from models.film.lettering import Lettering, lettering
from models.film.source import opened, origin_s, picture, seconds, sounds
from models.film.tracks import Screen, Sound, decoded

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream

MOST_HELD = 5000
"""Packets of sound that may come before the first picture."""


def burn(job: Job) -> Iterator[float]:
    """Write the film on standard input to ``job.out`` with the captions drawn into it; yield how much is done, 0..1.

    Turned phone videos are turned upright, pixels become square, each picture keeps its own time.

    Raises:
        FilmError: ``no_video``, ``unreadable``, ``too_long``, ``no_encoder`` or ``no_font``.
    """
    with opened() as given:
        video = picture(given, job.limits)
        video.thread_type = "AUTO"
        length_s, begin_s = seconds(given), origin_s(given)
        with av.open(job.out, "w", format="mp4", options={"movflags": "+faststart"}) as made:
            burning = _Burning(made, video, sounds(given), job, begin_s)
            for packet in given.demux([video, *sounds(given)]):
                at_s = burning.take(packet)
                if at_s - begin_s > job.limits.seconds:
                    raise FilmError("too_long")
                yield min(1.0, max(0.0, at_s - begin_s) / length_s) if length_s else 0.0
            burning.finish()


class _Burning:
    """One film on its way: packets in, pictures with words out."""

    def __init__(
        self,
        made: "OutputContainer",
        video: "VideoStream",
        sound: "Sequence[AudioStream]",
        job: Job,
        begin_s: float,
    ) -> None:
        self._made, self._video, self._sound = made, video, sound
        self._captions = _Captions(job, begin_s)
        self._screen: Screen | None = None
        self._tracks: dict[int, Sound] = {}
        self._held: list[Packet[Any]] = []
        self._at_s = begin_s

    def take(self, packet: "Packet[Any]") -> float:
        """Work on one packet and return the time in the film that has been reached."""
        if packet.stream_index == self._video.index:
            for frame in cast("list[VideoFrame]", decoded(packet)):
                self._take(frame)
        elif self._screen is None:
            self._held.append(packet)
            if len(self._held) > MOST_HELD:
                raise FilmError("unreadable")
        else:
            self._tracks[packet.stream_index].take(packet)
        return self._at_s

    def finish(self) -> None:
        """Write what the encoders still hold."""
        if self._screen is None:
            raise FilmError("unreadable")
        self._show(self._screen.last())
        self._made.mux(self._screen.stream.encode(None))
        for track in self._tracks.values():
            track.finish()

    def _take(self, frame: VideoFrame) -> None:
        screen = self._screen or self._begin(frame)
        if frame.pts is not None and frame.time is not None:
            self._at_s = frame.time
            self._show(screen.upright(frame))

    def _show(self, pictures: Iterable[VideoFrame]) -> None:
        assert self._screen is not None  # noqa: S101 -- pictures come from it
        for each in pictures:
            words = self._captions.at(each.time or 0.0, each.width, each.height)
            if words is not None:
                each.make_writable()
                words.lay_over(_planes(each))
            self._made.mux(self._screen.encoded(each))

    def _begin(self, frame: VideoFrame) -> "Screen":
        """Make the tracks: only the first picture tells how it is to be turned."""
        self._screen = Screen(self._made, self._video, frame)
        self._tracks = {each.index: Sound(self._made, each) for each in self._sound}
        for packet in self._held:
            self._tracks[packet.stream_index].take(packet)
        self._held.clear()
        return self._screen


def _planes(frame: VideoFrame) -> list[NDArray[np.uint8]]:
    """Return the planes of a picture as arrays that write into it."""
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in frame.planes
    ]


class _Captions:
    """The words for each moment; each picture of words is drawn once."""

    def __init__(self, job: Job, begin_s: float) -> None:
        self._waiting = between(job.captions, job.limits.seconds)[::-1]
        self._fonts, self._begin_s = job.fonts, begin_s
        self._now: Caption | None = None
        self._words: Lettering | None = None

    def at(self, time_s: float, width: int, height: int) -> Lettering | None:
        film_s = time_s - self._begin_s
        while self._waiting and self._waiting[-1].start_s <= film_s:
            self._now = self._waiting.pop()
            self._words = lettering(self._now.lines, width, height, self._fonts)
        return self._words if self._now is not None and film_s < self._now.end_s else None
