"""A transcript as a file: for reading, for subtitles, for other programs."""

import errno
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from models.errors import ModelError
from models.reading.repair import one_line
from stations.documents import write_document
from stations.speech.exchange import TranscriptFile
from stations.speech.spoken import speaker_names
from stations.speech.subtitle_files import srt, vtt
from stations.speech.subtitles import cues
from stations.speech.transcript import Line, Transcript
from stations.texts import Language, known_language, say

Kind = Literal["txt", "docx", "odt", "srt", "vtt", "json", "maxqda", "atlasti"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST_NAME = 60
PARAGRAPH_S = 60.0
"""After that long a new paragraph begins, so that a speech has times to look for."""
PART_S = 600
"""Long recordings get a heading every ten minutes: that is how people find their way in a document."""
_NO_NAME = re.compile(r"[^\w.() +-]+")
_TYPE = re.compile(r"\.(?=\d*[a-z])[a-z\d]{2,4}\Z", re.IGNORECASE)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
_STAMP = re.compile(r"\[(\d+:\d\d(?::\d\d)?(?:[.,]\d+)?)\]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def export(
    transcript: Transcript,
    kind: Kind,
    language: Language,
    folder: Path | None = None,
    *,
    today: date | None = None,
) -> Path:
    """Write a transcript and return the file; one of the same name in ``folder`` is replaced.

    ``maxqda`` is the text file that aTrain writes for MAXQDA (import as "transcript with timestamps"), ATLAS.ti and
    NVivo: a paragraph for each speaker, ``[hh:mm:ss] - `` before each sentence (aTrain's ``outputs.py`` and wiki,
    2026). ``atlasti`` has a line for each sentence, ``[hh:mm:ss]Name: ``, so that ATLAS.ti finds speakers too. Every
    file but SRT, which has no place for it, says that a model wrote it down.

    Args:
        transcript: Untrusted words and names.
        kind: What to write.
        language: For the fixed words; rules for subtitles follow the language that is spoken.
        folder: Where to; a new private folder if left out.
        today: The date in the file.

    Raises:
        ModelError: ``export.nothing``, ``export.disk_full`` or ``page.no_document``.
    """
    if not transcript.lines:
        raise ModelError("export.nothing")
    sheet = _Sheet(transcript, language, today or date.today())
    try:
        folder = folder or Path(tempfile.mkdtemp())
        file = folder / f"{file_stem(transcript, language)}{_ENDINGS[kind]}"
        if kind in ("docx", "odt"):
            shutil.move(sheet.document(kind), file)
        else:
            file.write_text(_WRITERS[kind](sheet), encoding="utf-8")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ModelError("export.disk_full") from error
    return file


def as_markdown(transcript: Transcript, language: Language, today: date) -> str:
    """Return a transcript with at least one line as Markdown: people, then what they said with times."""
    return _markdown(_Sheet(transcript, language, today))


def file_stem(transcript: Transcript, language: Language) -> str:
    """Return a name for files of this transcript, without an ending, that every system accepts."""
    name = _NO_NAME.sub("-", _TYPE.sub("", one_line(transcript.title)))[:LONGEST_NAME].strip(" .-+")
    return name if name and not _RESERVED.match(name) else say("export.file", language)


@dataclass(frozen=True)
class _Turn:
    """What one person says in a row, at most about ``PARAGRAPH_S``."""

    name: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return " ".join(one_line(line.text) for line in self.lines)

    @property
    def clock(self) -> str:
        return _clock(self.lines[0].start_s)


@dataclass(frozen=True)
class _Sheet:
    """A transcript on its way into a file."""

    transcript: Transcript
    language: Language
    today: date

    @property
    def title(self) -> str:
        return one_line(self.transcript.title) or say("export.title", self.language)

    @property
    def note(self) -> str:
        """Who made it, when, and that it wants to be checked."""
        when = self.today.strftime("%d.%m.%Y" if self.language == "de" else "%d %B %Y")
        model = one_line(self.transcript.model)
        if model:
            return say("export.made", self.language, model=model, date=when)
        return say("export.made_by_somebody", self.language, date=when)

    @property
    def names(self) -> Mapping[str, str]:
        return speaker_names(self.transcript, self.language)

    def turns(self) -> Iterator[_Turn]:
        names, held = self.names, list[Line]()
        for line in self.transcript.lines:
            over = held and (line.speaker != held[0].speaker or line.end_s - held[0].start_s > PARAGRAPH_S)
            if over:
                yield _Turn(names.get(held[0].speaker, ""), tuple(held))
                held = []
            held.append(line)
        yield _Turn(names.get(held[0].speaker, ""), tuple(held))

    def document(self, kind: Literal["docx", "odt"]) -> Path:
        """Return a document in the language that is spoken, where the kit knows it: for its spelling, for its voice."""
        spoken = known_language(self.transcript.language, self.language)
        return write_document(_markdown(self), kind, "transcript", self.title, spoken)


def _text(sheet: _Sheet) -> str:
    parts = [f"{sheet.title}\n{sheet.note}"]
    parts += [f"[{turn.clock}]{' ' * bool(turn.name)}{turn.name}\n{turn.text}" for turn in sheet.turns()]
    return "\n\n".join(parts) + "\n"


def _markdown(sheet: _Sheet) -> str:
    parts, part = [f"*{_literal(sheet.note)}*"], -1
    if sheet.names:
        people = "\n".join(f"- {_literal(name)}" for name in sheet.names.values())
        parts.append(f"# {say('export.people', sheet.language)}\n\n{people}")
    parts.append(f"# {say('export.words', sheet.language)}")
    is_long = sheet.transcript.lines[-1].end_s > PART_S
    for turn in sheet.turns():
        if is_long and int(turn.lines[0].start_s // PART_S) > part:
            part = int(turn.lines[0].start_s // PART_S)
            begin, end = _clock(part * PART_S), _clock((part + 1) * PART_S)
            parts.append(f"## {say('export.part', sheet.language, begin=begin, end=end)}")
        name = f"**{_literal(turn.name)}** " if turn.name else ""
        parts.append(f"{name}({turn.clock}) {_literal(turn.text)}")
    return "\n\n".join(parts)


def _maxqda(sheet: _Sheet) -> str:
    parts = [f"{sheet.title}\n{sheet.note}"]
    for turn in sheet.turns():
        said = " ".join(f"[{_clock(line.start_s)}] - {_stampless(line)}" for line in turn.lines)
        parts.append(f"{turn.name}\n{said}" if turn.name else said)
    return "\n\n".join(parts) + "\n"


def _atlasti(sheet: _Sheet) -> str:
    names = sheet.names
    lines = [sheet.title, sheet.note]
    for line in sheet.transcript.lines:
        name = f"{names[line.speaker]}: " if line.speaker else ""
        lines.append(f"[{_clock(line.start_s)}]{name}{_stampless(line)}")
    return "\n".join(lines) + "\n"


def _json(sheet: _Sheet) -> str:
    return TranscriptFile.of(sheet.transcript, sheet.note, sheet.today).model_dump_json(indent=1) + "\n"


def _stampless(line: Line) -> str:
    """Return the words without anything that a program would take for a time."""
    return _STAMP.sub(r"(\1)", one_line(line.text))


def _literal(text: str) -> str:
    """Return Markdown that shows ``text`` as it is (CommonMark: a backslash takes a sign's meaning away)."""
    return _PUNCTUATION.sub(r"\\\1", text)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"


_WRITERS: Mapping[str, Callable[[_Sheet], str]] = MappingProxyType(
    {
        "txt": _text,
        "srt": lambda sheet: srt(cues(sheet.transcript)),
        "vtt": lambda sheet: vtt(cues(sheet.transcript), sheet.note),
        "json": _json,
        "maxqda": _maxqda,
        "atlasti": _atlasti,
    }
)
_ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        **{kind: f".{kind}" for kind in ("txt", "docx", "odt", "srt", "vtt", "json")},
        "maxqda": "_maxqda.txt",
        "atlasti": "_atlasti.txt",
    }
)
