"""All stations the kit has. A new one is a folder and a line here."""

from importlib import import_module

from models.errors import ModelError
from stations.base import Station

STATIONS = {"chatbot": "stations.chatbot.panel"}


def station(name: str) -> Station:
    """Return a station by its id; its module is imported only now.

    Raises:
        ModelError: ``settings.unknown_station`` with the ids that exist.
    """
    if name not in STATIONS:
        raise ModelError("settings.unknown_station", station=name, known=", ".join(STATIONS))
    found = import_module(STATIONS[name]).STATION
    assert isinstance(found, Station)  # noqa: S101 - a programming mistake, not an input
    return found
