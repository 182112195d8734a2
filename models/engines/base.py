"""What an engine promises: Protocols that stream, and the values that come out.

Engines take file paths, never names of a model hub, and import their runtime only when they are made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Speaker = Literal["system", "user", "assistant"]
Samples = NDArray[np.float32]
"""Sound of one channel, -1..1, ``SPEECH_RATE`` samples a second."""
SPEECH_RATE = 16_000
"""Samples a second of all sound that engines listen to."""
End = Literal["done", "length", "time"]

BEAT_S = 0.4
"""Longest silence between two pieces of an answer: a Stop or a closed page is noticed within that time."""
PENALTY_WINDOW = 256
"""Tokens that the repetition penalty looks back on."""


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    speaker: Speaker
    text: str


@dataclass(frozen=True)
class Sampling:
    """How the next word is chosen, and when to stop.

    ``temperature`` 0 takes the likeliest token each time; 1 follows the model's own probabilities. ``min_p`` drops
    tokens below that share of the likeliest one (Nguyen et al. 2024, arXiv:2407.01082). ``repetition`` above 1
    makes tokens of the last ``PENALTY_WINDOW`` less likely. ``dry`` above 0 makes it less likely that a run of tokens
    of the answer is repeated, the longer the run the less ("Don't Repeat Yourself", text-generation-webui #5677, 2024;
    0.8 is usual; engines that do not know it leave it out). ``seed`` ``None`` rolls new dice for each answer.
    ``max_seconds`` are those of writing, without waiting and reading. ``candidates`` asks for that many likeliest
    tokens at every step. The answer ends before the first of the ``stop`` texts. ``json_schema`` (a JSON Schema as
    text) or ``grammar`` (llama.cpp's GBNF) hold the answer to a form; the schema goes first.
    """

    temperature: float = 0.3
    top_p: float = 0.95
    min_p: float = 0.05
    repetition: float = 1.1
    dry: float = 0.0
    seed: int | None = None
    max_tokens: int = 512
    max_seconds: float = 180.0
    candidates: int = 0
    stop: tuple[str, ...] = ()
    json_schema: str = ""
    grammar: str = ""


@dataclass(frozen=True)
class Alternative:
    """A token that could have come instead; ``probability`` in 0..1 before temperature and other settings."""

    text: str
    probability: float


@dataclass(frozen=True)
class Token:
    """One step of an answer: what was written, how likely the model found it, and the likeliest candidates."""

    text: str
    probability: float
    candidates: tuple[Alternative, ...]


@dataclass(frozen=True)
class Tally:
    """What an answer has cost so far; ``end`` stays ``None`` until the last piece.

    ``place`` is the one in the line: 1 begins next, 0 has begun; ``expected_s`` guesses in how many seconds it begins,
    ``None`` while nothing is known. ``prompt_read`` of ``prompt_tokens`` have been read.
    ``first_token_s`` and ``seconds`` count from the request; ``dropped_turns`` oldest turns did not fit.
    """

    place: int = 0
    expected_s: float | None = None
    prompt_tokens: int = 0
    prompt_read: int = 0
    new_tokens: int = 0
    first_token_s: float | None = None
    seconds: float = 0.0
    dropped_turns: int = 0
    end: End | None = None

    @property
    def tokens_per_s(self) -> float:
        """Speed of writing, without waiting and reading; 0 before the second token."""
        writing = self.seconds - (self.first_token_s or 0.0)
        return (self.new_tokens - 1) / writing if self.new_tokens > 1 and writing > 0 else 0.0


@dataclass(frozen=True)
class Piece:
    """Some more of an answer: whole characters only, the tokens they came from, and the tally so far."""

    text: str
    tokens: tuple[Token, ...]
    tally: Tally


@dataclass(frozen=True)
class ChatSize:
    """How much of a conversation a chat engine sees, and how many people it serves at once; more wait."""

    context_tokens: int = 4096
    people: int = 8
    people_waiting: int = 20


class Engine(Protocol):
    """What every engine has in common: it can be put away."""

    @property
    def is_open(self) -> bool:
        """Whether it can work: an engine that broke down or was closed cannot, and must be opened anew."""
        ...

    def close(self) -> None:
        """Give the memory back."""
        ...


class ChatModel(Engine, Protocol):
    """Continues conversations, several at a time."""

    def reply(self, messages: Sequence[Message], sampling: Sampling, *, person: str = "") -> Iterator[Piece]:
        """Yield the answer as it is written, at least one piece every half second, empty ones while waiting.

        The last piece carries ``tally.end``. Closing the iterator stops the work at once. Oldest turns that do not
        fit are left out (never the system message, never the last turn) and counted. ``person`` is whoever asks:
        nobody's second request begins before everybody's first; ``""`` makes each request somebody else's.

        Raises:
            ModelError: ``chat.too_long`` when the last turn alone does not fit, ``chat.full`` when too many wait,
                ``chat.bad_schema`` when the form cannot be held.
        """
        ...


@dataclass(frozen=True)
class Word:
    """One word as it was heard, with the space before it (`` Haus``) where the language has spaces.

    Times are seconds from the beginning of the sound; ``sure`` is the model's own probability, 0..1.
    """

    text: str
    start_s: float
    end_s: float
    sure: float = 1.0


@dataclass(frozen=True)
class Segment:
    """Some words said in one breath, about a sentence; ``language`` is the code in which they were heard."""

    start_s: float
    end_s: float
    words: tuple[Word, ...]
    language: str

    @property
    def text(self) -> str:
        """What was said, without space around it."""
        return "".join(word.text for word in self.words).strip()


@dataclass(frozen=True)
class Hearing:
    """How to listen.

    ``language`` is a code such as ``de``; ``None`` lets the model tell. ``names`` are words that may be said and that a
    model would not know how to spell. ``together`` reads many stretches of speech at once: faster for files; apart,
    the first words come sooner.
    """

    language: str | None = None
    names: tuple[str, ...] = ()
    together: bool = True


class Transcriber(Engine, Protocol):
    """Writes down what is said."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages it understands; one means that it knows only this one."""
        ...

    def language_of(self, samples: Samples) -> tuple[str, float]:
        """Return the likeliest language of a stretch of speech and its probability, 0..1."""
        ...

    def transcribe(self, samples: Samples, hearing: Hearing) -> Iterator[Segment]:
        """Yield segments as they are found; times count from the first sample.

        They come in order of time, but with ``hearing.together`` what was read a second time comes last. Closing
        the iterator stops the work after the stretch that is being read. Silence and noise give nothing.

        Raises:
            ModelError: ``transcribe.language`` for a language that the model does not know.
        """
        ...


class Translator(Engine, Protocol):
    """Translates sentences."""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """From which language to which it translates, as pairs of codes."""
        ...

    def translate(self, sentences: Sequence[str], source: str, target: str) -> Iterator[str]:
        """Yield the translation of each sentence in order; closing the iterator stops the work.

        Raises:
            ModelError: ``translate.pair`` for languages that it does not know.
        """
        ...
