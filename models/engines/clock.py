"""When a request came and what its answer has cost so far; every engine that answers keeps one."""

import time
from dataclasses import dataclass, field, replace

from models.engines.base import Piece, Tally, Token


@dataclass(kw_only=True, eq=False)
class Clock:
    """A tally that knows the time."""

    started: float = field(default_factory=time.monotonic)
    tally: Tally = field(default_factory=Tally)

    def note(self, **changes: object) -> Tally:
        """Change the tally and set its seconds."""
        self.tally = replace(self.tally, seconds=time.monotonic() - self.started, **changes)  # type: ignore[arg-type]
        return self.tally

    def count(self, tokens: int) -> None:
        """Count tokens that were written, and remember when the first came."""
        self.note(new_tokens=self.tally.new_tokens + tokens)
        if self.tally.first_token_s is None:
            self.note(first_token_s=self.tally.seconds)

    def piece(self, text: str = "", tokens: tuple[Token, ...] = (), **changes: object) -> Piece:
        """Return a piece of the answer with the tally of now."""
        return Piece(text, tokens, self.note(**changes))

    @property
    def writing_s(self) -> float:
        """Seconds since the first token, 0 before it: waiting and reading cost nobody time."""
        first = self.tally.first_token_s
        return 0.0 if first is None else time.monotonic() - self.started - first
