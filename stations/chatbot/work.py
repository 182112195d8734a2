"""What a chatbot does, without a screen: conversations as values, answers as a stream of them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from models.engines.base import ChatModel, Message, Sampling, Tally, Token
from models.errors import ModelError
from models.language import language_of
from stations.texts import Language

UPDATE_S = 0.25
"""Time between two updates while an answer is written: fluent for the eye, bearable for a cheap phone."""
CANDIDATES = 5
HIGHEST_SEED = 4_294_967_294


@dataclass(frozen=True)
class Exchange:
    """One question and its answer.

    ``tally.end`` is ``None`` while it is written, after a Stop (``stopped``) and when the model failed in the middle
    (``broken``); ``wanted`` is the language it should be in.
    ``tokens`` stay out of the hash: Gradio takes one of every state at every update.
    """

    question: str
    answer: str = ""
    model: str = ""
    tokens: tuple[Token, ...] = field(default=(), repr=False, hash=False)
    tally: Tally = field(default_factory=Tally)
    wanted: Language | None = None
    asked_again: bool = False
    stopped: bool = False
    broken: bool = False


@dataclass(frozen=True)
class Conversation:
    """What one visitor and the model have said so far, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def last(self) -> Exchange:
        """The latest exchange; there must be one."""
        return self.exchanges[-1]

    def asked(self, question: str, model: str, wanted: Language | None) -> "Conversation":
        """Return the conversation with one more question, put to ``model``."""
        return Conversation((*self.exchanges, Exchange(question, model=model, wanted=wanted)))

    def until(self, index: int) -> "Conversation":
        """Return the first ``index`` exchanges."""
        return Conversation(self.exchanges[:index])

    def with_last(self, **changes: object) -> "Conversation":
        """Return the conversation with its latest exchange changed."""
        return Conversation((*self.exchanges[:-1], replace(self.last, **changes)))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Wish:
    """How an answer is wanted: the role, the dice, what to say when it comes in the wrong language, and by whom."""

    role: str
    sampling: Sampling
    reminder: str = ""
    person: str = ""


def checked_question(text: str | None, limit: int) -> str:
    """Return the question without surrounding space.

    Raises:
        ModelError: ``chatbot.nothing_asked`` or ``chatbot.question_too_long``.
    """
    question = (text or "").strip()
    if not question:
        raise ModelError("chatbot.nothing_asked")
    if len(question) > limit:
        raise ModelError("chatbot.question_too_long", length=len(question), limit=limit)
    return question


def checked_seed(text: str | None) -> int | None:
    """Return the number to start the dice with, ``None`` for an empty field.

    Raises:
        ModelError: ``chatbot.seed_not_a_number``.
    """
    word = (text or "").strip()
    if not word:
        return None
    if not word.isdecimal() or len(word) > len(str(HIGHEST_SEED)) or int(word) > HIGHEST_SEED:
        raise ModelError("chatbot.seed_not_a_number", highest=HIGHEST_SEED)
    return int(word)


def answer(chat: ChatModel, conversation: Conversation, wish: Wish) -> Iterator[Conversation]:
    """Yield the conversation while its last question is answered, about eight times a second.

    An answer in the wrong language is asked for once more, with a reminder, and marked ``asked_again``.
    """
    current = conversation
    for current in _written(chat, conversation, wish):
        yield current
    if not in_wrong_language(current.last):
        return
    again = replace(wish, role=f"{wish.role}\n\n{wish.reminder}".strip())
    question = conversation.with_last(question=f"{conversation.last.question}\n\n{wish.reminder}")
    for current in _written(chat, question, again):
        yield current.with_last(question=conversation.last.question, asked_again=True)


def without_loss(before: Conversation, latest: Conversation) -> Conversation:
    """Return what stays when a model fails: the words that came, or the conversation before the question."""
    if len(latest.exchanges) > len(before.exchanges) and latest.last.answer:
        return latest.with_last(broken=True)
    return before


def in_wrong_language(exchange: Exchange) -> bool:
    """Tell whether an answer is surely in another language than wanted."""
    found = language_of(exchange.answer)
    return exchange.wanted is not None and found is not None and found != exchange.wanted


def wanted_language(question: str, other_languages: str, page: Language) -> Language | None:
    """Return the language an answer must have, or ``None`` when the question itself speaks of languages.

    People who write in English on a German page want English; people who ask for a translation want neither checked.
    ``other_languages`` is a space-separated list of word beginnings such as ``englisch``.
    """
    lowered = question.lower()
    if any(word in lowered for word in other_languages.split()):
        return None
    spoken = language_of(question)
    if spoken is None or spoken == page:
        return page
    return "en" if spoken == "en" else "de" if spoken == "de" else None


def _written(chat: ChatModel, conversation: Conversation, wish: Wish) -> Iterator[Conversation]:
    current, shown_at = conversation, 0.0
    reply = chat.reply(_messages(conversation, wish.role), wish.sampling, person=wish.person)
    with closing(reply) as pieces:  # type: ignore[type-var]
        for piece in pieces:
            current = current.with_last(
                answer=current.last.answer + piece.text,
                tokens=current.last.tokens + piece.tokens,
                tally=piece.tally,
            )
            if piece.tally.end is not None or time.monotonic() - shown_at > UPDATE_S:
                shown_at = time.monotonic()
                yield current


def _messages(conversation: Conversation, role: str) -> Sequence[Message]:
    turns = [Message("system", role)] if role.strip() else []
    for exchange in conversation.exchanges:
        turns.append(Message("user", exchange.question))
        if exchange.answer and exchange is not conversation.last:
            turns.append(Message("assistant", exchange.answer))
    return turns
