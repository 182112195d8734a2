"""The page of an audio guide: one HTML file that plays on a phone without a network, with every text to read along.

It asks nothing of anybody: its own policy lets it load sounds from its own folder and nothing else.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from stations.audio.guide_plan import GuideWish, Narrator
from stations.audio.guide_store import AUDIO, Told
from stations.texts import Language, known_language, say
from stations.translation.languages import ENGLISH_NAMES
from stations.units import clock_text

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
OWN_NAMES = {
    "ar": "العربية", "bg": "Български", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά",
    "en": "English", "es": "Español", "et": "Eesti", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "he": "עברית",
    "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "it": "Italiano", "ja": "日本語", "ko": "한국어", "lt": "Lietuvių",
    "lv": "Latviešu", "nl": "Nederlands", "no": "Norsk", "pl": "Polski", "pt": "Português", "ro": "Română",
    "ru": "Русский", "sk": "Slovenčina", "sl": "Slovenščina", "sq": "Shqip", "sr": "Српски", "sv": "Svenska",
    "tr": "Türkçe", "uk": "Українська", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip
"""What speakers call their language."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he"})


@dataclass(frozen=True)
class PageStop:
    """A stop as the page shows it; ``previous`` and ``following`` are the slugs of its neighbours."""

    slug: str
    number: str
    title: str
    paragraphs: tuple[tuple[str, ...], ...]
    audio: str
    length: str
    translated: bool
    previous: str
    following: str


@dataclass(frozen=True)
class Part:
    """The guide in one language; ``words`` is the language of labels: German, or else English."""

    code: str
    name: str
    direction: str
    words: Language
    narrator: Narrator
    stops: tuple[PageStop, ...]

    def say(self, key: str, **facts: object) -> str:
        """Return a label."""
        return say(key, self.words, **facts)


def guide_page(told: Sequence[Told], wish: GuideWish, narrators: Mapping[str, Narrator]) -> str:
    """Return the page as HTML; everything from the table and the model is escaped.

    Without scripts it shows all stops one below the other; with them one at a time. ``#3`` opens stop 3 in the
    language of the phone, ``#3.en`` in English.
    """
    style, script = (Markup(_asset(f"guide_page.{kind}")) for kind in ("css", "js"))  # noqa: S704 -- our own files
    parts = list(_parts(told, wish, narrators))
    facts: dict[str, Any] = {"title": wish.title, "parts": parts, "style": style, "script": script}
    policy = _policy(style, script)
    return _environment().get_template("guide_page.html").render(facts, policy=policy, first=parts[0])


def _parts(told: Sequence[Told], wish: GuideWish, narrators: Mapping[str, Narrator]) -> Iterator[Part]:
    for code in wish.languages:
        stops = tuple(_stops([each for each in told if each.planned.language == code]))
        if stops:
            direction = "rtl" if code in RIGHT_TO_LEFT else "ltr"
            words = known_language(code, "en")
            name = OWN_NAMES.get(code, ENGLISH_NAMES.get(code, code))
            yield Part(code, name, direction, words, narrators[code], stops)


def _stops(told: Sequence[Told]) -> Iterator[PageStop]:
    slugs = ["", *(each.planned.stop.slug for each in told), ""]
    for at, each in enumerate(told):
        planned, made = each.planned, each.made
        yield PageStop(
            planned.stop.slug,
            planned.stop.number,
            made.title,
            tuple(_paragraphs(made.text)),
            f"{AUDIO}/{each.file.name}",
            clock_text(made.seconds),
            made.translated,
            slugs[at],
            slugs[at + 2],
        )


def _paragraphs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield paragraphs as their lines."""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = tuple(line.strip() for line in block.split("\n") if line.strip())
        if lines:
            yield lines


def _policy(style: str, script: str) -> str:
    """Return what the page may load: its own style and script by their checksums, sounds from its own place."""
    allowed = {"style-src": _checksum(style), "script-src": _checksum(script), "media-src": "'self' file:"}
    rules = {"default-src": "'none'", **allowed, "base-uri": "'none'", "form-action": "'none'"}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _checksum(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
