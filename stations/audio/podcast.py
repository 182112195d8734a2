"""A text turned into a conversation of two people by the chat model, to be performed by two voices."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

from models.engines.base import ChatModel, Message, Sampling
from models.errors import ModelError
from stations.prose.harmless import harmless
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.texts import Language

FILE = Path(__file__).resolve().parents[2] / "configs" / "podcast.toml"
LONGEST = 4_000
"""Characters of a text; some 1,000 tokens, which a slow laptop reads in ten seconds."""
SAMPLING = Sampling(temperature=0.5, repetition=1.1, max_tokens=450, max_seconds=90.0)
ROLES = frozenset({"Anna", "Ben"})
"""Who speaks; they are in no text."""
_MARKS = re.compile(r"<<<+|>>>+")


def conversation(chat: ChatModel, text: str, language: Language, person: str = "") -> Iterator[str]:
    """Yield the conversation as it grows; closing the iterator ends the work.

    Raises:
        ModelError: ``audio.no_source`` without a word, ``audio.long_source``, or what the engine raises.
    """
    if not any(map(str.isalnum, text)):
        raise ModelError("audio.no_source")
    if len(text) > LONGEST:
        raise ModelError("audio.long_source", characters=len(text), most=LONGEST)
    told = _told(language)
    turns = [
        Message("system", told["role"].strip()),
        Message("user", told["ask"].format(text=told["text"])),
        Message("assistant", told["answer"].strip()),
        Message("user", told["ask"].format(text=_MARKS.sub(" ", text).strip())),
    ]
    written = ""
    with closing(chat.reply(turns, SAMPLING, person=person)) as pieces:  # type: ignore[type-var]
        for piece in pieces:
            written += piece.text
            yield harmless(written)


def invented(text: str, script: str, language: Language) -> list[str]:
    """Return numbers and names of a conversation that its text does not have: to be checked by a person."""
    found = [*new_numbers(text, script, language), *new_names(text, script, language)]
    return [each for each in dict.fromkeys(map(str, found)) if each not in ROLES]


@cache
def _told(language: Language) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(FILE.read_text(encoding="utf-8"))[language]
    return found
