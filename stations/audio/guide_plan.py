"""What an audio guide will consist of: which stop is said in which language, by whom, and what is translated."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from models.errors import ModelError
from models.voice.base import Manner, Voice, first_language
from stations.audio.guide_table import Stop
from stations.speaking.pronunciation import Pronunciation
from stations.texts import Language

LONGEST_NAME = 80
"""Characters of the guide's title."""
LONGEST_ADDRESS = 200
"""Characters; a longer address makes squares too small for old phones."""
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\{}|^`]+", re.ASCII)


@dataclass(frozen=True)
class Narrator:
    """A voice and what has to be said about it: its name, its licence, whether it is a neural one."""

    voice: Voice
    name: str
    licence: str
    neural: bool = True


@dataclass(frozen=True)
class GuideWish:
    """How the guide is wanted.

    ``languages`` are codes in the order of the page, ``address`` is the folder on the web where the guide will lie
    (empty: the codes hold only the name of the page), ``language`` that of the sheet and the accompanying text,
    ``translator`` the name of the model that translates, ``person`` who asks.
    """

    title: str
    languages: tuple[str, ...]
    address: str = ""
    manner: Manner = field(default_factory=Manner)
    dictionary: Pronunciation = field(default_factory=Pronunciation)
    language: Language = "de"
    translator: str = ""
    person: str = ""


@dataclass(frozen=True)
class Planned:
    """One stop in one language: ``stop`` is in that language, or what it is to be translated from."""

    stop: Stop
    language: str

    @property
    def key(self) -> str:
        """A name for it that files may have."""
        return f"{self.stop.slug}-{self.language}"

    @property
    def translated(self) -> bool:
        """Whether it has to be translated."""
        return self.stop.language != self.language


def planned(
    stops: Sequence[Stop], wish: GuideWish, narrators: Mapping[str, Narrator], *, can_translate: bool
) -> list[Planned]:
    """Return what is to be made, stop by stop; a stop that the table has in a language is not translated into it.

    Raises:
        ModelError: ``guide.no_language``, ``no_narrator`` for a language that nobody speaks, ``no_title_given``,
            ``address``, ``no_translator`` when something would have to be translated and cannot.
    """
    _check(wish, narrators)
    plan = [
        each for number in dict.fromkeys(stop.slug for stop in stops) for each in _of(number, stops, wish)
    ]
    if not plan:
        raise ModelError("guide.no_language")
    if not can_translate and any(each.translated for each in plan):
        raise ModelError("guide.no_translator")
    return plan


def _of(slug: str, stops: Sequence[Stop], wish: GuideWish) -> list[Planned]:
    """Return one number in all languages in which it is wanted."""
    alike = {stop.language: stop for stop in reversed(stops) if stop.slug == slug}
    first = next(stop for stop in stops if stop.slug == slug)
    wanted = {code for stop in alike.values() for code in stop.wanted} | set(alike)
    narrowed = any(stop.wanted for stop in alike.values())
    codes = [code for code in wish.languages if not narrowed or code in wanted]
    return [Planned(alike.get(code, first), code) for code in codes]


def _check(wish: GuideWish, narrators: Mapping[str, Narrator]) -> None:
    if not wish.languages:
        raise ModelError("guide.no_language")
    if not wish.title.strip() or len(wish.title) > LONGEST_NAME:
        raise ModelError("guide.no_title_given", most=LONGEST_NAME)
    if wish.address and not _is_address(wish.address):
        raise ModelError("guide.address", most=LONGEST_ADDRESS)
    for code in wish.languages:
        speaks = narrators[code].voice.languages if code in narrators else ()
        if code not in map(first_language, speaks):
            raise ModelError("guide.no_narrator", language=code)


def _is_address(text: str) -> bool:
    if len(text) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and not parts.query and not parts.fragment and "@" not in parts.netloc
    except ValueError:
        return False
