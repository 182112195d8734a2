"""The collection that a visitor has chosen: what a page may name, and what it means."""

from pathlib import Path

import gradio as gr

from models.errors import ModelError
from stations.base import Workbench
from stations.retrieval.collection import Collection, collection
from stations.retrieval.service import Service
from stations.texts import Language, say

OWN, ROOM = "own:", "room:"


def key_of(one: Collection) -> str:
    """Return what the page calls a collection."""
    return (ROOM if one.shared else OWN) + one.name


def chosen(own: Service, home: Path, key: str | None) -> Collection:
    """Return the collection that a page names; only those of the visitor and of the room can be reached.

    Raises:
        ModelError: ``retrieval.collection_gone``.
    """
    if key and key.startswith(OWN):
        return collection(home, key.removeprefix(OWN))
    for one in own.collections(home):
        if key_of(one) == key:
            return one
    raise ModelError("retrieval.collection_gone")


def stocked(own: Service, home: Path, key: str | None) -> Collection:
    """Return the collection that a page names, in which there are documents.

    Raises:
        ModelError: ``retrieval.nothing_in_here`` or ``collection_gone``.
    """
    wanted = chosen(own, home, key)
    if not own.contents(wanted)[0]:
        raise ModelError("retrieval.nothing_in_here")
    return wanted


def searchable(own: Service, home: Path, key: str | None, question: str) -> Collection:
    """Return the collection that a page names, in which ``question`` can be looked for.

    Raises:
        ModelError: ``retrieval.no_question``, ``nothing_in_here`` or ``collection_gone``.
    """
    if not question:
        raise ModelError("retrieval.no_question")
    return stocked(own, home, key)


def first(own: Service, home: Path, language: Language) -> Collection:
    """Return the collection a visitor begins with: the first there is, else a new one of their own."""
    there = own.collections(home)
    return there[0] if there else collection(home, say("retrieval.first_collection", language))


def choices(bench: Workbench, own: Service, request: gr.Request, key: str | None = None) -> gr.Dropdown:
    """Return the drop-down with all collections that a visitor may ask; ``key`` is the one that is chosen."""
    home, language = bench.folder(request), bench.language(request)
    there = own.collections(home) or [first(own, home, language)]
    names = [(_name(one, language), key_of(one)) for one in there]
    known = [value for _, value in names]
    return gr.Dropdown(names, value=key if key in known else known[0])


def _name(one: Collection, language: Language) -> str:
    return say("retrieval.of_room", language, name=one.name) if one.shared else one.name
