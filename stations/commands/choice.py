"""Which models a command is about: by id, by role, or those the enabled stations need."""

from collections.abc import Sequence

from models.catalog import Catalog, Model, Profile, Role
from stations import casting
from stations.commandline import Options
from stations.settings import Workshop, load_workshop


def named(names: Sequence[str], catalog: Catalog, profile: Profile) -> list[Model]:
    """Return the models with these ids, and for a role's name whoever plays it in ``profile``; each once.

    Raises:
        ModelError: ``store.unknown_model`` with the nearest names.
    """
    found: dict[str, Model] = {}
    for name in names:
        if name in {role.value for role in Role}:
            chosen = catalog.players(Role(name), profile)[:1]
        else:
            chosen = (catalog.model(name),)
        found |= {model.id: model for model in chosen}
    return list(found.values())


def profile_of(options: Options) -> Profile:
    """Return the profile that the command line, the settings or, last, the machine choose."""
    return casting.profile_of(workshop_of(options))


def needed(options: Options, catalog: Catalog) -> list[Model]:
    """Return the models that the enabled stations need for their roles."""
    return casting.wanted_models(workshop_of(options), catalog)


def workshop_of(options: Options) -> Workshop:
    """Return the settings with what the command line says on top."""
    spoken: dict[str, object] = {}
    if options.profile:
        spoken["profile"] = options.profile
    if options.station:
        spoken["stations"] = (options.station,)
    if options.room:
        spoken["room"] = {"open": True}
    return load_workshop(**spoken)
