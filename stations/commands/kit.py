"""``kit``: the whole workshop on a stick, or lent to the other laptops of the room."""

import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path

from models.catalog import Model
from models.errors import ModelError
from models.kit import foreign, wheels, writing
from models.kit.layout import Kit, Target, this_machine
from models.setup import needs
from models.setup.place import Place
from models.store import Store
from stations.commandline import Options
from stations.commands.choice import named, needed, profile_of, workshop_of
from stations.commands.kit_arrive import BACK
from stations.commands.kit_papers import write_papers
from stations.console import Terminal, terminal

ROOT = Path(__file__).resolve().parent.parent.parent
Wheels = list[tuple[Path, Target]]


def run(options: Options) -> int:
    """Write the kit to ``options.folder``, or with ``serve`` lend the one that lies there.

    Reads ``lang``, ``folder``, ``names`` (models instead of the profile's), ``profile``, ``station``, ``systems``,
    ``pythons``, ``serve`` and ``port``.

    Raises:
        ModelError: ``kit.…``, ``store.…`` or ``setup.…`` with what is missing and what to do.
    """
    if options.folder is None:
        raise ModelError("kit.no_folder")
    if options.folder == BACK:  # only an installed kit has a version before; that never comes here
        raise ModelError("kit.nothing_before")
    screen, kit = terminal(options.lang), Kit(options.folder.expanduser().resolve())
    if options.serve:
        from stations.commands.kit_serve import serve

        return serve(kit, options.port, screen)
    return _write(kit, options, screen)


def _write(kit: Kit, options: Options, screen: Terminal) -> int:
    if kit.root == ROOT or ROOT in kit.root.parents or kit.root in ROOT.parents:
        raise ModelError("kit.inside", folder=str(kit.root))
    workshop, store = workshop_of(options), Store()
    models = _models(options, store)
    with tempfile.TemporaryDirectory(prefix="ki-werkstatt-kit-") as work:
        collected = _collected(options, Path(work), screen)
        if not collected:
            raise ModelError("kit.nothing_to_write")
        papers = Path(work) / "papers"
        targets = sorted({target for _, target in collected})
        if not write_papers(papers, targets, {wheel for wheel, _ in collected}, models):
            screen.say("kit.no_pdf")
        plan = writing.Plan(ROOT, workshop.stations, tuple(models), tuple(collected), papers)
        found = writing.write(kit, plan, store, screen.report)
    screen.finish()
    size = sum(entry.bytes for entry in found.files)
    screen.say("kit.written", folder=str(kit.root), count=len(found.files), size=size)
    return 0


def _models(options: Options, store: Store) -> list[Model]:
    """Return the models to take along: those named, or those the stations need; all must be here.

    Raises:
        ModelError: ``kit.models_missing`` naming them and how to fetch them.
    """
    chosen = (
        named(options.names, store.catalog, profile_of(options))
        if options.names
        else needed(options, store.catalog)
    )
    missing = [model.id for model in chosen if not store.present(model)]
    if missing:
        raise ModelError("kit.models_missing", models=" ".join(missing))
    return chosen


def _collected(options: Options, work: Path, screen: Terminal) -> Wheels:
    """Collect the wheels of every chosen kind of laptop; one that lacks a package is left out, and that is said."""
    place, here = Place(ROOT), this_machine()
    extras = needs.extras(place, options.station)
    found: Wheels = []
    lacking = []
    for target in sorted(targets(options, here), key=lambda each: each != here):
        folder = work / target.name
        screen.say("kit.collecting", target=target.name)
        if target == here:
            wheels.collect(place, extras, folder, screen.report)
        elif none_there := foreign.collect(place, extras, target, folder, screen.report):
            lacking.append(target)
            screen.say("kit.lacking", target=target.name, packages=", ".join(none_there))
        screen.finish()
        found += [(wheel, target) for wheel in sorted(folder.glob("*.whl"))]
    return [each for each in found if each[1] not in lacking]


def targets(options: Options, here: Target) -> list[Target]:
    """Return the kinds of laptops a kit is for: this one, unless ``--systems`` and ``--pythons`` say otherwise.

    Raises:
        ModelError: ``kit.unknown_system`` or ``kit.unknown_python``.
    """
    systems = _listed(options.systems) or [here.system]
    pythons = _listed(options.pythons) or [here.python]
    if wrong := [system for system in systems if system not in foreign.USUAL]:
        raise ModelError("kit.unknown_system", given=wrong[0], choices=", ".join(foreign.USUAL))
    if wrong := [version for version in pythons if not _is_python(version)]:
        raise ModelError("kit.unknown_python", given=wrong[0], here=platform.python_version())
    return [
        Target(system, here.machine if system == here.system else foreign.USUAL[system], version)
        for system in systems
        for version in pythons
    ]


def _is_python(version: str) -> bool:
    major, _, minor = version.partition(".")
    return major == "3" and minor.isdecimal() and int(minor) >= 11  # noqa: PLR2004 - the oldest the kit runs on


def _listed(text: str) -> Sequence[str]:
    return [word for word in text.replace(",", " ").split() if word]
