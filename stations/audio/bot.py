"""A voice bot: hears a question, answers it, and speaks sentence by sentence while the next one is being written.

Two threads work for each answer: one writes, one speaks. Closing the answer ends both, so that a visitor can interrupt.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from queue import Empty, Full, Queue
from typing import Literal, TypeVar

from models.engines.base import SPEECH_RATE, ChatModel, Hearing, Samples, Transcriber
from models.errors import ModelError
from models.voice.base import Audio, Manner, Voice
from stations.audio.bot_role import SAMPLING, BotRole, Exchange, is_known, lines, load_words, messages_for
from stations.audio.bot_text import Settling
from stations.prose.harmless import harmless
from stations.speaking.pronunciation import Pronunciation
from stations.speaking.sound import resampled
from stations.speaking.speaking import spoken

MOST_SENTENCES = 3
"""The model is asked for two; it is stopped after one more."""
SHORTEST_S = 0.3
"""Less sound than that holds no word."""
SENTENCES_WAITING, EVENTS_WAITING = 2, 16
"""How far writing may run ahead of speaking, and both ahead of whoever listens."""
LOOK_S = 0.05
"""How often a thread that waits looks whether it is still wanted."""
StepName = Literal["transcribing", "first_token", "first_audio"]
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Heard:
    """What the visitor said: ``text``, from ``seconds`` of sound."""

    text: str
    seconds: float


@dataclass(frozen=True)
class Words:
    """A sentence of the answer, which will be spoken.

    ``instead_of`` is what the model wrote and the facts do not say; then ``text`` says so, or is empty where something
    was said already.
    """

    text: str
    instead_of: str = ""


@dataclass(frozen=True)
class Voiced:
    """A piece of the answer that can be played; ``written`` is the sentence that begins here."""

    audio: Audio
    written: str


@dataclass(frozen=True)
class Step:
    """When something was reached, in seconds since the question ended."""

    name: StepName
    seconds: float


@dataclass(frozen=True)
class Done:
    """The answer is over; ``exchange`` belongs into the history of the next one."""

    exchange: Exchange
    seconds: float


Event = Heard | Words | Voiced | Step | Done


@dataclass(frozen=True)
class Bot:
    """What a bot works with: engines on loan, its role, how it speaks. It keeps nothing of any visitor.

    ``voices`` are those of ``role.language`` by code; ``person`` is who asks (see ``ChatModel.reply``).
    """

    ear: Transcriber
    chat: ChatModel
    voices: Mapping[str, Voice]
    role: BotRole = field(default_factory=BotRole)
    manner: Manner = field(default_factory=Manner)
    dictionary: Pronunciation = field(default_factory=Pronunciation)
    person: str = ""

    def answer(self, samples: Samples, rate: int, history: Sequence[Exchange] = ()) -> Iterator[Event]:
        """Yield what happens from the end of a question to the end of its answer.

        First ``Heard``, then ``Words`` and ``Voiced`` as they come about, ``Step`` when one is reached; last ``Done``.
        Closing the iterator ends listening, writing and speaking within half a second.

        Args:
            samples: The question, one channel in -1..1.
            rate: Samples a second.
            history: What was said before, oldest first.

        Raises:
            ModelError: ``bot.nothing_heard``, or what the engines raise.
        """
        began = time.monotonic()
        text = self._understood(samples, rate)
        yield Heard(text, len(samples) / rate)
        yield Step("transcribing", time.monotonic() - began)
        answering = _Answering(self, text, history, began)
        try:
            yield from answering.events()
        finally:
            answering.end()

    def warm(self, history: Sequence[Exchange] = ()) -> None:
        """Let the model read role and history, and load what checks an answer; the next answer then begins sooner.

        Worth calling when the page opens and when the visitor begins to speak. Blocks for some seconds the first time.
        """
        load_words(self.role)
        messages = messages_for(self.role, history, "…")
        with closing(
            self.chat.reply(messages, replace(SAMPLING, max_tokens=1), person=self.person)
        ) as pieces:  # type: ignore[type-var]
            for _ in pieces:
                pass

    def _understood(self, samples: Samples, rate: int) -> str:
        if len(samples) < SHORTEST_S * rate:
            raise ModelError("bot.nothing_heard")
        sound = resampled(Audio(samples, rate), SPEECH_RATE).samples
        hearing = Hearing(language=self.role.language, together=False)
        with closing(self.ear.transcribe(sound, hearing)) as segments:  # type: ignore[type-var]
            text = " ".join(segment.text for segment in segments)
        if not any(map(str.isalnum, text)):
            raise ModelError("bot.nothing_heard")
        return text


class _Answering:
    """One answer on its way, in two threads."""

    def __init__(self, bot: Bot, question: str, history: Sequence[Exchange], began: float) -> None:
        self._bot, self._question, self._history, self._began = bot, question, tuple(history), began
        self._sentences: Queue[str | None] = Queue(SENTENCES_WAITING)
        self._events: Queue[Event] = Queue(EVENTS_WAITING)
        self._unwanted = threading.Event()
        self._reached: set[StepName] = set()
        self._said: list[str] = []
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="voice bot")
        works: tuple[Callable[[], None], ...] = (self._write, self._speak)
        self._work: list[Future[None]] = [self._threads.submit(each) for each in works]

    def events(self) -> Iterator[Event]:
        """Yield what happens until both threads are through; what one of them raises is raised here."""
        while not (all(map(Future.done, self._work)) and self._events.empty()):
            if any(work.done() and work.exception() for work in self._work):
                self._unwanted.set()  # the other one would wait for it
                break
            try:
                yield self._events.get(timeout=LOOK_S)
            except Empty:
                continue
        for work in self._work:
            work.result()
        yield Done(Exchange(self._question, " ".join(self._said)), self._seconds)

    def end(self) -> None:
        """End both threads and wait for them."""
        self._unwanted.set()
        self._threads.shutdown(wait=True)

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _write(self) -> None:
        """Hand on the answer sentence by sentence, up to the first that is invented or one too many."""
        try:
            for text in map(harmless, self._written()):
                known = is_known(text, self._bot.role, self._question, self._history)
                honest = "" if self._said else lines(self._bot.role.language).unknown
                self._say(Words(text) if known else Words(honest, instead_of=text))
                if not known or len(self._said) >= MOST_SENTENCES or self._unwanted.is_set():
                    return
        finally:
            self._put(self._sentences, None)

    def _say(self, words: Words) -> None:
        self._tell(words)
        if words.text:
            self._said.append(words.text)
            self._put(self._sentences, words.text)

    def _written(self) -> Iterator[str]:
        """Yield the sentences of the model's answer as soon as each is whole."""
        settling = Settling(self._bot.role.language)
        messages = messages_for(self._bot.role, self._history, self._question)
        with closing(self._bot.chat.reply(messages, SAMPLING, person=self._bot.person)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                if self._unwanted.is_set():
                    return
                if piece.text:
                    self._reach("first_token")
                yield from settling.more(piece.text)
        yield from settling.rest()

    def _speak(self) -> None:
        while (sentence := self._next_sentence()) is not None:
            said = spoken(sentence, self._bot.voices, self._bot.manner, self._bot.dictionary)
            with closing(said) as pieces:  # type: ignore[type-var]
                for piece in pieces:
                    self._reach("first_audio")
                    self._tell(Voiced(piece.audio, piece.written))
                    if self._unwanted.is_set():
                        return

    def _next_sentence(self) -> str | None:
        while not self._unwanted.is_set():
            try:
                return self._sentences.get(timeout=LOOK_S)
            except Empty:
                if self._work[0].done() and self._sentences.empty():
                    return None
        return None

    def _reach(self, name: StepName) -> None:
        if name not in self._reached:
            self._reached.add(name)
            self._tell(Step(name, self._seconds))

    def _tell(self, event: Event) -> None:
        self._put(self._events, event)

    def _put(self, queue: "Queue[Thing]", thing: Thing) -> None:
        """Put something into a queue; give up when nobody wants it any more."""
        while not self._unwanted.is_set():
            try:
                queue.put(thing, timeout=LOOK_S)
                return
            except Full:
                continue
