"""One model on its way from one source to its place: room, halves, checks, the build step, the receipt."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models import rebuild_e5
from models.catalog import Build, Model, ModelFile
from models.errors import ModelError
from models.progress import Report
from models.receipt import Receipt, write_receipt
from models.sources.base import Meter, Source, check, settle, sizes_in
from models.sources.folder import FolderSource
from models.sources.lan import PeerSource
from models.speakers import rebuild as rebuild_campplus

MARGIN = 64_000_000
"""Bytes left free on the disk in any case."""
BAD = frozenset({"store.wrong_size", "store.wrong_checksum"})
STEPS: dict[str, Callable[[Path, Path], None]] = {
    "e5": rebuild_e5.rebuild,
    "campplus": rebuild_campplus.rebuild,
}


@dataclass(frozen=True)
class Arrival:
    """Where one model goes: ``place`` for checked files, ``parts`` for what is on its way."""

    model: Model
    place: Path
    parts: Path
    report: Report

    def bring(self, source: Source) -> None:
        """Bring every file from ``source``, check it, give it its name, and write the receipt last.

        Raises:
            ModelError: ``store.no_room``, or why this source could not.
            OSError: the own disk refuses.
        """
        ready_made = isinstance(source, FolderSource | PeerSource)  # they hold what a build step once made
        build = None if ready_made else self.model.build
        wanted = build.needs if build else self.model.files
        self._make_room(build)
        meter = Meter(self.report, self.model, sum(file.bytes or 0 for file in wanted))
        place = self.parts / "needs" if build else self.place
        got = [self._file(source, file, place, meter) for file in wanted]
        if build:
            got = self._built(build, place, meter)
        write_receipt(self.place, Receipt(model=self.model.id, source=source.name, files=tuple(got)))
        removed(self.parts)

    def _file(self, source: Source, file: ModelFile, place: Path, meter: Meter) -> ModelFile:
        """Return the checked file after giving it its name in ``place``."""
        final, part = place / file.path, self.parts / f"{file.path.replace('/', '__')}.part"
        part.parent.mkdir(parents=True, exist_ok=True)
        if final.is_file() and file.sha256:  # whole before an interruption, or damaged since: look again
            final.replace(part)
        resumed = part.exists()
        try:
            got = self._checked(source, file, part, meter)
        except ModelError as error:
            if not resumed or error.key not in BAD:
                raise
            got = self._checked(source, file, part, meter)  # the half was bad: once more from the start
        settle(part, final)
        meter.file_done(got.bytes or 0)
        return got

    def _checked(self, source: Source, file: ModelFile, part: Path, meter: Meter) -> ModelFile:
        try:
            return check(source.bring(self.model, file, part, meter), part, meter)
        except ModelError as error:
            if error.key in BAD:
                part.unlink(missing_ok=True)
                for piece in part.parent.glob("*.piece*"):
                    piece.unlink()
            raise

    def _built(self, build: Build, needs: Path, meter: Meter) -> list[ModelFile]:
        """Run the build step and take over its files, each compared with what the catalogue expects."""
        meter.begin("store.building")
        made = self.parts / "made"
        removed(made)
        STEPS[build.step](needs / build.needs[0].path, made)
        got = [check(file, made / file.path, meter) for file in self.model.files]
        for file in got:
            settle(made / file.path, self.place / file.path)
        return got

    def _make_room(self, build: Build | None) -> None:
        """Refuse before the first byte when the disk cannot hold the model and what is needed on the way.

        Twice the size: packages and pieces lie beside the file they become. What is there already counts.
        """
        wanted = sum(file.bytes or 0 for file in (build.needs if build else self.model.files))
        wanted = 2 * wanted + (self.model.bytes if build else 0) + MARGIN
        needed = wanted - sum(sizes_in(self.parts)) - sum(sizes_in(self.place))
        if (free := free_bytes(self.place)) < needed:
            folder = str(self.place.parent)
            raise ModelError("store.no_room", model=self.model.title, folder=folder, needed=needed, free=free)


def free_bytes(folder: Path) -> int:
    """Return how much the disk on which ``folder`` lies, or will lie, can still take."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def removed(folder: Path) -> int:
    """Delete a folder if it is there; return the bytes it held."""
    size = sum(sizes_in(folder))
    if folder.exists():
        shutil.rmtree(folder)
    return size
