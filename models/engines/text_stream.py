"""From bytes to text that may be shown: whole characters only, and nothing from a stop text on."""

import codecs
from collections.abc import Sequence


class TextStream:
    """Takes an answer's bytes as they come and gives out its text as soon as it is certain."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._stops = [stop for stop in stops if stop]
        self._held = ""
        self.stopped = False
        """Whether a stop text has come; from then on nothing is given out."""

    def feed(self, raw: bytes, *, last: bool = False) -> str:
        """Return the text that is certain now; a half character and the beginning of a stop text are held back."""
        if self.stopped:
            return ""
        self._held += self._decoder.decode(raw, final=last)
        found = [(place + len(stop), place) for stop in self._stops if (place := self._held.find(stop)) >= 0]
        self.stopped = bool(found)
        keep = 0 if found or last else self._possible_stop()
        _, certain = min(
            found, default=(0, len(self._held) - keep)
        )  # the first to end: however the bytes come
        text, self._held = self._held[:certain], self._held[certain:]
        return text

    def _possible_stop(self) -> int:
        """Return the length of the longest end of the text that may become a stop text."""
        longest = max(map(len, self._stops), default=1) - 1
        for length in range(min(longest, len(self._held)), 0, -1):
            if any(stop.startswith(self._held[-length:]) for stop in self._stops):
                return length
        return 0
