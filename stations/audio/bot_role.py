"""Who the voice bot is: a museum guide who knows what the host has written down, and says so when that is not enough.

A small model cannot be trusted with that, so the promise is kept twice: the prompt asks for it with worked examples,
and every sentence is held against the facts before it is spoken.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path

from models.engines.base import Message, Sampling
from models.errors import ModelError
from stations.prose.names import new_names
from stations.prose.numbers import new_numbers
from stations.prose.sentences import sentences, words
from stations.texts import Language

FILE = Path(__file__).resolve().parents[2] / "configs" / "voice_bot.toml"
LONGEST_FACTS = 4_000
"""Characters; some 1,000 tokens, which a slow laptop reads in ten seconds, once."""
LONGEST_QUESTION, LONGEST_ANSWER = 600, 400
EXCHANGES = 4
"""So much of the conversation the model sees; more makes it slow and confused."""
SAMPLING = Sampling(temperature=0.2, repetition=1.05, max_tokens=110, max_seconds=30.0)
LEAST_KNOWN = 0.5
"""Share of the meaningful words of an answer that the facts or the question must have."""
STEM = 5
NEARLY = 0.8
"""How much of a word must have been heard: Whisper base writes „True“ for „Truhe“ (difflib's ratio)."""
FACTS_SHOWN = 2
"""Sentences of the facts that a question is shown with."""
SHORTEST_WORD = 4

_MARKS = re.compile(r"<<<+|>>>+")


@dataclass(frozen=True)
class Lines:
    """What a model is told in one language, from ``configs/voice_bot.toml``; the file says what each is for."""

    role: str
    free: str
    unknown: str
    sample: str
    about: str
    answered: tuple[str, ...]
    unanswered: tuple[str, ...]
    small_words: frozenset[str]


@cache
def lines(language: Language) -> Lines:
    """Return what a model is told in a language."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))[language]
    small = frozenset(found.pop("small_words").split())
    answered, unanswered = (tuple(found.pop(name)) for name in ("answered", "unanswered"))
    return Lines(**found, answered=answered, unanswered=unanswered, small_words=small)


@dataclass(frozen=True)
class Exchange:
    """What a visitor said, and what the bot answered."""

    question: str
    answer: str


@dataclass(frozen=True)
class BotRole:
    """What the bot knows and in which language it speaks; without facts it talks about anything.

    Raises:
        ModelError: ``bot.long_facts``.
    """

    language: Language = "de"
    facts: str = ""

    def __post_init__(self) -> None:
        if len(self.facts) > LONGEST_FACTS:
            raise ModelError("bot.long_facts", characters=len(self.facts), most=LONGEST_FACTS)

    @property
    def data(self) -> str:
        """The facts as the model sees them: nothing in them can end the place where they stand."""
        return _MARKS.sub(" ", self.facts).strip()


def messages_for(role: BotRole, history: Sequence[Exchange], question: str) -> list[Message]:
    """Return the conversation as the model sees it: role and facts, examples, the latest exchanges, the question."""
    turns = [Message("system", _system(role)), *_examples(role)]
    for exchange in history[-EXCHANGES:]:
        turns.append(Message("user", exchange.question[:LONGEST_QUESTION]))
        turns.append(Message("assistant", exchange.answer[:LONGEST_ANSWER] or lines(role.language).unknown))
    return [*turns, Message("user", _asked(role, question[:LONGEST_QUESTION]))]


def is_known(sentence: str, role: BotRole, question: str, history: Sequence[Exchange] = ()) -> bool:
    """Tell whether a sentence of an answer says nothing but what the facts say.

    It may have no number and no name that neither the facts nor the conversation have, and of its meaningful words that
    nobody asked with, ``LEAST_KNOWN`` must stand there, by their beginnings. That finds inventions, not true words
    that are put together falsely.
    """
    if not role.data or lines(role.language).unknown.casefold() in sentence.casefold():
        return True
    asked = " ".join([question, *(each.question for each in history[-EXCHANGES:])])
    source = f"{role.data}\n{asked}"
    if new_numbers(source, sentence, role.language) or new_names(source, sentence, role.language):
        return False
    known, heard = _forms(role.data, role.language), _forms(asked, role.language)
    own = [forms for forms in _meanings(sentence, role.language) if not forms & heard]
    return sum(bool(forms & known) for forms in own) >= LEAST_KNOWN * len(own)


def load_words(role: BotRole) -> None:
    """Load the word lists that ``is_known`` needs, which takes some seconds, before the first answer waits for them."""
    if role.data:
        sample = lines(role.language).sample
        is_known(sample, BotRole(role.language, sample), "")  # true of itself: no check ends early


def _system(role: BotRole) -> str:
    told = lines(role.language)
    return told.role.format(facts=role.data, unknown=told.unknown).strip() if role.data else told.free


def _examples(role: BotRole) -> list[Message]:
    """Return worked examples: two that the facts answer, then two that they do not."""
    if not role.data:
        return []
    told = lines(role.language)
    known = sentences(role.data, role.language)
    answered = zip(told.answered, (known[0], known[-1]), strict=True)
    pairs = [(_with_facts(role, question, [fact]), fact[:LONGEST_ANSWER]) for question, fact in answered]
    pairs += [(question, told.unknown) for question in told.unanswered]
    return [
        Message(*turn) for question, answer in pairs for turn in (("user", question), ("assistant", answer))
    ]


def _asked(role: BotRole, question: str) -> str:
    """Return a question with the facts that speak of the same things, so that a small model need not look for them."""
    return _with_facts(role, question, _facts_about(role, question))


def _facts_about(role: BotRole, question: str) -> list[str]:
    """Return the sentences of the facts that share most with a question; words that were nearly heard count too."""
    own = {word.casefold() for word in words(role.data) if len(word) >= SHORTEST_WORD}
    heard = [word.casefold() for word in words(question) if len(word) >= SHORTEST_WORD]
    nearly = (close for word in heard for close in get_close_matches(word, own, 1, NEARLY))
    asked = _forms(" ".join([question, *nearly]), role.language)
    known = sentences(role.data, role.language)
    alike = {fact: len(asked & _forms(fact, role.language)) for fact in known}
    best = sorted(known, key=lambda fact: -alike[fact])[:FACTS_SHOWN]
    return [fact for fact in known if fact in best and alike[fact]]


def _with_facts(role: BotRole, question: str, facts: Sequence[str]) -> str:
    return f"{question}\n{lines(role.language).about} {' '.join(facts)}" if facts else question


def _forms(text: str, language: Language) -> frozenset[str]:
    return frozenset().union(*_meanings(text, language))


@lru_cache(maxsize=512)
def _meanings(text: str, language: Language) -> tuple[frozenset[str], ...]:
    """Return for each word that means something the beginnings of how it stands there and of its basic form."""
    from simplemma import lemmatize

    small = lines(language).small_words
    found = [word for word in words(text) if len(word) >= SHORTEST_WORD and word.casefold() not in small]
    return tuple(
        frozenset(form.casefold()[:STEM] for form in (word, lemmatize(word, lang=language))) for word in found
    )
