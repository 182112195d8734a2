"""What somebody wants translated: a text, a document, subtitles or a recording; each gives back what it was."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import wrap
from typing import Protocol

from models.engines.base import ChatModel, Translator
from models.errors import ModelError
from models.language import language_of
from models.reading.reader import read_document
from stations.speech.editing import set_text
from stations.speech.exports import export
from stations.speech.spoken import LINE_LETTERS
from stations.speech.subtitle_files import read_subtitles, srt, vtt
from stations.speech.subtitles import Cue
from stations.speech.transcript import Transcript
from stations.texts import Language
from stations.translation.cues import translate_cues
from stations.translation.papers import read_paper, written_paper
from stations.translation.results import Translation, Wish
from stations.translation.translating import translate
from stations.translation.units import units_of

SUBTITLES = {".srt": srt, ".vtt": vtt}
LONGEST_WORD = 8
"""So much longer than the average may a line be, so that no word is left alone on the last one."""
ENOUGH_LETTERS = 4000
"""So much of a document tells its language."""
By = Translator | ChatModel


class Given(Protocol):
    """Something that can be translated."""

    @property
    def sample(self) -> str:
        """Some of its text, to tell the language by."""
        ...

    def translated(self, wish: Wish, by: By) -> Iterator[Translation]:
        """Yield the translation as it comes about (see ``translate``)."""
        ...

    def same(self, made: Translation, wish: Wish, language: Language) -> Path | None:
        """Write the translation as what was given, in a new private folder; ``None`` where that is plain text."""
        ...


@dataclass(eq=False)
class GivenText:
    """A text that somebody typed."""

    sample: str

    def translated(self, wish: Wish, by: By) -> Iterator[Translation]:
        """Yield the translation as it comes about."""
        yield from translate(units_of(self.sample, wish.source), wish, by)

    def same(self, made: Translation, wish: Wish, language: Language) -> Path | None:  # noqa: ARG002
        """Return nothing: a text has no file."""
        return None


class GivenPaper:
    """A document whose layout is to stay."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.sample = read_document(file).text[:ENOUGH_LETTERS]

    def translated(self, wish: Wish, by: By) -> Iterator[Translation]:
        """Yield the translation as it comes about."""
        yield from translate(read_paper(self._file, wish.source).units, wish, by)

    def same(self, made: Translation, wish: Wish, language: Language) -> Path:  # noqa: ARG002
        """Write the document with its translation."""
        out = _named(self._file.stem, wish.target, self._file.suffix)
        out.write_bytes(written_paper(read_paper(self._file, wish.source), made, wish.target))
        return out


class GivenCues:
    """Subtitles: as many in the other language, at the same times."""

    def __init__(self, file: Path) -> None:
        self._file, self._cues = file, read_subtitles(file)
        self._texts: tuple[str, ...] = ()
        self.sample = "\n".join(cue.text for cue in self._cues)[:ENOUGH_LETTERS]

    def translated(self, wish: Wish, by: By) -> Iterator[Translation]:
        """Yield the translation as it comes about."""
        for state in translate_cues([cue.text for cue in self._cues], wish, by):
            self._texts = state.texts
            yield state.translation

    def same(self, made: Translation, wish: Wish, language: Language) -> Path:  # noqa: ARG002
        """Write subtitles of the same kind; what is not translated stays as it was."""
        cues = [retold(cue, text) if text else cue for cue, text in zip(self._cues, self._texts, strict=True)]
        out = _named(self._file.stem, wish.target, self._file.suffix)
        out.write_text(SUBTITLES[self._file.suffix.lower()](cues), encoding="utf-8")
        return out


class GivenTranscript:
    """A recording's text: the lines keep their times and persons."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._texts: tuple[str, ...] = ()
        self.sample = transcript.text[:ENOUGH_LETTERS]

    def translated(self, wish: Wish, by: By) -> Iterator[Translation]:
        """Yield the translation as it comes about."""
        lines = self._transcript.lines
        for state in translate_cues(
            [line.text for line in lines], wish, by, [line.speaker for line in lines]
        ):
            self._texts = state.texts
            yield state.translation

    def same(self, made: Translation, wish: Wish, language: Language) -> Path:  # noqa: ARG002
        """Write subtitles in the other language."""
        transcript = self._transcript
        for line, text in zip(transcript.lines, self._texts, strict=False):
            transcript = set_text(transcript, line.id, text) if text.strip() else transcript
        named = transcript.model_copy(
            update={"language": wish.target, "title": f"{transcript.title}_{wish.target}"}
        )
        return export(named, "srt", language)


def given_file(file: Path) -> Given:
    """Return what a file holds, by its ending.

    Raises:
        ModelError: what reading it raises.
    """
    return GivenCues(file) if file.suffix.lower() in SUBTITLES else GivenPaper(file)


def source_of(given: Given, wish: str) -> str:
    """Return the language of what is given: as wished, or as its text tells.

    Raises:
        ModelError: ``speech.translate_no_language``.
    """
    if found := wish or language_of(given.sample):
        return found
    raise ModelError("speech.translate_no_language")


def retold(cue: Cue, text: str) -> Cue:
    """Return a cue with another text at the same time, on lines of about the same length."""
    plain = " ".join(text.split())
    count = -(-len(plain) // LINE_LETTERS)
    even = -(-len(plain) // max(1, count)) + LONGEST_WORD
    return replace(cue, lines=tuple(wrap(plain, min(LINE_LETTERS, even))), speakers=())


def _named(stem: str, target: str, suffix: str) -> Path:
    return Path(tempfile.mkdtemp()) / f"{stem}_{target}{suffix}"
