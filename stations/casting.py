"""Who plays which role in this workshop: from settings, catalogue and what is installed."""

import psutil

from models.catalog import PROFILES, Catalog, Model, Profile, Role, profile_for
from models.store import Store
from stations.registry import station
from stations.settings import Workshop


def profile_of(workshop: Workshop) -> Profile:
    """Return the profile the host chose, or the one that suits this machine."""
    if workshop.profile != "auto":
        return workshop.profile
    memory, cores = psutil.virtual_memory().total, psutil.cpu_count(logical=False) or 1
    return profile_for(int(memory), cores)


def roles(workshop: Workshop) -> list[Role]:
    """Return the roles that the enabled stations need, each once."""
    return list(dict.fromkeys(role for name in workshop.stations for role in station(name).needs))


def wanted_models(workshop: Workshop, catalog: Catalog) -> list[Model]:
    """Return the best model of the profile for every role that the enabled stations need."""
    profile = profile_of(workshop)
    players = [catalog.players(role, profile) for role in roles(workshop)]
    return list(dict.fromkeys(best for best, *_ in filter(None, players)))


def installed_players(store: Store, profile: Profile, role: Role) -> tuple[Model, ...]:
    """Return the installed models for a role: the profile's first, then whatever else is there."""
    fitting = store.catalog.players(role, profile)
    others = [model for model in store.catalog.models.values() if model.role == role and model not in fitting]
    return tuple(model for model in (*fitting, *others) if store.present(model))


def missing_models(workshop: Workshop, store: Store) -> list[Model]:
    """Return what must be fetched before the stations can open.

    With a profile chosen by the host, its best players; with ``auto`` nothing for a role that anybody installed can
    play: a workshop that ran yesterday runs today.
    """
    wanted = wanted_models(workshop, store.catalog)
    if workshop.profile == "auto":
        profile = profile_of(workshop)
        wanted = [model for model in wanted if not installed_players(store, profile, model.role)]
    return [model for model in wanted if not store.present(model)]


def smaller_profiles(workshop: Workshop) -> list[Profile]:
    """Return the profiles to fall back on when nobody chose one, largest first."""
    if workshop.profile != "auto":
        return []
    return list(reversed(PROFILES[: PROFILES.index(profile_of(workshop))]))
