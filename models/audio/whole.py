"""Whether a file is all there: sound that stops early is decoded without an error, so people must be told."""

import struct
from pathlib import Path

from models.audio.sound_file import SoundFile

ESTIMATED = {"aac", "ac3", "amr", "amrnb", "amrwb", "dts", "eac3", "mpeg", "mpegts", "rm"}
"""Formats that do not say how long they are: FFmpeg guesses by the size, or by clocks that may jump."""
TOLERATED_S = 0.5
TOLERATED_SHARE = 0.01
"""What players and recorders get wrong by themselves (measured: up to 0.1 s of a whole file)."""
STREAMED_BYTES = 0x7FFFF000
"""Programs that write a RIFF file without knowing its end put 0 or a number from here on."""
RIFF_HEADER_BYTES = 8
PAGE_HEADER_BYTES = 27
LONGEST_PAGE_BYTES = PAGE_HEADER_BYTES + 255 + 255 * 255
MP3_START_BYTES = 8192
ID3_HEADER_BYTES = 10


def missing_s(file: Path, sound: SoundFile, decoded_s: float) -> float:
    """Return how many seconds are missing at the end by the file's own account; 0 where it does not say."""
    stated_s = sound.stated_s if sound.stated_s and _is_reliable(file, sound) else 0.0
    missing = max(stated_s - decoded_s, decoded_s * _missing_share(file))
    return missing if missing > max(TOLERATED_S, TOLERATED_SHARE * (decoded_s + missing)) else 0.0


def is_torn(file: Path, sound: SoundFile) -> bool:
    """Tell whether the last page of an Ogg file is incomplete: sound is missing, and nobody knows how much."""
    if sound.format != "ogg":
        return False
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(max(0, size - LONGEST_PAGE_BYTES))
        tail = opened.read()
    at = tail.rfind(b"OggS\0")
    return at >= 0 and len(tail) - at < _page_bytes(tail[at:])


def _page_bytes(page: bytes) -> int:
    """Return how long an Ogg page is by its own account, at least the header."""
    segments = page[PAGE_HEADER_BYTES - 1] if len(page) >= PAGE_HEADER_BYTES else 0
    return PAGE_HEADER_BYTES + segments + sum(page[PAGE_HEADER_BYTES:][:segments])


def _is_reliable(file: Path, sound: SoundFile) -> bool:
    if sound.format in ESTIMATED or not sound.is_own_length:
        return False
    return sound.format != "mp3" or _mp3_counts_its_frames(file)


def _missing_share(file: Path) -> float:
    """Return how much of a WAV or AVI file is missing, in proportion to what is there."""
    with file.open("rb") as opened:
        head = opened.read(RIFF_HEADER_BYTES)
    if len(head) < RIFF_HEADER_BYTES or not head.startswith(b"RIFF"):
        return 0.0
    declared, size = struct.unpack_from("<I", head, 4)[0], file.stat().st_size
    return max(0.0, (declared + RIFF_HEADER_BYTES) / size - 1) if declared < STREAMED_BYTES else 0.0


def _mp3_counts_its_frames(file: Path) -> bool:
    """Tell whether the MP3 begins with a frame that says how many there are (Xing, LAME or Fraunhofer)."""
    with file.open("rb") as opened:
        head = opened.read(ID3_HEADER_BYTES)
        opened.seek(_tag_bytes(head))
        start = opened.read(MP3_START_BYTES)
    return any(name in start for name in (b"Xing", b"Info", b"VBRI"))


def _tag_bytes(head: bytes) -> int:
    """Return the length of the ID3 tag that ``head`` begins; seven bits of each byte count."""
    if len(head) < ID3_HEADER_BYTES or not head.startswith(b"ID3"):
        return 0
    size = 0
    for byte in head[6:ID3_HEADER_BYTES]:
        size = size << 7 | byte & 0x7F
    return size + ID3_HEADER_BYTES
