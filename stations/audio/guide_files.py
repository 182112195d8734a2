"""The files of a finished audio guide: page, sheet of codes, transcripts, a first word, and all of it as ZIP."""

import errno
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from models.errors import ModelError
from stations.audio.guide_page import guide_page
from stations.audio.guide_plan import GuideWish, Narrator
from stations.audio.guide_sheet import guide_sheet
from stations.audio.guide_store import TRANSCRIPTS, GuideStore, Told
from stations.texts import known_language, say

PAGE, SHEET = "index.html", "qr-codes.pdf"
README = {"de": "LIESMICH.txt", "en": "README.txt"}
LONGEST_FILE_NAME = 60
_UNSAFE = re.compile(r"[^\w-]+")


def packed(
    told: Sequence[Told], wish: GuideWish, narrators: Mapping[str, Narrator], store: GuideStore
) -> Path:
    """Write everything beside the sounds into ``store.guide`` and return the ZIP file of the whole.

    Raises:
        ModelError: ``voice.disk_full``, ``page.no_document`` when the sheet cannot be set.
    """
    with _told_when_full():
        _write(store.guide / PAGE, guide_page(told, wish, narrators).encode())
        _write(store.guide / SHEET, guide_sheet(told, wish, PAGE))
        for name in README.values():
            (store.guide / name).unlink(missing_ok=True)
        readme = say("guide.readme", wish.language, title=wish.title, page=PAGE, sheet=SHEET)
        _write(store.guide / README[wish.language], f"{readme}\n".encode())
        for each in told:
            transcript = _transcript(each, narrators[each.planned.language])
            _write(store.guide / TRANSCRIPTS / f"{each.planned.key}.txt", transcript.encode())
        return _zipped(store.guide, store.folder / f"{file_name(wish.title)}.zip")


def file_name(title: str) -> str:
    """Return a name of a file that every system takes."""
    return _UNSAFE.sub("-", title).strip("-_")[:LONGEST_FILE_NAME] or "guide"


def notes(told: Told, narrator: Narrator) -> Iterator[str]:
    """Yield what has to be said about a stop in its language: whose voice it is, and who translated."""
    language = known_language(told.planned.language, "en")
    yield say("guide.synthetic", language)
    yield say("guide.voice", language, voice=narrator.name, licence=narrator.licence)
    if told.made.translated:
        yield say("guide.translated", language)


def _transcript(told: Told, narrator: Narrator) -> str:
    made = told.made
    remarks = "\n".join(notes(told, narrator))
    return f"{told.planned.stop.number} {made.title}\n\n{made.text}\n\n--\n{remarks}\n"


def _zipped(folder: Path, file: Path) -> Path:
    """Return the folder as a ZIP file; what is sound already is not packed any smaller."""
    part = file.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.rglob("*")):
            if each.is_file() and each.suffix != ".part":
                kind = zipfile.ZIP_STORED if each.suffix == ".mp3" else zipfile.ZIP_DEFLATED
                archive.write(each, Path(file.stem) / each.relative_to(folder), kind)
    part.replace(file)
    return file


def _write(file: Path, content: bytes) -> None:
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(content)
    part.replace(file)


@contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ModelError("voice.disk_full") from error
        raise
