"""Subtitles as a track beside picture and sound, which are copied as they are."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import av
from av.packet import Packet
from av.stream import Disposition

from models.film.job import Caption, FilmError, Job, between
from models.film.source import facts, opened, origin_s, picture, seconds, sounds

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.stream import Stream
    from av.subtitles.stream import SubtitleStream

CODECS = {"mp4": "mov_text", "matroska": "subrip"}
MILLISECOND = Fraction(1, 1000)
LONGEST_TEXT = 60_000
"""Bytes of one caption: MP4 counts them with two."""
STYLE = b"""[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""FFmpeg's subtitle encoders want a style before they write the head of a track; 2 is the middle of the bottom."""


def attach(job: Job) -> Iterator[float]:
    """Copy the film on standard input to ``job.out`` with a subtitle track; yield how much is done, 0..1.

    Raises:
        FilmError: ``no_video``, ``unreadable``, ``too_long`` or ``wrong_ending`` (the format cannot hold the film).
    """
    with opened() as given:
        video = picture(given, job.limits)
        if job.container == "mp4" and not facts(given, job.limits).fits_mp4:
            raise FilmError("wrong_ending")
        kept = [video, *sounds(given)]
        options = {"movflags": "+faststart"} if job.container == "mp4" else {}
        with av.open(job.out, "w", format=job.container, options=options) as made:
            targets = _targets(made, kept)
            track = _Track(made, job, origin_s(given), seconds(given))
            yield from _copied(given, made, targets, track)


def _targets(made: "OutputContainer", kept: "Sequence[Stream]") -> "dict[int, Stream]":
    try:
        return {each.index: made.add_stream_from_template(each) for each in kept}
    except ValueError as error:  # PyAV knows that the format cannot hold it, such as old Windows Media
        raise FilmError("wrong_ending") from error


def _copied(
    given: "InputContainer", made: "OutputContainer", targets: "dict[int, Stream]", track: "_Track"
) -> Iterator[float]:
    length_s, begin_s = seconds(given), origin_s(given)
    for packet in given.demux():
        if not packet.size or packet.stream_index not in targets:
            continue
        at_s = float(
            (packet.dts or 0) * packet.time_base
        )  # Matroska does not say in which order the first are decoded
        track.write_until(at_s)
        packet.stream = targets[packet.stream_index]
        made.mux(packet)
        yield min(1.0, max(0.0, at_s - begin_s) / length_s) if length_s else 0.0
    track.write_until(float("inf"))


class _Track:
    """The subtitle track: each caption is written just before the picture that it belongs to."""

    def __init__(self, made: "OutputContainer", job: Job, begin_s: float, length_s: float) -> None:
        self._made, self._begin_s = made, begin_s
        self._waiting = between(job.captions, length_s)[::-1]
        self._is_mp4 = job.container == "mp4"
        self._stream = cast("SubtitleStream", made.add_stream(CODECS[job.container]))
        self._stream.metadata["language"] = job.language
        self._stream.time_base = self._stream.codec_context.time_base = MILLISECOND
        self._stream.codec_context.subtitle_header = STYLE
        self._stream.codec_context.open(strict=False)
        self._stream.disposition = Disposition.default

    def write_until(self, at_s: float) -> None:
        """Write all captions that begin before ``at_s``, in the film's own time."""
        while self._waiting and self._waiting[-1].start_s + self._begin_s <= at_s:
            self._made.mux(self._packet(self._waiting.pop()))

    def _packet(self, caption: Caption) -> "Packet[Any]":
        text = "\n".join(caption.lines).encode()[:LONGEST_TEXT].decode(errors="ignore").encode()
        packet: Packet[Any] = Packet(len(text).to_bytes(2, "big") + text if self._is_mp4 else text)
        packet.stream, packet.time_base = self._stream, MILLISECOND
        packet.pts = packet.dts = round(1000 * (caption.start_s + self._begin_s))
        packet.duration = max(1, round(1000 * (caption.end_s - caption.start_s)))
        return packet
