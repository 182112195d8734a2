"""Writes a kit onto a stick: what has changed, then the manifest, then the mark."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.catalog import Model
from models.kit import copying, disk, manifest, program, wheels
from models.kit.layout import Kit, Target
from models.kit.manifest import Entry, Manifest
from models.progress import Progress, Report
from models.receipt import NAME as RECEIPT
from models.receipt import read_receipt
from models.sources.base import own_disk
from models.store import Store

INSTALLERS = "python"
"""The folder in which a host may put installers of Python; it is in no manifest and never touched."""
OURS = ("code", "wheels", "models")


@dataclass(frozen=True)
class Plan:
    """What is to be on the stick. ``papers`` is a folder of what lies at the top: guide, licences, start files."""

    root: Path
    stations: tuple[str, ...]
    models: tuple[Model, ...]
    wheels: tuple[tuple[Path, Target], ...]
    papers: Path

    @property
    def targets(self) -> tuple[Target, ...]:
        """The kinds of laptops the kit is for."""
        return tuple(sorted({target for _, target in self.wheels}))


def write(kit: Kit, plan: Plan, store: Store, report: Report) -> Manifest:
    """Bring a stick up to date and return what is on it; only changed files are written.

    From the first change on, the stick refuses to start until everything is there.

    Raises:
        ModelError: ``store.not_present`` for a model that is not here, ``kit.fat``, ``kit.disk_small``, or what the
            store raises while copying.
    """
    with own_disk(kit.root):
        kit.root.mkdir(parents=True, exist_ok=True)
        copies = list(_copies(kit, plan))
        _check_disk(kit, plan, store, copies)
        manifest.lift_mark(kit)
        _copy(copies, report)
        _settings(kit, plan)
        store.export([model.id for model in plan.models], kit.models, report)
        _prune(kit, plan, {target for _, target in copies})
        found = _listed(kit, plan, report)
        manifest.write(kit, found)
    return found


def _check_disk(kit: Kit, plan: Plan, store: Store, copies: Sequence[tuple[Path, Path]]) -> None:
    sizes = [(source.name, source.stat().st_size) for source, _ in copies]
    models = [(file.path, file.bytes) for model in plan.models for file in _files(store, model)]
    already = sum(file.stat().st_size for file in _present(kit))
    disk.check_disk(kit.root, (*sizes, *models), already)


def _copies(kit: Kit, plan: Plan) -> Iterator[tuple[Path, Path]]:
    """Yield every file that is copied as it is, with its place on the stick."""
    for name in program.program_files(plan.root):
        if name != program.WORKSHOP:
            yield plan.root / name, kit.code / name
    for wheel, target in plan.wheels:
        yield wheel, kit.wheels / wheels.shelved(wheel, target) / wheel.name
    for paper in sorted(plan.papers.iterdir()):
        yield paper, kit.root / paper.name


def _copy(copies: Sequence[tuple[Path, Path]], report: Report) -> None:
    for number, (source, target) in enumerate(copies):
        report(Progress("kit.writing", number, len(copies)))
        copying.sync(source, target)
    report(Progress("kit.writing", len(copies), len(copies)))


def _settings(kit: Kit, plan: Plan) -> None:
    original = (plan.root / program.WORKSHOP).read_text(encoding="utf-8")
    file = kit.code / program.WORKSHOP
    file.write_text(program.settings_for_kit(original, plan.stations), encoding="utf-8", newline="\n")
    kit.write_card("stick")


def _files(store: Store, model: Model) -> tuple[Entry, ...]:
    receipt = read_receipt(store.path(model))
    files = receipt.files if receipt else ()
    return tuple(
        Entry(f"models/{model.id}/{file.path}", file.bytes or 0, file.sha256 or "") for file in files
    )


def _prune(kit: Kit, plan: Plan, written: set[Path]) -> None:
    """Remove what an earlier kit left: other files of ours never stay beside the new ones."""
    for name in manifest.earlier_names(kit):
        if kit.root / name not in written:
            (kit.root / name).unlink(missing_ok=True)
    own = {kit.code / program.WORKSHOP, kit.card, *written}
    models = {model.id for model in plan.models}
    for file in list(_present(kit)):
        folder, *inner = file.relative_to(kit.root).parts
        of_models = folder == "models" and (
            inner[0] in models or len(inner) == 1
        )  # alone: the list of voices
        if not of_models and file not in own:
            file.unlink()
    _drop_empty(kit)


def _present(kit: Kit) -> Iterator[Path]:
    """Yield the kit's own files on the stick; environments and folders of the host are none of them."""
    for folder in OURS:
        for file in sorted((kit.root / folder).rglob("*")):
            if file.is_file() and not {".venv", "build"} & set(file.relative_to(kit.root).parts):
                yield file


def _drop_empty(kit: Kit) -> None:
    for name in OURS:
        for folder in sorted((kit.root / name).rglob("*"), reverse=True):
            if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
                folder.rmdir()


def _listed(kit: Kit, plan: Plan, report: Report) -> Manifest:
    """Read everything on the stick once more: the manifest says what really lies there."""
    stick = Store(kit.models)
    for model in plan.models:
        stick.verify(model, report)
    entries = {entry.path: entry for model in plan.models for entry in _files(stick, model)}
    others = [file for file in _top(kit, plan) if file.relative_to(kit.root).as_posix() not in entries]
    for number, file in enumerate(others):
        report(Progress("kit.checking", number, len(others)))
        entries[file.relative_to(kit.root).as_posix()] = manifest.entry_of(kit.root, file)
    return Manifest(plan.stations, plan.targets, tuple(entries[path] for path in sorted(entries)))


def _top(kit: Kit, plan: Plan) -> Iterable[Path]:
    """Return the kit's files: those in our folders and the papers and start files beside them."""
    inner = (file for file in _present(kit) if not _is_stores_own(kit, file))
    return (*inner, *(kit.root / paper.name for paper in sorted(plan.papers.iterdir())))


def _is_stores_own(kit: Kit, file: Path) -> bool:
    """Tell whether a file is a lock or a half of the store's: nothing to take along."""
    inner = file.relative_to(kit.root).parts
    return inner[0] == "models" and any(part.startswith(".") for part in inner) and file.name != RECEIPT
