"""What a station is, and what it is given to work with."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import gradio as gr

from models.catalog import Role
from models.library import Library
from stations.settings import Workshop
from stations.texts import Language, known_language, say

LANGUAGE_COOKIE = "ki_language"


class Level(StrEnum):
    """How much a station asks of people."""

    BASIS = "basis"
    FORTGESCHRITTEN = "fortgeschritten"
    EXPLORATIV = "explorativ"


@dataclass(frozen=True)
class Workbench:
    """What every station works with: words, settings, engines. Nothing of any visitor."""

    words: gr.I18n
    workshop: Workshop
    library: Library

    def label(self, key: str) -> object:
        """Return a label that the browser shows in the visitor's language."""
        return self.words(key)

    def language(self, request: gr.Request | None) -> Language:
        """Return the language that this visitor chose."""
        cookies = request.cookies if request else {}
        return known_language(cookies.get(LANGUAGE_COOKIE), self.workshop.language)

    def say(self, key: str, request: gr.Request | None, **facts: object) -> str:
        """Return a sentence in this visitor's language."""
        return say(key, self.language(request), **facts)


@dataclass(frozen=True)
class Station:
    """One tab: frozen data and the function that draws it.

    The words ``<id>.title`` and ``<id>.purpose`` must exist. ``needs`` are the roles without which it cannot work.
    """

    id: str
    level: Level
    needs: tuple[Role, ...]
    build: Callable[[Workbench], None]
