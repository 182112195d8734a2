"""Who plays which role in this workshop: from settings, catalogue and what is installed."""

import psutil

from models.catalog import PLAYED_BY, PROFILES, Catalog, InWords, Model, Profile, Role, profile_for
from models.room import RoomModel
from models.store import Store
from stations.registry import station
from stations.settings import Workshop
from stations.texts import say


def profile_of(workshop: Workshop) -> Profile:
    """Return the profile the host chose, or the one that suits this machine."""
    if workshop.profile != "auto":
        return workshop.profile
    memory, cores = psutil.virtual_memory().total, psutil.cpu_count(logical=False) or 1
    return profile_for(int(memory), cores)


def roles(workshop: Workshop) -> list[Role]:
    """Return the roles that the enabled stations need, each once."""
    return list(dict.fromkeys(role for name in workshop.stations for role in station(name).needs))


def wishes(workshop: Workshop) -> list[Role]:
    """Return the roles with which the enabled stations can do more, each once."""
    return list(dict.fromkeys(role for name in workshop.stations for role in station(name).wishes))


def wanted_models(workshop: Workshop, catalog: Catalog) -> list[Model]:
    """Return the best model of the profile for every role, needed or wished, that no server of the room plays."""
    profile, there = profile_of(workshop), room_model(workshop)
    asked = [*roles(workshop), *wishes(workshop)]
    here = [role for role in asked if there is None or there.role not in PLAYED_BY[role]]
    players = [catalog.players(role, profile) for role in here]
    return list(dict.fromkeys(best for best, *_ in filter(None, players)))


def installed_players(store: Store, profile: Profile, role: Role) -> tuple[Model, ...]:
    """Return the installed models for a role: the profile's first, then whatever else is there."""
    fitting = store.catalog.players(role, profile)
    others = [model for model in store.catalog.models.values() if model.role == role and model not in fitting]
    return tuple(model for model in (*fitting, *others) if store.present(model))


def players(workshop: Workshop, store: Store, role: Role) -> tuple[Model, ...]:
    """Return who plays a role: the server in the room first, then what is installed here."""
    there = room_model(workshop)
    installed = installed_players(store, profile_of(workshop), role)
    return (there, *installed) if there and there.role in PLAYED_BY[role] else installed


def room_model(workshop: Workshop) -> RoomModel | None:
    """Return the model that a server of the room lends, if the host has named one."""
    server = workshop.chat.room_server
    if server is None:
        return None
    return RoomModel(
        id="room-chat",
        title=f"{server.model} · {server.name}" if server.model else server.name,
        role=Role.CHAT,
        languages=("de", "en"),
        licence="?",
        origin=_in_words("server.origin" if server.elsewhere else "server.origin_here", address=server.name),
        trained_from=_in_words("server.trained_from"),
        server=server,
    )


def _in_words(key: str, **facts: object) -> InWords:
    return InWords(de=say(key, "de", **facts), en=say(key, "en", **facts))


def missing_models(workshop: Workshop, store: Store) -> list[Model]:
    """Return what must be fetched before the stations can open.

    With a profile chosen by the host, its best players; with ``auto`` nothing for a role that anybody installed can
    play: a workshop that ran yesterday runs today. What is only wished comes along, but never alone.
    """
    wanted, needed = wanted_models(workshop, store.catalog), roles(workshop)
    if workshop.profile == "auto":
        profile = profile_of(workshop)
        wanted = [model for model in wanted if not installed_players(store, profile, model.role)]
    missing = [model for model in wanted if not store.present(model)]
    return missing if any(model.role in needed for model in missing) else []


def smaller_profiles(workshop: Workshop) -> list[Profile]:
    """Return the profiles to fall back on when nobody chose one, largest first."""
    if workshop.profile != "auto":
        return []
    return list(reversed(PROFILES[: PROFILES.index(profile_of(workshop))]))
