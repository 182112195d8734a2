"""The tracks of a new film: a picture that every player shows, and its sound."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import av
from av.filter import Graph
from av.packet import Packet
from av.video.frame import VideoFrame

from models.film.job import FilmError

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream

ENCODERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("libx264", {"preset": "veryfast", "crf": "21"}),
    ("mpeg4", {"q": "4"}),
)
"""The first that is there: H.264 plays everywhere; MPEG-4 part 2 is in every FFmpeg."""
COPIED = frozenset({"aac", "mp3", "ac3", "eac3", "alac"})
"""Sound that every player of MP4 files knows; other sound becomes AAC."""
TURNS = {90: ["transpose=clock"], 180: ["hflip", "vflip"], 270: ["transpose=cclock"]}
FINEST = Fraction(1, 90_000)
COARSEST = Fraction(1, 1000)
HOLE_S = 0.1
"""Smaller differences are rounding: some formats know times in hundredths of a second only."""


def decoded(packet: "Packet[Any]") -> "list[VideoFrame] | list[AudioFrame]":
    """Return what is in a packet; nothing if it is damaged, because the next ones may be well again."""
    try:
        return packet.decode()
    except av.error.InvalidDataError:
        return []


class Screen:
    """The new picture track: upright, square pixels, even sizes, as players want it."""

    def __init__(self, made: "OutputContainer", video: "VideoStream", first: VideoFrame) -> None:
        turn = -first.rotation % 360
        self._turn = TURNS.get(turn, [])
        aspect = video.codec_context.sample_aspect_ratio or Fraction(1)
        width, height = first.width * float(aspect or 1), float(first.height)
        if turn in (90, 270):
            width, height = height, width
        self._size = max(2, round(width / 2) * 2), max(2, round(height / 2) * 2)
        self._chain: tuple[tuple[object, ...], Graph] | None = None
        self._last = -1
        self.stream = _encoder(made, video, self._size)
        self._time_base = self.stream.codec_context.time_base

    def upright(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """Yield the picture as it is seen, in 8 bits a colour (YUV 4:2:0); it may be the one before, or none yet."""
        key = (frame.width, frame.height, frame.format.name)
        if self._chain is None or self._chain[0] != key:
            yield from self.last()
            self._chain = key, self._graph(frame)
        self._chain[1].vpush(frame)
        yield from self._ready(self._chain[1])

    def last(self) -> Iterator[VideoFrame]:
        """Yield what is still held back."""
        if self._chain is not None:
            self._chain[1].vpush(None)
            yield from self._ready(self._chain[1])

    def _ready(self, graph: Graph) -> Iterator[VideoFrame]:
        while True:
            try:
                yield graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return

    def encoded(self, frame: VideoFrame) -> "list[Packet[Any]]":
        """Return packets; a picture that is not later than the one before is left out."""
        at_s = frame.time or 0.0
        frame.pts, frame.time_base = round(at_s / self._time_base), self._time_base
        if frame.pts <= self._last:
            return []
        self._last = frame.pts
        frame.pict_type = 0  # the encoder chooses which pictures are whole
        packets: list[Packet[Any]] = list(self.stream.encode(frame))
        return packets

    def _graph(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        width, height = self._size
        deinterlaced = ["yadif"] if frame.interlaced_frame else []
        steps = [*deinterlaced, *self._turn, f"scale={width}:{height}", "setsar=1", "format=yuv420p"]
        nodes = [
            graph.add_buffer(
                width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
            )
        ]
        for step in steps:
            name, _, arguments = step.partition("=")
            nodes.append(graph.add(name, arguments or None))
        graph.link_nodes(*nodes, graph.add("buffersink")).configure()
        return graph


def _encoder(made: "OutputContainer", video: "VideoStream", size: tuple[int, int]) -> "VideoStream":
    rate = video.average_rate or video.guessed_rate or Fraction(25)
    for name, options in ENCODERS:
        if name not in av.codecs_available:
            continue
        stream = cast("VideoStream", made.add_stream(name, rate=rate, options=options))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = FINEST if name == "libx264" else COARSEST
        context = video.codec_context
        for each in ("color_primaries", "color_trc", "colorspace"):
            setattr(stream.codec_context, each, getattr(context, each))
        return stream
    raise FilmError("no_encoder")


class Sound:
    """One sound track: copied where MP4 players know it, else made anew."""

    def __init__(self, made: "OutputContainer", given: "AudioStream") -> None:
        self._made, self._next = made, 0
        self._copied = given.codec_context.codec.canonical_name in COPIED
        self._stream: Any = (
            made.add_stream_from_template(given)
            if self._copied
            else made.add_stream("aac", rate=given.codec_context.sample_rate, layout=_layout(given))
        )

    def take(self, packet: "Packet[Any]") -> None:
        """Write one packet of sound."""
        if self._copied:
            if packet.size:
                packet.stream = self._stream
                self._made.mux(packet)
            return
        for frame in cast("list[AudioFrame]", decoded(packet)):
            self._clock(frame)
            self._made.mux(self._stream.encode(frame))

    def _clock(self, frame: "AudioFrame") -> None:
        """Number the samples one after the other; only a hole is left where there is one."""
        said = self._next if frame.time is None else round(frame.time * frame.sample_rate)
        hole = said - self._next > HOLE_S * frame.sample_rate
        frame.pts = said if hole else self._next
        frame.time_base = Fraction(1, frame.sample_rate)
        self._next = frame.pts + frame.samples

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if not self._copied:
            self._made.mux(self._stream.encode(None))


def _layout(given: "AudioStream") -> str:
    return "mono" if given.codec_context.channels == 1 else "stereo"
