"""A text as a conversation of two people: Ben says the text's own sentences, the chat model writes the questions.

A small model that writes both sides invents answers and goes round in circles (tried with 1.5 billion weights). So it
only asks, and what is no good question is replaced.
"""

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path

from models.engines.base import ChatModel, Message, Sampling
from models.errors import ModelError
from stations.prose.harmless import harmless
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.sentences import sentences
from stations.speaking.markup import plain
from stations.texts import Language

FILE = Path(__file__).resolve().parents[2] / "configs" / "podcast.toml"
LONGEST = 6_000
"""Characters of a text; spoken, some seven minutes."""
ANSWER = 110
"""Characters: sentences are put together until an answer has so many."""
LONGEST_QUESTION = 120
SAMPLING = Sampling(temperature=0.3, repetition=1.0, max_tokens=40, max_seconds=20.0, stop=("\n",))
ASKS, ANSWERS = "Anna", "Ben"


@dataclass(frozen=True)
class _Told:
    """What the model is told in one language; ``configs/podcast.toml`` says what each is for."""

    role: str
    ask: str
    topic: str
    examples: Sequence[Sequence[str]]
    more: Sequence[str]


def conversation(chat: ChatModel, text: str, language: Language, person: str = "") -> Iterator[str]:
    """Yield the conversation as it grows, a question and its answer at a time; closing the iterator ends the work.

    Raises:
        ModelError: ``audio.no_source`` without a word, ``audio.long_source``, or what the engine raises.
    """
    if not any(map(str.isalnum, text)):
        raise ModelError("audio.no_source")
    if len(text) > LONGEST:
        raise ModelError("audio.long_source", characters=len(text), most=LONGEST)
    answers, instead = _answers(text, language), cycle(_told(language).more)
    asked: list[str] = []
    lines: list[str] = []
    for answer in answers:
        question = _question(chat, answers[0], answer, language, person)
        good = _is_good(question, answer, text, language) and question not in asked
        asked.append(question if good else next(instead))
        lines += [f"{ASKS}: {asked[-1]}", f"{ANSWERS}: {answer}"]
        yield "\n".join(lines)


def _answers(text: str, language: Language) -> list[str]:
    """Return the text's sentences, short ones put together."""
    found: list[str] = []
    for sentence in (each for line in plain(text).splitlines() for each in sentences(line, language)):
        said = " ".join(sentence.replace(":", " –").split())  # a colon would begin a role
        if found and len(found[-1]) + len(said) < ANSWER:
            found[-1] = f"{found[-1]} {said}"
        elif said:
            found.append(said)
    return found


def _question(chat: ChatModel, topic: str, answer: str, language: Language, person: str) -> str:
    told = _told(language)
    turns = [Message("system", told.role)]
    for said, question in told.examples:
        turns.append(Message("user", told.ask.format(topic=told.topic, answer=said)))
        turns.append(Message("assistant", question))
    turns.append(Message("user", told.ask.format(topic=topic[:ANSWER], answer=answer)))
    with closing(chat.reply(turns, SAMPLING, person=person)) as pieces:  # type: ignore[type-var]
        written = "".join(piece.text for piece in pieces)
    return " ".join(harmless(written).split())


def _is_good(question: str, answer: str, text: str, language: Language) -> bool:
    """Tell whether it is one short question that names nothing the text does not have, and is not the answer itself."""
    if not question.endswith("?") or len(question) > LONGEST_QUESTION or ":" in question:
        return False
    if question.count("?") > 1 or question.rstrip("?").casefold() in answer.casefold():
        return False
    return not new_numbers(text, question, language) and not new_names(text, question, language)


@cache
def _told(language: Language) -> _Told:
    return _Told(**tomllib.loads(FILE.read_text(encoding="utf-8"))[language])
