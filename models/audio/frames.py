"""What can be decoded of a sound track, however damaged, and when each piece of it belongs."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

TROUBLES = 1000
"""So many errors in a row, and nothing more is to be had."""
CUT_OFF = "File ended prematurely"
"""What FFmpeg logs at the end of a Matroska or WebM file that stops within a block."""
GAP_S = 0.1
"""A hole of that length between two frames is filled: times stay right, also beside the picture."""
OVERLAP_S = 0.5
LONGEST_GAP_S = 60.0
"""Where the file does not say how long it is, a longer hole is a clock that was set anew."""


class Frames:
    """Whatever can be decoded of a stream, in order; damaged pieces are left out.

    ``troubles`` counts them; ``troubled`` tells that one lay right before the frame that came last.
    """

    def __init__(self, container: "InputContainer", stream: "AudioStream") -> None:
        self._container, self._stream = container, stream
        self._ear = _Ear()
        self._torn = False
        self.troubles = self._in_a_row = 0

    @property
    def troubled(self) -> bool:
        """Whether something was left out right before this frame."""
        return self._in_a_row > 0

    @property
    def cut_off(self) -> bool:
        """Whether the file ended before its last block did."""
        torn = self._torn and self._container.format.name != "wav"  # is read in blocks that need not fit
        return torn or self._ear.heard

    def __iter__(self) -> "Iterator[AudioFrame]":
        for packet in self._packets():
            for frame in self._decoded(packet):
                yield frame
                self._in_a_row = 0

    def _packets(self) -> "Iterator[Packet[AudioStream]]":
        import av

        while self._in_a_row < TROUBLES:
            try:
                yield from self._container.demux(self._stream)
            except av.FFmpegError:
                self._note_trouble()
            else:
                return

    def _decoded(self, packet: "Packet[AudioStream]") -> "list[AudioFrame]":
        import av

        self._torn = packet.is_corrupt if packet.size else self._torn
        try:
            return packet.decode()
        except av.FFmpegError:
            self._note_trouble()
            return []

    def _note_trouble(self) -> None:
        self.troubles += 1
        self._in_a_row += 1


class Clock:
    """Tells how much is missing before a frame.

    ``begin_s`` is the file's own time at which the sound should begin (``None``: with its first frame), ``whole_s`` how
    long it says it is (0 for unknown).
    """

    def __init__(self, begin_s: float | None, whole_s: float) -> None:
        self._begin_s, self._whole_s = begin_s, whole_s
        self._at_s = 0.0

    def hole(self, frame: "AudioFrame") -> float:
        """Return how many seconds of nothing come before ``frame``, which counts as played afterwards."""
        hole_s = 0.0
        if frame.time is not None:
            self._begin_s = frame.time if self._begin_s is None else self._begin_s
            hole_s = self._believed(frame.time - self._begin_s - self._at_s)
        self._at_s += hole_s + frame.samples / frame.sample_rate
        return hole_s

    def _believed(self, hole_s: float) -> float:
        longest_s = self._whole_s - self._at_s if self._whole_s else LONGEST_GAP_S
        if not -OVERLAP_S < hole_s < max(longest_s, OVERLAP_S):
            self._begin_s = (
                self._begin_s or 0.0
            ) + hole_s  # another recording begins, with a clock of its own
            return 0.0
        return hole_s if hole_s > GAP_S else 0.0


class _Ear(logging.Handler):
    """Listens to what FFmpeg says about the end of the file."""

    def __init__(self) -> None:
        import av.logging

        super().__init__()
        self.heard = False
        av.logging.set_level(av.logging.ERROR)
        av.logging.set_skip_repeated(False)
        logging.getLogger("libav").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Note the one message that matters."""
        self.heard = self.heard or CUT_OFF in record.getMessage()
