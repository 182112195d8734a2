"""A folder or stick that holds exported models: ``<folder>/<model id>/…``."""

from collections.abc import Iterator
from pathlib import Path

from models.catalog import Model, ModelFile
from models.errors import ModelError
from models.receipt import read_receipt
from models.sources.base import CHUNK, CountingFile, Meter, size_of


class FolderSource:
    """Copies from a folder that another laptop's ``export`` filled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """Who this is, for receipts and errors."""
        return f"folder {self._folder}"

    def bring(self, model: Model, file: ModelFile, part: Path, meter: Meter) -> ModelFile:
        """Copy one file, going on where an earlier copy stopped.

        Raises:
            ModelError: ``store.folder_missing`` (no such folder, or no such model in it),
                ``store.folder_broken`` (a file is missing or has not the stated size).
        """
        place = self._folder / model.id
        if not place.is_dir():
            raise ModelError("store.folder_missing", folder=str(place))
        stated = stated_in(place, file)
        if (size := size_of(place / file.path)) != stated.bytes:
            raise ModelError("store.folder_broken", folder=str(place), file=file.path, size=size)
        if size_of(part) > size:
            part.unlink()
        with CountingFile(part, meter, "store.copying") as out:
            for chunk in _read_from(place / file.path, out.tell()):
                out.write(chunk)
        return stated


def _read_from(file: Path, start: int) -> Iterator[bytes]:
    """Yield a file's bytes; a stick pulled out is this source's failure, not the own disk's."""
    try:
        with file.open("rb") as stream:
            stream.seek(start)
            while chunk := stream.read(CHUNK):
                yield chunk
    except OSError as error:
        raise ModelError("store.folder_missing", folder=str(file.parent)) from error


def stated_in(place: Path, file: ModelFile) -> ModelFile:
    """Return ``file`` as the catalogue pins it, or else as the receipt in ``place`` states it.

    Raises:
        ModelError: ``store.folder_broken`` when neither knows the checksum.
    """
    if file.bytes and file.sha256:
        return file
    receipt = read_receipt(place)
    for entry in receipt.files if receipt else ():
        if entry.path == file.path:
            return entry.model_copy(update={"md5": file.md5})
    raise ModelError("store.folder_broken", folder=str(place), file=file.path, size=0)
