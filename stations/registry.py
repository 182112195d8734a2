"""All stations the kit has. A new one is a folder and a line here."""

from models.catalog import Role
from models.errors import ModelError
from stations.base import Level, Station

STATIONS = {
    station.id: station
    for station in (
        Station("text", Level.BASIS, (Role.CHAT,), "stations.text.panel"),
        Station(
            "speech",
            Level.FORTGESCHRITTEN,
            (Role.TRANSCRIBE, Role.TRANSLATE, Role.CHAT),
            "stations.speech.panel",
            wishes=(Role.SPEAKERS,),
            service="stations.speech.service",
            keeper="stations.speech.kept",
        ),
        Station(
            "audio",
            Level.BASIS,
            (Role.VOICE,),
            "stations.audio.panel",
            wishes=(Role.TRANSLATE, Role.CHAT, Role.TRANSCRIBE),
            service="stations.audio.service",
        ),
        Station(
            "retrieval",
            Level.EXPLORATIV,
            (Role.EMBED, Role.CHAT),
            "stations.retrieval.panel",
            service="stations.retrieval.routes",
        ),
        Station("chatbot", Level.EXPLORATIV, (Role.CHAT,), "stations.chatbot.panel"),
    )
}


def station(name: str) -> Station:
    """Return a station by its id.

    Raises:
        ModelError: ``settings.unknown_station`` with the ids that exist.
    """
    if name not in STATIONS:
        raise ModelError("settings.unknown_station", station=name, known=", ".join(STATIONS))
    return STATIONS[name]
