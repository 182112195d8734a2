"""Where models are kept, and how they get there: checked, resumable, never half.

``<folder>/<model id>/…`` holds a model's files and, last of all, its receipt; ``<folder>/.parts/<model id>/``
what is on its way. A file gets its own name only after its size and checksum have been compared, in one step.
Only this module and ``models.sources`` open the network.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from models.arrival import Arrival, removed
from models.catalog import Catalog, HubSource, Model, load_catalog
from models.errors import ModelError
from models.piper_voices import own_voices, remember, with_voices
from models.progress import Progress, Report, silent
from models.receipt import NAME, Receipt, fits, read_receipt
from models.settings import models_folder
from models.sources.base import Meter, Source, check, own_disk, size_of
from models.sources.folder import FolderSource
from models.sources.hub import HubRepository
from models.sources.lan import PeerSource
from models.sources.wheels import WheelIndex

PARTS = ".parts"
LOCK = ".lock"
WAIT_S = 0.5
FINAL = frozenset(
    {"store.disk_full", "store.no_room", "store.no_permission", "store.file_too_big", "store.disk_error"}
)
"""What no other source can help with."""


@dataclass(frozen=True)
class Sources:
    """Where to look besides the model's own sources, which come last: folders first, then the room."""

    folders: tuple[Path, ...] = ()
    peers: tuple[str, ...] = ()
    hub: bool = True
    index: bool = True

    def of(self, model: Model) -> Iterator[Source]:
        """Yield the places to try, in order."""
        yield from map(FolderSource, self.folders)
        yield from map(PeerSource, self.peers)
        for entry in model.sources:
            if isinstance(entry, HubSource):
                if self.hub:
                    yield HubRepository(entry)
            elif self.index:
                yield WheelIndex(entry)


class Tried(tuple[tuple[str, ModelError], ...]):
    """What each source said: the fact ``tried`` of ``store.nothing_worked``; short when written as text."""

    __slots__ = ()

    def __str__(self) -> str:
        return "; ".join(f"{source}: {error.key.removeprefix('store.')}" for source, error in self)


class Store:
    """The models on this machine."""

    def __init__(
        self, folder: Path | None = None, *, catalog: Catalog | None = None, sources: Sources | None = None
    ) -> None:
        self.folder = folder or models_folder()
        self._given_catalog, self._sources = catalog, sources or Sources()

    @cached_property
    def catalog(self) -> Catalog:
        """The models this store knows: those of the catalogue, and voices that were fetched beyond it."""
        return self._given_catalog or with_voices(load_catalog(), own_voices(self.folder))

    def path(self, model: Model) -> Path:
        """Return the folder of a model, whether it is there or not."""
        return self.folder / model.id

    def file(self, model: Model) -> Path:
        """Return the file that an engine opens: the first of the catalogue entry, or the folder if there is none."""
        return self.path(model).joinpath(*[file.path for file in model.files[:1]])

    def present(self, model: Model) -> bool:
        """Tell whether all files of a model are there, once checked, of the right size. Reads no weights."""
        receipt = read_receipt(self.path(model))
        return (
            receipt is not None
            and fits(receipt, model)
            and all(size_of(self.path(model) / file.path) == file.bytes for file in receipt.files)
        )

    def installed(self) -> tuple[Model, ...]:
        """Return the models of the catalogue that are present."""
        return tuple(model for model in self.catalog.models.values() if self.present(model))

    def fetch(self, model: Model, report: Report = silent) -> None:
        """Bring a model here from the first source that can; does nothing if it is present.

        Interrupted at any point, it goes on from there next time. A fetch elsewhere at the same time is
        waited for.

        Raises:
            ModelError: what ends every try (see ``FINAL``), the error of the only source there is, or
                ``store.nothing_worked`` with what each source said (fact ``tried``).
        """
        if self.present(model):
            return
        with self._alone(report):
            if not self.present(model):  # whoever had the lock may have brought it
                self._try_each(model, report)

    def verify(self, model: Model, report: Report = silent) -> None:
        """Read every byte again and compare. A damaged model loses its receipt, so that ``fetch`` mends it.

        Raises:
            ModelError: ``store.not_present``, or ``store.damaged`` naming the file.
        """
        receipt = self._receipt(model)
        meter = Meter(report, model, sum(file.bytes or 0 for file in receipt.files))
        with own_disk(self.path(model)):
            for file in receipt.files:
                try:
                    check(file, self.path(model) / file.path, meter)
                except ModelError as error:
                    (self.path(model) / NAME).unlink(missing_ok=True)
                    raise ModelError("store.damaged", model=model.title, file=file.path) from error
                meter.file_done(file.bytes or 0)

    def remove(self, model: Model) -> int:
        """Delete a model and what is half fetched of it; return how many bytes that gave back."""
        with self._alone(silent), own_disk(self.path(model)):
            (self.path(model) / NAME).unlink(missing_ok=True)  # first: from here on it is not present
            return removed(self.path(model)) + removed(self._parts(model))

    def export(self, model_ids: Iterable[str], folder: Path, report: Report = silent) -> None:
        """Copy models with their receipts to ``folder``, say a stick; ``import_`` takes them from there.

        Raises:
            ModelError: ``store.unknown_model``, ``store.not_present``, or what ends every try (``FINAL``).
        """
        models = [self.catalog.model(model_id) for model_id in model_ids]
        for model in models:
            self._receipt(model)
        stick = Store(
            folder, catalog=self.catalog, sources=Sources(folders=(self.folder,), hub=False, index=False)
        )
        for model in models:
            stick.fetch(model, report)
            self._tell(stick, model)

    def import_(self, folder: Path, report: Report = silent) -> list[Model]:
        """Take over every model of the catalogue that lies in ``folder``; return those that are new here.

        Raises:
            ModelError: ``store.folder_missing``, ``store.folder_empty``, ``store.folder_broken`` (a model
                there is only half copied: nothing of anything is taken over), or what ``fetch`` raises.
        """
        if not folder.is_dir():
            raise ModelError("store.folder_missing", folder=str(folder))
        known = with_voices(self.catalog, own_voices(folder))
        there = [model for model in known.models.values() if (folder / model.id).is_dir()]
        if not there:
            raise ModelError("store.folder_empty", folder=str(folder))
        stick = Store(folder, catalog=known)
        for model in there:
            stick.whole_or_raise(model)
        new = [model for model in there if not self.present(model)]
        only_stick = Store(
            self.folder, catalog=known, sources=Sources(folders=(folder,), hub=False, index=False)
        )
        for model in new:
            only_stick.fetch(model, report)
            stick._tell(only_stick, model)
        return new

    def whole_or_raise(self, model: Model) -> None:
        """Raise ``store.folder_broken`` with the first file that is missing or too short here."""
        receipt = read_receipt(self.path(model))
        files = receipt.files if receipt and fits(receipt, model) else ()
        for file in files:
            if (size := size_of(self.path(model) / file.path)) != file.bytes:
                raise ModelError(
                    "store.folder_broken", folder=str(self.path(model)), file=file.path, size=size
                )
        if not files:
            raise ModelError("store.folder_broken", folder=str(self.path(model)), file=NAME, size=0)

    def _tell(self, other: "Store", model: Model) -> None:
        """Let another store know a voice that is in no catalogue."""
        if any(voice.id == model.id for voice in own_voices(self.folder)):
            remember(other, model)

    def _receipt(self, model: Model) -> Receipt:
        receipt = read_receipt(self.path(model))
        if receipt is None or not self.present(model):
            raise ModelError("store.not_present", model=model.id)
        return receipt

    def _parts(self, model: Model) -> Path:
        return self.folder / PARTS / model.id

    @contextmanager
    def _alone(self, report: Report) -> Iterator[None]:
        """Hold the store's lock; while somebody else has it, say so and wait."""
        with own_disk(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / LOCK, timeout=0)
            while not _acquired(lock):
                report(Progress("store.waiting"))
                time.sleep(WAIT_S)
        try:
            yield
        finally:
            lock.release()

    def _try_each(self, model: Model, report: Report) -> None:
        failed: list[tuple[str, ModelError]] = []
        for source in self._sources.of(model):
            try:
                with own_disk(self.folder):
                    return Arrival(model, self.path(model), self._parts(model), report).bring(source)
            except ModelError as error:
                if error.key in FINAL:
                    raise
                failed.append((source.name, error))
        if len(failed) == 1:
            raise failed[0][1]
        raise ModelError("store.nothing_worked", model=model.title, tried=Tried(failed))


def _acquired(lock: FileLock) -> bool:
    try:
        lock.acquire()
    except Timeout:
        return False
    return True
