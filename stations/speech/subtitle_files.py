"""Subtitles as files: SubRip (SRT) and WebVTT, written and read with webvtt-py (MIT).

What was said is untrusted text: it can hold signs that a player takes for markup or for times.
"""

import html
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ModelError
from models.reading.plain import decoded
from models.reading.repair import cleaned
from stations.speech.subtitles import Cue

if TYPE_CHECKING:
    import webvtt

LARGEST_BYTES = 10_000_000
"""A day of subtitles takes a tenth of it."""
MOST_CUES = 50_000
LONGEST_LETTERS = 5_000
"""More in one subtitle is no subtitle."""
_SRT_TAG = re.compile(r"</?\s*(?:b|i|u|s|font|span|c|v|lang|ruby|rt)\b[^<>]*>|\{\\[^{}]*\}", re.IGNORECASE)
_VTT_TAG = re.compile(r"<[^<>]*>")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]+)>")
_TIME = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"[ \t]*({_TIME})[ \t]*-{{1,2}}>[ \t]*({_TIME})(?![\d:.,])")
_NUMBER = re.compile(r"[ \t]*\d+[ \t]*")
_FULL_COLONS = 2


def srt(cues: Sequence[Cue]) -> str:
    """Return the subtitles as SubRip.

    SubRip has no way to escape: ``<`` and ``>`` become ``‹`` and ``›``, which no player takes for markup or a time, and
    a brace before a backslash becomes a round one.
    """
    plain = str.maketrans("<>", "‹›")
    made = _composed([(cue, cue.text.translate(plain).replace("{\\", "(\\")) for cue in cues])
    written = StringIO()
    made.write(written, format="srt")
    return written.getvalue() + "\n"


def vtt(cues: Sequence[Cue], note: str = "") -> str:
    """Return the subtitles as WebVTT, with the name of who speaks (``<v Name>``) and a note that no player shows."""
    made = _composed([(cue, _voiced(cue)) for cue in cues])
    made.header_comments = [" ".join(note.replace("-->", "→").split())] if note else []
    return str(made.content)


def read_subtitles(file: Path, name: str = "") -> tuple[Cue, ...]:
    """Return the subtitles of an SRT or WebVTT file in order of time; what it is tells its content, not its name.

    Reads UTF-8, UTF-16, Windows and old Mac encodings, missing numbers, missing hours, blank lines within a text.
    Subtitles without words are left out; overlapping ones stay as they are. Bold, colours and places are dropped.

    Args:
        file: Untrusted.
        name: What people call it, for errors.

    Raises:
        ModelError: ``export.not_subtitles``, ``export.no_cues`` or ``export.too_many_cues``.
    """
    name = name or file.name
    text = decoded(file.read_bytes()) if file.stat().st_size <= LARGEST_BYTES else None
    arrows = text.count("->") if text else 0
    if text is None or arrows == 0:
        raise ModelError("export.not_subtitles", name=name)
    if arrows > MOST_CUES:
        raise ModelError("export.too_many_cues", name=name, most=MOST_CUES)
    found = list(_cues(text.lstrip("\ufeff \t\r\n"), name))
    if not found:
        raise ModelError("export.no_cues", name=name)
    return tuple(sorted(found, key=lambda cue: (cue.start_s, cue.end_s)))


def _composed(texts: Sequence[tuple[Cue, str]]) -> "webvtt.WebVTT":
    import webvtt
    from webvtt.models import Timestamp

    made = webvtt.WebVTT()
    for cue, text in texts:
        start, end = (str(Timestamp.from_seconds(seconds)) for seconds in (cue.start_s, cue.end_s))
        made.captions.append(webvtt.Caption(start, end, text))
    return made


def _voiced(cue: Cue) -> str:
    lines = [html.escape(line, quote=False) for line in cue.lines]
    names = [html.escape(name, quote=False) for name in cue.speakers]
    if len(set(names)) > 1:
        return "\n".join(
            f"<v {name}>{line}</v>" if name else line for name, line in zip(names, lines, strict=True)
        )
    return (f"<v {names[0]}>" if names and names[0] else "") + "\n".join(lines)


def _cues(text: str, name: str) -> Iterator[Cue]:
    import webvtt

    is_vtt = text.startswith("WEBVTT")
    prepared, kind = (_with_points(text), "vtt") if is_vtt else (_numbered(text), "srt")
    try:
        captions = webvtt.from_buffer(StringIO(prepared, newline="\n"), format=kind).captions
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError) as error:
        if "-->" in prepared:  # times, but nothing to show
            return
        raise ModelError("export.not_subtitles", name=name) from error
    for caption in captions:
        if len(caption.raw_text) > LONGEST_LETTERS:
            raise ModelError("export.not_subtitles", name=name)
        start_s, end_s = (each.in_milliseconds() / 1000 for each in (caption.start_time, caption.end_time))
        lines, speakers = _read_lines(caption.raw_text, is_vtt)
        if lines:
            yield Cue(start_s, max(start_s, end_s), lines, speakers if any(speakers) else ())


def _read_lines(raw: str, is_vtt: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines with words, without markup, and who says each."""
    found, speaker = [], ""
    for line in raw.split("\n"):
        voice = _VOICE.search(line) if is_vtt else None
        speaker = " ".join(cleaned(html.unescape(voice[1])).split()) if voice else speaker
        words = html.unescape(_VTT_TAG.sub("", line)) if is_vtt else _SRT_TAG.sub("", line)
        if kept := " ".join(cleaned(words).split()):
            found.append((kept, speaker))
        speaker = "" if "</v>" in line else speaker
    return tuple(line for line, _ in found), tuple(speaker for _, speaker in found)


def _with_points(text: str) -> str:
    """Return WebVTT with a point before the milliseconds, where a program wrote the comma of SubRip."""
    return "\n".join(_canonical(line) or line for line in text.splitlines())


def _numbered(text: str) -> str:
    """Return SubRip with a number before each time, as the reader expects it: many programs leave it out."""
    lines: list[str] = []
    for line in text.splitlines():
        if times := _canonical(line):
            if lines and _NUMBER.fullmatch(lines[-1]):
                lines.pop()
            lines += ["", "1", times.replace(".", ",")]
        else:
            lines.append(line.replace("-->", "→"))
    return "\n".join(lines).lstrip("\n")


def _canonical(line: str) -> str:
    """Return a line of times with hours and milliseconds; ``""`` for another line."""
    timing = _TIMING.match(line)
    return " --> ".join(map(_full_time, timing.groups())) + line[timing.end() :] if timing else ""


def _full_time(time: str) -> str:
    clock, _, fraction = time.replace(",", ".").partition(".")
    hours = "" if clock.count(":") == _FULL_COLONS else "00:"
    return ":".join(part.zfill(2) for part in (hours + clock).split(":")) + f".{fraction.ljust(3, '0')}"
