"""One request to the shared chat engine, from the line to the last word."""

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from models.engines.base import End, Piece, Sampling, Token
from models.engines.clock import Clock
from models.engines.llama_sampler import NativeSampler
from models.engines.prompt import Prompt
from models.engines.text_stream import TextStream
from models.engines.tracks import Track


@dataclass(eq=False)
class Request(Clock):
    """What one person wants, how far it is, and the pieces that wait to be shown.

    Only the engine's thread changes it; the visitor's thread takes ``pieces`` out and sets ``withdrawn``.
    """

    prompt: Prompt
    sampling: Sampling
    most_tokens: int
    person: str
    withdrawn: bool = False
    track: Track = field(default_factory=lambda: Track(-1))
    sampler: NativeSampler | None = None
    unread: int | None = None
    """The last token written, which the model has not read yet."""

    def __post_init__(self) -> None:
        self._pieces: queue.SimpleQueue[Piece | BaseException] = queue.SimpleQueue()
        self._text = TextStream(self.sampling.stop)
        self.note(prompt_tokens=len(self.prompt.tokens), dropped_turns=self.prompt.dropped_turns)

    @property
    def left_to_read(self) -> int:
        """Tokens of the prompt that have not been read; 0 once it writes."""
        return max(0, len(self.prompt.tokens) - len(self.track.tokens))

    @property
    def cells_to_come(self) -> int:
        """Cells of the context that it may still take."""
        return len(self.prompt.tokens) + self.most_tokens - len(self.track.tokens)

    def tell(self, text: str = "", tokens: tuple[Token, ...] = (), **changes: object) -> None:
        """Hand over a piece."""
        self._pieces.put(self.piece(text, tokens, **changes))

    def wrote(self, token: int, raw: bytes, seen: tuple[Token, ...]) -> None:
        """Hand over one more token of the answer."""
        self.unread = token
        self.count(1)
        self.tell(self._text.feed(raw), seen)

    @property
    def over(self) -> End | None:
        """Why nothing more may be written, ``None`` if more may."""
        if self._text.stopped:
            return "done"
        if self.tally.new_tokens >= self.most_tokens:
            return "length"
        return "time" if self.writing_s > self.sampling.max_seconds else None

    def end(self, why: End) -> None:
        """Hand over the last piece."""
        self.tell(self._text.feed(b"", last=True), end=why)

    def fail(self, error: BaseException) -> None:
        """Let the visitor's thread raise ``error``."""
        self._pieces.put(error)

    def answer(self, beat_s: float) -> Iterator[Piece]:
        """Yield the pieces as they come, an empty one after each ``beat_s`` without any; ends with the last."""
        ended = False
        while not ended:
            try:
                piece = self._pieces.get(timeout=beat_s)
            except queue.Empty:
                piece = Piece(
                    "", (), replace(self.tally, end=None)
                )  # the end itself may be on its way just now
            if isinstance(piece, BaseException):
                raise piece
            ended = piece.tally.end is not None
            yield piece
