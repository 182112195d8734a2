"""A stranger's film, opened with care: known formats only, nothing that makes FFmpeg open other files or addresses."""

import os
from typing import TYPE_CHECKING

from models.film.job import FilmError, FilmFacts, FilmLimits

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

FORMATS = "asf,avi,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,mxf,ogg,rm"
"""Playlists (HLS, DASH, concat) are not among them: they make FFmpeg read other files and addresses."""
IN_MP4 = frozenset(
    {"h264", "hevc", "av1", "mpeg4", "vp9", "aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"}
)
"""What players expect in an MP4 file; FFmpeg would write more."""


def opened() -> "InputContainer":
    """Return the film that lies on standard input.

    Raises:
        FilmError: ``unreadable``.
    """
    import av

    options = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
    try:
        return av.open(os.fdopen(0, "rb"), "r", options=options, metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        raise FilmError("unreadable") from error


def picture(container: "InputContainer", limits: FilmLimits) -> "VideoStream":
    """Return the stream of the moving picture; a cover of an album is none.

    Raises:
        FilmError: ``no_video``, ``unreadable`` (no decoder, no or too many pixels) or ``too_long``.
    """
    from av.stream import Disposition

    found = [each for each in container.streams.video if not each.disposition & Disposition.attached_pic]
    if not found:
        raise FilmError("no_video")
    context = found[0].codec_context
    if context is None or not 0 < context.width * context.height <= limits.pixels:
        raise FilmError("unreadable")
    if seconds(container) > limits.seconds:
        raise FilmError("too_long")
    return found[0]


def seconds(container: "InputContainer") -> float:
    """Return how long the film says it is; 0 where it does not say."""
    return max(0.0, container.duration / 1e6) if container.duration else 0.0


def origin_s(container: "InputContainer") -> float:
    """Return the time of the film's first moment: captions count from there."""
    return container.start_time / 1e6 if container.start_time else 0.0


def sounds(container: "InputContainer") -> "list[AudioStream]":
    """Return all sound tracks that FFmpeg knows."""
    return [each for each in container.streams.audio if each.codec_context is not None]


def facts(container: "InputContainer", limits: FilmLimits) -> FilmFacts:
    """Return what the film says about itself.

    Raises:
        FilmError: as ``picture``.
    """
    video = picture(container, limits)
    codecs = {each.codec_context.codec.canonical_name for each in (video, *sounds(container))}
    return FilmFacts(
        seconds(container),
        video.codec_context.width,
        video.codec_context.height,
        bool(sounds(container)),
        codecs <= IN_MP4,
    )
